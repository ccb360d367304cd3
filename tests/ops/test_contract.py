"""What every operation owes: a row in the table, a formula, a gradient for each input; and the checkers can fail."""

import importlib
import inspect
import pkgutil

import pytest

import pytorch_tutor as torch
from pytorch_tutor import ops
from pytorch_tutor.dispatch import apply
from pytorch_tutor.ops.base import Op
from tests.ops.table import NO_ROW, R


def classes():
    found = {}
    for module in pkgutil.iter_modules(ops.__path__):
        loaded = importlib.import_module(f"pytorch_tutor.ops.{module.name}")
        mine = [v for v in vars(loaded).values() if inspect.isclass(v) and v.__module__ == loaded.__name__]
        found |= {value.__name__: value for value in mine if issubclass(value, Op)}
    return found


OPS = classes()
CONSTANT = {"BinaryCrossEntropy": {"w"}, "BinaryCrossEntropyWithLogits": {"w", "p"}}  # weights, which get no gradient
WITH_ROW = {name for row in R for name in row.ops.split()}


def test_every_operation_has_a_row_or_a_reason():
    assert OPS.keys() - WITH_ROW - NO_ROW.keys() == set()
    assert NO_ROW.keys() & WITH_ROW == set()
    assert (WITH_ROW | NO_ROW.keys()) - OPS.keys() == set()


@pytest.mark.parametrize("name", sorted(OPS.keys() - {"Op", "Reduction", "ElementLoss", "Drawn", "SparseOp"}))
def test_five_facts(name):
    op = OPS[name]
    assert op.formula
    assert "forward" in {key for base in op.__mro__[:-3] for key in vars(base)}
    given = [p for p in inspect.signature(op.forward).parameters.values() if p.default is p.empty][1:]
    several = any(p.kind is p.VAR_POSITIONAL for p in given)
    assert op.gradient
    if several:
        return
    assert (
        list(op.gradient)
        == [p.name for p in inspect.signature(op.forward).parameters.values()][1 : 1 + len(op.gradient)]
    )
    if op.differentiable:
        assert {key for key, text in op.gradient.items() if not text} <= CONSTANT.get(name, set())
        assert op.backward is not Op.backward


def wrong(gradient):
    """The square of a number with some gradient."""

    class Wrong(Op):
        formula = r"y = x^2"
        gradient = {"x": r"\bar x = 2 x \bar y"}
        keeps = ("x",)

        def forward(ctx, x):  # noqa: N805 - an op calls itself ctx
            return x * x

        def backward(ctx, grad):  # noqa: N805 - an op calls itself ctx
            return gradient_of(ctx.x, grad)

    gradient_of = gradient
    return lambda x: apply(Wrong, x)


@pytest.mark.parametrize("check", [torch.autograd.gradcheck, torch.autograd.gradgradcheck])
def test_a_wrong_gradient_is_caught(check):
    x = torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True)
    assert check(wrong(lambda x, grad: 2 * x * grad), (x,), atol=1e-6, rtol=1e-6)
    with pytest.raises(RuntimeError, match="Jacobian mismatch for output 0 with respect to input 0"):
        torch.autograd.gradcheck(wrong(lambda x, grad: 2.001 * x * grad), (x,), atol=1e-6, rtol=1e-6)
    assert not torch.autograd.gradcheck(
        wrong(lambda x, grad: 2.001 * x * grad), (x,), atol=1e-6, rtol=1e-6, raise_exception=False
    )


def test_a_wrong_second_gradient_is_caught():
    x = torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True)
    with pytest.raises(RuntimeError, match="Jacobian mismatch"):
        torch.autograd.gradgradcheck(wrong(lambda x, grad: 2 * x.detach() * grad), (x,))
