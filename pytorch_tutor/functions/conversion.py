"""Other types, other places, copies, and the way to NumPy and pickle."""

from __future__ import annotations

import copyreg
import warnings
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import creation, dtypes
from ..backends import to_device
from ..backends.meta import MetaArray
from ..device import device
from ..dispatch import apply, apply_inplace, cast, check_writable
from ..dtypes import SCALAR_NAMES, bfloat16, dtype
from ..errors import lesson
from ..graph import mode
from ..ops import complex as complex_ops
from ..ops import shape as shape_ops
from ..ops.indexing import Fill
from ..python_data import check_fits
from ..tensor_base import TensorBase
from ..warn_once import warn_once


def to(self: Any, *args: Any, **kwargs: Any) -> Any:
    """The tensor as another type or on another device; itself where nothing changes.

    >>> import pytorch_tutor as torch
    >>> torch.tensor([1, 2]).to(torch.float32)
    tensor([1., 2.])
    """
    kind, where = kwargs.pop("dtype", None), kwargs.pop("device", None)
    copy, layout = kwargs.pop("copy", False), kwargs.pop("memory_format", None)
    kwargs.pop("non_blocking", None)
    if "other" in kwargs:
        args = (kwargs.pop("other"), *args)
    if kwargs:
        raise TypeError(f"to() received an invalid combination of arguments - got unexpected {', '.join(kwargs)}")
    kind = None if kind is None else dtypes.as_dtype(kind, "to")
    for position, a in enumerate(args):
        if isinstance(a, (dtype, type)):
            kind = dtypes.as_dtype(a, "to")
        elif isinstance(a, TensorBase):
            kind, where = a.dtype, a.device
        elif isinstance(a, bool):
            copy = a if position == len(args) - 1 and len(args) > 2 else copy
        elif a is not None:
            where = a
    result = self
    if where is not None:
        target = device(where)
        if target.type != self.device.type:
            result = to_device_of(result, target)
    if kind is not None and kind is not self.dtype:
        result = _retyped(result, kind)
    if str(layout) in ("torch.channels_last", "torch.contiguous_format"):
        result = result.contiguous(memory_format=layout)
    return result.clone() if copy and result is self else result


def to_device_of(self: Any, target: device) -> Any:
    """A copy on another device; AssertionError with PyTorch's sentence where there is none."""
    if isinstance(self._array, MetaArray):
        raise lesson(
            NotImplementedError("Cannot copy out of meta tensor; no data!"),
            expected="a tensor that has numbers",
            got="one of the meta device, which has only a shape and a type",
            hint="torch.empty_like(x, device='cpu')",
        )
    return apply(shape_ops.ToDevice, self, target=target, move=to_device)


def _retyped(self: Any, kind: dtype) -> Any:
    result = apply(shape_ops.ToCopy, self, array_type=kind.array)
    if kind is bfloat16:
        result._array = dtypes.to_bfloat16(result._array)
        result._dtype = bfloat16
    elif result._dtype is not None:
        result._dtype = None
        if result._array is self._array:
            result._array = result._array.copy()
    return result


def _typed(kind: dtype, name: str) -> Callable[..., Any]:
    def convert(self: Any, memory_format: Any = None) -> Any:
        if self.dtype is not kind:
            return _retyped(self, kind)
        if memory_format is None or str(memory_format) == "torch.preserve_format":
            return self
        return self if self.is_contiguous(memory_format=memory_format) else self.clone(memory_format=memory_format)

    convert.__name__ = name
    convert.__doc__ = f"The tensor as {kind}."
    return convert


float_, double, half = (
    _typed(dtypes.float32, "float"), _typed(dtypes.float64, "double"), _typed(dtypes.float16, "half")
)  # fmt: skip
bfloat16_, bool_, byte = (
    _typed(dtypes.bfloat16, "bfloat16"), _typed(dtypes.bool, "bool"), _typed(dtypes.uint8, "byte")
)  # fmt: skip
char, short = _typed(dtypes.int8, "char"), _typed(dtypes.int16, "short")
int_, long = _typed(dtypes.int32, "int"), _typed(dtypes.int64, "long")
cfloat, cdouble = _typed(dtypes.complex64, "cfloat"), _typed(dtypes.complex128, "cdouble")


def type_of(self: Any, kind: Any = None) -> Any:
    """PyTorch's old name of the type ("torch.FloatTensor"), or the tensor as another type."""
    if kind is None:
        place = "cuda." if self.device.type == "cuda" else ""
        return f"torch.{place}{SCALAR_NAMES[self.dtype]}Tensor"
    if isinstance(kind, str):
        wanted = kind.rsplit(".", 1)[-1]
        for d, name in SCALAR_NAMES.items():
            if wanted == f"{name}Tensor":
                return to(self, d)
        raise ValueError(f"invalid type: '{kind}'")
    kind = getattr(kind, "scalar_type", kind)
    if isinstance(kind, type):
        raise ValueError(f"invalid type: '{kind.__name__}'")
    if not isinstance(kind, dtype):
        raise lesson(TypeError("dtype must be a type, str, or dtype object"), expected="torch.float32", got=repr(kind))
    return to(self, kind)


