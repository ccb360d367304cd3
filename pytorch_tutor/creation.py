"""New tensors: from Python values, from arrays, and filled by a rule."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from .backends import namespace
from .backends.coo import Coo
from .device import default_device, device
from .dtypes import as_dtype, bfloat16, dtype, get_default_dtype, of_array, of_number
from .errors import lesson, no_memory
from .graph import mode
from .graph.mode import everywhere
from .ops.base import order_like
from .outputs import check_memory, check_type, fit
from .promotion import cast
from .python_data import array_of, check_fits
from .tensor_base import TensorBase, wrap


def get_default_device() -> device:
    """Where new tensors go if nobody says."""
    return default_device.current


def set_default_device(d: Any) -> None:
    """Sets where new tensors go if nobody says."""
    default_device.current = device("cpu") if d is None else device(d)


def _place(array: Any, dev: Any, requires_grad: bool, tag: dtype | None = None) -> Any:
    """A tensor around an array, on a device, as a leaf."""
    tensor = wrap(array, tag)
    if mode.inference:
        tensor._inference = True
    where = default_device.current if dev is None else device(dev)
    if where.type != "cpu":
        tensor = tensor.to(where)
    if requires_grad is not False:
        _require(tensor, requires_grad)
    return tensor


def _require(tensor: Any, wanted: bool) -> None:
    """Sets ``requires_grad`` on a tensor just made; RuntimeError for integers."""
    if wanted is not True:
        raise TypeError(f"argument 'requires_grad' must be bool, not {type(wanted).__name__}")
    if tensor.dtype.rank < 3:
        raise lesson(
            RuntimeError("Only Tensors of floating point and complex dtype can require gradients"),
            expected="a floating point dtype",
            got=str(tensor.dtype),
            hint="dtype=torch.float32",
        )
    tensor.requires_grad = True


def _shape(args: tuple[Any, ...], name: str, size: Any = None) -> tuple[int, ...]:
    if size is not None:
        args = (size,)
    if len(args) == 1 and isinstance(args[0], (tuple, list)):
        args = tuple(args[0])
    for place, n in enumerate(args):
        if not hasattr(n, "__index__") or isinstance(n, float) or not place and isinstance(n, bool):
            kind = type(n).__name__
            if place:
                text = f"failed to unpack the object at pos {place + 1} with error "
                text += f'"type must be tuple of ints,but got {kind}"'
            else:
                text = "(position 1) must be tuple of ints, "
                text += f"not {kind}" if len(args) == 1 else f"but found element of type {kind} at pos 0"
            raise lesson(
                TypeError(f"{name}(): argument 'size' {text}"),
                expected="whole numbers",
                got=f"{n!r}, a {kind}",
                hint=f"{name}(2, 3)",
            )
        if n < 0:
            shown = [int(k) for k in args]
            text = f"Trying to create tensor with negative dimension {n}: {shown}"
            raise lesson(
                RuntimeError("zeros: Dimension size must be non-negative." if name == "zeros" else text),
                expected="sizes from 0 upwards",
                got=n,
            )
    return tuple([n.__index__() for n in args])


def blank(shape: Any, kind: dtype) -> Any:
    """Memory for an array. Nothing is written to it, unless deterministic algorithms are asked for: then nan, or the
    largest number.

    Raises:
        RuntimeError: there is not enough memory, or nobody can have so much.
    """
    try:
        array = np.empty(shape, kind.array)
    except MemoryError as error:
        raise no_memory(error) from None
    except ValueError:
        raise RuntimeError(f"Storage size calculation overflowed with sizes={list(shape)}") from None
    if everywhere.deterministic and everywhere.fill_memory:
        fill_blank(array)
    return array


def fill_blank(array: Any) -> None:
    """Writes what deterministic algorithms find in memory that nobody has written to."""
    kind = array.dtype
    array[...] = np.nan if kind.kind in "fc" else True if kind.kind == "b" else np.iinfo(kind).max


def _filled(name: str, args: tuple[Any, ...], value: Any, kw: dict[str, Any]) -> Any:
    out = kw.get("out")
    kind = get_default_dtype() if kw.get("dtype") is None else as_dtype(kw["dtype"], name)
    shape = _shape(args, name, kw.get("size"))
    if str(kw.get("layout")) == "torch.sparse_coo" and not value:  # zeros need no place in a list
        nothing = Coo(np.zeros((len(shape), 0), np.int64), np.zeros(0, kind.array), shape, True)
        return _place(nothing, kw.get("device"), kw.get("requires_grad", False), None)
    array = blank(shape, kind)
    if value is not None:
        array[...] = cast(value, kind)
    if out is not None:
        if kw.get("dtype") is not None:
            check_type(kind, out.dtype, "zeros")
        from_out = wrap(array.astype(out._array.dtype))
        return _into(out, from_out)
    tag = kind if kind is bfloat16 else None
    return _place(array, kw.get("device"), kw.get("requires_grad", False), tag)


def _into(out: Any, result: Any, function: str = "zeros") -> Any:
    if not isinstance(out, TensorBase):
        raise TypeError(f"argument 'out' must be Tensor, not {type(out).__name__}")
    fit(out, result._array.shape)
    check_memory(out, function, ())
    out._array[...] = result._array
    out.version.n += 1
    return out


def zeros(
    *sizes: Any, size: Any = None, out: Any = None, names: Any = None, dtype: Any = None, layout: Any = None,
    device: Any = None, requires_grad: bool = False, pin_memory: bool = False,
) -> Any:  # fmt: skip
    """A tensor of zeros.

    >>> import pytorch_tutor as torch
    >>> torch.zeros(2, 3)
    tensor([[0., 0., 0.],
            [0., 0., 0.]])
    """
    keywords = {"size": size, "out": out, "dtype": dtype, "device": device, "requires_grad": requires_grad}
    return _filled("zeros", sizes, 0, keywords | {"layout": layout})


def ones(
    *sizes: Any, size: Any = None, out: Any = None, names: Any = None, dtype: Any = None, layout: Any = None,
    device: Any = None, requires_grad: bool = False, pin_memory: bool = False,
) -> Any:  # fmt: skip
    """A tensor of ones.

    >>> import pytorch_tutor as torch
    >>> torch.ones(3)
    tensor([1., 1., 1.])
    """
    keywords = {"size": size, "out": out, "dtype": dtype, "device": device, "requires_grad": requires_grad}
    return _filled("ones", sizes, 1, keywords)


def empty(
    *sizes: Any, size: Any = None, out: Any = None, names: Any = None, dtype: Any = None, layout: Any = None,
    device: Any = None, requires_grad: bool = False, pin_memory: bool = False, memory_format: Any = None,
) -> Any:  # fmt: skip
    """A tensor whose elements are whatever was in memory."""
    keywords = {"size": size, "out": out, "dtype": dtype, "device": device, "requires_grad": requires_grad}
    made = _filled("empty", sizes, None, keywords)
    return made if memory_format is None or out is not None else made.to(memory_format=memory_format)


def full(
    size: Any, fill_value: Any, *, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A tensor filled with one number, whose type decides the tensor's.

    >>> import pytorch_tutor as torch
    >>> torch.full((2,), 7)
    tensor([7, 7])
    """
    if isinstance(fill_value, TensorBase):
        fill_value = fill_value.item()
    if not isinstance(size, (list, tuple)):
        raise TypeError(f"full(): argument 'size' (position 1) must be tuple of ints, not {type(size).__name__}")
    kind = as_dtype(dtype, "full") if dtype is not None else of_number(fill_value) if out is None else out.dtype
    check_fits(fill_value, kind)
    return _filled(
        "full", (size,), fill_value, {"out": out, "dtype": kind, "device": device, "requires_grad": requires_grad}
    )


