"""What crosses to the browser: JSON, small, and exactly the fields that the front end reads."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor_widgets.observe import views
from pytorch_tutor_widgets.observe.trace import Builder
from pytorch_tutor_widgets.observe.views import plain
from pytorch_tutor_widgets.shared import script

VIEWS = [view for view in vars(views).values() if dataclasses.is_dataclass(view)]


def a_trace() -> views.Trace:
    w = torch.rand(5, 3, requires_grad=True)
    b = torch.zeros(3, requires_grad=True)
    x = torch.rand(64, 5)
    h = (x @ w + b).relu()
    loss = ((h - 1.0) ** 2).mean()
    builder = Builder(loss, spaces=[{"w": w, "b": b, "x": x, "h": h, "loss": loss}])
    builder.record()
    return builder.trace()


def test_a_lesson_s_trace_is_small_plain_json() -> None:
    text = json.dumps(plain(a_trace()), allow_nan=False)
    assert len(text) < 50_000


def test_no_view_can_hold_an_array() -> None:
    held: set[type] = set()

    def walk(value: Any) -> None:
        held.add(type(value))
        if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                walk(getattr(value, field.name))
        elif isinstance(value, tuple):
            for item in value:
                walk(item)

    walk(a_trace())
    assert held <= {str, int, float, bool, tuple, type(None), *VIEWS}


def test_views_are_frozen() -> None:
    assert VIEWS
    assert all(view.__dataclass_params__.frozen for view in VIEWS)


def test_the_front_end_reads_the_fields_that_python_writes() -> None:
    """Every field of every view is read somewhere in the front end, and what it reads of a trace's parts exists."""
    code = script("stepper.js") + script("inspector.js")
    for view in VIEWS:
        for field in dataclasses.fields(view):
            if (view.__name__, field.name) in UNREAD:
                continue
            assert re.search(rf"\b{field.name}\b", code), f"{view.__name__}.{field.name} is read nowhere"
    for variable, view in PARTS.items():
        known = {field.name for field in dataclasses.fields(view)}
        for name in re.findall(rf"\b{variable}\.([a-z]\w*)\b(?!\()", code):
            assert name in known, f"the front end reads {variable}.{name}, which {view.__name__} has not"


# Read by people who look into a saved notebook, and by later versions.
UNREAD = {("Trace", "library"), ("Source", "function"), ("TensorView", "device"), ("Stats", "std")}
PARTS = {"send": views.Send, "step": views.StepView, "edge": views.EdgeView, "tensor": views.TensorView}


def test_trace_version_is_the_front_end_s() -> None:
    for name in ("stepper.js", "inspector.js"):
        assert f"const VERSION = {views.VERSION};" in script(name)


def test_the_scripts_are_small_and_speak_two_languages() -> None:
    for name in ("stepper.js", "inspector.js"):
        assert len(script(name).encode()) < 52_000
    folder = Path(views.__file__).parents[1] / "shared" / "strings"
    for name in ("common", "graph"):
        words = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for key, sentence in words.items():
            assert set(sentence) == {"en", "zh"}, key
            holes = [set(re.findall(r"\{(\w+)\}", sentence[lang])) for lang in ("en", "zh")]
            assert holes[0] == holes[1], key


def test_every_sentence_that_a_script_speaks_is_sent_with_it() -> None:
    folder = Path(views.__file__).parents[1] / "shared" / "strings"
    words = {
        key for name in ("common", "graph") for key in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    }
    for name in ("stepper.js", "inspector.js"):
        code = script(name)
        spoken = set(re.findall(r"\bsay\(\s*\"(\w+)\"", code)) | set(
            re.findall(r"\bsay\([^()]*\? \"(\w+)\" : \"\w+\"", code)
        )
        assert spoken <= words
        assert all(f'"{key}":{{"en":' in code for key in spoken)