def type_as(self: Any, other: Any) -> Any:
    """The tensor in the type of another."""
    return to(self, other.dtype)


def cpu(self: Any, memory_format: Any = None) -> Any:
    """The tensor in the computer's own memory."""
    return to(self, "cpu")


def cuda(self: Any, device: Any = None, non_blocking: bool = False, memory_format: Any = None) -> Any:
    """The tensor on a GPU."""
    return to(self, "cuda" if device is None else device)


def pin_memory(self: Any) -> Any:
    """The tensor itself: page-locked memory pays only with a GPU."""
    return self


def resolve(self: Any) -> Any:
    """The tensor itself: nothing is put off here that would have to be resolved."""
    return self


def conj(self: Any) -> Any:
    """The complex conjugate; a real tensor is its own."""
    return apply(complex_ops.Conj, self) if self.dtype.is_complex else self


def real(self: Any) -> Any:
    """The real part, as a view; a real tensor is its own."""
    return apply(complex_ops.Real, self) if self.dtype.is_complex else self


def imag(self: Any) -> Any:
    """The imaginary part, as a view."""
    if not self.dtype.is_complex:
        raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")
    return apply(complex_ops.Imag, self)


def numpy(self: Any, force: bool = False) -> Any:
    """A NumPy array that shares the tensor's memory."""
    if isinstance(self._array, MetaArray):
        raise TypeError(
            "can't convert meta device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first."
        )
    if mode.grad and not force and self.requires_grad:
        raise lesson(
            RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."),
            expected="a tensor that does not require grad",
            got="one that does: writing to the array would go unnoticed by the graph",
            hint="x.detach().numpy()",
        )
    if self.device.type != "cpu":
        if not force:
            raise lesson(
                TypeError(
                    f"can't convert {self.device} device type tensor to numpy. Use Tensor.cpu() to copy the tensor to "
                    "host memory first."
                ),
                hint="x.cpu().numpy()",
            )
        return cpu(self).settle()
    if self._dtype is bfloat16:
        raise lesson(TypeError("Got unsupported ScalarType BFloat16"), hint="x.float().numpy()")
    return self.settle()


def deepcopy(self: Any, memo: dict[int, Any]) -> Any:
    """A copy with its own memory; only leaves can be copied, results belong to their graph."""
    if id(self) in memo:
        return memo[id(self)]
    if self.grad_fn is not None:
        raise lesson(
            RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment."
                "  If you were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm "
                "usage, see https://github.com/pytorch/pytorch/pull/103001"
            ),
            hint="x.detach().clone()",
        )
    copied = object.__new__(type(self))
    for name, value in self.__dict__.items():
        if name not in ("_accumulator", "_version_counter", "_base", "_backward_hooks", "_grad"):
            copied.__dict__[name] = value
    copied._array = self.settle().copy(order="K")
    memo[id(self)] = copied
    if self._grad is not None:
        copied._grad = deepcopy(self._grad.detach(), memo)
    return copied


def as_subclass(self: Any, cls: Any) -> Any:
    """The same memory and history as an instance of ``cls``."""
    if not isinstance(cls, type):
        raise TypeError(f"cls must be a type (got {type(cls).__name__})")
    if not issubclass(cls, TensorBase):
        raise RuntimeError(
            "Creating a Tensor subclass from a class that does not inherit from Tensor is not possible. Make sure your class "
            "inherits from Tensor."
        )
    found = apply(shape_ops.Alias, self)
    found.__class__ = cls
    return found


def rebuild(cls: type, array: Any, tag: dtype | None, requires_grad: bool) -> Any:
    """A tensor from what ``reduce`` stored."""
    tensor: Any = object.__new__(cls)
    tensor.__dict__["_array"] = array
    if tag is not None:
        tensor.__dict__["_dtype"] = tag
    tensor.__dict__["_requires_grad"] = requires_grad
    return tensor


def reduce(self: Any) -> Any:
    """What pickle needs: the class, the array, the type, whether it requires grad, and attributes of the user's."""
    if self.grad_fn is not None:
        warnings.warn("pickling a result keeps its numbers, not its history", UserWarning, stacklevel=3)
    array = cpu(self).settle() if self.device.type != "cpu" else self.settle()
    extra = {name: value for name, value in self.__dict__.items() if name != "_array" and not hasattr(TensorBase, name)}
    return rebuild, (type(self), array, self._dtype, self._requires_grad), extra or None


