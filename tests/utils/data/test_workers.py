"""Worker processes: order, seeds, errors with tracebacks, deaths, interrupts, and a clean end."""

import gc
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.utils import data
from pytorch_tutor.utils.data.worker import numpy_seeds

ROOT = Path(__file__).parents[3]


class Numbers(data.Dataset):
    def __len__(self):
        return 10

    def __getitem__(self, index):
        return index


class Uneven(Numbers):
    """The first samples take longest, so that later batches are ready first."""

    def __getitem__(self, index):
        time.sleep(0.05 if index < 2 else 0)
        return index


class Faulty(Numbers):
    def __getitem__(self, index):
        if index == 5:
            raise KeyError("number five")
        return index


class OddError(Exception):
    def __init__(self, a, b):
        super().__init__(a, b)


class OddlyFaulty(Numbers):
    def __getitem__(self, index):
        raise OddError(1, 2)


class Deadly(Numbers):
    def __getitem__(self, index):
        if index == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return index


class Sleepy(Numbers):
    def __getitem__(self, index):
        time.sleep(30)


class Unsendable(Numbers):
    def __getitem__(self, index):
        return threading.Lock()


class Draws(Numbers):
    def __getitem__(self, index):
        return torch.rand(1).item(), random.random(), float(np.random.rand())  # noqa: NPY002 - what users' transforms draw from


class Large(Numbers):
    def __getitem__(self, index):
        return torch.full((200, 1000), float(index))


class Shared(data.IterableDataset):
    def __iter__(self):
        info = data.get_worker_info()
        return iter(range(info.id, 11, info.num_workers))


def no_children():
    gc.collect()  # an iterator that some exception's traceback still held
    deadline = time.monotonic() + 10
    while multiprocessing.active_children() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not multiprocessing.active_children()


def flat(loader):
    return [batch.tolist() for batch in loader]


@pytest.mark.parametrize("dataset", [Numbers(), Uneven()])
def test_order_is_kept(dataset):
    assert flat(data.DataLoader(dataset, batch_size=2, num_workers=2)) == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]
    assert no_children()


def test_order_is_given_up_on_request():
    loader = data.DataLoader(Uneven(), batch_size=2, num_workers=2, in_order=False)
    assert sorted(flat(loader)) == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]


def test_shuffled_order_does_not_depend_on_workers():
    orders = []
    for workers in (0, 1, 2):
        torch.manual_seed(3)
        orders.append(flat(data.DataLoader(Numbers(), batch_size=3, shuffle=True, num_workers=workers)))
    assert orders[0] == orders[1] == orders[2]


def test_stream_is_shared_out():
    batches = flat(data.DataLoader(Shared(), batch_size=2, num_workers=2))
    assert batches == [[0, 2], [1, 3], [4, 6], [5, 7], [8, 10], [9]]


def test_persistent_workers_serve_many_epochs():
    loader = data.DataLoader(Shared(), batch_size=2, num_workers=2, persistent_workers=True, prefetch_factor=1)
    first = flat(loader)
    pids = [worker.pid for worker in multiprocessing.active_children()]
    assert flat(loader) == first
    iterator = iter(loader)
    next(iterator)  # an epoch that is left early
    assert flat(loader) == first
    assert [worker.pid for worker in multiprocessing.active_children()] == pids
    del loader, iterator
    assert no_children()


def test_leaving_early_ends_the_workers():
    for _ in data.DataLoader(Large(), num_workers=2):
        break
    assert no_children()


def test_error_comes_with_the_workers_traceback():
    with pytest.raises(KeyError) as caught:
        flat(data.DataLoader(Faulty(), batch_size=2, num_workers=2))
    text = str(caught.value)
    assert text.startswith(
        "Caught KeyError in DataLoader worker process 0.\nOriginal Traceback (most recent call last):"
    )
    assert 'raise KeyError("number five")' in text


