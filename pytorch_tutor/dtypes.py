"""The types of elements, and PyTorch's rules for what comes out when two of them meet."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from .errors import lesson
from .naming import Named


class dtype(metaclass=Named):  # noqa: N801 - PyTorch spells this class in lower case
    """The type of a tensor's elements, printed ``torch.float32``.

    ``array`` is the NumPy type that holds it. ``bfloat16`` has none: it is held in float32 arrays whose values are
    rounded to bfloat16 after every operation, which is how PyTorch computes it on a CPU, too.
    """

    torch_name = "torch.dtype"
    __slots__ = ("array", "is_complex", "is_floating_point", "is_signed", "itemsize", "kind", "name", "rank")

    def __init__(self, name: str, array: str, itemsize: builtins.int) -> None:
        self.name = name
        self.array = np.dtype(array)
        self.itemsize = itemsize
        self.kind = kind = self.array.kind
        self.is_floating_point = kind == "f"
        self.is_complex = kind == "c"
        self.is_signed = kind in "ifc"
        self.rank = "buifc".index(kind) if kind != "u" else 2  # bool 0, integers 2, floats 3, complex 4

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"'torch.dtype' object has no attribute '{name}'")

    @property
    def is_integer(self) -> builtins.bool:
        """Integers of any width; bool is not one."""
        return self.rank == 2

    def to_complex(self) -> dtype:
        """The complex type whose parts have this type."""
        return {float16: complex64, float32: complex64, float64: complex128}.get(self, self)

    def to_real(self) -> dtype:
        """The real type of a complex type's parts."""
        return {complex64: float32, complex128: float64}.get(self, self)


uint8 = dtype("uint8", "u1", 1)
int8 = dtype("int8", "i1", 1)
int16 = dtype("int16", "i2", 2)
int32 = dtype("int32", "i4", 4)
int64 = dtype("int64", "i8", 8)
uint16 = dtype("uint16", "u2", 2)
uint32 = dtype("uint32", "u4", 4)
uint64 = dtype("uint64", "u8", 8)
float16 = dtype("float16", "f2", 2)
bfloat16 = dtype("bfloat16", "f4", 2)
float32 = dtype("float32", "f4", 4)
float64 = dtype("float64", "f8", 8)
complex64 = dtype("complex64", "c8", 8)
complex128 = dtype("complex128", "c16", 16)
bool = dtype("bool", "?", 1)

# PyTorch's older names for the same types.
half, float, double = float16, float32, float64
short, int, long = int16, int32, int64
cfloat, cdouble = complex64, complex128

ALL = (
    uint8, int8, int16, int32, int64, uint16, uint32, uint64, float16, bfloat16, float32, float64, complex64,
    complex128, bool,
)  # fmt: skip
FROM_ARRAY = {d.array: d for d in ALL if d is not bfloat16}
# NumPy's other spellings of the same layouts (on some platforms "long" and "long long" are distinct objects).
FROM_ARRAY.update(
    {np.dtype(np.longlong): int64, np.dtype(np.ulonglong): uint64, np.dtype("l"): FROM_ARRAY[np.dtype("l")]}
)
# What printed error sentences call a type.
SCALAR_NAMES = {
    uint8: "Byte", int8: "Char", int16: "Short", int32: "Int", int64: "Long", uint16: "UInt16", uint32: "UInt32",
    uint64: "UInt64", float16: "Half", bfloat16: "BFloat16", float32: "Float", float64: "Double",
    complex64: "ComplexFloat", complex128: "ComplexDouble", bool: "Bool",
}  # fmt: skip
# What a type is called in C++, which is how some of PyTorch's sentences name it.
C_NAMES = {
    uint8: "unsigned char", int8: "signed char", int16: "short", int32: "int", int64: "long", uint16: "unsigned short",
    uint32: "unsigned int", uint64: "unsigned long", float16: "c10::Half", bfloat16: "c10::BFloat16", float32: "float",
    float64: "double", complex64: "c10::complex<float>", complex128: "c10::complex<double>", bool: "bool",
}  # fmt: skip
# The same, as the compiler writes them out.
TYPE_INFO_NAMES = {**C_NAMES, int64: "long int", int16: "short int", uint16: "short unsigned int"}

