"""Checking gradients by finite differences: is what ``backward`` says what the function really does?"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..engine import grad
from ..errors import lesson
from ..graph import mode
from ..tensor_base import TensorBase, wrap
from .gradcheck_jacobians import Function, analytical, copied, forward, numerical, outputs_of, wanted

NONDETERMINISTIC = """

NOTE: If your op relies on non-deterministic operations i.e., it is listed here:
https://pytorch.org/docs/stable/generated/torch.use_deterministic_algorithms.html
this failure might be expected.

If you are adding a new operator, please file an issue and then use one of the
workarounds. The workaround depends on how your test invokes gradcheck/gradgradcheck.
If the test
- manually invokes gradcheck/gradgradcheck, then call gradcheck/gradgradcheck
  with `nondet_tol=<tol>` as a keyword argument.
- is OpInfo-based (e.g., in test_ops_gradients.py), then modify the OpInfo for the test
  to have `gradcheck_nondet_tol=<tol>`.
- is a Module test (e.g., in common_nn.py), then modify the corresponding
  module_test entry to have `gradcheck_nondet_tol=<tol>`
"""


class GradcheckError(RuntimeError):
    """An analytical gradient that finite differences do not confirm."""


def gradcheck(
    func: Function,
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

    Args:
        func: a function of tensors.
        inputs: its arguments; those that require grad are checked.
        eps: how far an element is moved.
        atol, rtol: how near the numbers must be.
        raise_exception: raise where they are not, or return False.
        nondet_tol: how far two backward passes may differ.
        check_undefined_grad: gradients that do not arrive must count as zero.
        check_grad_dtypes: gradients must have their inputs' types.
        check_batched_grad, check_batched_forward_grad: many backward passes at once must give what single ones give.
        check_forward_ad: check derivatives forwards.
        check_backward_ad: check derivatives backwards.
        fast_mode: compare one random combination of the numbers instead of all.
        masked: accepted, for sparse inputs.

    Raises:
        GradcheckError: with both Jacobians, where they differ.

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradcheck(lambda x: x.exp() * x, (x,))
    True
    """
    if not (check_forward_ad or check_backward_ad):
        raise AssertionError("Expected at least one of check_forward_ad or check_backward_ad to be True")
    if check_batched_grad and not check_backward_ad:
        raise AssertionError("Setting check_batched_grad=True requires check_backward_ad to be True")
    if check_batched_forward_grad and not check_forward_ad:
        raise AssertionError("Setting check_batched_forward_grad=True requires check_forward_ad to be True")
    check = _Check(func, eps, atol, rtol, nondet_tol, fast_mode)
    try:
        check.run(inputs, check_forward_ad, check_backward_ad, check_undefined_grad, check_grad_dtypes)
        if check_batched_grad:
            check.batched()
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


