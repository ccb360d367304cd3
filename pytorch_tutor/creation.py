"""New tensors: from Python values, from arrays, and filled by a rule."""

from __future__ import annotations

import builtins
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from .backends import namespace
from .device import CPU, device
from .dtypes import as_dtype, bfloat16, dtype, get_default_dtype, of_array, of_number, to_bfloat16
from .errors import lesson
from .graph import mode
from .ops.base import order_like
from .tensor_base import TensorBase, wrap

SEQUENCES = (list, tuple, builtins.range, np.ndarray)


class default_device:  # noqa: N801 - reads like PyTorch's function
    """Where new tensors go if nobody says."""

    current = CPU


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
    if requires_grad:
        tensor.requires_grad = True
    return tensor


def _shape(args: tuple[Any, ...], name: str, size: Any = None) -> tuple[int, ...]:
    if size is not None:
        args = (size,)
    if len(args) == 1 and isinstance(args[0], (tuple, list)):
        args = tuple(args[0])
    for place, n in enumerate(args):
        if not hasattr(n, "__index__") or isinstance(n, float):
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


def _filled(name: str, args: tuple[Any, ...], value: Any, kw: dict[str, Any]) -> Any:
    out = kw.get("out")
    kind = get_default_dtype() if kw.get("dtype") is None else as_dtype(kw["dtype"], name)
    shape = _shape(args, name, kw.get("size"))
    array = np.empty(shape, kind.array) if value is None else np.full(shape, value, kind.array)
    if out is not None:
        from_out = wrap(array.astype(out._array.dtype))
        return _into(out, from_out)
    tag = kind if kind is bfloat16 else None
    return _place(array, kw.get("device"), kw.get("requires_grad", False), tag)


def _into(out: Any, result: Any) -> Any:
    if not isinstance(out, TensorBase):
        raise TypeError(f"argument 'out' must be Tensor, not {type(out).__name__}")
    if out._array.shape != result._array.shape:
        out._array = np.empty(result._array.shape, out._array.dtype)
    out._array[...] = result._array
    out.version.n += 1
    return out


def zeros(
    *size: Any, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: bool = False,
    pin_memory: bool = False,
) -> Any:  # fmt: skip
    """A tensor of zeros.

    >>> import pytorch_tutor as torch
    >>> torch.zeros(2, 3)
    tensor([[0., 0., 0.],
            [0., 0., 0.]])
    """
    return _filled("zeros", size, 0, {"out": out, "dtype": dtype, "device": device, "requires_grad": requires_grad})


def ones(
    *size: Any, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: bool = False,
    pin_memory: bool = False,
) -> Any:  # fmt: skip
    """A tensor of ones.

    >>> import pytorch_tutor as torch
    >>> torch.ones(3)
    tensor([1., 1., 1.])
    """
    return _filled("ones", size, 1, {"out": out, "dtype": dtype, "device": device, "requires_grad": requires_grad})


def empty(
    *size: Any, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: bool = False,
    pin_memory: bool = False, memory_format: Any = None,
) -> Any:  # fmt: skip
    """A tensor whose elements are whatever was in memory."""
    return _filled("empty", size, None, {"out": out, "dtype": dtype, "device": device, "requires_grad": requires_grad})


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
    kind = of_number(fill_value) if dtype is None else dtype
    return _filled(
        "full", (size,), fill_value, {"out": out, "dtype": kind, "device": device, "requires_grad": requires_grad}
    )


def _like(name: str, input: Any, value: Any, kw: dict[str, Any]) -> Any:
    array = input._array
    kind = input.dtype if kw.get("dtype") is None else as_dtype(kw["dtype"], name)
    settled = input.settle()
    out = np.empty_like(settled, kind.array, order_like(settled), False) if array.__class__ is np.ndarray else None
    if out is None:
        out = namespace(array).empty_like(array, dtype=kind.array, order=order_like(array))
    if value is not None:
        out[...] = value
    tag = kind if kind is bfloat16 else None
    tensor = wrap(out, tag)
    if mode.inference:
        tensor._inference = True
    if kw.get("device") is not None:
        tensor = tensor.to(kw["device"])
    if kw.get("requires_grad"):
        tensor.requires_grad = True
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
    array, kind = _array(data, dtype)
    if requires_grad and kind.rank < 3:
        raise lesson(
            RuntimeError("Only Tensors of floating point and complex dtype can require gradients"),
            expected="numbers with a decimal point",
            got=str(kind),
            hint="torch.tensor([1., 2.], requires_grad=True)",
        )
    return _place(array, device, requires_grad, kind if kind is bfloat16 else None)


