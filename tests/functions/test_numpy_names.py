"""NumPy's names of arguments: axis and keepdims, as PyTorch takes them."""

import pytest

import pytorch_tutor as torch

X = torch.arange(6.0).reshape(1, 2, 3)


@pytest.mark.parametrize("name", ["sum", "mean", "amax", "argmax", "prod", "std", "logsumexp", "any"])
def test_reductions_take_axis_and_keepdims(name):
    want = getattr(torch, name)(X, dim=1, keepdim=True)
    assert torch.equal(getattr(torch, name)(X, axis=1, keepdims=True), want)
    assert torch.equal(getattr(X, name)(axis=1, keepdims=True), want)


@pytest.mark.parametrize("name", ["softmax", "cumsum", "unsqueeze", "squeeze", "sort", "argsort", "unbind", "cummax"])
def test_other_functions_of_one_dimension_take_axis(name):
    got, want = getattr(X, name)(axis=0), getattr(X, name)(dim=0)
    assert len(got) == len(want)
    assert all(torch.equal(a, b) for a, b in zip(got, want, strict=True))


def test_both_names_at_once_are_too_many():
    with pytest.raises(TypeError):
        X.sum(dim=1, axis=1)


def test_second_tensor_shape_and_type_by_name():
    y = 5 - X
    assert torch.equal(torch.max(X, other=y), torch.maximum(X, y))
    assert torch.equal(X.min(other=y), torch.minimum(X, y))
    assert X.view(size=(3, 2)).shape == (3, 2)
    assert X.view(dtype=torch.int32).dtype is torch.int32


def test_squeeze_takes_its_dimension_by_name():
    assert X.squeeze(dim=0).shape == torch.squeeze(X, dim=(0, 1)).shape == (2, 3)
    assert X.squeeze(dim=()).shape == (1, 2, 3)