def _like(name: str, input: Any, value: Any, kw: dict[str, Any]) -> Any:
    array = input._array
    kind = input.dtype if kw.get("dtype") is None else as_dtype(kw["dtype"], name)
    if isinstance(array, Coo):  # zeros need no place in a list
        if value:
            raise NotImplementedError("Could not run 'aten::fill_.Scalar' with arguments from the 'SparseCPU' backend.")
        return wrap(Coo(array.indices[:, :0], array.values[:0].astype(kind.array), array.shape, True))
    settled = input.settle()
    out = namespace(array).empty_like(settled, dtype=kind.array, order=order_like(settled))
    if value is not None:
        out[...] = cast(value, kind)
    elif everywhere.deterministic and everywhere.fill_memory:
        fill_blank(out)
    tag = kind if kind is bfloat16 else None
    tensor = wrap(out, tag)
    if mode.inference:
        tensor._inference = True
    if kw.get("device") is not None:
        if tensor.is_meta:  # the copy has numbers of its own, so it can go anywhere
            tensor._array = out.view(np.ndarray)
        tensor = tensor.to(kw["device"])
    if kw.get("requires_grad"):
        _require(tensor, kw["requires_grad"])
    return tensor


def zeros_like(
    input: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None,
) -> Any:  # fmt: skip
    """Zeros in the shape and type of another tensor."""
    return _like("zeros_like", input, 0, {"dtype": dtype, "device": device, "requires_grad": requires_grad})


