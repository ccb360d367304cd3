"""Reductions: many elements become few, and the gradient spreads back over all that took part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import index
from typing import Any, NamedTuple

from ..backends.numpy_sum import summed
from ..errors import lesson
from .base import Op

Axes = tuple[int, ...]


def axis_of(dim: int, ndim: int) -> int:
    """A dimension counted from the front; IndexError with PyTorch's sentence where there is none."""
    n = max(ndim, 1)
    if dim.__class__ is not int:
        if isinstance(dim, bool):
            raise TypeError("a dimension must be int, not bool")
        dim = index(dim)
    if not -n <= dim < n:
        raise lesson(
            IndexError(f"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got {dim})"),
            expected=f"a dimension from {-n} to {n - 1} (the tensor has {ndim})",
            got=dim,
            hint="x.shape  shows the dimensions; -1 is always the last",
        )
    return dim % n


def axes_of(dim: int | Sequence[int] | None, ndim: int) -> Axes:
    """The reduced dimensions, from the front; None or an empty list means all."""
    if dim is None:
        return tuple(range(ndim))
    if dim.__class__ is int or not isinstance(dim, Sequence):
        axis = axis_of(dim, ndim)
        return (axis,) if ndim else ()
    found = tuple(axis_of(d, ndim) for d in dim)
    if len(set(found)) < len(found):
        twice = next(d for d in found if found.count(d) > 1)
        raise RuntimeError(f"dim {twice} appears multiple times in the list of dims")
    return (found or tuple(range(ndim))) if ndim else ()


class Reduction(Op):
    """What all reductions share: over which axes, and how a reduced array is spread out again."""

    layout = "rows"
    axes: Axes = ()
    keepdim = False
    shape: tuple[int, ...] = ()

    def reduce_over(ctx, x: Any, dim: Any, keepdim: bool) -> Axes:
        ctx.axes, ctx.keepdim, ctx.shape = axes_of(dim, x.ndim), keepdim, x.shape
        return ctx.axes

    def spread(ctx, array: Any) -> Any:
        """Gives a reduced array its reduced dimensions back, with size 1."""
        if ctx.keepdim or not ctx.axes:
            return array
        return array.reshape(tuple([1 if i in ctx.axes else n for i, n in enumerate(ctx.shape)]))

    @property
    def count(ctx) -> int:
        return math.prod([ctx.shape[i] for i in ctx.axes])


