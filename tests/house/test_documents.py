"""The README files are in step with each other and with what there is; the CI runs what they say."""

import os
import re
import shutil
import subprocess

import pytest

from tests.conftest import REQUIRE_BROWSER, ROOT

README, CHINESE = ROOT / "README.md", ROOT / "README.zh.md"
DOCUMENTS = [README, CHINESE, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]


def blocks(path):
    """The code of a document without its comments, which are in the reader's language."""
    found = re.findall(r"^```\w*\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [re.sub(r"\s*#.*", "", block) for block in found]


def links(path):
    text = path.read_text(encoding="utf-8")
    return re.findall(r"\]\(([^)#]+)\)", text) + pictures(path)


def pictures(path):
    return re.findall(r"src(?:set)?=\"([^\"]+)\"", path.read_text(encoding="utf-8"))


def test_both_say_the_same_commands():
    assert blocks(README) == blocks(CHINESE)
    assert "python3 start.py\npython3 start.py test\n" in blocks(README)


def test_both_have_the_same_shape():
    shapes = [
        re.findall(r"^(#+|<|```|- )", path.read_text(encoding="utf-8"), re.MULTILINE) for path in (README, CHINESE)
    ]
    assert shapes[0] == shapes[1]
    others = {"README.md", "README.zh.md"}
    english, chinese = ([link for link in links(path) if link not in others] for path in (README, CHINESE))
    assert english == [link.replace("-zh-", "-").replace(".zh.md", ".md") for link in chinese]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    missing = [link for link in links(document) if "://" not in link and not (ROOT / link).exists()]
    assert not missing


def test_a_minute_is_enough():
    words = re.sub(r"```.*?```", "", README.read_text(encoding="utf-8"), flags=re.DOTALL).split()
    assert len(words) < 420


def test_the_example_runs():
    (example,) = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    names = {}
    exec(compile(example, "README.md", "exec"), names)  # the reader's own first lines
    names["loss"].backward()
    assert names["w"].grad.item() == 30.0


@pytest.mark.parametrize("document", [README, CHINESE], ids=lambda path: path.name)
def test_the_screenshots_are_pictures(document):
    assert len(pictures(document)) == 2  # for a light page and a dark one
    for picture in pictures(document):
        assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")


CI = ROOT / ".ci/run"


def test_ci_runs_the_readmes_command_and_demands_a_browser():
    text = CI.read_text(encoding="utf-8")
    assert "python3 start.py test" in text
    assert f"export {REQUIRE_BROWSER}=1" in text
    assert "chromium" in text
    assert os.access(CI, os.X_OK)


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_ci_is_sound_bash():
    subprocess.run(["bash", "-n", str(CI)], check=True, timeout=30)


def test_licence_and_authors():
    assert "The pytorch-tutor authors" in (ROOT / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("variable", [REQUIRE_BROWSER, "PYTORCH_TUTOR_CHROMIUM"])
def test_the_variables_are_documented(variable):
    assert variable in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
