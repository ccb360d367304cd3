"""Linear maps: what `nn.Linear` and `nn.Bilinear` compute."""

from __future__ import annotations

from math import prod
from typing import Any

from pytorch_tutor.dispatch import apply, not_a_tensor
from pytorch_tutor.errors import lesson
from pytorch_tutor.graph.observers import observers
from pytorch_tutor.nn.functional._arguments import c_name, require_tensor, scalar_name, shape_text
from pytorch_tutor.ops.matrix import Addmm, Mm
from pytorch_tutor.ops.shape import Squeeze, T, UnsafeView, View
from pytorch_tutor.precision import lowered
from pytorch_tutor.refusals import refuse
from pytorch_tutor.tensor_base import TensorBase


def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    r"""$y = x w^\top + b$.

    Shapes: input $(*, \text{in})$, weight $(\text{out}, \text{in})$ or $(\text{in})$, bias $(\text{out})$; result
    $(*, \text{out})$.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.linear(torch.ones(2, 3), torch.ones(1, 3), torch.ones(1))
    tensor([[4.],
            [4.]])

    Raises RuntimeError if the last dimension of `input` is not `in`, or the dtypes differ.
    """
    if not (isinstance(input, TensorBase) and isinstance(weight, TensorBase)):
        require_tensor(input, "linear")
        raise not_a_tensor("linear", "weight", 2, weight)
    if observers.op_entered:  # autocast brings types together before they are compared
        input, weight, bias = lowered(input, weight, bias)
    x, w = input._array, weight._array
    if x.ndim == 2 and w.ndim == 2 and x.shape[1] == w.shape[1] and x.dtype == w.dtype:
        if bias is None:
            return apply(Mm, input, apply(T, weight))
        if isinstance(bias, TensorBase) and bias._array.shape == (w.shape[0],) and bias._array.dtype == x.dtype:
            return apply(Addmm, bias, input, apply(T, weight))
    return _general(input, weight, bias)


def _general(input: Any, weight: Any, bias: Any) -> Any:
    """Inputs of any number of dimensions, and every mistake."""
    x, w = input._array, weight._array
    if bias is not None:
        require_tensor(bias, "linear", "bias", 3)
    if not x.ndim or not w.ndim:
        raise RuntimeError(f"both arguments to linear need to be at least 1D, but they are {x.ndim}D and {w.ndim}D")
    if w.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {w.ndim}D")
    if w.ndim == 1:
        y = input.matmul(weight)
        return y if bias is None else y + bias
    if x.shape[-1] != w.shape[1]:
        rows = prod(x.shape[:-1])
        raise lesson(
            RuntimeError(
                f"mat1 and mat2 shapes cannot be multiplied ({rows}x{x.shape[-1]} and {w.shape[1]}x{w.shape[0]})"
            ),
            expected=f"x.shape[-1] == {w.shape[1]} (Linear.in_features)",
            got=f"{x.shape[-1]} (x has shape {shape_text(x.shape)})",
            hint=f"Linear(in_features={x.shape[-1]}, out_features={w.shape[0]})",
        )
    if input.dtype is not weight.dtype:
        if bias is None:
            raise lesson(
                RuntimeError(
                    f"expected m1 and m2 to have the same dtype, but got: {c_name(input)} != {c_name(weight)}"
                ),
                expected=str(weight.dtype),
                got=str(input.dtype),
                hint=f"x.to({weight.dtype})",
            )
        raise lesson(
            RuntimeError(
                f"mat1 and mat2 must have the same dtype, but got {scalar_name(input)} and {scalar_name(weight)}"
            ),
            expected=str(weight.dtype),
            got=str(input.dtype),
            hint=f"x.to({weight.dtype})",
        )
    if bias is not None:
        if bias.dtype is not weight.dtype:
            raise RuntimeError(
                f"self and mat2 must have the same dtype, but got {scalar_name(bias)} and {scalar_name(weight)}"
            )
        _check_bias(x, w, bias._array)
    transposed = apply(T, weight)
    if x.ndim > 2 and bias is not None and not x.flags.c_contiguous:  # as PyTorch: the product, then a sum in place
        y = input.matmul(transposed)
        return y.add_(bias)
    if x.ndim == 2:
        rows = input
    elif x.ndim == 1 and bias is None:
        rows = input.unsqueeze(0)
    else:
        rows = input.reshape(-1, x.shape[-1])
    y = apply(Mm, rows, transposed) if bias is None else apply(Addmm, bias, rows, transposed)
    if x.ndim == 2:
        return y
    if x.ndim == 1 and bias is None:
        return apply(Squeeze, y, dims=(0,), variant=4)
    return apply(UnsafeView if bias is None else View, y, shape=(*x.shape[:-1], w.shape[0]))


def _check_bias(x: Any, w: Any, bias: Any) -> None:
    target = (prod(x.shape[:-1]), w.shape[0])
    if bias.ndim > 2 or any(b not in (1, t) for b, t in zip(bias.shape[::-1], target[::-1], strict=False)):
        axis = 1 if bias.shape[-1] not in (1, target[1]) else 0
        own = axis - (2 - bias.ndim)
        raise lesson(
            RuntimeError(
                f"The expanded size of the tensor ({target[axis]}) must match the existing size ({bias.shape[own]}) at "
                f"non-singleton dimension {axis}.  Target sizes: {shape_text(target)}.  "
                f"Tensor sizes: {shape_text(bias.shape)}"
            ),
            expected=f"a bias of shape [{w.shape[0]}], one for each row of the weight",
            got=shape_text(bias.shape),
            hint=f"torch.zeros({w.shape[0]})",
        )


def bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Any:
    r"""$y_k = x_1^\top W_k x_2 + b_k$.

    Shapes: input1 $(*, m)$, input2 $(*, n)$, weight $(k, m, n)$; result $(*, k)$.
    """
    require_tensor(input1, "bilinear", "input1", 1)
    require_tensor(input2, "bilinear", "input2", 2)
    require_tensor(weight, "bilinear", "weight", 3)
    if input1.dim() != input2.dim():
        raise RuntimeError(f"bilinear(): input dimensions do not match: got {input1.dim()} and {input2.dim()}")
    for i in range(input1.dim() - 1):
        if input1.shape[i] != input2.shape[i]:
            raise RuntimeError(
                f"bilinear(): input batch dimensions do not match at dim {i}: "
                f"got {input1.shape[i]} and {input2.shape[i]}"
            )
    for number, (given, axis) in enumerate(((input1, 1), (input2, 2)), start=1):
        if given.shape[-1] != weight.shape[axis]:
            raise RuntimeError(
                f"bilinear(): input{number} size does not match weight size: "
                f"got {given.shape[-1]} but expected {weight.shape[axis]}"
            )
    if bias is not None and bias.shape[0] != weight.shape[0]:
        raise RuntimeError(
            f"bilinear(): bias size does not match weight size: got {bias.shape[0]} but expected {weight.shape[0]}"
        )
    refuse(input1.dtype, "bool", "bmm")
    a, b = input1.reshape(-1, weight.shape[1]), input2.reshape(-1, weight.shape[2])
    left = a.matmul(weight.permute(1, 0, 2).reshape(weight.shape[1], -1)).reshape(
        a.shape[0], weight.shape[0], weight.shape[2]
    )
    y = (left * b.unsqueeze(1)).sum(-1, dtype=left.dtype).reshape(*input1.shape[:-1], weight.shape[0])
    return y if bias is None else y + bias
