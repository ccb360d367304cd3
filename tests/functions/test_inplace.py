"""The in-place functions of torch's own namespace are the methods of the same names."""

from array import array
from collections import deque

import pytest

import pytorch_tutor as torch
from pytorch_tutor.functions import inplace

NAMES = [name for name in vars(inplace) if name.endswith("_") and not name.startswith("_")]


def test_every_name_is_a_method_and_stands_in_torch():
    assert len(NAMES) > 50
    for name in NAMES:
        assert getattr(torch, name).__name__ == name
        assert callable(getattr(torch.Tensor, name))


@pytest.mark.parametrize(("name", "rest"), [("sin_", ()), ("clamp_", (0.1, 0.2)), ("fill_", (3,)), ("xlogy_", (2.0,))])
def test_writes_over_its_input_and_returns_it(name, rest):
    x = torch.tensor([0.25, 0.5])
    want = getattr(x.clone(), name)(*rest)
    assert getattr(torch, name)(x, *rest) is x
    assert torch.equal(x, want)
    assert x._version == 1


def test_a_leaf_that_requires_grad_is_refused_and_a_number_too():
    with pytest.raises(
        RuntimeError, match=r"^a leaf Variable that requires grad is being used in an in-place operation"
    ):
        torch.sin_(torch.ones(2, requires_grad=True))
    with pytest.raises(TypeError, match=r"^sin_\(\): argument 'input' \(position 1\) must be Tensor, not int"):
        torch.sin_(3)


@pytest.mark.parametrize(
    ("operator", "want"),
    [
        ("x **= 2", [25, 49]), ("x %= 3", [2, 1]), ("x //= 2", [2, 3]), ("x &= 1", [1, 1]),
        ("x |= 2", [7, 7]), ("x ^= 3", [6, 4]), ("x <<= 1", [10, 14]), ("x >>= 1", [2, 3]),
    ],
)  # fmt: skip
def test_augmented_assignment_writes_into_the_tensor(operator, want):
    names = {"x": torch.tensor([5, 7])}
    before = names["x"]
    exec(operator, names)
    assert names["x"] is before
    assert before.tolist() == want


def test_tensor_takes_any_sequence_of_numbers():
    assert torch.tensor(deque([1.0, 2.0])).tolist() == [1.0, 2.0]
    assert torch.tensor([deque([1]), array("i", [2])]).tolist() == [[1], [2]]
    with pytest.raises(TypeError, match=r"^new\(\): invalid data type 'bytes'"):
        torch.tensor(b"ab")
