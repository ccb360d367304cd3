"""The loader: orders that PyTorch gives for the same seed, batches, streams, options."""

import json
import time
import warnings
from pathlib import Path

import pytest

import pytorch_tutor as torch
from pytorch_tutor.utils import data
from tests.golden import optim_cases as cases

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "optim.json").read_text())


@pytest.mark.parametrize("code", cases.LOADERS)
def test_order_is_pytorchs(code):
    assert cases.order(torch, code) == GOLDEN["orders"][code]


@pytest.mark.parametrize("code", [code for code in cases.ERRORS if "D." in code])
def test_mistake(code):
    assert cases.mistake(torch, code) == GOLDEN["mistakes"][code]


class Numbers(data.Dataset):
    def __init__(self, n=7):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, index):
        return index


class Stream(data.IterableDataset):
    def __iter__(self):
        return iter(range(7))


def test_batches_and_length():
    loader = data.DataLoader(Numbers(), batch_size=3)
    assert [batch.tolist() for batch in loader] == [[0, 1, 2], [3, 4, 5], [6]]
    assert len(loader) == 3
    assert len(data.DataLoader(Numbers(), batch_size=3, drop_last=True)) == 2


def test_stream():
    assert [b.tolist() for b in data.DataLoader(Stream(), batch_size=3)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [b.tolist() for b in data.DataLoader(Stream(), batch_size=3, drop_last=True)] == [[0, 1, 2], [3, 4, 5]]
    assert list(data.DataLoader(Stream(), batch_size=None)) == list(range(7))
    with pytest.raises(TypeError):
        len(data.DataLoader(Stream()))
    with pytest.raises(ValueError, match="expected unspecified shuffle option, but got shuffle=True"):
        data.DataLoader(Stream(), shuffle=True)


def test_stream_that_understates_its_length_warns():
    class Short(Stream):
        def __len__(self):
            return 3

    loader = data.DataLoader(Short(), batch_size=1)
    assert len(loader) == 3
    with pytest.warns(UserWarning, match="was reported to be 3"):
        list(loader)


def test_fast_batches_equal_slow_ones():
    """A TensorDataset's batch is taken by one indexing; a subclass is asked sample by sample."""

    class Slow(data.TensorDataset):
        def __getitem__(self, index):
            return super().__getitem__(index)

    tensors = torch.randn(11, 2, 3), torch.arange(11), torch.arange(11).bfloat16()
    for wrap in (
        lambda d: d,
        lambda d: data.Subset(d, [5, 3, 10, 0]),
        lambda d: data.Subset(data.Subset(d, [9, 2]), [1, 0]),
    ):
        fast = list(data.DataLoader(wrap(data.TensorDataset(*tensors)), batch_size=3))
        slow = list(data.DataLoader(wrap(Slow(*tensors)), batch_size=3))
        assert repr(fast) == repr(slow)
        assert type(fast[0]) is type(slow[0]) is list


def test_batch_is_a_copy():
    x = torch.zeros(4)
    (batch,) = next(iter(data.DataLoader(data.TensorDataset(x), batch_size=4)))
    batch.fill_(1)
    assert x.tolist() == [0, 0, 0, 0]


def test_tensors_with_gradients_keep_their_graph():
    x = torch.ones(4, requires_grad=True)
    (batch,) = next(iter(data.DataLoader(data.TensorDataset(x), batch_size=2)))
    batch.sum().backward()
    assert x.grad.tolist() == [1, 1, 0, 0]


def test_own_collate_and_batch_sampler():
    loader = data.DataLoader(Numbers(), batch_sampler=[[0, 6], [3]], collate_fn=tuple)
    assert list(loader) == [(0, 6), (3,)]
    assert loader.batch_size is None


def test_an_iterator_is_an_epoch():
    loader = data.DataLoader(Numbers(3))
    iterator = iter(loader)
    assert next(iterator).item() == 0
    assert len(list(iterator)) == 2
    assert len(list(loader)) == 3


def test_pin_memory_without_a_gpu_says_so():
    with pytest.warns(UserWarning, match="'pin_memory' argument is set as true but no accelerator is found"):
        list(data.DataLoader(Numbers(2), pin_memory=True))


def test_an_error_of_the_dataset_comes_through_unchanged():
    with pytest.raises(IndexError):
        list(data.DataLoader(data.Subset(list("abc"), [7])))


def test_epoch_is_quick():
    """50 000 small samples in batches of 64, well below a second; sample by sample it would take several."""
    dataset = data.TensorDataset(torch.randn(50_000, 10), torch.arange(50_000))
    loader = data.DataLoader(dataset, batch_size=64, shuffle=True)
    start = time.perf_counter()
    count = sum(len(x) for x, _ in loader)
    assert count == 50_000
    assert time.perf_counter() - start < 2.0


def test_ordinary_use_is_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        list(data.DataLoader(Numbers(), batch_size=2, shuffle=True))
