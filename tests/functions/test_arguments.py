"""What learners hand over by mistake: Python's types as dtypes, numbers for sizes, lists for tensors."""

from __future__ import annotations

import pytest

import pytorch_tutor as torch
from pytorch_tutor.nn import functional as F


@pytest.mark.parametrize(
    ("given", "meant"), [(float, torch.float64), (int, torch.int64), (bool, torch.bool), (complex, torch.complex128)]
)
def test_pythons_types_are_dtypes(given, meant):
    assert torch.zeros(2, dtype=given).dtype is meant
    assert torch.tensor([1], dtype=given).dtype is meant
    assert torch.ones_like(torch.ones(1), dtype=given).dtype is meant
    assert torch.eye(2, dtype=given).dtype is meant
    assert torch.ones(2).to(given).dtype is meant


@pytest.mark.parametrize("call", ["zeros(2, dtype='f')", "tensor([1], dtype='f')", "ones_like(ones(1), dtype='f')"])
def test_what_is_no_dtype_is_named(call):
    with pytest.raises(TypeError) as caught:
        eval(call, vars(torch).copy())
    assert str(caught.value) == f"{call.split('(')[0]}(): argument 'dtype' must be torch.dtype, not str"


UNPACK = 'failed to unpack the object at pos 2 with error "type must be tuple of ints,but got float"'


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("zeros(2, 3.0)", f"zeros(): argument 'size' {UNPACK}"),
        ("max([1, 2])", "max(): argument 'input' (position 1) must be Tensor, not list"),
        ("min(3)", "min(): argument 'input' (position 1) must be Tensor, not int"),
        ("argmax([1])", "argmax(): argument 'input' (position 1) must be Tensor, not list"),
    ],
)
def test_sentences(call, words):
    with pytest.raises(TypeError) as caught:
        eval(call, vars(torch).copy())
    assert str(caught.value) == words


def test_dividing_floats_down_by_a_number_keeps_their_type():
    x = torch.tensor([5.0, -5.0])
    assert (x // 2).dtype is torch.float32
    assert (2 // x).dtype is torch.float32
    assert (x // 2).tolist() == [2.0, -3.0]
    assert (torch.tensor([5, -5]) // 2).tolist() == [2, -3]
    assert torch.tensor([5]).div(2.5, rounding_mode="floor").dtype is torch.float32


@pytest.mark.parametrize(("kind", "name"), [(torch.uint8, "unsigned char"), (torch.int64, "long int")])
def test_a_convolution_of_bytes_names_both_types(kind, name):
    with pytest.raises(RuntimeError) as caught:
        torch.nn.Conv2d(3, 6, 3)(torch.ones(1, 3, 8, 8).to(kind))
    assert str(caught.value) == f"Input type ({name}) and bias type (float) should be the same"


def test_many_labels_for_the_scores_of_one_sample():
    with pytest.raises(ValueError, match="For 1D input, 1D target must have size 1, but got target size: 4"):
        F.cross_entropy(torch.ones(3), torch.tensor([0, 1, 1, 2]))
