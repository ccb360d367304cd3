"""torch.masked: PyTorch's values and gradients, and what counts where nothing counts."""

import math

import pytest

import pytorch_tutor as torch

double = torch.float64
MASK = torch.tensor([[True, False, True], [False, True, True]])
VALUES = {  # of 1 to 6 in two rows, along the second dimension: the result, the gradient of its sum
    "sum": ([4.0, 11.0], [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]),
    "prod": ([3.0, 30.0], [[3.0, 0.0, 1.0], [0.0, 6.0, 5.0]]),
    "mean": ([2.0, 5.5], [[0.5, 0.0, 0.5], [0.0, 0.5, 0.5]]),
    "amax": ([3.0, 6.0], [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]),
    "amin": ([1.0, 5.0], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
    "std": (
        [1.414213562373095, 0.7071067811865475],
        [[-0.7071067811865476, 0.0, 0.7071067811865476], [0.0, -0.7071067811865476, 0.7071067811865476]],
    ),
    "logsumexp": (
        [3.1269280110429727, 6.313261687518223],
        [[0.11920292202211753, 0.0, 0.8807970779778823], [0.0, 0.26894142136999516, 0.731058578630005]],
    ),
    "norm": (
        [3.1622776601683795, 7.810249675906654],
        [[0.31622776601683794, 0.0, 0.9486832980505138], [0.0, 0.6401843996644799, 0.7682212795973759]],
    ),
    "cumprod": ([[1.0, 1.0, 3.0], [1.0, 5.0, 30.0]], [[5.0, 0.0, 1.0], [0.0, 7.0, 5.0]]),
    "cumsum": ([[1.0, 1.0, 4.0], [0.0, 5.0, 11.0]], [[3.0, 0.0, 1.0], [0.0, 2.0, 1.0]]),
    "softmax": (
        [[0.11920292202211755, 0.0, 0.8807970779778823], [0.0, 0.26894142136999516, 0.7310585786300049]],
        [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_and_gradients(name):
    x = torch.arange(1.0, 7.0, dtype=double).reshape(2, 3).requires_grad_()
    function = getattr(torch.masked, name)
    y = function(x, 2.0, 1, mask=MASK) if name == "norm" else function(x, 1, mask=MASK)
    assert y.dtype is double
    assert torch.allclose(y, torch.tensor(VALUES[name][0], dtype=double))
    y.sum().backward()
    assert torch.allclose(x.grad, torch.tensor(VALUES[name][1], dtype=double), atol=1e-12)


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "amax", "std", "var", "logsumexp", "norm"])
def test_without_a_mask_all_elements_count(name):
    x = torch.tensor([[1.0, 2.0, 4.0], [3.0, 1.0, 0.5]])
    plain = getattr(torch, name)(x) if name != "logsumexp" else torch.logsumexp(x, (0, 1))
    assert torch.allclose(getattr(torch.masked, name)(x), plain)
    assert getattr(torch.masked, name)(x, dim=(0, 1), keepdim=True).shape == (1, 1)


def test_where_nothing_counts():
    x, none = torch.tensor([1.0, 2.0]), torch.tensor([False, False])
    assert torch.masked.sum(x, mask=none) == 0
    assert torch.masked.prod(x, mask=none) == 1
    assert torch.masked.amax(x, mask=none) == -math.inf
    assert torch.masked.amin(x.int(), mask=none) == 2**31 - 1
    assert torch.masked.norm(x, -math.inf, mask=none) == math.inf
    for name in ("mean", "median", "softmax", "var"):
        assert torch.isnan(getattr(torch.masked, name)(x, 0, mask=none)).all()
    with pytest.raises(ValueError, match="expects no fully masked out rows"):
        torch.masked.median(x.long(), 0, mask=none)


def test_masks_of_fewer_dimensions_are_spread():
    x = torch.arange(6).reshape(2, 3)
    row = torch.tensor([1, 0, 1])
    assert torch.masked.sum(x, 1, mask=row).tolist() == [2, 8]
    assert torch.masked.argmax(x, 1, mask=row).tolist() == [2, 2]
    with pytest.raises(IndexError, match="mask dimensionality higher than of the input"):
        torch.masked.sum(x[0], mask=MASK)
    with pytest.raises(NotImplementedError, match=r"identity of amax on torch\.bool input"):
        torch.masked.amax(x > 1, mask=row)


def test_sums_of_two():
    x, y = torch.tensor([1.0, 1.0]), torch.tensor([2.0, 2.0])
    found = torch.masked.logaddexp(x, y, other_mask=torch.tensor([True, False]))
    assert found.tolist() == pytest.approx([math.log(math.exp(1) + math.exp(2)), 1.0])
