"""New tensors of random numbers; the same seed gives the numbers that PyTorch gives on a CPU.

`random_fill.py` fills tensors that exist, `sampling.py` draws from distributions that tensors describe.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backends.draws import permutation
from ..backends.meta import MetaArray, meta_array
from ..dispatch import apply, write_out
from ..dtypes import bfloat16, float16, get_default_dtype, int64, to_bfloat16
from ..dtypes import dtype as Dtype
from ..errors import lesson
from ..generator import Generator
from ..ops import random as ops
from ..refusals import refuse
from ..tensor_base import TensorBase
from .random_arguments import (
    check_options,
    chosen_dtype,
    finished,
    floating,
    no_such_call,
    number,
    place_of,
    shape_of,
    sizes,
    stream_of,
    whole_number,
)
from .random_fill import (
    bernoulli_,
    cauchy_,
    check_bounds,
    check_std,
    exponential_,
    geometric_,
    log_normal_,
    normal_,
    random_,
    std_of_parts,
    uniform_,
)
from .sampling import bernoulli, binomial, multinomial, poisson


def _empty(shape: tuple[int, ...], kind: Dtype, where: Any = None) -> Any:
    """Memory to draw into; on the meta device there is none, and nothing will be drawn."""
    if place_of(where).type == "meta":
        return meta_array(np.zeros(shape, kind.array))
    return np.empty(shape, kind.array)


def _draw(op_class: type[ops.Drawn], template: Any, kind: Dtype, generator: Any, function: str, **params: Any) -> Any:
    """An array like ``template``, filled by an op."""
    stream = stream_of(generator, function)
    if isinstance(template, MetaArray):
        return template
    return op_class().forward(template, stream=stream, kind=kind.name, **params)


def rand(
    *args: Any,
    size: Any = None,
    generator: Generator | None = None,
    out: Any = None,
    dtype: Dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    **unknown: Any,
) -> Any:
    r"""Numbers that are uniform on $[0, 1)$.

    $$y \sim U[0, 1)$$

    Shapes: ``rand(2, 3)``, ``rand((2, 3))`` and ``rand(size=(2, 3))`` are the same.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.rand(3)
    tensor([0.4963, 0.7682, 0.0885])

    Raises NotImplementedError for a dtype of integers.
    """
    check_options("rand", args, unknown, generator=generator, dtype=dtype)
    shape = sizes("rand", args, size)
    kind = chosen_dtype(dtype, out, get_default_dtype())
    floating("check_uniform_bounds", kind, complex_too=True)
    drawn = _draw(ops.Uniform, _empty(shape, kind, device), kind, generator, "rand", low=0.0, high=1.0)
    return write_out(finished(drawn, kind, device, requires_grad), out, "rand")


def randn(
    *args: Any,
    size: Any = None,
    generator: Generator | None = None,
    out: Any = None,
    dtype: Dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    **unknown: Any,
) -> Any:
    r"""Numbers of the standard normal distribution: mean 0, variance 1.

    $$y \sim \mathcal N(0, 1)$$

    Shapes: as for :func:`rand`.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randn(3)
    tensor([ 1.5410, -0.2934, -2.1788])

    Raises NotImplementedError for a dtype of integers.
    """
    check_options("randn", args, unknown, generator=generator, dtype=dtype)
    shape = sizes("randn", args, size)
    kind = chosen_dtype(dtype, out, get_default_dtype())
    floating("normal_kernel_cpu", kind, complex_too=True)
    std = std_of_parts(1.0, kind)
    drawn = _draw(ops.Normal, _empty(shape, kind, device), kind, generator, "randn", mean=0.0, std=std)
    return write_out(finished(drawn, kind, device, requires_grad), out, "randn")


def randint(
    *args: Any,
    low: Any = None,
    high: Any = None,
    size: Any = None,
    generator: Generator | None = None,
    out: Any = None,
    dtype: Dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    **unknown: Any,
) -> Any:
    r"""Whole numbers from ``low`` (0 if left out) to ``high`` - 1, all equally likely.

    $$y \sim \{\text{low}, \dots, \text{high} - 1\}$$

    Shapes: ``randint(10, (2, 3))`` or ``randint(low, high, (2, 3))``; the size is always a tuple.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randint(10, (5,))
    tensor([4, 9, 3, 0, 3])

    Raises RuntimeError where ``low >= high`` or a bound does not fit the dtype.
    """
    check_options("randint", args, unknown, generator=generator, dtype=dtype)
    given = list(args)
    if size is None and given and isinstance(given[-1], (tuple, list)):
        size = given.pop()
    elif size is None and len(given) == 2 and high is None:
        shape_of("randint", given[-1], 2)
    if high is None and given:
        high = given.pop()
    if low is None and given:
        low = given.pop()
    if size is None or high is None or given:
        raise no_such_call("randint", args, "torch.randint(0, 10, (3,))")
    position = 1 if low is None else 2
    shape = shape_of("randint", size, position + 1)
    low = 0 if low is None else whole_number("randint", "low", 1, low)
    high = whole_number("randint", "high", position, high)
    kind = chosen_dtype(dtype, out, int64)
    check_bounds(low, high, kind)
    drawn = _draw(ops.Random, _empty(shape, kind, device), kind, generator, "randint", bounds=(low, high))
    return write_out(finished(drawn, kind, device, requires_grad), out, "randint")


def randperm(
    n: int,
    *,
    generator: Generator | None = None,
    out: Any = None,
    dtype: Dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Any:
    r"""The whole numbers 0 to ``n`` - 1 in random order.

    Every one of the $n!$ orders is as likely as any other.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randperm(4)
    tensor([0, 1, 3, 2])
    """
    n = whole_number("randperm", "n", 1, n)
    if n < 0:
        shape_of("randperm", (n,), 1)
    kind = chosen_dtype(dtype, out, int64)
    refuse(kind, "bool complex", "randperm")
    if kind is float16 and n > 2049:
        raise lesson(
            RuntimeError("n cannot be greater than 2049 for Half type."),
            expected="n <= 2049",
            got=n,
            hint="torch.int64",
        )
    limit = np.iinfo(kind.array).max if kind.is_integer else 1 << 53
    if n - 1 > limit:
        name = f"{kind.name}_t"
        raise lesson(
            RuntimeError(f"value cannot be converted to type {name} without overflow"),
            expected=f"n <= {limit + 1} for {kind}",
            got=n,
            hint="dtype=torch.int64",
        )
    stream = stream_of(generator, "randperm")
    order = _empty((n,), kind, device)
    if not isinstance(order, MetaArray):
        order = permutation(stream, n).astype(kind.array, copy=False)
        if kind is bfloat16:
            order = to_bfloat16(order)
    return write_out(finished(order, kind, device, requires_grad), out, "randperm")


def normal(
    *args: Any,
    mean: Any = None,
    std: Any = None,
    size: Any = None,
    generator: Generator | None = None,
    out: Any = None,
    dtype: Dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Any:
    r"""Numbers of a normal distribution whose mean and standard deviation are tensors or numbers.

    $$y \sim \mathcal N(\text{mean}, \text{std}^2)$$

    Shapes: that of ``mean`` and ``std``, broadcast; two numbers need a ``size``.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.normal(torch.tensor([0.0, 100.0]), 1.0)
    tensor([ 1.5410, 99.7066])
    >>> torch.normal(5.0, 0.1, (2, 2)).shape
    torch.Size([2, 2])

    Raises RuntimeError for a negative ``std``.
    """
    given = dict(zip(("mean", "std", "size"), args, strict=False))
    mean, std, size = (given.get(k, v) for k, v in (("mean", mean), ("std", std), ("size", size)))
    if isinstance(mean, TensorBase) or isinstance(std, TensorBase):
        if size is not None or dtype is not None:
            raise no_such_call("normal", args, "torch.normal(mean, std)", **({} if dtype is None else {"dtype": dtype}))
        return write_out(_normal_around(mean, std, generator), out, "normal")
    if not isinstance(size, (tuple, list)) or mean is None or std is None:
        raise no_such_call("normal", args, "torch.normal(0.0, 1.0, (2, 3))")
    mean, std = number("normal", "mean", 1, mean), number("normal", "std", 2, std)
    shape = shape_of("normal", size, 3)
    kind = chosen_dtype(dtype, out, get_default_dtype())
    check_std(std)
    floating("normal_kernel_cpu", kind, complex_too=True)
    drawn = _draw(
        ops.Normal, _empty(shape, kind, device), kind, generator, "normal", mean=mean, std=std_of_parts(std, kind)
    )
    return write_out(finished(drawn, kind, device, requires_grad), out, "normal")


def _normal_around(mean: Any, std: Any, generator: Any) -> Any:
    stream = stream_of(generator, "normal")
    if isinstance(std, TensorBase):
        refuse(std.dtype, "complex", RuntimeError("normal expects standard deviation to be non-complex"))
        if std._array.size and not bool((std._array >= 0).all()):
            raise lesson(RuntimeError("normal expects all elements of std >= 0.0"), expected="std >= 0")
        variant = 3 if isinstance(mean, TensorBase) else 2
    else:
        std = 1.0 if std is None else number("normal", "std", 2, std)
        check_std(std)
        variant = 1
    kind = std.dtype if variant == 2 else mean.dtype
    floating("normal_kernel_cpu", kind)
    if variant == 3:
        check_broadcast(mean._array.shape, std._array.shape)
    return apply(ops.NormalAround, mean, std, stream=stream, kind=kind.name, variant=variant)


def check_broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    """RuntimeError with PyTorch's sentence where two shapes do not go together."""
    for place in range(1, min(len(a), len(b)) + 1):
        m, n = a[-place], b[-place]
        if m != n and m != 1 and n != 1:
            raise lesson(
                RuntimeError(
                    f"The size of tensor a ({m}) must match the size of tensor b ({n}) at non-singleton dimension "
                    f"{max(len(a), len(b)) - place}"
                ),
                expected="shapes that broadcast",
                got=f"{list(a)} and {list(b)}",
            )