def ones_like(
    input: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None,
) -> Any:  # fmt: skip
    """Ones in the shape and type of another tensor."""
    return _like("ones_like", input, 1, {"dtype": dtype, "device": device, "requires_grad": requires_grad})


def empty_like(
    input: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = None,
) -> Any:  # fmt: skip
    """Uninitialised memory in the shape and type of another tensor."""
    return _like("empty_like", input, None, {"dtype": dtype, "device": device, "requires_grad": requires_grad})


def full_like(
    input: Any, fill_value: Any, *, dtype: Any = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False, memory_format: Any = None,
) -> Any:  # fmt: skip
    """One number in the shape and type of another tensor."""
    if isinstance(fill_value, TensorBase):
        fill_value = fill_value.item()
    check_fits(fill_value, input.dtype if dtype is None else as_dtype(dtype, "full_like"))
    return _like("full_like", input, fill_value, {"dtype": dtype, "device": device, "requires_grad": requires_grad})


def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False, pin_memory: bool = False
) -> Any:
    """A tensor with a copy of the data: a number, nested lists, or an array.

    Whole numbers give int64, numbers with a point the default float type.

    >>> import pytorch_tutor as torch
    >>> torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    tensor([[1., 2.],
            [3., 4.]])
    """
    dtype = None if dtype is None else as_dtype(dtype, "tensor")
    if isinstance(data, TensorBase):
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
            "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=2,
        )
        copied = data.detach().clone()
        copied = copied if dtype is None else copied.to(dtype)
        copied = copied if device is None else copied.to(device)
        copied.requires_grad = requires_grad
        return copied
    array, kind = array_of(data, dtype)
    if requires_grad and kind.rank < 3:
        raise lesson(
            RuntimeError("Only Tensors of floating point and complex dtype can require gradients"),
            expected="numbers with a decimal point",
            got=str(kind),
            hint="torch.tensor([1., 2.], requires_grad=True)",
        )
    return _place(array, device, requires_grad, kind if kind is bfloat16 else None)


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Any:
    """A tensor that shares the data's memory where it can: tensors and arrays are not copied without need."""
    dtype = None if dtype is None else as_dtype(dtype, "as_tensor")
    if isinstance(data, TensorBase):
        result = data if dtype is None else data.to(dtype)
    elif isinstance(data, np.ndarray):
        result = from_numpy(data) if dtype is None else from_numpy(data).to(dtype)
    else:
        result = tensor(data, dtype=dtype)
    return result if device is None else result.to(device)


def asarray(
    obj: Any, *, dtype: Any = None, device: Any = None, copy: bool | None = None, requires_grad: bool = False
) -> Any:
    """Like ``as_tensor``, with ``copy`` to insist on one or forbid it."""
    made = as_tensor(obj, dtype, device)
    if copy:
        made = made.clone().detach()
    if requires_grad:
        made.requires_grad = True
    return made


def from_numpy(ndarray: Any) -> Any:
    """A tensor that shares its memory with a NumPy array: writing to one writes to the other.

    >>> import numpy, pytorch_tutor as torch
    >>> a = numpy.zeros(2)
    >>> t = torch.from_numpy(a)
    >>> a[0] = 1
    >>> t
    tensor([1., 0.], dtype=torch.float64)
    """
    if not isinstance(ndarray, np.ndarray):
        raise lesson(
            TypeError(f"expected np.ndarray (got {type(ndarray).__name__})"),
            expected="a numpy.ndarray",
            got=type(ndarray).__name__,
            hint="torch.tensor(data)",
        )
    of_array(ndarray.dtype)
    if any(s < 0 for s in ndarray.strides):
        raise lesson(
            ValueError(
                "At least one stride in the given numpy array is negative, and tensors with negative strides are not "
                "currently supported. (You can probably work around this by making a copy of your array  with "
                "array.copy().) "
            ),
            hint="torch.from_numpy(a.copy())",
        )
    if not ndarray.flags.writeable:
        warnings.warn(
            "The given NumPy array is not writable, and PyTorch does not support non-writable tensors. This means "
            "writing to this tensor will result in undefined behavior. You may want to copy the array to protect its "
            "data or make it writable before converting it to a tensor. This type of warning will be suppressed for "
            "the rest of this program.",
            UserWarning,
            stacklevel=2,
        )
    return wrap(ndarray.view(np.ndarray))