class _Check:
    """One call of gradcheck."""

    def __init__(
        self, func: Function, eps: float, atol: float, rtol: float, nondet_tol: float, fast_mode: bool
    ) -> None:
        self.func, self.eps, self.atol, self.rtol = func, eps, atol, rtol
        self.nondet_tol, self.fast_mode = nondet_tol, fast_mode

    def run(self, inputs: Any, forwards: bool, backwards: bool, undefined: bool, dtypes: bool) -> None:
        given = (inputs,) if isinstance(inputs, TensorBase) else tuple(inputs)
        self.inputs = given = check_inputs(given, self.eps)
        results = outputs_of(self.func(*given))
        if backwards and not any(o.requires_grad for o in results):
            for which in wanted(given):
                for matrix in numerical(self.func, given, which, self.eps):
                    if np.abs(matrix).max(initial=0) > self.eps:
                        raise GradcheckError("Numerical gradient for function expected to be zero")
            return
        complexes = {k for k, o in enumerate(results) if o.is_complex()}
        for part in ("real", "imag") if complexes else ("real",):
            function = _one_part(self.func, part) if complexes else self.func
            said = ""
            if complexes:
                name = "imaginary" if part == "imag" else "real"
                said = f"While considering the {name} part of complex outputs only, "
            matrices = {which: numerical(function, given, which, self.eps) for which in wanted(given)}
            if forwards and not any(given[i].is_complex() for i in wanted(given)):
                for which, expected in matrices.items():
                    for k, found in enumerate(forward(function, given, which)):
                        self.compare(found, expected[k], k, which, said, "computed with forward mode ")
            if backwards:
                self.backward(function, matrices, said, dtypes)
        if backwards:
            self.multiplied()
            if undefined:
                self.undefined()

    def backward(self, function: Function, matrices: dict[int, list[Any]], said: str, dtypes: bool) -> None:
        """Backward passes against the finite differences, and against themselves."""
        tensors = [self.inputs[i] for i in matrices]
        for k, output in enumerate(outputs_of(function(*self.inputs))):
            if not output.requires_grad:
                continue
            first, second = analytical(output, tensors), analytical(output, tensors)
            for which, found in zip(matrices, first, strict=True):
                self.compare(found, matrices[which][k], k, which, said)
            if any(np.abs(a - b).max(initial=0) > self.nondet_tol for a, b in zip(first, second, strict=True)):
                raise GradcheckError(
                    "Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives "
                    "different values, although analytical gradient matches numerical gradient.The tolerance for "
                    f"nondeterminism was {self.nondet_tol}.{NONDETERMINISTIC}"
                )
            if dtypes:
                ones = wrap(np.ones(output._array.shape, output._array.dtype))
                for x, g in zip(
                    tensors, grad(output, tensors, ones, retain_graph=True, allow_unused=True), strict=True
                ):
                    if g is not None and g.dtype is not x.dtype:
                        raise GradcheckError("Gradient has dtype mismatch")

    def compare(self, found: Any, expected: Any, k: int, which: int, said: str, way: str = "") -> None:
        """GradcheckError where two Jacobians differ; in fast mode, where a random combination of their numbers does."""
        a, b = found, expected
        if self.fast_mode and a.size:
            draws = np.random.default_rng(0)
            left, right = draws.random(a.shape[0]), draws.random(a.shape[1])
            a, b = left @ a @ right, left @ b @ right
        if not np.allclose(a, b, self.rtol, self.atol, equal_nan=True):
            kind = self.inputs[which]._array.dtype
            raise lesson(
                GradcheckError(
                    f"{said}Jacobian {way}mismatch for output {k} with respect to input {which},\n"
                    f"numerical:{wrap(expected.astype(kind))!r}\nanalytical:{wrap(found.astype(kind))!r}\n"
                ),
                expected="the same numbers from both, up to rounding",
                got=f"a difference of {np.abs(found - expected).max():.3g}",
                hint="look at the first entry that differs: row = input element, column = output element",
            )

    def _pass(self, outputs: list[Any], starts: list[Any]) -> list[Any]:
        tensors = [self.inputs[i] for i in wanted(self.inputs)]
        pairs = [(o, s) for o, s in zip(outputs, starts, strict=True) if o.requires_grad]
        return list(grad([o for o, _ in pairs], tensors, [s for _, s in pairs], allow_unused=True))

    def multiplied(self) -> None:
        """From gradients of zero must come zero."""
        outputs = outputs_of(self.func(*self.inputs))
        zeros = [wrap(np.zeros(o._array.shape, o._array.dtype)) for o in outputs]
        for g in self._pass(outputs, zeros):
            if g is not None and g._array.any():
                raise GradcheckError("backward not multiplied by grad_output")

    def undefined(self) -> None:
        """With several outputs, each in turn is left without a gradient."""
        outputs = outputs_of(self.func(*self.inputs))
        if len(outputs) < 2:
            return
        for k in range(len(outputs)):
            outputs = outputs_of(self.func(*self.inputs))
            if not outputs[k].requires_grad:
                continue
            zero = wrap(np.zeros(outputs[k]._array.shape, outputs[k]._array.dtype))
            try:
                found = self._pass([outputs[k]], [zero])
            except RuntimeError as error:
                raise GradcheckError(
                    'Expected backward function to handle undefined output grads. Please look at "Notes about undefined '
                    'output gradients" in "tools/autograd/derivatives.yaml"'
                ) from error
            if any(g is not None and g._array.any() for g in found):
                raise GradcheckError(
                    "Expected all input grads to be undefined or zero when all output grads are undefined or zero. Please "
                    'look at "Notes about undefined output gradients" in "tools/autograd/derivatives.yaml"'
                )

    def batched(self) -> None:
        """``is_grads_batched`` must give what single passes give."""
        tensors = [self.inputs[i] for i in wanted(self.inputs)]
        for k, output in enumerate(outputs_of(self.func(*self.inputs))):
            if not output.requires_grad:
                continue
            rows = [np.empty(output.shape, output._array.dtype) for _ in range(2)]
            many = wrap(np.stack([wrap(row).normal_()._array for row in rows]))
            together = grad(output, tensors, many, retain_graph=True, allow_unused=True, is_grads_batched=True)
            for row in range(2):
                single = grad(output, tensors, many[row], retain_graph=True, allow_unused=True)
                for i, (a, b) in enumerate(zip(together, single, strict=True)):
                    if b is not None and not np.allclose(a._array[row], b._array):
                        raise GradcheckError(f"For output {k} and input {i}: batched gradients differ from single ones")


