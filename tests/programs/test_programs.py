"""Programs that learners type, run on the engine: they print what real PyTorch prints (see make_golden.py)."""

import contextlib
import importlib.util
import io
import re
import sys
from pathlib import Path

import numpy
import pytest

import pytorch_tutor as torch
from pytorch_tutor.vision import transforms

HERE = Path(__file__).parent
EXACT = (
    "linear_regression", "sequential_mlp", "tiny_net", "second_derivative", "step_lr", "augmentation", "mistakes",
    "keyword_idioms",
)  # fmt: skip
# Nets with batch norm and pooling amplify the last bit of a sum: their losses are compared to three digits.
NEAR = {
    "mnist_cnn": 2e-4, "cifar_cnn": 5e-3, "tiny_gan": 2e-3, "char_model": 2e-3, "many_models": 1e-4, "replay": 1e-3,
    "in_place": 1e-4, "policy_gradient": 2e-4, "meta_learning": 2e-4, "resume_training": 2e-4, "gradient_penalty": 2e-3,
}  # fmt: skip
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def load(name):
    sys.path.insert(0, str(HERE))
    try:
        spec = importlib.util.spec_from_file_location(f"program_{name}", HERE / f"{name}.py")
        program = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(program)
        return program
    finally:
        sys.path.remove(str(HERE))


def printed(name):
    program = load(name)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        program.main(torch, transforms, numpy) if name == "augmentation" else program.main(torch)
    return out.getvalue()


def golden(name):
    return (HERE / "golden" / f"{name}.txt").read_text()


@pytest.mark.parametrize("name", EXACT)
def test_prints_exactly_what_pytorch_prints(name):
    assert printed(name) == golden(name)


@pytest.mark.parametrize("name", NEAR)
def test_prints_pytorchs_numbers(name):
    got, want = printed(name), golden(name)
    assert NUMBER.sub("#", got) == NUMBER.sub("#", want)
    numbers = [[float(n) for n in NUMBER.findall(text)] for text in (got, want)]
    numpy.testing.assert_allclose(*numbers, rtol=NEAR[name], atol=NEAR[name])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("flattened_wrongly", ("2304", "3136", "Linear.in_features", "Linear(in_features=3136, out_features=128)")),
        ("module_for_tensor", ("a Tensor", "Linear", "call the module")),
        ("integer_gradient", ("torch.int64", "requires_grad")),
    ],
)
def test_a_mistake_is_a_lesson(name, words):
    """Below PyTorch's sentence stands what was expected, what came, and one thing to try."""
    mistake = getattr(load("mistakes"), name)
    with pytest.raises((RuntimeError, TypeError)) as caught:
        mistake(torch)
    notes = "\n".join(caught.value.__notes__)
    for label in ("expected", "got", "try"):
        assert label in notes
    for word in words:
        assert word in notes


def test_the_comparison_notices_a_wrong_digit():
    text = golden("linear_regression")
    assert NUMBER.sub("#", text) != text
    assert text.replace("0.", "1.", 1) != text