def _array(data: Any, kind: dtype | None) -> tuple[Any, dtype]:
    """A fresh array of the data, and the type that PyTorch would give it."""
    if isinstance(data, (np.ndarray, np.generic)):
        found = of_array(data.dtype) if kind is None else kind
        array = np.array(data, dtype=found.array)
        return (to_bfloat16(array) if found is bfloat16 else array), found
    if hasattr(data, "__array__") and not isinstance(data, (list, tuple)):
        return _array(np.asarray(data), kind)
    _check_data(data)
    if isinstance(data, (list, tuple)) and data and _has_tensors(data):
        data = _plain(data)
    found = kind or _guess(data)
    try:
        if found.rank in (0, 2):
            raw = np.array(data) if _depth_ok(data) else np.array(data, dtype=found.array)
            array = (
                raw.astype(found.array) if raw.dtype.kind in "biuf" and raw.size else np.array(data, dtype=found.array)
            )
        else:
            array = np.array(data, dtype=found.array)
    except OverflowError:
        raise RuntimeError(f"value cannot be converted to type {_c_name(found)} without overflow") from None
    return (to_bfloat16(array) if found is bfloat16 else array), found


def _c_name(kind: dtype) -> str:
    return {"int64": "int64_t", "int32": "int32_t", "int16": "int16_t", "int8": "int8_t", "uint8": "uint8_t"}.get(
        kind.name, kind.name
    )


def _depth_ok(data: Any) -> bool:
    return isinstance(data, (list, tuple, int, float, bool))


def _has_tensors(data: Any) -> bool:
    if isinstance(data, TensorBase):
        return True
    return isinstance(data, (list, tuple)) and any(_has_tensors(x) for x in data)


def _plain(data: Any) -> Any:
    """Nested lists in which tensors of one element have become numbers."""
    if isinstance(data, TensorBase):
        return data.item() if data.dim() == 0 else data.tolist()
    return [_plain(x) for x in data] if isinstance(data, (list, tuple)) else data


def _check_data(data: Any, depth: int = 0) -> None:
    """ValueError or TypeError with PyTorch's sentences for ragged lists and things that are no numbers."""
    if isinstance(data, (bool, int, float, complex, np.generic, TensorBase)):
        return
    if isinstance(data, str):
        raise lesson(TypeError("new(): invalid data type 'str'"), expected="numbers", got=repr(data))
    if not isinstance(data, SEQUENCES):
        if not depth:
            raise lesson(
                RuntimeError(f"Could not infer dtype of {type(data).__name__}"), expected="numbers", got=repr(data)
            )
        raise lesson(
            RuntimeError(f"Could not infer dtype of {type(data).__name__}"), expected="numbers", got=repr(data)
        )
    first: Any = data
    if depth == 0:
        while isinstance(first, SEQUENCES) and len(first):
            first = first[0]
        if isinstance(first, str) and first:  # a text is a sequence of texts, and so on without end
            raise lesson(ValueError("too many dimensions 'str'"), expected="numbers", got=repr(first))
    lengths = [_length(x) for x in data]
    if lengths and any(n != lengths[0] for n in lengths):
        first = lengths[0]
        place = next(i for i, n in enumerate(lengths) if n != first)
        if first is None or lengths[place] is None:
            what = type(data[place]).__name__ if first is None else "sequence"
            raise lesson(
                TypeError("len() of unsized object" if lengths[place] is None else f"must be real number, not {what}")
            )
        raise lesson(
            ValueError(f"expected sequence of length {first} at dim {depth + 1} (got {lengths[place]})"),
            expected=f"{first} elements in every row",
            got=f"{lengths[place]} in row {place}",
        )
    for x in data:
        if not isinstance(x, (int, float)):
            _check_data(x, depth + 1)


def _length(x: Any) -> int | None:
    if isinstance(x, TensorBase):
        return x.size(0) if x.dim() else None
    return len(x) if isinstance(x, SEQUENCES) and getattr(x, "ndim", None) != 0 else None


def _guess(data: Any) -> dtype:
    """bool, int64, the default float or complex type: the highest that occurs."""
    if isinstance(data, TensorBase):
        return data.dtype
    if isinstance(data, np.ndarray):
        return of_array(data.dtype)
    if not isinstance(data, SEQUENCES[:3]):
        return of_number(data)
    best: dtype | None = None
    for x in data:
        found = _guess(x)
        if best is None or found.rank > best.rank or (found.rank == best.rank and found.itemsize > best.itemsize):
            best = found
    return get_default_dtype() if best is None else best


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
    """A tensor that shows the bytes of a buffer."""
    made = wrap(np.frombuffer(buffer, dtype.array, count, offset))
    made.requires_grad = requires_grad
    return made


def empty_strided(
    size: Sequence[int], stride: Sequence[int], *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Any:
    """Uninitialised memory with given sizes and strides."""
    kind = dtype or get_default_dtype()
    count = 1 + sum((n - 1) * s for n, s in zip(size, stride, strict=True)) if all(size) else 1
    memory = np.empty(count, kind.array)
    steps = tuple(s * memory.itemsize for s in stride)
    return _place(np.lib.stride_tricks.as_strided(memory, tuple(size), steps), device, requires_grad)


def scalar_tensor(s: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """A zero-dimensional tensor of a number."""
    return tensor(s, dtype=dtype or get_default_dtype(), device=device, requires_grad=requires_grad)
