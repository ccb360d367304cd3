"""Transforms do to a picture what torchvision does, with the same random numbers, and say the same about errors."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.vision import transforms
from pytorch_tutor.vision.transforms import functional as F
from pytorch_tutor.vision.transforms.resample import inverse_affine_matrix
from tests.vision.cases import SEEDS, TRANSFORMS

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text(encoding="utf-8"))["transforms"]


def transform_of(case: str) -> Any:
    return eval(case, {"torch": torch, **vars(transforms)})


def picture(kind: str) -> torch.Tensor:
    values = np.random.RandomState(3).randint(0, 256, (3, 8, 7))
    return torch.from_numpy(values.astype(np.uint8) if kind == "bytes" else (values / 255).astype(np.float32))


def compare(result: Any, golden: Any, kind: str) -> None:
    if isinstance(golden, list):
        assert len(result) == len(golden)
        for item, expected in zip(result, golden, strict=True):
            compare(item, expected, kind)
        return
    if isinstance(result, torch.Tensor):
        assert str(result.dtype) == golden["dtype"]
        result = result.numpy()
    else:
        result = np.asarray(result)
    assert list(result.shape) == golden["shape"]
    # A byte may be rounded to its neighbour where a weighted sum comes out at one half.
    tolerance = 1 if result.dtype.kind in "iu" else 2e-4
    np.testing.assert_allclose(result.ravel().astype(float), golden["values"], rtol=0, atol=tolerance)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["bytes", "floats"])
@pytest.mark.parametrize("case", TRANSFORMS)
def test_as_torchvision(case: str, kind: str, seed: int) -> None:
    transform, golden = transform_of(case), GOLDEN[case][f"{kind} {seed}"]
    torch.manual_seed(seed)
    random.seed(seed)
    if "raises" in golden:
        with pytest.raises(Exception) as caught:  # noqa: PT011 - class and sentence are compared below
            transform(picture(kind))
        said = str(caught.value).replace("pytorch_tutor.tensor.Tensor", "torch.Tensor")
        assert (type(caught.value).__name__, said) == (golden["raises"], golden["says"])
        return
    compare(transform(picture(kind)), golden["result"], kind)
    assert torch.rand(1).item() == pytest.approx(golden["next"], abs=1e-6)  # as many numbers were drawn


@pytest.mark.parametrize("case", TRANSFORMS)
def test_repr_as_torchvision(case: str) -> None:
    assert repr(transform_of(case)) == GOLDEN[case]["repr"]


# PIL images and tensors: the same pixels.

EXACT = [
    "CenterCrop(4)",
    "CenterCrop((9, 5))",
    "Pad((1, 2), fill=3)",
    'Pad((1, 2, 0, 3), padding_mode="reflect")',
    'Pad(2, padding_mode="edge")',
    'Pad((2, -1), padding_mode="symmetric")',
    "RandomCrop((5, 6), padding=2)",
    "RandomHorizontalFlip()",
    "RandomVerticalFlip(0.7)",
    "RandomRotation(30, fill=4)",
    "RandomInvert(1)",
]


@pytest.mark.parametrize("case", EXACT)
@pytest.mark.parametrize("seed", range(5))
def test_pil_images_as_tensors(case: str, seed: int) -> None:
    pytest.importorskip("PIL")
    tensor, transform = picture("bytes"), transform_of(case)
    image = transforms.ToPILImage()(tensor)
    torch.manual_seed(seed)
    expected = transform(tensor).numpy()
    torch.manual_seed(seed)
    got = transforms.PILToTensor()(transform(image)).numpy()
    # Where a turned pixel falls between two, Pillow and torch may choose differently: a few of 56.
    wrong = (got != expected).any(axis=0).mean()
    assert wrong <= (0.1 if "30" in case else 0)


@pytest.mark.parametrize(
    "case", ["ColorJitter(0.4, 0.4, 0.4, 0.2)", "Grayscale(3)", "Resize((5, 12))", "RandomResizedCrop(6)"]
)
def test_pil_images_nearly_as_tensors(case: str) -> None:
    pytest.importorskip("PIL")
    smooth = np.add.outer(np.arange(3) * 30, np.add.outer(np.arange(32) * 3, np.arange(30) * 2)).astype(np.uint8)
    tensor, transform = torch.from_numpy(smooth), transform_of(case)
    image = transforms.ToPILImage()(tensor)
    torch.manual_seed(2)
    expected = transform(tensor).numpy().astype(int)
    torch.manual_seed(2)
    got = transforms.PILToTensor()(transform(image)).numpy().astype(int)
    assert np.abs(got - expected).max() <= 6


def test_to_tensor_scales_bytes_only() -> None:
    array = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    tensor = F.to_tensor(array)
    assert tensor.dtype == torch.float32
    np.testing.assert_array_equal(tensor.numpy(), array.transpose(2, 0, 1).astype(np.float32) / np.float32(255))
    assert F.to_tensor(array[..., 0]).shape == (1, 2, 4)
    wide = F.to_tensor(array.astype(np.float64) * 3)
    assert wide.dtype == torch.float64
    assert wide.max() == 69
    with pytest.raises(ValueError, match=r"pic should be 2/3 dimensional\. Got 4 dimensions\."):
        F.to_tensor(np.zeros((1, 2, 3, 4)))
    with pytest.raises(TypeError, match="pic should be PIL Image or ndarray") as caught:
        F.to_tensor(tensor)
    assert "leave ToTensor out" in caught.value.__notes__[0]


def test_to_tensor_follows_the_default_dtype() -> None:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        assert F.to_tensor(np.full((1, 1), 51, np.uint8)).dtype == torch.float64
    finally:
        torch.set_default_dtype(before)


@pytest.mark.parametrize(
    ("mode", "dtype"), [("L", "uint8"), ("1", "float32"), ("I", "int32"), ("F", "float32"), ("RGBA", "uint8")]
)
def test_modes_of_pil(mode: str, dtype: str) -> None:
    Image = pytest.importorskip("PIL.Image")
    image = Image.new(mode, (3, 2), 1 if mode == "1" else None or 0)
    tensor = transforms.ToTensor()(image)
    assert tensor.shape == (len(image.getbands()), 2, 3)
    assert tensor.dtype == (torch.int32 if mode == "I" else torch.float32)
    if mode == "1":
        assert tensor.min() == 1
    values = np.arange(6).reshape(2, 3).astype(dtype)
    back = (
        F.to_pil_image(values if mode != "RGBA" else np.dstack([values] * 4), mode=None if mode == "1" else mode)
        if (mode != "1")
        else image
    )
    assert back.mode == mode


def test_there_and_back_again() -> None:
    pytest.importorskip("PIL")
    tensor = picture("bytes")
    image = F.to_pil_image(tensor)
    np.testing.assert_array_equal(F.pil_to_tensor(image).numpy(), tensor.numpy())
    np.testing.assert_array_equal(np.asarray(F.to_pil_image(F.to_tensor(image))), np.asarray(image))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: F.to_pil_image([1]), TypeError, "pic should be Tensor or ndarray. Got <class 'list'>."),
        (lambda: F.to_pil_image(np.zeros((5, 6, 7))), ValueError, "pic should not have > 4 channels. Got 7 channels."),
        (lambda: F.to_pil_image(np.zeros((5,))), ValueError, "pic should be 2/3 dimensional. Got 1 dimensions."),
        (
            lambda: F.to_pil_image(np.zeros((5, 6, 3), np.uint8), mode="L"),
            ValueError,
            "Only modes ['RGB', 'YCbCr', 'HSV'] are supported for 3D inputs",
        ),
        (lambda: F.to_pil_image(np.zeros((2, 2), np.int64)), TypeError, "Input type int64 is not supported"),
        (
            lambda: F.normalize(picture("bytes"), [0.5], [0.5]),
            TypeError,
            "Input tensor should be a float tensor. Got torch.uint8.",
        ),
        (
            lambda: F.normalize(picture("floats"), [0.5], [0.0]),
            ValueError,
            "std evaluated to zero after conversion to torch.float32, leading to division by zero.",
        ),
        (
            lambda: F.normalize(np.zeros((3, 2, 2)), [0.5], [1.0]),
            TypeError,
            "img should be Tensor Image. Got <class 'numpy.ndarray'>",
        ),
        (
            lambda: transforms.RandomCrop(9)(picture("bytes")),
            ValueError,
            "Required crop size (9, 9) is larger than input image size (8, 7)",
        ),
        (
            lambda: transforms.RandomCrop(3)(np.zeros((8, 8, 3), np.uint8)),
            TypeError,
            "Unexpected type <class 'numpy.ndarray'>",
        ),
        (lambda: transforms.RandomRotation(-3), ValueError, "If degrees is a single number, it must be positive."),
        (lambda: transforms.RandomRotation((1, 2, 3)), ValueError, "degrees should be a sequence of length 2."),
        (
            lambda: transforms.ColorJitter(hue=0.6),
            ValueError,
            "hue values should be between (-0.5, 0.5), but got [-0.6, 0.6].",
        ),
        (
            lambda: transforms.Pad(2, padding_mode="wrap"),
            ValueError,
            "Padding mode should be either constant, edge, reflect or symmetric",
        ),
        (lambda: transforms.Resize("big size"), ValueError, "If size is a sequence, it should have 1 or 2 values"),
        (lambda: transforms.Lambda(3), TypeError, "Argument lambd should be callable, got 'int'"),
        (
            lambda: F.resize(picture("bytes"), 3, interpolation=F.InterpolationMode.BOX),
            ValueError,
            "Interpolation mode 'box' is unsupported with Tensor input",
        ),
        (
            lambda: transforms.RandomErasing(value="noise"),
            ValueError,
            "If value is str, it should be 'random'",
        ),
    ],
)
def test_errors_as_torchvision(call: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == says


def test_hints_for_the_usual_slip_of_order() -> None:
    """Normalize before ToTensor, or a crop of an array: the note says what to put first."""
    for call in (
        lambda: transforms.Normalize((0.5,), (0.5,))(np.zeros((2, 2, 3))),
        lambda: transforms.RandomHorizontalFlip(p=1)(np.zeros((2, 2, 3))),
        lambda: transforms.RandomRotation(3)(np.zeros((2, 2, 3))),
    ):
        with pytest.raises(TypeError) as caught:
            call()
        assert "ToTensor()" in "\n".join(caught.value.__notes__)


def test_normalize_leaves_its_input_unless_in_place() -> None:
    tensor = picture("floats")
    before = tensor.numpy().copy()
    transforms.Normalize((0.5,) * 3, (0.5,) * 3)(tensor)
    np.testing.assert_array_equal(tensor.numpy(), before)
    assert transforms.Normalize((0.5,) * 3, (0.5,) * 3, inplace=True)(tensor) is tensor
    np.testing.assert_allclose(tensor.numpy(), (before - 0.5) / 0.5, rtol=1e-6)


def test_a_turn_by_ninety_degrees_is_exact() -> None:
    square = picture("bytes")[:, :7, :]
    np.testing.assert_array_equal(F.rotate(square, 90).numpy(), np.rot90(square.numpy(), axes=(1, 2)))


def test_the_inverse_matrix_is_one() -> None:
    """Built the long way, as a product of matrices, and inverted by NumPy."""
    angle, (tx, ty), scale, (sx, sy), (cx, cy) = 25.0, (3, -4), 1.3, (10.0, 5.0), (2.0, 7.0)
    turn, sx_, sy_ = np.deg2rad([angle, sx, sy])
    a, b = np.cos(turn - sy_) / np.cos(sy_), np.sin(turn - sy_) / np.cos(sy_)
    core = np.array([[a, -a * np.tan(sx_) - np.sin(turn)], [b, -b * np.tan(sx_) + np.cos(turn)]]) * scale

    def moved(x: float, y: float) -> np.ndarray:
        return np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])

    linear = np.eye(3)
    linear[:2, :2] = core
    forward = moved(tx, ty) @ moved(cx, cy) @ linear @ moved(-cx, -cy)
    matrix = inverse_affine_matrix((cx, cy), angle, (tx, ty), scale, (sx, sy))
    np.testing.assert_allclose(np.reshape(matrix, (2, 3)), np.linalg.inv(forward)[:2], atol=1e-12)


def test_gradients_flow_through_resize_and_rotate() -> None:
    for function in (lambda t: F.resize(t, [3, 4]), lambda t: F.rotate(t, 30.0, transforms.InterpolationMode.BILINEAR)):
        tensor = torch.rand(1, 6, 5, requires_grad=True)
        function(tensor).sum().backward()
        assert tensor.grad is not None
        assert tensor.grad.abs().sum() > 0
