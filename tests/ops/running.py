"""Running a row of the table, on PyTorch or on the engine, and telling the outcome in plain data."""

import ast
import math

import numpy as np

KINDS = ("float32", "int64", "bool")


def tensors(torch, row, *, grad, kind=None):
    """The row's arguments; those of floating point ask for gradients, or are brought to another type."""
    made = {}
    for number, (name, sample) in enumerate(row.arguments.items()):
        made[name] = torch.tensor(sample.array(number))
        if sample.kind == "float64":
            made[name] = (
                made[name].to(getattr(torch, kind)) if kind else made[name].requires_grad_(grad and sample.gradient)
            )
    return made


def evaluate(torch, text, names):
    """The value of the text's last expression, after the statements before it."""
    tree = ast.parse(text)
    scope = {"torch": torch, "F": torch.nn.functional, **names}
    *before, last = tree.body
    exec(compile(ast.Module(before, []), "<row>", "exec"), scope)  # the table's own text
    return eval(compile(ast.Expression(last.value), "<row>", "eval"), scope)


def several(value):
    return list(value) if isinstance(value, (tuple, list)) else [value]


def numbers(tensor):
    """The elements as JSON can hold them."""
    flat = tensor.detach().reshape(-1)
    if tensor.is_complex():
        return [[z.real, z.imag] for z in flat.tolist()]
    return [str(v) if isinstance(v, float) and not math.isfinite(v) else v for v in flat.tolist()]


def cotangent(torch, value, number):
    """The gradient that a result starts with: no element like another."""
    count = value.numel()
    start = 0.5 + ((np.arange(count) + 1) * 0.7548776662466927 + 0.2 * number) % 1
    return torch.tensor(start.reshape(tuple(value.shape))).to(value.dtype)


def gradients(torch, row, create_graph=False):
    """(results, gradients by argument's name) of a backward pass that starts at all results."""
    names = tensors(torch, row, grad=True)
    results = several(evaluate(torch, row.call, names))
    wanted = [r for r in results if r.requires_grad]
    leaves = {name: t for name, t in names.items() if t.requires_grad}
    if not wanted or not leaves:
        return results, {}
    starts = [cotangent(torch, r, k) for k, r in enumerate(wanted)]
    found = torch.autograd.grad(wanted, list(leaves.values()), starts, create_graph=create_graph, allow_unused=True)
    return results, dict(zip(leaves, found, strict=True))


def outcome_in(torch, row, kind):
    """The type of the result where the arguments are of another type, or the error."""
    try:
        results = several(evaluate(torch, row.call, tensors(torch, row, grad=False, kind=kind)))
    except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
        return type(error).__name__
    return [str(r.dtype) for r in results]


def record(torch, row):
    results, grads = gradients(torch, row)
    return {
        "results": [{"dtype": str(r.dtype), "shape": list(r.shape), "values": numbers(r)} for r in results],
        "node": None if results[0].grad_fn is None else results[0].grad_fn.name(),
        "grads": {name: None if g is None else numbers(g) for name, g in grads.items()},
        "kinds": {kind: outcome_in(torch, row, kind) for kind in KINDS},
    }
