"""Every example in a docstring runs and prints what it says, each module's in a test of its own."""

import doctest
import importlib
import traceback
from types import SimpleNamespace

import pytest

from tests.test_architecture import MODULES

NOT_RUN = {
    "pytorch_tutor.__main__": "starts the command",
    "pytorch_tutor_lessons.websocket": "belongs to the server, has no examples",
}


def modules_with_examples():
    return [name for name, path in MODULES.items() if name not in NOT_RUN and ">>> " in path.read_text("utf-8")]


class Checker(doctest.OutputChecker):
    """Accepts an exception's sentence with its notes below it, or alone: not every example is about the hints."""

    sentence = ""

    def check_output(self, want, got, optionflags):
        sentence, self.sentence = self.sentence, ""
        alone = sentence != "" and super().check_output(want, sentence, optionflags)
        return alone or super().check_output(want, got, optionflags)

    def format_exception_only(self, kind, error):
        """In place of `traceback`'s, whose notes Python's doctest compares differently from version to version."""
        shown = traceback.TracebackException(kind, error, None)
        everything = "".join(shown.format_exception_only())
        shown.__notes__ = None
        self.sentence = "".join(shown.format_exception_only())
        return [everything]


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # an example may write a file
    checker = Checker()
    functions = {"format_exception_only": checker.format_exception_only, "print_exception": traceback.print_exception}
    monkeypatch.setattr(doctest, "traceback", SimpleNamespace(**functions))
    module = importlib.import_module(name)
    report = []
    runner = doctest.DocTestRunner(checker, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for test in doctest.DocTestFinder(exclude_empty=True).find(module, name):
        runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)


@pytest.mark.parametrize(
    ("shown", "right"),
    [
        ("ValueError: no", True),
        ("ValueError: no\n  try  yes", True),
        ("ValueError: yes", False),
        ("KeyError: no", False),
    ],
)
def test_the_checker_of_exceptions(shown, right):
    checker = Checker()
    error = ValueError("no")
    error.add_note("  try  yes")
    (got,) = checker.format_exception_only(ValueError, error)
    assert checker.check_output(f"{shown}\n", got, 0) is right