def check_inputs(inputs: tuple[Any, ...], eps: float) -> tuple[Any, ...]:
    """The inputs, checked: one must require grad, and none may show an element twice."""
    places = wanted(inputs)
    for i in places:
        x = inputs[i]
        if x.dtype.name not in ("float64", "complex128"):
            warnings.warn(
                f"Input #{i} requires gradient and is not a double precision floating point or complex. This check will "
                "likely fail if all the inputs are not of double precision floating point or complex. ",
                stacklevel=4,
            )
        if any(s == 0 and n > 1 for s, n in zip(x._array.strides, x._array.shape, strict=True)):
            raise lesson(
                RuntimeError(
                    f"The {i}th input has a dimension with stride 0. gradcheck only supports inputs that are non-overlapping "
                    "to be able to compute the numerical gradients correctly. You should call .contiguous on the input "
                    "before passing it to gradcheck."
                ),
                hint="x.contiguous()",
            )
    if not places:
        raise lesson(
            ValueError(
                "gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True."
            ),
            hint="torch.tensor(..., dtype=torch.float64, requires_grad=True)",
        )
    return copied(inputs)


def _one_part(func: Function, part: str) -> Function:
    """The function with the real or the imaginary parts of its complex outputs."""

    def function(*args: Any) -> tuple[Any, ...]:
        return tuple([getattr(o, part) if o.is_complex() else o for o in outputs_of(func(*args))])

    return function


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
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """True if the gradients of the gradients of ``func`` agree with finite differences.

    ``grad_outputs`` are the gradients to begin with, random ones if not given; the other options are those of
    :func:`gradcheck`, and ``check_fwd_over_rev`` differentiates the first gradient forwards.

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradgradcheck(lambda x: x.exp() * x, (x,))
    True
    """
    if not (check_fwd_over_rev or check_rev_over_rev):
        raise AssertionError("Expected at least one of check_fwd_over_rev or check_rev_over_rev to be True")
    given = (inputs,) if isinstance(inputs, TensorBase) else tuple(inputs)
    outputs = [o for o in outputs_of(func(*given)) if o.requires_grad]
    if grad_outputs is None:
        starts = [_uniform(o, gen_non_contig_grad_outputs).requires_grad_() for o in outputs]
    else:
        starts = [grad_outputs] if isinstance(grad_outputs, TensorBase) else list(grad_outputs)
    places = wanted(given)

    def first(*everything: Any) -> tuple[Any, ...]:
        args, start = everything[: len(given)], everything[len(given) :]
        args = tuple([a.requires_grad_() if i in places and a.edge() is None else a for i, a in enumerate(args)])
        before, mode.grad = mode.grad, True
        try:
            results = [o for o in outputs_of(func(*args)) if o.edge() is not None]
            found = grad(results, [args[i] for i in places], list(start), create_graph=True, allow_unused=True)
        finally:
            mode.grad = before
        return tuple([g for g in found if g is not None])

    return gradcheck(
        first, (*given, *starts), eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception, nondet_tol=nondet_tol,
        check_undefined_grad=check_undefined_grad, check_grad_dtypes=check_grad_dtypes,
        check_batched_grad=check_batched_grad, fast_mode=fast_mode, check_forward_ad=check_fwd_over_rev,
        check_backward_ad=check_rev_over_rev,
    )  # fmt: skip


def _uniform(like: Any, spread: bool) -> Any:
    """Numbers of [-1, 1) in the shape and type of a tensor, drawn as PyTorch draws them; if wanted, spread in memory."""
    array = like._array
    shape = (*array.shape[:-1], 2 * array.shape[-1]) if spread and array.ndim else array.shape
    drawn = np.empty(shape, array.dtype)
    wrap(drawn.view(drawn.real.dtype)).uniform_(-1.0, 1.0)
    return wrap(drawn)[..., ::2] if spread and array.ndim else wrap(drawn)


__all__ = ["GradcheckError", "gradcheck", "gradgradcheck"]
