"""What LossCurve sends, saves and says."""

import json
import math

import numpy as np
import pytest

from pytorch_tutor_widgets.curve import LossCurve


@pytest.fixture
def sent(monkeypatch):
    """Every custom message that the widget sends, as (content, numbers)."""
    messages = []

    def send(self, content, buffers=None):
        json.dumps(content, allow_nan=False)  # NaN is no JSON: it belongs into the numbers
        messages.append((content, np.frombuffer(buffers[0], "<f4")))

    monkeypatch.setattr(LossCurve, "send", send)
    return messages


def saved_size(state):
    """How many characters the state takes in a notebook: JSON, and base64 for the numbers."""
    return (
        sum(len(json.dumps(value)) for key, value in state.items() if key != "_points") + len(state["_points"]) * 4 / 3
    )


def collected(sent):
    """The points as the browser puts them together."""
    curves = {}
    for content, numbers in sent:
        at = 0
        for part in content["parts"]:
            count = part["count"]
            points = curves.setdefault(part["name"], [])
            assert part["start"] == len(points)
            points += zip(numbers[at : at + count].tolist(), numbers[at + count : at + 2 * count].tolist(), strict=True)
            at += 2 * count
        assert at == len(numbers)
    return curves


def test_every_point_arrives_once_in_few_messages(sent):
    curve = LossCurve()
    for batch in curve.track(range(5000), evaluate=lambda: {"validation loss": 0.5}):
        curve.add({"training loss": 1 / (batch + 1)}, accuracy=batch / 5000)
    curves = collected(sent)
    assert [y for _, y in curves["training loss"]] == pytest.approx([1 / (k + 1) for k in range(5000)])
    assert [x for x, _ in curves["accuracy"]] == list(range(1, 5001))
    assert curves["validation loss"] == [(5000.0, 0.5)]
    assert len(sent) < 5000 / 20
    assert sent[-1][0]["status"]["state"] == "finished"


def test_messages_keep_to_thirty_a_second(sent, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    curve = LossCurve()
    for _ in range(1000):
        now[0] += 0.001
        curve.add(loss=1)
    assert 25 <= len(sent) <= 31


def test_a_gap_is_filled_from_the_saved_state():
    curve = LossCurve()
    for step in range(10):
        curve.add(loss=step)
    curve._ear.receive({"action": "refill", "id": "gap"})
    curve._after_message()
    assert curve._saved["parts"] == [{"name": "loss", "right": False, "count": 10, "kept": 10}]
    assert np.frombuffer(curve._points, "<f4")[10:].tolist() == list(range(10))


@pytest.mark.parametrize("names", [1, 3, 40])
def test_the_saved_state_is_small_and_keeps_the_picture(names):
    curve = LossCurve()
    rng = np.random.default_rng(0)
    for step in range(20_000):
        curve.add({"loss 0": 100.0 if step == 12_345 else rng.random()}, step=step)
    for name in range(1, names):
        for step in range(2000):
            curve.add({f"loss {name}": step}, step=step)
    state = curve.get_state()
    size = saved_size(state)
    assert size < 100_000
    part = state["_saved"]["parts"][0]
    assert part["count"] == 20_000
    numbers = np.frombuffer(state["_points"], "<f4")
    assert 100.0 in numbers[part["kept"] : 2 * part["kept"]]
    assert sum(2 * part["kept"] for part in state["_saved"]["parts"]) == len(numbers)


def test_the_full_state_is_always_todays():
    curve = LossCurve()
    curve.add(loss=1.0)
    assert curve.get_state()["_saved"]["parts"][0]["count"] == 1
    curve.add(loss=2.0)
    assert curve.get_state()["_saved"]["parts"][0]["count"] == 2


def test_a_loss_of_nan_is_drawn_said_and_saved(sent):
    curve = LossCurve()
    for batch in curve.track(range(30)):
        curve.add(loss=math.nan if batch >= 20 else 1.0)
    values = [y for _, y in collected(sent)["loss"]]
    assert math.isnan(values[20])
    text = curve.as_text()
    assert "from batch 21 on" in text
    assert "×" in text
    json.dumps(curve.get_state()["_saved"], allow_nan=False)


@pytest.mark.parametrize(("lang", "word"), [("en", "Finished"), ("zh", "已完成")])
def test_text_for_notebooks_without_widgets(lang, word):
    curve = LossCurve("<script>alert(1)</script>", lang=lang)
    for batch in curve.track(range(50), epochs=2):
        curve.add({"a <b>name</b>\nof two lines": 50 - batch})
    bundle = curve._bundle()
    assert set(bundle) == {"text/plain", "application/vnd.jupyter.widget-view+json"}
    lines = bundle["text/plain"].splitlines()
    assert lines[0].startswith("<script>alert(1)</script>: " + word)
    assert lines[2].startswith("a <b>name</b> of two lines  100")
    assert "▁" in lines[2]
    assert "█" in lines[2]
    assert repr(curve) == bundle["text/plain"]


def test_points_without_a_loop():
    curve = LossCurve()
    for value in (3, 2, 1):
        curve.add(loss=value)
    curve.add(loss=5, step=10)
    assert curve._table.get("loss").x.tolist() == [0, 1, 2, 10]
    assert curve.state == "idle"


def test_clear():
    curve = LossCurve()
    curve.add(loss=1)
    curve.clear()
    curve.add(loss=2)
    assert curve.values("loss") == [2.0]
    assert curve._remember()[0]["generation"] == 1


def test_wrong_values_and_names():
    curve = LossCurve()
    with pytest.raises((TypeError, ValueError)):
        curve.add(loss="high")
    curve.add(loss=1)
    with pytest.raises(KeyError, match="no series named 'los'; there are: loss"):
        curve.values("los")
    with pytest.raises(ValueError, match="lang must be one of 'en', 'zh'"):
        LossCurve(lang="fr")


def test_what_a_batch_costs():
    """The loop, the point and the throttled message together cost less than a millisecond's twentieth per batch."""
    import time

    curve = LossCurve()
    start = time.perf_counter()
    for _ in curve.track(range(20_000)):
        curve.add(loss=1.0)
    assert (time.perf_counter() - start) / 20_000 < 200e-6  # measured 20 µs; generous for a busy machine
