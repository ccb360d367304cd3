"""segment_reduce: PyTorch's numbers, gradients and sentences for runs given by lengths and by offsets."""

import math

import pytest

import pytorch_tutor as torch

X = [1.0, 3.0, 3.0, 0.0, 5.0]


@pytest.mark.parametrize(("reduce", "initial", "want"), [
    ("sum", None, [7.0, 0.0, 5.0]),
    ("mean", None, [7 / 3, math.nan, 2.5]),
    ("max", None, [3.0, -math.inf, 5.0]),
    ("min", None, [1.0, math.inf, 0.0]),
    ("prod", None, [9.0, 1.0, 0.0]),
    ("mean", 7, [14 / 3, 7.0, 6.0]),
    ("sum", 7.0, [14.0, 7.0, 12.0]),
    ("amax", 4, [4.0, 4.0, 5.0]),
])  # fmt: skip
def test_numbers(reduce, initial, want):
    x = torch.tensor(X)
    by_lengths = torch.segment_reduce(x, reduce, lengths=torch.tensor([3, 0, 2]), initial=initial)
    by_offsets = torch._segment_reduce(x, reduce, offsets=torch.tensor([0, 3, 3, 5]), initial=initial)
    torch.testing.assert_close(by_lengths, torch.tensor(want), equal_nan=True)
    torch.testing.assert_close(by_offsets, by_lengths, equal_nan=True)


@pytest.mark.parametrize(("reduce", "want"), [
    ("sum", [1.0, 1.0, 1.0, 2.0, 2.0]),
    ("mean", [1 / 3, 1 / 3, 1 / 3, 1.0, 1.0]),
    ("max", [0.0, 0.5, 0.5, 0.0, 2.0]),  # shared among equals
    ("prod", [9.0, 3.0, 3.0, 10.0, 0.0]),
])  # fmt: skip
def test_gradients(reduce, want):
    x = torch.tensor(X, requires_grad=True)
    y = torch.segment_reduce(x, reduce, lengths=torch.tensor([3, 2]))
    y.backward(torch.tensor([1.0, 2.0]))
    torch.testing.assert_close(x.grad, torch.tensor(want))


def test_each_row_may_have_its_own_runs():
    x = torch.arange(12.0).reshape(2, 3, 2)
    y = torch.segment_reduce(x, "sum", lengths=torch.tensor([[1, 2], [2, 1]]), axis=1)
    assert y.tolist() == [[[0.0, 1.0], [6.0, 8.0]], [[14.0, 16.0], [10.0, 11.0]]]
    begun_late = torch.segment_reduce(torch.arange(5.0), "sum", offsets=torch.tensor([1, 3, 4]))
    assert begun_late.tolist() == [3.0, 3.0]


@pytest.mark.parametrize(("error", "sentence", "call"), [
    (RuntimeError, "segment_reduce(): Either lengths or offsets must be defined.", {}),
    (RuntimeError, "lengths contains negative value!", {"lengths": [2, -2, 5]}),
    (RuntimeError, "segment_reduce(): Expected all rows of lengths along axis to sum to ", {"lengths": [2, 2]}),
    (RuntimeError, "segment_reduce(): Expected axis to be the last dimension of lengths but got 0.", {"lengths": [[5]]}),
    (NotImplementedError, "\"_segment_reduce_lengths_cpu_kernel1\" not implemented for 'Float'", {"lengths": [2.0, 3.0]}),
])  # fmt: skip
def test_sentences(error, sentence, call):
    given = {name: torch.tensor(value) for name, value in call.items()}
    with pytest.raises(error) as raised:
        torch.segment_reduce(torch.tensor(X), "sum", **given)
    assert str(raised.value).startswith(sentence)