def new_tensor(self: Any, data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
    """A tensor of the data, in this tensor's type and place."""
    if isinstance(data, TensorBase):
        return to(data.detach().clone(), dtype or self.dtype)
    return creation.tensor(data, dtype=dtype or self.dtype, device=device or self.device, requires_grad=requires_grad)


def _new(self: Any, kw: dict[str, Any]) -> dict[str, Any]:
    kw.setdefault("dtype", None)
    kw["dtype"] = kw["dtype"] or self.dtype
    kw["device"] = kw.get("device") or self.device
    kw.pop("layout", None)
    kw.pop("pin_memory", None)
    return kw


def new_zeros(self: Any, *size: Any, **kw: Any) -> Any:
    """Zeros in this tensor's type and place."""
    return creation.zeros(*size, **_new(self, kw))


def new_ones(self: Any, *size: Any, **kw: Any) -> Any:
    """Ones in this tensor's type and place."""
    return creation.ones(*size, **_new(self, kw))


def new_empty(self: Any, *size: Any, **kw: Any) -> Any:
    """Uninitialised memory in this tensor's type and place."""
    return creation.empty(*size, **_new(self, kw))


def new_empty_strided(self: Any, size: Any, stride: Any, **kw: Any) -> Any:
    """Uninitialised memory with given sizes and strides, in this tensor's type and place."""
    return creation.empty_strided(size, stride, **_new(self, kw))


def new_full(self: Any, size: Any, fill_value: Any, **kw: Any) -> Any:
    """One number in this tensor's type and place."""
    return creation.full(size, fill_value, **_new(self, kw))


def new(self: Any, *args: Any) -> Any:
    """PyTorch's old ``x.new(sizes)`` or ``x.new(data)``."""
    if len(args) == 1 and isinstance(args[0], (list, tuple, np.ndarray)):
        return new_tensor(self, args[0])
    return new_empty(self, *(args or (0,)))


def fill_(self: Any, value: Any) -> Any:
    """Sets every element to a number; history begins anew, since nothing of the old value is left."""
    check_writable(self, overlap=True)  # the same number may be written to the same place twice
    if mode.grad and self.edge() is not None:
        return apply_inplace(Fill, self, value)
    check_fits(value, self.dtype)
    self._array[...] = cast(value, self.dtype)
    if self._dtype is bfloat16:
        self._array[...] = dtypes.to_bfloat16(self._array)
    self.version.n += 1
    return self


def resize_(self: Any, size: tuple[int, ...]) -> Any:
    """Another shape; new memory if the old does not suffice."""
    if self.requires_grad:
        raise RuntimeError("cannot resize variables that require grad")
    if tuple(size) == self._array.shape:
        return self
    count = int(np.prod(size))
    flat = self.settle().reshape(-1)
    if flat.size < count:
        flat = np.concatenate([flat, creation.blank((count - flat.size,), self.dtype)])
    self._array = flat[:count].reshape(size)
    self.version.n += 1
    return self


def reshaping(function: Callable[..., Any]) -> Callable[..., Any]:
    """The in-place form of a function that gives a view: the tensor itself takes the new shape."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        seen = function(self, *args, **kwargs)
        self.version.n += 1
        self._array, self._grad_fn, self._output_nr = seen._array, seen._grad_fn, seen._output_nr
        return self

    method.__name__ = f"{function.__name__}_"
    method.__doc__ = f"In-place version of ``{function.__name__}``."
    return method


def no_number() -> RuntimeError:
    """Inside vmap: a tensor has no number of its own, it stands for those of all examples."""
    return lesson(
        RuntimeError(
            "vmap: It looks like you're calling .item() on a Tensor. We don't support vmap over calling .item() on a Tensor, "
            "please try to rewrite what you're doing with other operations. If error is occurring somewhere inside PyTorch "
            "internals, please file a bug report."
        ),
        expected="operations on tensors",
        got=".item(), which is another number for each example",
    )


def no_decision() -> RuntimeError:
    """Inside vmap: one way cannot be taken for some examples and another for the rest."""
    return lesson(
        RuntimeError(
            "vmap: It looks like you're attempting to use a Tensor in some data-dependent control flow. We don't support that "
            "yet, please file an issue at https://github.com/pytorch/pytorch/issues ."
        ),
        expected="the same operations for all examples",
        got="a decision by the value of one",
        hint="torch.where(condition, a, b)",
    )


def retain_grad(self: Any) -> None:
    """Keeps a result's gradient in ``.grad``, as leaves do."""
    if not self.requires_grad:
        raise lesson(
            RuntimeError("can't retain_grad on Tensor that has requires_grad=False"), hint="x.requires_grad_()"
        )
    node = self.grad_fn
    if node is not None:
        if node.retained is None:
            node.retained = {}
        node.retained[self._output_nr] = weakref.ref(self)


def warn_scalar() -> None:
    """The warning for a Python number out of a tensor that records its history: the number has none."""
    warn_once(
        "scalars",
        "Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior.\n"
        "Consider using tensor.detach() first.",
        stacklevel=3,
    )


def warn_non_leaf_grad() -> None:
    """The warning for reading ``.grad`` of a result."""
    warnings.warn(
        "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be "
        "populated during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf Tensor, "
        "use .retain_grad() on the non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure you access "
        "the leaf Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more information.",
        UserWarning,
        stacklevel=3,
    )


copyreg.pickle(dtype, lambda d: (_dtype_named, (d.name,)))


def _dtype_named(name: str) -> dtype:
    return next(d for d in dtypes.ALL if d.name == name)