# Python's own types, where PyTorch takes them for its: ``torch.zeros(2, dtype=float)``.
_PYTHON = {builtins.float: float64, builtins.int: int64, builtins.bool: bool, builtins.complex: complex128}


def as_dtype(value: Any, function: str) -> dtype:
    """What was given as ``dtype=``, as a dtype; TypeError with PyTorch's sentence where it is none.

    >>> from pytorch_tutor.dtypes import as_dtype
    >>> as_dtype(builtins.float, "zeros")
    torch.float64
    """
    if isinstance(value, dtype):
        return value
    if isinstance(value, type) and value in _PYTHON:
        return _PYTHON[value]
    text = value if isinstance(value, str) else getattr(value, "__name__", "")
    known = next((d for d in ALL if d.name == text), float32)
    raise lesson(
        TypeError(f"{function}(): argument 'dtype' must be torch.dtype, not {type(value).__name__}"),
        expected="a torch.dtype",
        got=repr(value),
        hint=f"dtype={known}",
    )


_default = float32


def get_default_dtype() -> dtype:
    """The floating point type of new tensors.

    >>> import pytorch_tutor as torch
    >>> torch.get_default_dtype()
    torch.float32
    """
    return _default


def set_default_dtype(d: dtype) -> None:
    """Sets the floating point type of tensors made from Python floats.

    >>> import pytorch_tutor as torch
    >>> torch.set_default_dtype(torch.float64)
    >>> torch.tensor(1.0).dtype
    torch.float64
    >>> torch.set_default_dtype(torch.float32)
    """
    global _default
    if not isinstance(d, dtype):
        raise TypeError("invalid dtype object: only floating-point types are supported as the default type")
    if not d.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    _default = d


def of_array(array_dtype: Any) -> dtype:
    """The torch type of a NumPy type; TypeError with PyTorch's sentence where there is none."""
    found = FROM_ARRAY.get(array_dtype)
    if found is None:
        shown = array_dtype.type.__module__ + "." + array_dtype.type.__name__
        raise lesson(
            TypeError(
                f"can't convert np.ndarray of type {shown}. The only supported types are: float64, float32, float16, "
                "complex64, complex128, int64, int32, int16, int8, uint64, uint32, uint16, uint8, and bool."
            ),
            expected="an array of numbers",
            got=f"an array of {array_dtype}",
            hint="array.astype(numpy.float32)",
        )
    return found


