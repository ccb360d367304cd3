"""Datasets, samplers and collation."""

import collections
import itertools

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.utils import data


def test_concat_and_add():
    first = data.TensorDataset(torch.arange(3))
    both = first + data.TensorDataset(torch.arange(10, 12))
    assert [int(both[i][0]) for i in range(len(both))] == [0, 1, 2, 10, 11]
    assert int(both[-1][0]) == 11


def test_chain():
    class Stream(data.IterableDataset):
        def __init__(self, n):
            self.n = n

        def __iter__(self):
            return iter(range(self.n))

        def __len__(self):
            return self.n

    both = Stream(2) + Stream(3)
    assert list(both) == [0, 1, 0, 1, 2]
    assert len(both) == 5
    with pytest.raises(AssertionError, match="ChainDataset only supports IterableDataset"):
        list(data.ChainDataset([[1]]))
    with pytest.raises(AssertionError, match="ConcatDataset does not support IterableDataset"):
        data.ConcatDataset([Stream(1)])


def test_stack_asks_its_parts_for_whole_batches():
    class Whole(data.Dataset):
        def __len__(self):
            return 4

        def __getitem__(self, index):
            raise AssertionError("one by one")

        def __getitems__(self, indices):
            return [i * 10 for i in indices]

    stacked = data.StackDataset(Whole(), list("abcd"))
    assert stacked.__getitems__([3, 1]) == [(30, "d"), (10, "b")]
    assert data.Subset(Whole(), [2, 3]).__getitems__([1]) == [30]


def test_subset_that_changes_samples_must_change_batches_too():
    class Half(data.Subset):
        def __getitem__(self, index):
            return None

    with pytest.raises(NotImplementedError, match="overrides __getitem__ but not __getitems__"):
        Half([1], [0])


def test_random_split_shares():
    parts = data.random_split(range(10), [0.55, 0.45])
    assert [len(part) for part in parts] == [6, 4]
    assert sorted(itertools.chain(*parts)) == list(range(10))
    with pytest.warns(UserWarning, match="Length of split at index 1 is 0"):
        data.random_split(range(2), [0.9, 0.1, 0.0][:2])


def test_batch_sampler_of_any_sampler():
    batches = data.BatchSampler(iter("abcde"), 2, drop_last=True)
    assert list(batches) == [["a", "b"], ["c", "d"]]
    assert len(data.BatchSampler(range(5), 2, False)) == 3


def test_distributed_shares_cover_everything():
    shares = [list(data.DistributedSampler(range(10), num_replicas=3, rank=r, seed=1)) for r in range(3)]
    assert sorted(set(itertools.chain(*shares))) == list(range(10))
    assert [len(share) for share in shares] == [4, 4, 4]
    sampler = data.DistributedSampler(range(10), num_replicas=1, rank=0)
    first = list(sampler)
    sampler.set_epoch(1)
    assert first != list(sampler)


Pair = collections.namedtuple("Pair", "x y")


@pytest.mark.parametrize(
    ("batch", "expected"),
    [
        ([1, 2], "tensor([1, 2])"),
        ([1.5, 2.5], "tensor([1.5000, 2.5000], dtype=torch.float64)"),
        ([True, False], "tensor([ True, False])"),
        (["a", "b"], "['a', 'b']"),
        ([np.float32(1), np.float32(2)], "tensor([1., 2.])"),
        ([np.zeros(2, "i4"), np.ones(2, "i4")], "tensor([[0, 0],\n        [1, 1]], dtype=torch.int32)"),
        ([(1, "a"), (2, "b")], "[tensor([1, 2]), ('a', 'b')]"),
        ([[1, 2], [3, 4]], "[tensor([1, 3]), tensor([2, 4])]"),
        ([{"x": 1}, {"x": 2}], "{'x': tensor([1, 2])}"),
        ([Pair(1, 2.0), Pair(3, 4.0)], "Pair(x=tensor([1, 3]), y=tensor([2., 4.], dtype=torch.float64))"),
    ],
)
def test_collate(batch, expected):
    assert repr(data.default_collate(batch)) == expected


def test_collate_keeps_kinds_of_containers():
    batch = data.default_collate([collections.OrderedDict(a=1), collections.OrderedDict(a=2)])
    assert type(batch) is collections.OrderedDict
    assert type(data.default_convert(collections.UserDict(a=np.ones(1)))) is collections.UserDict


def test_collate_refuses_text_arrays_and_uneven_samples():
    with pytest.raises(TypeError, match="batch must contain tensors, numpy arrays, numbers, dicts or lists; found <U1"):
        data.default_collate([np.array("x")])
    with pytest.raises(RuntimeError, match="each element in list of batch should be of equal size"):
        data.default_collate([[1], [1, 2]])


def test_default_convert():
    converted = data.default_convert({"a": np.arange(2), "b": (np.float64(1), "text"), "c": [np.bool_(True)]})
    assert (
        repr(converted) == "{'a': tensor([0, 1]), 'b': [tensor(1., dtype=torch.float64), 'text'], 'c': [tensor(True)]}"
    )
