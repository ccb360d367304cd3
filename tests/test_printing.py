"""Tensors are printed as PyTorch 2.13 prints them: texts in `tests/golden/printing.json`."""

import pytest

import pytorch_tutor as torch
from tests.golden.make_golden import golden, printed


def label(case: dict) -> str:
    return case["expression"] + ("" if not case["options"] else f" with {case['options']}")


@pytest.mark.parametrize("case", golden("printing"), ids=label)
def test_text(case: dict) -> None:
    assert printed(torch, case["expression"], case["options"]) == case["text"]


def test_options_are_put_back() -> None:
    before = torch.get_printoptions()
    with torch.printoptions(precision=1, sci_mode=True):
        assert repr(torch.tensor([0.25])) == "tensor([2.5e-01])"
    assert torch.get_printoptions() == before


def test_a_format_needs_a_single_number() -> None:
    with pytest.raises(TypeError, match=r"unsupported format string passed to Tensor.__format__"):
        f"{torch.ones(2):.3f}"


def test_str_is_repr() -> None:
    x = torch.tensor([1.5, 2.0])
    assert str(x) == repr(x) == f"{x}"


def test_subclasses_print_their_name() -> None:
    class Image(torch.Tensor):
        pass

    x = torch.ones(2)
    x.__class__ = Image
    assert repr(x) == "Image([1., 1.])"


def test_views_and_large_tensors_print_quickly() -> None:
    x = torch.zeros(3000, 3000)
    assert repr(x.t()).count("...") == 7
