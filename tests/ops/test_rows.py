"""Every operation against PyTorch's numbers, against finite differences, and on unusual tensors."""

import json
import math

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.graph import observe
from tests.conftest import ROOT
from tests.ops.running import cotangent, evaluate, gradients, numbers, outcome_in, several, tensors
from tests.ops.table import R

GOLDEN = json.loads((ROOT / "tests/golden/ops.json").read_text(encoding="utf-8"))
DIFFERENTIABLE = [r for r in R if any(GOLDEN[r.id]["grads"].values()) and "first" not in r.apart]
TWICE = [r for r in DIFFERENTIABLE if "second" not in r.apart]


def close(found, expected, tolerance):
    """Equal element by element; text stands for nan and the infinities."""
    a = np.asarray([float(v) if isinstance(v, str) else v for v in found], dtype="f8")
    b = np.asarray([float(v) if isinstance(v, str) else v for v in expected], dtype="f8")
    np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def rows(chosen):
    return pytest.mark.parametrize("row", chosen, ids=lambda r: r.id)


@rows(R)
def test_values_and_gradients_are_pytorchs(row):
    golden = GOLDEN[row.id]
    results, grads = gradients(torch, row)
    assert [[str(r.dtype), list(r.shape)] for r in results] == [[r["dtype"], r["shape"]] for r in golden["results"]]
    for result, expected in zip(results, golden["results"], strict=True):
        close(numbers(result), expected["values"], row.tolerance)
    if "name" not in row.apart:
        assert (results[0].grad_fn and results[0].grad_fn.name()) == golden["node"]
    assert grads.keys() == golden["grads"].keys()
    for name, expected in golden["grads"].items():
        assert (grads[name] is None) == (expected is None), name
        if expected is not None:
            close(numbers(grads[name]), expected, row.tolerance)


@rows([r for r in R if "types" not in r.apart])
def test_types_in_and_out_are_pytorchs(row):
    expected = GOLDEN[row.id]["kinds"]
    asked = {kind: dtypes for kind, dtypes in expected.items() if isinstance(dtypes, list)}  # else PyTorch refuses
    assert {kind: outcome_in(torch, row, kind) for kind in asked} == asked


def called(row, leaves):
    """The call as a function of the arguments that ask for gradients."""
    names = tensors(torch, row, grad=True)

    def function(*given):
        found = several(evaluate(torch, row.call, {**names, **dict(zip(leaves, given, strict=True))}))
        return tuple([r for r in found if r.dtype.is_floating_point])

    return function, [names[name] for name in leaves]


@rows(DIFFERENTIABLE)
def test_gradient_by_finite_differences(row):
    leaves = [name for name, g in GOLDEN[row.id]["grads"].items() if g is not None]
    function, given = called(row, leaves)
    assert torch.autograd.gradcheck(function, given)


@rows(TWICE)
def test_second_gradient_by_finite_differences(row):
    leaves = [name for name, g in GOLDEN[row.id]["grads"].items() if g is not None]
    function, given = called(row, leaves)
    assert torch.autograd.gradgradcheck(function, given, atol=1e-4)


def turned(tensor):
    """The same numbers with other strides."""
    if tensor.dim() < 2:
        return torch.stack([tensor, tensor], -1)[..., 0] if tensor.dim() else tensor
    other = tensor.detach().transpose(0, -1).contiguous().transpose(0, -1)
    assert other.stride() != tensor.stride() or 1 in tensor.shape
    return other


@rows(
    [
        r
        for r in R
        if "view_as_complex(" not in r.call
        and "view(" not in r.call
        and "manual_seed" not in r.call
        and "strided" not in r.call
    ]
)
def test_other_strides_give_the_same(row):
    names = {name: turned(t) for name, t in tensors(torch, row, grad=False).items()}
    for name in names:
        if names[name].dtype.is_floating_point:
            names[name] = names[name].detach().requires_grad_()
    results = several(evaluate(torch, row.call, names))
    for result, expected in zip(results, GOLDEN[row.id]["results"], strict=True):
        close(numbers(result), expected["values"], row.tolerance)
    wanted = [r for r in results if r.requires_grad]
    if wanted:
        torch.autograd.backward(wanted, [cotangent(torch, r, k) for k, r in enumerate(wanted)])
        for name, expected in GOLDEN[row.id]["grads"].items():
            if expected is not None:
                close(numbers(names[name].grad), expected, row.tolerance)


@rows([r for r in R if r.elementwise])
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3)], ids=str)
def test_empty_and_without_dimensions(row, shape):
    names = {}
    for number, (name, sample) in enumerate(row.arguments.items()):
        names[name] = torch.tensor(sample._replace(shape=shape).array(number))
        if sample.kind == "float64":
            names[name].requires_grad_()
    (result,) = several(evaluate(torch, row.call, names))
    assert tuple(result.shape) == shape
    assert str(result.dtype) == GOLDEN[row.id]["results"][0]["dtype"]
    if not shape:  # the first argument's first number is that of the large sample
        assert math.prod(result.shape) == 1
        first = GOLDEN[row.id]["results"][0]["values"][0]
        close(numbers(result), [first], row.tolerance)
    if result.requires_grad:
        result.sum().backward()
        for t in names.values():
            assert t.grad is None or tuple(t.grad.shape) == shape


@rows(R)
def test_the_row_runs_the_operations_that_it_names(row):
    seen = set()
    with observe(
        op_called=lambda node, inputs, result: seen.add(type(node).__name__),
        step_taken=lambda step: seen.add(type(step.node).__name__),
    ):
        _, grads = gradients(torch, row, create_graph="second" not in row.apart)
        again = [g for g in grads.values() if g is not None and g.requires_grad]
        if again:
            torch.autograd.backward(again, [torch.ones_like(g) for g in again], create_graph=True)
    assert set(row.ops.split()) <= seen