# -- like another tensor ----------------------------------------------------------------------------------------------


def _like(function: str, input: Any, dtype: Dtype | None, memory_format: Any, where: Any) -> tuple[Any, Dtype]:
    """Memory for a tensor of the same shape and, unless told otherwise, the same order of elements in memory."""
    if not isinstance(input, TensorBase):
        raise lesson(
            TypeError(f"{function}(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}"),
            expected="a Tensor",
            got=repr(input),
        )
    kind = input.dtype if dtype is None else dtype
    contiguous = memory_format is not None and "contiguous" in str(memory_format)
    source = input.settle()
    order: Any = "C" if contiguous else "K"
    source = source if isinstance(source, np.ndarray) else _empty(source.shape, kind, "cpu")
    if place_of(input.device if where is None else where).type == "meta":
        return meta_array(np.zeros_like(source, kind.array, order, subok=False)), kind
    return np.empty_like(source, kind.array, order, subok=False), kind


def rand_like(
    input: Any,
    *,
    generator: Generator | None = None,
    dtype: Dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Any:
    """Uniform numbers of $[0, 1)$ in the shape, dtype and place of ``input``.

    >>> import pytorch_tutor as torch
    >>> torch.rand_like(torch.zeros(2, 3)).shape
    torch.Size([2, 3])
    """
    memory, kind = _like("rand_like", input, dtype, memory_format, device)
    floating("check_uniform_bounds", kind, complex_too=True)
    drawn = _draw(ops.Uniform, memory, kind, generator, "rand_like", low=0.0, high=1.0)
    return finished(drawn, kind, device or _place(input), requires_grad)


def randn_like(
    input: Any,
    *,
    generator: Generator | None = None,
    dtype: Dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Any:
    """Standard normal numbers in the shape, dtype and place of ``input``.

    >>> import pytorch_tutor as torch
    >>> torch.randn_like(torch.zeros(2, 3, dtype=torch.float64)).dtype
    torch.float64
    """
    memory, kind = _like("randn_like", input, dtype, memory_format, device)
    floating("normal_kernel_cpu", kind, complex_too=True)
    whole = memory.flags.c_contiguous
    std = std_of_parts(1.0, kind)
    drawn = _draw(ops.Normal, memory, kind, generator, "randn_like", mean=0.0, std=std, whole=whole)
    return finished(drawn, kind, device or _place(input), requires_grad)


def randint_like(
    input: Any,
    *args: Any,
    low: Any = None,
    high: Any = None,
    generator: Generator | None = None,
    dtype: Dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Any:
    """Whole numbers from ``low`` (0 if left out) to ``high`` - 1 in the shape, dtype and place of ``input``.

    >>> import pytorch_tutor as torch
    >>> torch.randint_like(torch.zeros(2, 3), 10).dtype
    torch.float32
    """
    given = list(args)
    if high is None and given:
        high = given.pop()
    if low is None and given:
        low = given.pop()
    memory, kind = _like("randint_like", input, dtype, memory_format, device)
    low = 0 if low is None else whole_number("randint_like", "low", 2, low)
    high = whole_number("randint_like", "high", 2 + (len(args) > 1), high)
    check_bounds(low, high, kind)
    drawn = _draw(ops.Random, memory, kind, generator, "randint_like", bounds=(low, high))
    return finished(drawn, kind, device or _place(input), requires_grad)


def _place(tensor: Any) -> Any:
    return None if tensor.device.type == "cpu" else tensor.device


__all__ = [
    "bernoulli", "bernoulli_", "binomial", "cauchy_", "exponential_", "geometric_", "log_normal_", "multinomial",
    "normal", "normal_", "poisson", "rand", "rand_like", "randint", "randint_like", "randn", "randn_like", "random_",
    "randperm", "uniform_",
]  # fmt: skip
