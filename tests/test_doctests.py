"""Every example in a docstring runs and prints what it says, each module's in a test of its own."""

import doctest
import importlib

import pytest

from tests.test_architecture import MODULES

NOT_RUN = {
    "pytorch_tutor.__main__": "starts the command",
    "pytorch_tutor_lessons.websocket": "belongs to the server, has no examples",
}


def modules_with_examples():
    return [name for name, path in MODULES.items() if name not in NOT_RUN and ">>> " in path.read_text("utf-8")]


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # an example may write a file
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    module = importlib.import_module(name)
    report = []
    runner = doctest.DocTestRunner(optionflags=flags)
    for test in doctest.DocTestFinder(exclude_empty=True).find(module, name):
        runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)
