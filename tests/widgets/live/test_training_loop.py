"""Stop, pause, learning rate, errors and Ctrl-C: whatever happens, the loop ends cleanly between two batches."""

import asyncio
import threading
import time

import pytest

from pytorch_tutor_widgets.curve import LossCurve


class Optimizer:
    def __init__(self, *rates):
        self.param_groups = [{"lr": rate} for rate in rates]


def compute(seconds):
    """A batch that holds the processor, as real ones do."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


@pytest.fixture
def curve():
    return LossCurve()


def test_runs_all_epochs_and_evaluates_after_each(curve):
    seen = []
    for batch in curve.track([1, 2], epochs=3, evaluate=lambda: {"accuracy": len(seen)}):
        seen.append((curve.epoch, batch))
        curve.add(loss=batch)
    assert seen == [(0, 1), (0, 2), (1, 1), (1, 2), (2, 1), (2, 2)]
    assert curve.state == "finished"
    assert curve.values("accuracy") == [2, 4, 6]
    assert curve._table.get("loss").x.tolist() == [1, 2, 3, 4, 5, 6]
    assert curve._table.get("accuracy").x.tolist() == [2, 4, 6]


def test_stop_ends_between_two_batches_without_evaluating(curve):
    seen = []

    def evaluate():
        raise AssertionError("a stopped epoch is not evaluated")

    for batch in curve.track(range(100), epochs=5, evaluate=evaluate):
        seen.append(batch)
        if batch == 3:
            threading.Thread(target=curve.stop).start()
            time.sleep(0.05)
            seen.append("rest of the batch")
    assert seen == [0, 1, 2, 3, "rest of the batch"]
    assert curve.state == "stopped"
    assert curve.stopped
    again = list(curve.track(range(2)))  # a stopped curve can be used again
    assert again == [0, 1]
    assert curve.state == "finished"


def test_stop_is_heard_in_an_evaluation(curve):
    tested = []

    def evaluate():
        for batch in curve.watch(range(1000)):
            tested.append(batch)
            if batch == 2:
                curve.stop()
        tested.append("model.train()")
        return {"accuracy": 1.0}

    assert list(curve.track([1], epochs=2, evaluate=evaluate)) == [1]
    assert tested == [0, 1, 2, "model.train()"]
    assert curve.state == "stopped"
    with pytest.raises(KeyError, match="no series named 'accuracy'"):
        curve.values("accuracy")  # numbers from a part of the data are not shown beside numbers from all of it


def test_a_whole_evaluation_counts_and_none_is_empty(curve):
    def evaluate():
        curve.stop()  # pressed after the training, before the first batch of the evaluation
        return {"seen": len(list(curve.watch([7])))}

    assert list(curve.track([1], epochs=2, evaluate=evaluate)) == [1]
    assert curve.values("seen") == [1]
    assert curve.state == "stopped"


def test_pause_and_resume(curve):
    times = []
    states = []
    for batch in curve.track(range(3)):
        times.append(time.perf_counter())
        if batch == 0:
            curve.pause()

            def later():
                time.sleep(0.2)
                states.append(curve.state)
                curve.resume()

            threading.Thread(target=later).start()
    assert times[1] - times[0] >= 0.19
    assert times[2] - times[1] < 0.1
    assert states == ["paused"]
    assert curve._run.progress.elapsed < 0.1


def test_a_paused_run_can_be_stopped(curve):
    curve_done = []
    for _ in curve.track(range(3)):
        curve.pause()
        threading.Timer(0.1, curve.stop).start()
        curve_done.append(1)
    assert len(curve_done) == 1
    assert curve.state == "stopped"


def test_learning_rate(curve):
    optimizer = Optimizer(0.1, 0.01)
    rates = []
    for batch in curve.track(range(3), optimizer=optimizer):
        rates.append(optimizer.param_groups[0]["lr"])
        if batch == 0:
            curve._ear.receive({"action": "rate", "value": 0.05, "run": curve._run.number, "id": "a"})
    assert rates == [0.1, 0.05, 0.05]
    assert optimizer.param_groups[1]["lr"] == pytest.approx(0.005)  # groups keep their proportions
    assert curve._status()["rate"] == 0.05


@pytest.mark.parametrize("value", [-1, "fast", None, float("nan"), True])
def test_a_wrong_learning_rate_is_ignored(curve, value):
    optimizer = Optimizer(0.1)
    for _ in curve.track(range(2), optimizer=optimizer):
        curve._ear.receive({"action": "rate", "value": value, "run": curve._run.number, "id": str(value)})
    assert optimizer.param_groups[0]["lr"] == 0.1


def test_a_click_meant_for_an_earlier_run_is_not_obeyed(curve):
    assert list(curve.track(range(2))) == [0, 1]
    late = {"action": "stop", "run": curve._run.number, "id": "late"}
    seen = []
    for batch in curve.track(range(3)):
        seen.append(batch)
        curve._ear.receive(late)
    assert seen == [0, 1, 2]


def test_a_message_heard_twice_is_obeyed_once(curve):
    for batch in curve.track(range(3)):
        if batch == 0:
            message = {"action": "pause", "run": curve._run.number, "id": "one"}
            curve._ear.receive(message)
            curve.resume()
            curve._ear.receive(message)
            assert not curve._run.requests.pausing


def test_break_leaves_the_loop(curve):
    for _ in curve.track(range(10)):
        break
    assert curve.state == "left"


def test_an_error_in_the_body_is_the_learners(curve):
    def train():
        for batch in curve.track(range(10)):
            curve.add(loss=1 / batch)

    with pytest.raises(ZeroDivisionError):
        train()
    assert curve.state == "left"  # outside IPython nobody tells the loop why it was left
    assert list(curve.track(range(2))) == [0, 1]


def test_an_error_in_the_loader(curve):
    def broken():
        yield 1
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        list(curve.track(broken()))
    assert curve.state == "failed"


def test_ctrl_c_in_the_loader_and_in_a_pause(curve, monkeypatch):
    def loader():
        yield 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(curve.track(loader()))
    assert curve.state == "interrupted"

    def interrupted(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(curve._run.requests, "wait", interrupted)

    def train():
        for _ in curve.track(range(3)):
            curve.pause()

    with pytest.raises(KeyboardInterrupt):
        train()
    assert curve.state == "interrupted"
    assert curve._status()["state"] == "interrupted"


def test_wrong_evaluation(curve):
    with pytest.raises(TypeError, match="evaluate must return a dictionary of names and numbers"):
        list(curve.track([1], evaluate=lambda: 0.5))
    assert curve.state == "failed"


def test_epochs_by_hand(curve):
    seen = []
    for epoch in curve.epochs(3):
        for batch in curve.track(range(2)):
            seen.append((epoch, batch))
            if (epoch, batch) == (1, 0):
                curve.stop()
        curve.add(accuracy=epoch)
    assert seen == [(0, 0), (0, 1), (1, 0)]
    assert curve.state == "stopped"
    assert curve._run.progress.total == 6
    assert curve.values("accuracy") == [0, 1]
    assert list(curve.epochs(2)) == [0, 1]
    assert curve.state == "finished"


def test_an_unknown_number_of_batches(curve):
    for batch in curve.track(iter(range(3))):
        curve.add(loss=batch)
    assert curve._status()["total"] is None
    assert curve._status()["left"] is None
    with pytest.raises(TypeError):
        len(curve.track(iter([])))
    assert len(curve.track([1, 2], epochs=4)) == 8


def test_a_second_run_goes_on_along_the_axis(curve):
    for _ in range(2):
        for _ in curve.track(range(3)):
            curve.add(loss=1)
    assert curve._table.get("loss").x.tolist() == [1, 2, 3, 4, 5, 6]
    assert curve._status()["end"] == 6


def test_async_cells(curve):
    ticks = []

    async def tick():
        while True:
            ticks.append(1)
            await asyncio.sleep(0)

    async def main():
        other = asyncio.create_task(tick())
        seen = []
        async for batch in curve.track(range(100)):
            compute(0.01)
            seen.append(batch)
            if batch == 10:
                curve.pause()
                asyncio.get_running_loop().call_later(0.1, curve.resume)
            if batch == 20:
                curve.stop()
        other.cancel()
        return seen

    assert asyncio.run(main()) == list(range(21))
    assert curve.state == "stopped"
    assert len(ticks) > 5  # others had their turns


def test_an_async_cell_that_is_cancelled(curve):
    async def main():
        async for _ in curve.track(range(1000)):
            compute(0.002)

    async def cancelled():
        task = asyncio.create_task(main())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert curve.state == "interrupted"