class Sum(Reduction):
    """Every summand has the same share in the sum: the gradient is copied to all of them."""

    formula = r"y = \sum_i x_i"
    gradient = {"x": r"\bar x_i = \bar y"}
    wide = True

    def forward(ctx, x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        axes = ctx.reduce_over(x, dim, keepdim)
        ctx.variant = 0 if dim is None else 1
        if x.dtype.kind in "biu":
            return x.sum(axis=axes, keepdims=keepdim, dtype="i8")
        if x.dtype.char == "e":  # float16
            return x.sum(axis=axes, keepdims=keepdim, dtype="f4").astype("f2")
        return summed(x, axes, keepdim)

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.broadcast_to(ctx.spread(grad), ctx.shape)


class Mean(Reduction):
    formula = r"y = \frac{1}{n}\sum_i x_i"
    gradient = {"x": r"\bar x_i = \bar y / n"}
    wide = True

    def forward(ctx, x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        axes = ctx.reduce_over(x, dim, keepdim)
        ctx.variant = 0 if dim is None else 1
        n = ctx.count
        if x.dtype.char == "e":  # float16
            return (x.sum(axis=axes, keepdims=keepdim, dtype="f4") / n).astype("f2") if n else x.sum(axis=axes) / n
        total = summed(x, axes, keepdim)
        return total / n if n else total * math.nan

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.broadcast_to(ctx.spread(grad) / ctx.count, ctx.shape)


class Nansum(Reduction):
    """The sum of what is not NaN."""

    formula = r"y = \sum_{x_i \ne \mathrm{NaN}} x_i"
    gradient = {"x": r"\bar x_i = \bar y\,[x_i \ne \mathrm{NaN}]"}
    keeps = ("x",)
    refuses = {"complex": RuntimeError("nansum on CPU does not support complex inputs")}
    wide = True

    def forward(ctx, x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        axes = ctx.reduce_over(x, dim, keepdim)
        if x.dtype.kind in "biu":
            return x.sum(axis=axes, keepdims=keepdim, dtype="i8")
        return ctx.xp.nansum(x, axis=axes, keepdims=keepdim)

    def backward(ctx, grad: Any) -> Any:
        return ctx.spread(grad) * (ctx.x == ctx.x)


class Prod(Reduction):
    """Each factor's share is the product of the others; with zeros that is computed without dividing by them."""

    formula = r"y = \prod_i x_i"
    gradient = {"x": r"\bar x_i = \bar y \prod_{j \ne i} x_j"}
    keeps = ("x", "result")
    wide = True

    def forward(ctx, x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        axes = ctx.reduce_over(x, dim, keepdim)
        ctx.variant = 0 if dim is None else 1
        kind = {"dtype": "i8"} if x.dtype.kind in "biu" else {}
        return x.prod(axis=axes, keepdims=keepdim, **kind)

    def backward(ctx, grad: Any) -> Any:
        xp, x = ctx.xp, ctx.conj(ctx.x)
        if ctx.lifted is None and not (x == 0).any():
            return ctx.spread(grad * ctx.conj(ctx.result)) / x
        # The product of all the others: what stands before times what stands after.
        axes = ctx.axes
        kept = tuple(i for i in range(x.ndim) if i not in axes)
        flat = xp.transpose(x, kept + axes).reshape((*[ctx.shape[i] for i in kept], -1))
        n = flat.shape[-1]
        others = [xp.ones_like(flat[..., 0])]
        for i in range(n - 1):
            others.append(others[-1] * flat[..., i])
        after = xp.ones_like(flat[..., 0])
        for i in reversed(range(n)):
            others[i] = others[i] * after
            after = after * flat[..., i]
        if not others[:n]:
            return x * 0
        product = xp.stack(others[:n], axis=-1).reshape([ctx.shape[i] for i in kept + axes])
        order = [0] * x.ndim
        for place, axis in enumerate(kept + axes):
            order[axis] = place
        return ctx.spread(grad) * xp.transpose(product, tuple(order))


class Var(Reduction):
    """Mean squared distance from the mean, with n - correction in the denominator."""

    formula = r"y = \frac{1}{n - c}\sum_i (x_i - \mu)^2"
    gradient = {"x": r"\bar x_i = \bar y\, \frac{2}{n - c}(x_i - \mu)"}
    keeps = ("x",)
    wide = True

    def forward(ctx, x: Any, dim: Any = None, correction: float = 1, keepdim: bool = False) -> Any:
        axes = ctx.reduce_over(x, dim, keepdim)
        ctx.free = max(ctx.count - correction, 0)
        centred = x - x.mean(axis=axes, keepdims=True) if x.size else x
        total = (abs(centred) ** 2 if x.dtype.kind == "c" else centred * centred).sum(axis=axes, keepdims=keepdim)
        return total / ctx.free if ctx.free else ctx.xp.divide(total, 0)

    def backward(ctx, grad: Any) -> Any:
        x = ctx.x
        centred = x - ctx.xp.mean(x, axis=ctx.axes, keepdims=True)
        return ctx.spread(grad) * (2 / ctx.free if ctx.free else math.nan) * centred


class Std(Reduction):
    """The square root of the variance."""

    formula = r"y = \sqrt{\frac{1}{n - c}\sum_i (x_i - \mu)^2}"
    gradient = {"x": r"\bar x_i = \bar y\, \frac{x_i - \mu}{(n - c)\, y}"}
    keeps = ("x", "result")
    wide = True

    def forward(ctx, x: Any, dim: Any = None, correction: float = 1, keepdim: bool = False) -> Any:
        axes = ctx.reduce_over(x, dim, keepdim)
        ctx.free = max(ctx.count - correction, 0)
        centred = x - x.mean(axis=axes, keepdims=True) if x.size else x
        total = (abs(centred) ** 2 if x.dtype.kind == "c" else centred * centred).sum(axis=axes, keepdims=keepdim)
        return ctx.xp.sqrt(total / ctx.free if ctx.free else ctx.xp.divide(total, 0))

    def backward(ctx, grad: Any) -> Any:
        x, xp = ctx.x, ctx.xp
        centred = x - xp.mean(x, axis=ctx.axes, keepdims=True)
        scale = grad / ctx.result if ctx.free == 0 else grad / (ctx.result * ctx.free)
        return xp.where(ctx.spread(ctx.result) == 0, 0.0, ctx.spread(scale) * centred)


class Extreme(NamedTuple):
    """Values and where they were found."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return f"torch.return_types.{type(self).__name__}(\nvalues={self.values!r},\nindices={self.indices!r})"


def _pick(ctx: Any, x: Any, which: str) -> tuple[Any, Any]:
    """The extreme element along the one axis, and its place; a NaN wins."""
    axis = ctx.axes[0] if ctx.axes else 0
    if x.ndim == 0:
        return x.copy(), ctx.xp.asarray(0)
    place = getattr(x, "argmax" if which == "max" else "argmin")(axis=axis, keepdims=True)
    values = ctx.xp.take_along_axis(x, place, axis)
    return (values, place) if ctx.keepdim else (values.squeeze(axis), place.squeeze(axis))


class Max(Reduction):
    """The largest element along a dimension, and its place: only that element gets the gradient."""

    formula = r"y = \max_i x_i"
    gradient = {"x": r"\bar x_i = \bar y\,[i = \arg\max x]"}
    keeps = ("place",)
    which = "max"
    refuses = {"complex": RuntimeError("max(): does not support complex input"), "unsigned": "max_cpu"}

    def forward(ctx, x: Any, dim: int, keepdim: bool = False) -> Any:
        axes = ctx.reduce_over(x, dim, keepdim)
        if axes and x.shape[axes[0]] == 0:
            raise IndexError(f"{ctx.which}(): Expected reduction dim {axes[0]} to have non-zero size.")
        values, ctx.place = _pick(ctx, x, ctx.which)
        return values, ctx.place

    def backward(ctx, grad: Any, _: Any) -> Any:
        xp = ctx.xp
        if not ctx.axes:
            return grad
        here = ctx.spread(ctx.place) == xp.arange(ctx.shape[ctx.axes[0]]).reshape(
            [-1 if i == ctx.axes[0] else 1 for i in range(len(ctx.shape))]
        )
        return xp.where(here, ctx.spread(grad), 0.0)


class Min(Max):
    """The smallest element along a dimension, and its place."""

    formula = r"y = \min_i x_i"
    gradient = {"x": r"\bar x_i = \bar y\,[i = \arg\min x]"}
    keeps = ("place",)
    which = "min"
    refuses = {"complex": RuntimeError("min(): does not support complex input"), "unsigned": "min_cpu"}


class Amax(Reduction):
    """The largest element; where several are equally large they share the gradient evenly."""

    formula = r"y = \max_i x_i"
    gradient = {"x": r"\bar x_i = \bar y\,[x_i = y] / \#\{j : x_j = y\}"}
    keeps = ("x", "result")
    which = "max"
    refuses = {"complex unsigned": "max_values_cpu"}

    def forward(ctx, x: Any, dim: Any = None, keepdim: bool = False, name: str = "") -> Any:
        axes = ctx.reduce_over(x, dim, keepdim)
        if name:
            ctx.variant, ctx.called = 1, name
        if any(x.shape[a] == 0 for a in axes):
            if name:
                raise RuntimeError(
                    f"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction "
                    "dim with the 'dim' argument."
                )
            dims = [a for a in axes if x.shape[a] == 0]
            raise IndexError(f"{ctx.public}(): Expected reduction dim {dims[0]} to have non-zero size.")
        return getattr(x, ctx.which)(axis=axes, keepdims=keepdim)

    called = ""
    public = "amax"

    def name(self) -> str:
        return f"{self.called.title()}Backward1" if self.called else super().name()

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        here = ctx.x == ctx.spread(ctx.result)
        if ctx.lifted is None and ctx.result.dtype.kind == "f" and (ctx.result != ctx.result).any():
            here = here | ((ctx.x != ctx.x) & (ctx.spread(ctx.result) != ctx.spread(ctx.result)))
        share = xp.where(here, 1.0, 0.0)
        return ctx.spread(grad) * share / xp.sum(share, axis=ctx.axes, keepdims=True)


class Amin(Amax):
    """The smallest element; where several are equally small they share the gradient evenly."""

    formula = r"y = \min_i x_i"
    gradient = {"x": r"\bar x_i = \bar y\,[x_i = y] / \#\{j : x_j = y\}"}
    keeps = ("x", "result")
    which = "min"
    public = "amin"
    refuses = {"complex unsigned": "min_values_cpu"}


class Logsumexp(Reduction):
    """A smooth maximum; the largest element is taken out first, so that nothing overflows."""

    formula = r"y = \ln \sum_i e^{x_i}"
    gradient = {"x": r"\bar x_i = \bar y\, e^{x_i - y}"}
    keeps = ("x", "result")
    promotes = "float"
    wide = False  # PyTorch composes it of operations that each round

    def forward(ctx, x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        xp = ctx.xp
        axes = ctx.reduce_over(x, dim, keepdim)
        if x.size == 0:
            return xp.log(xp.exp(x).sum(axis=axes, keepdims=keepdim))
        top = x.real.max(axis=axes, keepdims=True)
        top = xp.where(xp.isfinite(top), top, xp.zeros_like(top))
        out = xp.log(xp.exp(x - top).sum(axis=axes, keepdims=True)) + top
        return out if keepdim else out.squeeze(axes)

    def backward(ctx, grad: Any) -> Any:
        return ctx.spread(grad) * ctx.xp.exp(ctx.x - ctx.spread(ctx.result))


class Arg(Reduction):
    """The place of an extreme element: a whole number, through which no gradient passes."""

    formula = r"y = \arg\max_i x_i"
    gradient = {"x": ""}
    differentiable = False

    def forward(ctx, x: Any, which: str, dim: int | None = None, keepdim: bool = False) -> Any:
        if x.size == 0 and (dim is None or x.shape[axis_of(dim, x.ndim)] == 0):
            raise IndexError(
                f"arg{which}(): Expected reduction dim to be specified for input.numel() == 0."
                if dim is None
                else f"arg{which}(): Expected reduction dim {dim} to have non-zero size."
            )
        if dim is None:
            place = getattr(x, f"arg{which}")()
            return ctx.xp.asarray(place).reshape([1] * x.ndim if keepdim else ())
        if x.ndim == 0:
            axis_of(dim, 0)
            return ctx.xp.asarray(0)
        return getattr(x, f"arg{which}")(axis=axis_of(dim, x.ndim), keepdims=keepdim)


class Truth(Reduction):
    """``all`` and ``any``."""

    formula = r"y = \bigwedge_i x_i \text{ or } \bigvee_i x_i"
    gradient = {"x": ""}
    differentiable = False

    def forward(ctx, x: Any, which: str, dim: Any = None, keepdim: bool = False) -> Any:
        out = getattr(x != 0, which)(axis=ctx.reduce_over(x, dim, keepdim), keepdims=keepdim)
        return ctx.xp.asarray(out).astype("u1") if x.dtype.name == "uint8" else out


class CountNonzero(Reduction):
    formula = r"y = \#\{i : x_i \ne 0\}"
    gradient = {"x": ""}
    differentiable = False
    public = "count_nonzero"

    def forward(ctx, x: Any, dim: Any = None) -> Any:
        return (x != 0).sum(axis=ctx.reduce_over(x, dim, False), dtype="i8")


class Norm(Reduction):
    """The p-norm of all elements along the dimensions; where it is 0 the gradient is 0."""

    formula = r"y = \left(\sum_i |x_i|^p\right)^{1/p}"
    gradient = {"x": r"\bar x_i = \bar y\, \operatorname{sign}(x_i)\,|x_i|^{p-1} / y^{p-1}"}
    keeps = ("x", "result")
    node_name = "LinalgVectorNormBackward0"
    public = "linalg.vector_norm"
    wide = True

    def forward(ctx, x: Any, p: float = 2, dim: Any = None, keepdim: bool = False) -> Any:
        xp = ctx.xp
        axes = ctx.reduce_over(x, dim, keepdim)
        ctx.p = p
        if p == 2:
            return xp.sqrt((abs(x) ** 2 if x.dtype.kind == "c" else x * x).sum(axis=axes, keepdims=keepdim))
        size = abs(x)
        if p == math.inf:
            return size.max(axis=axes, keepdims=keepdim)
        if p == -math.inf:
            return size.min(axis=axes, keepdims=keepdim)
        if p == 0:
            return (x != 0).sum(axis=axes, keepdims=keepdim).astype(size.dtype)
        if p == 1:
            return size.sum(axis=axes, keepdims=keepdim)
        return (size**p).sum(axis=axes, keepdims=keepdim) ** (1 / p)

    def backward(ctx, grad: Any) -> Any:
        xp, x, p = ctx.xp, ctx.x, ctx.p
        if p == 0:
            return None  # a count: a step function
        grad, y = ctx.spread(grad), ctx.spread(ctx.result)
        if p == 2:
            return xp.where(y == 0, 0.0, grad * (x / xp.where(y == 0, 1.0, y)))
        if p == 1:
            return grad * xp.sign(x)
        size = abs(x)
        if p in (math.inf, -math.inf):
            share = xp.where(size == y, 1.0, 0.0)
            return grad * xp.sign(x) * share / xp.sum(share, axis=ctx.axes, keepdims=True)
        still = (y == 0) | ((size == 0) & (p < 2))
        scaled = xp.where(still, 1.0, size) ** (p - 1) / xp.where(y == 0, 1.0, y) ** (p - 1)
        return xp.where(still, 0.0, grad * xp.sign(x) * scaled)


class Cumsum(Op):
    """Running totals: an element takes part in every total from its own on."""

    formula = r"y_k = \sum_{i \le k} x_i"
    gradient = {"x": r"\bar x_i = \sum_{k \ge i} \bar y_k"}
    wide = True

    def forward(ctx, x: Any, dim: int) -> Any:
        ctx.axis = axis_of(dim, x.ndim)
        kind = {"dtype": "i8"} if x.dtype.kind in "biu" else {}
        x = ctx.xp.ascontiguousarray(x) if x.ndim else x  # PyTorch's result lies in order, whatever came in
        return x.cumsum(axis=ctx.axis, **kind) if x.ndim else x.astype(kind.get("dtype", x.dtype))

    def backward(ctx, grad: Any) -> Any:
        if not grad.ndim:
            return grad
        xp, axis = ctx.xp, ctx.axis
        return xp.flip(xp.cumsum(xp.flip(grad, axis), axis=axis), axis)


class Cumprod(Op):
    """Running products."""

    formula = r"y_k = \prod_{i \le k} x_i"
    gradient = {"x": r"\bar x_i = \sum_{k \ge i} \bar y_k \prod_{j \le k, j \ne i} x_j"}
    keeps = ("x",)
    wide = True

    def forward(ctx, x: Any, dim: int) -> Any:
        ctx.axis = axis_of(dim, x.ndim)
        kind = {"dtype": "i8"} if x.dtype.kind in "biu" else {}
        x = ctx.xp.ascontiguousarray(x) if x.ndim else x
        return x.cumprod(axis=ctx.axis, **kind) if x.ndim else x.astype(kind.get("dtype", x.dtype))

    def backward(ctx, grad: Any) -> Any:
        xp, axis, x = ctx.xp, ctx.axis, ctx.conj(ctx.x)
        if not x.ndim or x.shape[axis] == 0:
            return grad
        n = x.shape[axis]
        x, grad = xp.moveaxis(x, axis, 0), xp.moveaxis(grad, axis, 0)
        rows = []
        for i in range(n):  # the product that leaves out x_i, run on from each i
            run = xp.ones_like(x[0])
            for j in range(i):
                run = run * x[j]
            total = grad[i] * run
            for k in range(i + 1, n):
                run = run * x[k]
                total = total + grad[k] * run
            rows.append(total)
        return xp.moveaxis(xp.stack(rows, axis=0), 0, axis)