def of_number(value: Any) -> dtype:
    """The type PyTorch gives a Python number: bool, int64, the default float, the default complex."""
    if value is True or value is False:
        return bool
    # complex and float are Python's here; the module's own names shadow only torch's spellings
    if isinstance(value, (np.generic,)):
        return of_array(value.dtype)
    kind = value.__class__.__mro__[-2].__name__
    if kind == "int":
        return int64
    if kind == "complex":
        return _default.to_complex()
    return _default


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest type that holds both: the higher of bool < integer < float < complex, and wide enough.

    Unlike NumPy, an integer never widens a float: int64 with float32 is float32.

    >>> import pytorch_tutor as torch
    >>> torch.promote_types(torch.int64, torch.float32)
    torch.float32
    """
    if type1 is type2:
        return type1
    low, high = (type1, type2) if type1.rank <= type2.rank else (type2, type1)
    if low.rank != high.rank and not (low.rank == 3 and high.rank == 4):
        return high
    if low.rank == 4 or high.rank == 4:
        return complex128 if float64 in (low, high) or complex128 in (low, high) else complex64
    if low.rank == 3:
        if {low, high} == {float16, bfloat16}:
            return float32
        if bfloat16 in (low, high):
            return low if high is bfloat16 else high
    elif high.rank == 2 and {low, high} & {uint16, uint32, uint64} and low.array.kind != high.array.kind:
        raise RuntimeError(
            f"Promotion for uint16, uint32, uint64 types is not supported, attempted to promote "
            f"{SCALAR_NAMES[type1]} and {SCALAR_NAMES[type2]}"
        )
    return FROM_ARRAY[np.promote_types(low.array, high.array)]


def can_cast(from_: dtype, to: dtype) -> np.bool | Any:
    """May a result of type ``from_`` be written into a tensor of type ``to``? Never down a category.

    >>> import pytorch_tutor as torch
    >>> torch.can_cast(torch.float64, torch.int32)
    False
    """
    return from_.rank <= to.rank and not (from_.rank > 0 and to.rank == 0)


def narrowed(array: Any, target: Any, order: Any = "K") -> Any:
    """An array as another NumPy type. From float64 to float16 the way leads through float32, as in PyTorch: it rounds twice."""
    if target == np.dtype("f2") and array.dtype.kind == "f" and array.dtype.itemsize == 8:
        array = array.astype("f4")
    return array.astype(target, order=order)


def to_bfloat16(array: Any) -> Any:
    """Rounds float32 values to the nearest bfloat16 (ties to even): the upper 16 bits of a float32."""
    if array.ndim > 1 and not array.flags.c_contiguous and array.__class__ is np.ndarray:
        order = np.argsort([-abs(step) for step in array.strides], kind="stable")  # as it lies in memory, so it stays
        return to_bfloat16(np.ascontiguousarray(array.transpose(order))).transpose(np.argsort(order))
    flat = array.reshape(-1)  # NumPy would turn what has no dimensions into a plain number
    bits = flat.view("u4")
    rounded = ((bits + (((bits >> 16) & 1) + 0x7FFF).astype("u4")) & 0xFFFF0000).astype("u4").view("f4")
    unknown = flat != flat
    if unknown.any():
        rounded[unknown] = np.nan
    return rounded.reshape(array.shape)


class finfo:  # noqa: N801 - PyTorch spells this class in lower case
    """Limits of a floating point type: ``eps``, ``max``, ``min``, ``tiny``, ``smallest_normal``, ``resolution``.

    >>> import pytorch_tutor as torch
    >>> torch.finfo(torch.float32).eps
    1.1920928955078125e-07
    """

    def __init__(self, type: dtype | builtins.type[builtins.float] | None = None) -> None:
        type = _default if type is None else float64 if type is builtins.float else type
        if not isinstance(type, dtype) or not (type.is_floating_point or type.is_complex):
            raise TypeError(
                "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'"
            )
        real = type.to_real()
        self.dtype = real.name
        self.bits = real.itemsize * 8
        if real is bfloat16:
            self.eps, self.max = 0.0078125, 3.3895313892515355e38
            self.min, self.tiny = -self.max, 1.1754943508222875e-38
            self.resolution = 0.01
        else:
            info: Any = np.finfo(real.array)
            self.eps, self.max, self.min = info.eps.item(), info.max.item(), info.min.item()
            self.tiny, self.resolution = info.smallest_normal.item(), 10.0**-info.precision
        self.smallest_normal = self.tiny

    def __repr__(self) -> str:
        number = {"bfloat16": "{:g}"}.get(self.dtype, "{:g}")
        parts = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")
        return "finfo(" + ", ".join(f"{k}={number.format(getattr(self, k))}" for k in parts) + f", dtype={self.dtype})"


class iinfo:  # noqa: N801 - PyTorch spells this class in lower case
    """Limits of an integer type: ``min``, ``max``, ``bits``.

    >>> import pytorch_tutor as torch
    >>> torch.iinfo(torch.int8).max
    127
    """

    def __init__(self, type: dtype) -> None:
        if not isinstance(type, dtype) or type.rank > 2:
            raise TypeError("torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'")
        if type is bool:
            raise TypeError("torch.bool is not supported by torch.iinfo")
        self.dtype = type.name
        self.bits = type.itemsize * 8
        info = np.iinfo(type.array)
        self.min, self.max = info.min, info.max

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
