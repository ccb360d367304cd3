"""The clock tells time left and speed; requests may come from any thread."""

import pytest

from pytorch_tutor_widgets.training import Progress, Requests, batch_size, number


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_time_left_and_speed():
    clock = Clock()
    progress = Progress(clock)
    progress.begin(10)
    assert progress.left is None
    assert progress.speed is None
    for _ in range(4):
        clock.now += 0.5
        progress.advance(64)
    assert progress.elapsed == pytest.approx(2.0)
    assert progress.left == pytest.approx(3.0)
    assert progress.speed == pytest.approx(128)


def test_a_pause_does_not_count():
    clock = Clock()
    progress = Progress(clock)
    progress.begin(2)
    clock.now += 1
    progress.advance(None)
    progress.pause()
    clock.now += 1000
    assert progress.elapsed == pytest.approx(1)
    progress.resume()
    clock.now += 1
    progress.advance(None)
    progress.end()
    clock.now += 1000
    assert progress.elapsed == pytest.approx(2)
    assert progress.left == 0
    assert progress.speed == pytest.approx(1)  # batches a second, since these have no length


def test_the_speed_is_that_of_the_last_seconds():
    clock = Clock()
    progress = Progress(clock)
    progress.begin(1000)
    clock.now += 60  # the first batch compiles, loads, warms up
    progress.advance(10)
    for _ in range(100):
        clock.now += 0.1
        progress.advance(10)
    assert progress.speed == pytest.approx(100, rel=0.05)


def test_the_clock_starts_at_zero_too():
    clock = Clock()
    clock.now = 0.0
    progress = Progress(clock)
    progress.begin(1)
    progress.pause()
    clock.now = 5.0
    assert progress.elapsed == 0
    progress.end()
    assert progress.elapsed == 0


def test_requests():
    requests = Requests()
    requests.pause()
    assert requests.pausing
    requests.stop()
    assert requests.stopping
    assert not requests.pausing  # a paused run that is to stop does not wait any longer
    requests.learning_rate(0.5)
    assert requests.take_learning_rate() == 0.5
    assert requests.take_learning_rate() is None
    requests.reset()
    assert not requests.stopping


class Shaped:
    shape = (32, 3)

    def __len__(self):
        return 32


class Scalar:
    shape = ()

    def __len__(self):
        raise TypeError("len() of a 0-d tensor")


@pytest.mark.parametrize(
    ("batch", "size"),
    [
        ((Shaped(), [1]), 32),
        ({"x": Shaped()}, 32),
        (Shaped(), 32),
        (3, None),
        ("text", None),
        (Scalar(), None),
        ([], 0),
    ],
)
def test_batch_size(batch, size):
    assert batch_size(batch) == size


def test_number_reads_tensors():
    class Loss:
        def item(self):
            return 2

    assert number(Loss()) == 2.0
    with pytest.raises((TypeError, ValueError)):
        number("many")
