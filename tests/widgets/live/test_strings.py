"""Every sentence exists in both languages, has the same holes in both, and reaches the browser that needs it."""

import json
import re
from pathlib import Path

import pytest

import pytorch_tutor_widgets
from pytorch_tutor_widgets.shared import script

PACKAGE = Path(pytorch_tutor_widgets.__file__).parent
HOLES = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("name", ["curve", "histogram"])
def test_both_languages(name):
    words = json.loads((PACKAGE / "shared" / "strings" / f"{name}.json").read_text(encoding="utf-8"))
    for key, entry in words.items():
        assert set(entry) == {"en", "zh"}, key
        assert sorted(HOLES.findall(entry["en"])) == sorted(HOLES.findall(entry["zh"])), key
        assert re.search(r"[\u4e00-\u9fff]", entry["zh"]), key


@pytest.mark.parametrize(
    ("name", "spoken"),
    [("curve", ("curve_advice.py", "advice_")), ("histogram", ("histogram_stats.py", "row_"))],
)
def test_what_the_kernel_says_is_known_in_the_browser(name, spoken):
    file, prefix = spoken
    said = set(re.findall(rf'"({prefix}\w+)"', (PACKAGE / file).read_text(encoding="utf-8")))
    assert said
    code = script(f"{name}.js")
    sent = json.loads(re.search(r"^const words = (\{.*\});$", code, re.MULTILINE)[1])
    assert said <= set(sent)
    used = set(re.findall(r'say\("(\w+)"', code))
    assert used <= set(sent)


@pytest.mark.parametrize("name", ["curve", "histogram"])
def test_the_script_is_small_and_never_sets_html(name):
    code = script(f"{name}.js")
    assert len(code.encode()) < 40_000
    assert "innerHTML" not in code
    assert "outerHTML" not in code
    assert "insertAdjacentHTML" not in code
