"""What an operation is handed instead of tensors, or with shapes that do not meet: PyTorch's sentences for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from .dtypes import SCALAR_NAMES, TYPE_INFO_NAMES
from .errors import lesson
from .ops.base import Op
from .tensor_base import TensorBase

NUMBERS = (int, float, complex, np.generic)


def check_argument(op_class: type[Op], inputs: tuple[Any, ...], i: int, value: Any) -> None:
    """TypeError with PyTorch's sentence where something else than a tensor came."""
    if isinstance(value, NUMBERS) and op_class.promotes and i > 0 or isinstance(value, NUMBERS) and len(inputs) > 1:
        return
    name = op_class.__dict__.get("public") or op_class.__name__.lower()
    argument = "input" if i == 0 else op_class.inputs[i] if i < len(op_class.inputs) else "tensors"
    argument = {"y": "other"}.get(argument, argument)
    raise not_a_tensor(name, argument, i + 1, value)


def check_one_type(sentence: str, inputs: tuple[Any, ...], halves: bool) -> None:
    """RuntimeError where one of the last two inputs is float16 or bfloat16, and the other has another type."""
    a, b = (t.dtype for t in inputs[-2:])
    if a is not b and (halves or a.rank == 0):
        raise lesson(
            RuntimeError(sentence.format(TYPE_INFO_NAMES[a], TYPE_INFO_NAMES[b], SCALAR_NAMES[a], SCALAR_NAMES[b])),
            expected="two tensors of one dtype",
            got=f"{a} and {b}",
            hint="y.to(x.dtype)",
        )


def not_a_tensor(function: str, argument: str, position: int, value: Any) -> TypeError:
    """PyTorch's sentence for an argument that should have been a tensor, with what to try."""
    kind = type(value).__name__
    hint = f"torch.tensor({value!r})" if isinstance(value, (int, float, list)) else None
    if type(value).__module__ == "numpy":
        kind = f"numpy.{kind}"
        hint = "torch.from_numpy(array)"
    if callable(value) and hasattr(value, "forward"):
        hint = f"call the module on a tensor first: {kind}(...)(x), not {kind}(...)"
    return lesson(
        TypeError(f"{function}(): argument '{argument}' (position {position}) must be Tensor, not {kind}"),
        expected="a Tensor",
        got=f"{kind}",
        hint=hint,
    )


def unbroadcastable(inputs: tuple[Any, ...]) -> RuntimeError:
    """PyTorch's sentence for two shapes that do not broadcast, naming the first dimension that differs."""
    shapes = [tuple(t._array.shape) for t in inputs if isinstance(t, TensorBase)]
    n = max(map(len, shapes))
    padded = [(1,) * (n - len(s)) + s for s in shapes]
    for i in reversed(range(n)):
        sizes = list(dict.fromkeys(s[i] for s in padded if s[i] != 1))
        if len(sizes) > 1:
            return lesson(
                RuntimeError(
                    f"The size of tensor a ({sizes[0]}) must match the size of tensor b ({sizes[1]}) at non-singleton "
                    f"dimension {i}"
                ),
                expected="from the right, sizes that are equal or 1",
                got=" and ".join(map(str, shapes)),
                hint="unsqueeze, reshape or t() one of them",
            )
    return RuntimeError("The tensors cannot be broadcast together")
