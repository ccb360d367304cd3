"""Products added to something, in one step: ``addmm`` and its kin."""

from __future__ import annotations

from typing import Any

from ..dispatch import apply, check_writable, write_out, write_over
from ..dtypes import SCALAR_NAMES
from ..errors import lesson
from ..graph.observers import observers
from ..ops import matrix
from ..ops import weighted as ops
from ..ops.reduction import axis_of
from ..precision import lowered


def _one_type(sentence: str, *inputs: Any) -> None:
    """RuntimeError where the types differ; the sentence has a place for each."""
    if any(t.dtype is not inputs[0].dtype for t in inputs):
        raise lesson(
            RuntimeError(sentence.format(*[SCALAR_NAMES[t.dtype] for t in inputs])),
            expected="one dtype for all",
            got=", ".join(str(t.dtype) for t in inputs),
        )


def _under_autocast(*inputs: Any) -> tuple[Any, ...]:
    """Autocast brings types together before they are compared."""
    return tuple(lowered(*inputs)) if observers.op_entered else inputs


def addmm(input: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """``beta * input + alpha * mat1 @ mat2`` in one step.

    >>> import pytorch_tutor as torch
    >>> torch.addmm(torch.ones(1, 1), torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0], [4.0]]), alpha=2)
    tensor([[23.]])
    """
    input, mat1, mat2 = _under_autocast(input, mat1, mat2)
    _one_type("self and mat2 must have the same dtype, but got {} and {}", input, mat2)
    if input.dtype.rank < 3:
        alpha, beta = int(alpha), int(beta)
    if mat1.dim() == mat2.dim() == 2 and mat1.shape[1] == mat2.shape[0]:
        ops.fits(tuple(input.shape), (mat1.shape[0], mat2.shape[1]))
    return write_out(apply(matrix.Addmm, input, mat1, mat2, beta=beta, alpha=alpha), out, "addmm")


def addmv(input: Any, mat: Any, vec: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """``beta * input + alpha * mat @ vec``.

    >>> import pytorch_tutor as torch
    >>> torch.addmv(torch.ones(1), torch.tensor([[1.0, 2.0]]), torch.tensor([3.0, 4.0]))
    tensor([12.])
    """
    input, mat, vec = _under_autocast(input, mat, vec)
    if mat.dim() != 2 or vec.dim() != 1 or input.dim() > 1:
        raise lesson(
            RuntimeError(f"vector + matrix @ vector expected, got {input.dim()}, {mat.dim()}, {vec.dim()}"),
            expected="1, 2, 1 dimensions",
            got=f"{input.dim()}, {mat.dim()}, {vec.dim()}",
        )
    n = input.shape[0] if input.dim() else 1
    if mat.shape[1] != vec.shape[0] or n not in (1, mat.shape[0]):
        raise lesson(
            RuntimeError(f"size mismatch, got input ({n}), mat ({mat.shape[0]}x{mat.shape[1]}), vec ({vec.shape[0]})"),
            expected=f"a vector of {mat.shape[1]} elements, added to one of {mat.shape[0]}",
            got=f"{vec.shape[0]} and {n}",
        )
    _one_type("addmv input tensors must have the same dtype, but got {}, {}, and {}", input, mat, vec)
    return write_out(apply(ops.Addmv, input, mat, vec, beta=beta, alpha=alpha), out, "addmv")


def addbmm(input: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """``beta * input`` plus ``alpha`` times the sum of all products of two batches.

    >>> import pytorch_tutor as torch
    >>> torch.addbmm(torch.ones(1, 1), torch.ones(3, 1, 2), torch.ones(3, 2, 1))
    tensor([[7.]])
    """
    input, batch1, batch2 = _under_autocast(input, batch1, batch2)
    _batches(batch1, batch2, "addbmm")
    _one_type("self and mat2 must have the same dtype, but got {} and {}", input, batch2)
    _one_type("self and mat2 must have the same dtype, but got {} and {}", batch1, batch2)
    return write_out(apply(ops.Addbmm, input, batch1, batch2, beta=beta, alpha=alpha), out, "addbmm")


def addbmm_(self: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """In-place version of ``addbmm``. A tensor of another shape, to which the sum broadcasts, is enlarged."""
    check_writable(self)
    found = addbmm(self, batch1, batch2, beta=beta, alpha=alpha)
    if found._array.shape != self._array.shape:
        self._array = found.detach().clone()._array
    return write_over(self, found)


def baddbmm(input: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """``beta * input + alpha * batch1 @ batch2`` for each pair of a batch.

    >>> import pytorch_tutor as torch
    >>> torch.baddbmm(torch.ones(1), torch.ones(2, 1, 3), torch.ones(2, 3, 1))
    tensor([[[4.]],
    <BLANKLINE>
            [[4.]]])
    """
    input, batch1, batch2 = _under_autocast(input, batch1, batch2)
    _batches(batch1, batch2)
    for t in (batch1, batch2):
        _one_type("expected scalar type {} but found {}", input, t)
    return write_out(apply(ops.Baddbmm, input, batch1, batch2, beta=beta, alpha=alpha), out, "baddbmm")


def baddbmm_(self: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """In-place version of ``baddbmm``."""
    check_writable(self)
    size = [batch1.shape[0], batch1.shape[1], batch2.shape[-1]] if batch1.dim() == batch2.dim() == 3 else None
    if size is not None and list(self.shape) != size:
        raise lesson(
            RuntimeError(
                f"Bad in-place call: input tensor size {list(self.shape)} and output tensor size {size} should match"
            ),
            expected=size,
            got=list(self.shape),
        )
    return write_over(self, baddbmm(self, batch1, batch2, beta=beta, alpha=alpha))


def _batches(batch1: Any, batch2: Any, function: str = "") -> None:
    for name, batch in (("batch1", batch1), ("batch2", batch2)):
        if batch.dim() < 3:
            axis_of(2, batch.dim())
        if batch.dim() != 3:
            raise lesson(RuntimeError(f"{name} must be a 3D tensor"), expected="3 dimensions", got=batch.dim())
    (count, _, m), (others, k, _) = batch1.shape, batch2.shape
    if count != others or m != k:
        sizes = f"to be: [{count}, {m}] but got: [{others}, {k}]."
        sentence = f"Expected size for first two dimensions of batch2 tensor {sizes}"
        if function and count != others:
            sentence = f"batch1 and batch2 must have same number of batches, got {count} and {others}"
        elif function:
            sentence = f"Incompatible matrix sizes for bmm ({batch1.shape[1]}x{m} and {k}x{batch2.shape[2]})"
        raise lesson(
            RuntimeError(sentence),
            expected=[count, m],
            got=[others, k],
        )


def addr(input: Any, vec1: Any, vec2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """``beta * input + alpha * outer(vec1, vec2)``.

    >>> import pytorch_tutor as torch
    >>> torch.addr(torch.ones(1), torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
    tensor([[4., 5.],
            [7., 9.]])
    """
    for name, v in (("vec1", vec1), ("vec2", vec2)):
        if v.dim() != 1:
            raise RuntimeError(f"addr: Expected 1-D argument {name}, but got {v.dim()}-D")
    ops.fits(tuple(input.shape), (vec1.shape[0], vec2.shape[0]))
    if all(t.dtype.rank < 3 for t in (input, vec1, vec2)):
        for name, weight in (("alpha", alpha), ("beta", beta)):
            if isinstance(weight, float):
                raise RuntimeError(f"For integral input tensors, argument {name} must not be a floating point number.")
    return write_out(apply(ops.Addr, input, vec1, vec2, beta=beta, alpha=alpha), out, "addr")


def addr_(self: Any, vec1: Any, vec2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """In-place version of ``addr``."""
    if self.dim() != 2:
        raise RuntimeError(f"2D tensor expected, got {self.dim()}D tensor for input")
    check_writable(self)
    return write_over(self, addr(self, vec1, vec2, beta=beta, alpha=alpha))
