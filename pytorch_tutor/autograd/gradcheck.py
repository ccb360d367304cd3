"""Checking gradients by finite differences: is what ``backward`` says what the function really does?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..engine import grad
from ..graph import mode
from ..tensor_base import TensorBase, wrap


class GradcheckError(RuntimeError):
    """An analytical gradient that finite differences do not confirm."""


def _outputs(result: Any) -> list[Any]:
    several = result if isinstance(result, (tuple, list)) else (result,)
    return [o for o in several if isinstance(o, TensorBase) and o._array.dtype.kind in "fc"]


def numerical_jacobian(function: Callable[..., Any], inputs: tuple[Any, ...], which: int, eps: float) -> list[Any]:
    r"""For one input, the matrix of (f(x + εe_j) - f(x - εe_j)) / 2ε for every output."""
    array = inputs[which]._array
    flat = array.reshape(-1)
    if not np.shares_memory(flat, array):
        raise ValueError("gradcheck expects inputs whose memory has no gaps")
    columns: list[list[Any]] = []
    before, mode.grad = mode.grad, False
    try:
        for j in range(flat.size):
            old = flat[j]
            flat[j] = old + eps
            above = [o._array.astype("f8").reshape(-1).copy() for o in _outputs(function(*inputs))]
            flat[j] = old - eps
            below = [o._array.astype("f8").reshape(-1).copy() for o in _outputs(function(*inputs))]
            flat[j] = old
            columns.append([(a - b) / (2 * eps) for a, b in zip(above, below, strict=True)])
    finally:
        mode.grad = before
    count = len(columns[0]) if columns else 0
    return [np.stack([c[k] for c in columns]) for k in range(count)]


def analytical_jacobian(output: Any, input: Any, create_graph: bool = False) -> Any:
    """The same matrix by backward passes: one per element of the output."""
    size = output._array.size
    rows = np.zeros((input._array.size, size))
    for i in range(size):
        start = np.zeros(output._array.shape, output._array.dtype)
        start.reshape(-1)[i] = 1
        (g,) = grad(output, input, wrap(start), retain_graph=True, allow_unused=True)
        if g is not None:
            rows[:, i] = g._array.reshape(-1)
    return rows


def gradcheck(
    func: Callable[..., Any],
    inputs: Any,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """True if the gradients of ``func`` agree with finite differences; use float64 inputs.

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradcheck(lambda x: x.exp() * x, (x,))
    True
    """
    given = (inputs,) if isinstance(inputs, TensorBase) else tuple(inputs)
    wanted = [i for i, t in enumerate(given) if isinstance(t, TensorBase) and t.requires_grad]
    if not wanted:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of the them have "
            "requires_grad=True."
        )
    results = _outputs(func(*given))
    if not any(o.requires_grad for o in results):
        return True
    for i in wanted:
        numerical = numerical_jacobian(func, given, i, eps)
        for number, (output, expected) in enumerate(zip(results, numerical, strict=True)):
            if not output.requires_grad:
                continue
            found = analytical_jacobian(output, given[i])
            if not np.allclose(found, expected, rtol, atol, equal_nan=True):
                if not raise_exception:
                    return False
                raise GradcheckError(
                    f"Jacobian mismatch for output {number} with respect to input {i},\n"
                    f"numerical:{wrap(expected)!r}\nanalytical:{wrap(found)!r}\n"
                )
    return True


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Any,
    grad_outputs: Any = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    **options: Any,
) -> bool:
    """True if the gradients of the gradients of ``func`` agree with finite differences."""
    given = (inputs,) if isinstance(inputs, TensorBase) else tuple(inputs)
    outputs = _outputs(func(*given))
    if grad_outputs is None:
        draws = np.random.default_rng(0)
        starts = [wrap(draws.standard_normal(o._array.shape).astype(o._array.dtype)) for o in outputs]
    else:
        starts = [grad_outputs] if isinstance(grad_outputs, TensorBase) else list(grad_outputs)
    for s in starts:
        s.requires_grad = True
    count = len(starts)
    wanted = [i for i, t in enumerate(given) if isinstance(t, TensorBase) and t.requires_grad]

    def first(*all_inputs: Any) -> tuple[Any, ...]:
        start, args = all_inputs[:count], all_inputs[count:]
        before, mode.grad = mode.grad, True
        try:
            results = _outputs(func(*args))
            pairs = [(o, s) for o, s in zip(results, start, strict=True) if o.requires_grad]
            found = grad(
                [o for o, _ in pairs], [args[i] for i in wanted], [s for _, s in pairs], create_graph=True,
                allow_unused=True,
            )  # fmt: skip
        finally:
            mode.grad = before
        return tuple([g for g in found if g is not None])

    return gradcheck(first, (*starts, *given), eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception)