def frombuffer(buffer: Any, *, dtype: Any, count: int = -1, offset: int = 0, requires_grad: bool = False) -> Any:
    """A tensor that shows the bytes of a buffer (of bfloat16 a copy: the engine holds it in four bytes).

    Raises:
        ValueError: no buffer, an empty one, or one that does not hold so many whole elements.
    """
    try:
        length = memoryview(buffer).nbytes
    except TypeError:
        raise ValueError("object does not implement Python buffer protocol.") from None
    if not length or not count:
        raise ValueError(f"both buffer length ({length}) and count ({count}) must not be 0")
    if not 0 <= offset < length:
        raise ValueError(
            f"offset ({offset} bytes) must be non-negative and no greater than buffer length ({length} bytes) minus 1"
        )
    if count < 0 and (length - offset) % dtype.itemsize:
        raise ValueError(
            f"buffer length ({length - offset} bytes) after offset ({offset} bytes) must be a multiple of element size "
            f"({dtype.itemsize})"
        )
    if count * dtype.itemsize > length - offset:
        raise ValueError(
            f"requested buffer length ({count} * {dtype.itemsize} bytes) after offset ({offset} bytes) must not be greater "
            f"than actual buffer length ({length} bytes)"
        )
    if dtype is bfloat16:  # the upper half of a float32
        halves = np.frombuffer(buffer, "u2", max(count, -1), offset)
        made = wrap((halves.astype("u4") << 16).view("f4"), bfloat16)
    else:
        made = wrap(np.frombuffer(buffer, dtype.array, max(count, -1), offset))
    made.requires_grad = requires_grad
    return made


def empty_strided(
    size: Sequence[int], stride: Sequence[int], *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Any:
    """Uninitialised memory with given sizes and strides."""
    if len(size) != len(stride):
        raise RuntimeError(
            f"dimensionality of sizes ({len(size)}) must match dimensionality of strides ({len(stride)})"
        )
    if any(n < 0 for n in size):
        negative = next(n for n in size if n < 0)
        raise RuntimeError(f"Trying to create tensor with negative dimension {negative}: {list(size)}")
    if all(size) and any(s < 0 for s in stride):  # would reach memory before its own
        raise RuntimeError(f"Storage size calculation overflowed with sizes={list(size)} and strides={list(stride)}")
    kind = dtype or get_default_dtype()
    count = 1 + sum((n - 1) * s for n, s in zip(size, stride, strict=True)) if all(size) else 1
    memory = blank((count,), kind)
    steps = tuple(s * memory.itemsize for s in stride)
    array = np.lib.stride_tricks.as_strided(memory, tuple(size), steps)
    return _place(array, device, requires_grad, kind if kind is bfloat16 else None)


def empty_permuted(
    size: Sequence[int], physical_layout: Sequence[int], *, dtype: Any = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False, pin_memory: bool = False,
) -> Any:  # fmt: skip
    """Uninitialised memory without gaps, whose dimensions lie in the order of ``physical_layout``, outermost first.

    >>> import pytorch_tutor as torch
    >>> torch.empty_permuted((2, 3, 5, 7), (0, 2, 3, 1)).stride()
    (105, 1, 21, 3)
    """
    n = len(size)
    if len(physical_layout) != n:
        raise RuntimeError(
            "Number of dimensions in size does not match the length of the physical_layout; i.e. len(size) = "
            f"{n} is not equal to len(physical_layout) = {len(physical_layout)}"
        )
    for place, d in enumerate(physical_layout):
        if not 0 <= d < n:
            raise RuntimeError(
                f"Dimension out of range (expected to be between 0 and {n - 1}, but got {d} at index {place}).  NB: "
                "negative dims not currently supported; file an issue if you want it."
            )
    if len(set(physical_layout)) < n:
        raise RuntimeError("Duplicate dim not allowed")
    kind = get_default_dtype() if dtype is None else as_dtype(dtype, "empty_permuted")
    memory = blank([size[d] for d in physical_layout], kind)
    array = memory.transpose([list(physical_layout).index(d) for d in range(n)])
    return _place(array, device, requires_grad, kind if kind is bfloat16 else None)


def scalar_tensor(s: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """A zero-dimensional tensor of a number."""
    return tensor(s, dtype=dtype or get_default_dtype(), device=device, requires_grad=requires_grad)
