"""What ``autograd.functional`` asks of its arguments, in PyTorch's sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..creation import zeros_like
from ..errors import lesson
from ..tensor_base import TensorBase

NOT_STRICT = "This is not allowed in strict mode."


def as_tuple(value: Any, what: str, function: str) -> tuple[bool, tuple[Any, ...]]:
    """(was it a tuple?, the tuple); TypeError where anything but tensors is in it."""
    several = isinstance(value, tuple)
    found = value if several else (value,)
    for i, x in enumerate(found):
        if not isinstance(x, TensorBase):
            which = f"value at index {i}" if several else f"given {what}"
            raise lesson(
                TypeError(
                    f"The {what} given to {function} must be either a Tensor or a tuple of Tensors but the {which} has type "
                    f"{type(x)}."
                ),
                expected="a tensor, or a tuple of tensors",
                got=f"{x!r}",
            )
    return several, found


def check_v(v: tuple[Any, ...], like: Sequence[Any], several: bool) -> tuple[Any, ...]:
    """The vector ``v``; RuntimeError where it has other shapes than what it is to be multiplied with."""
    if len(v) != len(like):
        raise RuntimeError(
            f"v is a tuple of invalid length: should be {len(like)} but got {len(v)}."
            if several
            else "The given v should contain a single Tensor."
        )
    for i, (mine, other) in enumerate(zip(v, like, strict=True)):
        if mine.shape != other.shape:
            entry = f"Entry {i} in " if several else ""
            raise lesson(
                RuntimeError(f"{entry}v has invalid size: should be {other.shape} but got {mine.shape}."),
                expected=tuple(other.shape),
                got=tuple(mine.shape),
            )
    return v


def check_single(several: bool, outputs: Sequence[Any], function: str) -> None:
    """RuntimeError where a Hessian is asked for of more than one number."""
    if several or not isinstance(outputs[0], TensorBase):
        raise RuntimeError(f"The function given to {function} should return a single Tensor")
    if outputs[0].numel() != 1:
        raise lesson(
            RuntimeError(f"The Tensor returned by the function given to {function} should contain a single element"),
            expected="one number",
            got=list(outputs[0].shape),
            hint="sum() or mean() at the end",
        )


def check_strategy(strategy: str, vectorize: bool, strict: bool, create_graph: bool, function: str) -> None:
    """What options go together."""
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError(
            'Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your function has more outputs than '
            'inputs, "forward-mode" tends to be more performant. Otherwise, prefer to use "reverse-mode".'
        )
    if strategy == "forward-mode":
        if create_graph:
            raise NotImplementedError(
                'torch.autograd.functional.jacobian: `create_graph=True` and `strategy="forward-mode"` are not supported '
                'together (yet). Please either set `create_graph=False` or `strategy="reverse-mode"`.'
            )
        if strict:
            raise RuntimeError(
                'torch.autograd.functional.jacobian: `strict=True` and `strategy="forward-mode"` are not supported '
                'together (yet). Please either set `strict=False` or `strategy="reverse-mode"`.'
            )
        if not vectorize:
            raise NotImplementedError(
                "Computing Jacobian using forward-AD or forward-over-reverse Hessian isonly implemented for `vectorize=True`."
            )
    if vectorize and strict:
        raise RuntimeError(
            f"torch.autograd.functional.{function}: `strict=True` and `vectorized=True` are not supported together. Please "
            "either set `strict=False` or `vectorize=False`."
        )


def check_requires_grad(tensors: Sequence[Any], what: str, strict: bool) -> None:
    """In strict mode: RuntimeError where a result does not depend on an input."""
    if not strict:
        return
    for i, x in enumerate(tensors):
        if x is None:
            raise RuntimeError(f"The output of the user-provided function is independent of input {i}. {NOT_STRICT}")
        if x.requires_grad:
            continue
        if what == "hessian":
            raise RuntimeError(
                f"The hessian of the user-provided function with respect to input {i} is independent of the input. "
                f"{NOT_STRICT} You should ensure that your function is thrice differentiable and that the hessian depends on "
                "the inputs."
            )
        if what == "jacobian":
            raise RuntimeError(
                "While computing the hessian, found that the jacobian of the user-provided function with respect to input "
                f"{i} is independent of the input. {NOT_STRICT} You should ensure that your function is twice differentiable "
                "and that the jacobian depends on the inputs (this would be violated by a linear function for example)."
            )
        if what == "grad_inputs":
            raise RuntimeError(
                f"The gradient with respect to input {i} is independent of the inputs of the user-provided function. "
                f"{NOT_STRICT}"
            )
        raise RuntimeError(
            f"Output {i} of the user-provided function does not require gradients. The outputs must be computed in a "
            "differentiable manner from the input when running in strict mode."
        )


_STAGES = {
    "back": "The output of the user-provided function is independent of input {i}. " + NOT_STRICT,
    "back_trick": "The gradient with respect to the input is independent of entry {i} in the grad_outputs when using the "
    "double backward trick to compute forward mode gradients. " + NOT_STRICT,
    "double_back": "The jacobian of the user-provided function is independent of input {i}. " + NOT_STRICT,
    "double_back_trick": "The hessian of the user-provided function is independent of entry {i} in the grad_jacobian. This "
    "is not allowed in strict mode as it prevents from using the double backward trick to replace forward mode AD.",
}  # fmt: skip


def fill_in_zeros(
    found: Sequence[Any], like: Sequence[Any], strict: bool, create_graph: bool, stage: str
) -> tuple[Any, ...]:
    """Zeros where there is no gradient; in strict mode a RuntimeError instead."""
    filled = []
    for i, (g, x) in enumerate(zip(found, like, strict=True)):
        if g is None and strict:
            raise RuntimeError(_STAGES[stage].format(i=i))
        if g is not None and strict and create_graph and not g.requires_grad:
            matrix = "hessian" if "double" in stage else "jacobian"
            raise RuntimeError(
                f"The {matrix} of the user-provided function is independent of input {i}. This is not allowed in strict "
                "mode when create_graph=True."
            )
        filled.append(zeros_like(x).detach() if g is None else g)
    return tuple(filled)