def test_error_of_an_unusual_class_becomes_a_runtime_error():
    with pytest.raises(RuntimeError, match="Caught OddError in DataLoader worker process 0"):
        flat(data.DataLoader(OddlyFaulty(), num_workers=1))


def test_after_an_error_the_rest_can_still_be_read():
    iterator = iter(data.DataLoader(Faulty(), batch_size=5, num_workers=1))
    assert next(iterator).tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(KeyError):
        next(iterator)
    with pytest.raises(StopIteration):
        next(iterator)


def test_error_in_worker_init():
    def init(worker_id):
        raise ValueError(f"no worker {worker_id}")

    with pytest.raises(ValueError, match="no worker 0"):
        flat(data.DataLoader(Numbers(), num_workers=1, worker_init_fn=init))


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_killed_worker_is_noticed_at_once():
    start = time.monotonic()
    with pytest.raises(RuntimeError, match=r"DataLoader worker \(pid\(s\) \d+\) exited unexpectedly"):
        flat(data.DataLoader(Deadly(), num_workers=2))
    assert time.monotonic() - start < 5
    assert no_children()


def test_timeout():
    with pytest.raises(RuntimeError, match=r"DataLoader timed out after 0.2 seconds"):
        flat(data.DataLoader(Sleepy(), num_workers=1, timeout=0.2))
    assert no_children()


def test_a_batch_that_cannot_be_sent_is_an_error_and_no_hang():
    with pytest.raises(TypeError, match="cannot pickle"):
        list(data.DataLoader(Unsendable(), num_workers=1, collate_fn=list))


def test_workers_draw_different_numbers_that_a_seed_repeats():
    def draws():
        torch.manual_seed(11)
        return [tuple(map(float, batch)) for batch in data.DataLoader(Draws(), num_workers=2)]

    first = draws()
    assert len(set(first)) == len(first)
    assert draws() == first


def test_seeds_for_numpy_are_pytorchs():
    assert numpy_seeds(2**62 + 12345, 7) == [546207752, 3157317637, 2560111742, 488525286]


def test_worker_info():
    assert data.get_worker_info() is None

    class Who(Numbers):
        def __getitem__(self, index):
            info = data.get_worker_info()
            return info.id, info.num_workers, info.seed, len(info.dataset)

    torch.manual_seed(0)
    rows = [tuple(map(int, row)) for row in data.DataLoader(Who(), num_workers=2)]
    assert {row[:2] for row in rows} == {(0, 2), (1, 2)}
    assert rows[1][2] == rows[0][2] + 1
    assert rows[0][3] == 10


def test_large_batches_arrive_whole():
    for i, batch in enumerate(data.DataLoader(Large(), num_workers=2)):
        assert batch.shape == (1, 200, 1000)
        assert (batch == i).all()


def test_too_many_workers_warn():
    with pytest.warns(UserWarning, match="This DataLoader will create 4096 worker processes in total"):
        data.DataLoader(Numbers(), num_workers=4096)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_ctrl_c_ends_an_epoch_and_its_workers(tmp_path):
    """As in a terminal: the signal reaches the program and its workers; the next epoch works."""
    script = tmp_path / "loop.py"
    script.write_text(
        textwrap.dedent(
            """
            import multiprocessing, time
            import pytorch_tutor as torch
            from pytorch_tutor.utils import data

            class Slow(data.Dataset):
                def __len__(self): return 1000
                def __getitem__(self, index):
                    time.sleep(0.05)
                    return index

            loader = data.DataLoader(Slow(), num_workers=2)
            try:
                for i, batch in enumerate(loader):
                    if i == 3:
                        print("running", flush=True)
            except KeyboardInterrupt:
                print("interrupted", flush=True)
            time.sleep(0.5)
            print("children", len(multiprocessing.active_children()))
            print("again", next(iter(loader)).item(), flush=True)
            """
        )
    )
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    assert process.stdout.readline() == "running\n"
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert out == "interrupted\nchildren 0\nagain 0\n"
    assert "Traceback" not in err
