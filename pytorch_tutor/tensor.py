"""``torch.Tensor``: attributes first, then one line per method, naming the function that documents it."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from . import creation, engine, history, python_data
from .arguments import refuse_call, speaking
from .device import CPU, device
from .dispatch import apply, apply_inplace, check_writable, write_over
from .dtypes import bfloat16, dtype, get_default_dtype, narrowed, to_bfloat16
from .errors import lesson
from .functions import (
    activation,
    arithmetic,
    by_python,
    comparison,
    composed,
    conversion,
    copies,
    distances,
    exchange,
    gathering,
    histograms,
    indexing,
    lengths,
    matrices,
    matrix,
    number,
    placing,
    random_fill,
    reduction,
    removed,
    sampling,
    sharing,
    sorting,
    sparse,
    sparse_rules,
    special,
    spectra,
    statistics,
    unary,
    weighted,
)  # fmt: skip
from .functions import shape as shapes
from .functions.complex import angle
from .graph import Hooks, mode
from .layouts import strided
from .naming import Named
from .ops import arithmetic as arithmetic_ops
from .ops import shape as shape_ops
from .ops.indexing import Fill
from .overriding import foreign, install, keep_class, takes_over
from .printing import tensor_format, tensor_repr
from .size import Size
from .tensor_base import TensorBase, wrap

NUMBERS = (int, float, complex, np.generic)
OPERANDS = (TensorBase, *NUMBERS)


def named(method: Any, name: str, symbol: str, how: str) -> Any:
    """An operator's method with its name and its documentation."""
    method.__name__ = name
    method.__qualname__ = f"Tensor.{name}"
    method.__doc__ = f"``self {symbol} other``, {how}."
    return method


def inplace(function: Callable[..., Any]) -> Callable[..., Any]:
    """The method that writes a function's result over the tensor it is called on: ``exp_`` from ``exp``."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        check_writable(self)
        return write_over(self, function(self, *args, **kwargs))

    method.__name__ = f"{function.__name__}_"
    method.__doc__ = f"In-place version of ``{function.__name__}``: the result replaces the tensor's elements."
    return method


def operator(
    function: Callable[[Any, Any], Any], symbol: str, name: str, takes: Any = OPERANDS
) -> Callable[[Any, Any], Any]:
    """The method of an operator, from a function of two operands."""

    def method(self: Any, other: Any) -> Any:
        return function(self, other) if isinstance(other, takes) else foreign(self, other, name)

    return named(method, name, symbol, "element by element")


def binary(op: type[Any], symbol: str, name: str) -> Callable[[Any, Any], Any]:
    """The same, straight to its op: the shortest way, because it is taken most often."""

    def method(self: Any, other: Any) -> Any:
        return apply(op, self, other) if isinstance(other, OPERANDS) else foreign(self, other, name)

    return named(method, name, symbol, "element by element")


def reflected(operator: Callable[[Any, Any], Any], name: str) -> Callable[[Any, Any], Any]:
    """The operator as its right operand sees it, ``__radd__`` from ``__add__``; called by hand, it checks its owner."""

    def method(self: Any, other: Any) -> Any:
        if not isinstance(self, TensorBase):
            kind = type(self).__name__
            raise TypeError(f"descriptor '{name}' for 'torch._C.TensorBase' objects doesn't apply to a '{kind}' object")
        return operator(self, other)

    method.__name__ = name
    method.__doc__ = operator.__doc__
    return method


def inplace_binary(op: type[Any], symbol: str, name: str) -> Callable[[Any, Any], Any]:
    """``self += other`` and its kin."""

    def method(self: Any, other: Any) -> Any:
        return apply_inplace(op, self, other) if isinstance(other, OPERANDS) else foreign(self, other, name)

    return named(method, name, symbol, "written over ``self``")


@speaking
class Tensor(TensorBase, metaclass=Named):
    """A multi-dimensional array of numbers of one type, which can remember how it was computed.

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    tensor([2., 4.])
    """

    apply_sparse = staticmethod(sparse_rules.apply_sparse)
    torch_name = "torch.Tensor"
    write_history = staticmethod(history.write_history)
    regenerate = staticmethod(history.regenerate)
    __array_priority__ = 1000  # NumPy's operators leave mixed expressions to ours
    layout: Any = property(lambda self: strided)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if takes_over(cls) and not cls.__module__.startswith(__package__):
            install()

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """What functions do with instances of subclasses: they run, and their tensors become instances of the subclass.

        >>> import pytorch_tutor as torch
        >>> class Celsius(torch.Tensor):
        ...     pass
        >>> Celsius([20.5, 21.0]) + 1
        Celsius([21.5000, 22.0000])
        """
        return keep_class(cls, func, types, args, kwargs)

    def as_subclass(self, cls: Any) -> Any:
        """The same numbers and history as an instance of a subclass of ``Tensor``."""
        return conversion.as_subclass(self, cls)

    @staticmethod
    def _make_subclass(cls: Any, data: Any, require_grad: builtins.bool = False) -> Any:
        return conversion.as_subclass(data.detach(), cls).requires_grad_(require_grad)

    def __new__(cls, *args: Any, device: Any = None, **named: Any) -> Any:
        """PyTorch's old constructor: sizes give uninitialised memory, a sequence gives its numbers, as floats."""
        self = object.__new__(cls)
        refuse_call("Tensor.new", args, named)
        args = args or tuple(named.values())
        if len(args) == 1 and isinstance(args[0], TensorBase):
            source = args[0].detach()
            self._array, self._dtype = source._array, source._dtype
        elif len(args) == 1 and "size" not in named and (args[0] is True or not isinstance(args[0], (Size, int))):
            python_data.sequence(args[0])
            self._array = creation.tensor(args[0], dtype=get_default_dtype())._array
        elif args or cls is Tensor:
            self._array = creation.empty(*(args or (0,)))._array
        return self

    # -- what it is
    @property
    def shape(self) -> Size:
        """The size of each dimension."""
        return Size(self._array.shape)

    def size(self, dim: int | None = None) -> Any:
        """The shape, or the size of one dimension."""
        if dim is None:
            return Size(self._array.shape)
        return self._array.shape[shape_ops.axis_of(dim, self._array.ndim)]

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return int(self._array.ndim)

    def dim(self) -> int:
        """The number of dimensions."""
        return int(self._array.ndim)

    ndimension = dim

    def numel(self) -> int:
        """The number of elements."""
        return int(self._array.size)

    nelement = numel

    def element_size(self) -> int:
        """Bytes per element."""
        return self.dtype.itemsize

    @property
    def itemsize(self) -> int:
        """Bytes per element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.numel() * self.dtype.itemsize

    def stride(self, dim: int | None = None) -> Any:
        """How many elements further in memory the next one of each dimension lies."""
        array = self.settle()
        found = [s // array.itemsize for s in array.strides]
        for d in builtins.range(array.ndim - 1, -1, -1):  # NumPy leaves strides of sizes 0 and 1 open
            if not array.size or array.shape[d] <= 1 and not found[d]:
                found[d] = found[d + 1] * max(array.shape[d + 1], 1) if d + 1 < array.ndim else 1
        return tuple(found) if dim is None else found[shape_ops.axis_of(dim, array.ndim)]

    def is_contiguous(self, memory_format: Any = None) -> bool:
        """Do the elements lie in memory in order?"""
        array = self.settle()
        if str(memory_format) == "torch.channels_last":
            return array.ndim == 4 and bool(array.transpose(0, 2, 3, 1).flags.c_contiguous)
        return bool(array.flags.c_contiguous)

    def data_ptr(self) -> int:
        """The address of the first element."""
        return int(self.settle().__array_interface__["data"][0])

    def _memory(self) -> Any:
        root = self.settle()
        while True:
            below = root.base
            if below is not None and not isinstance(below, np.ndarray):
                below = getattr(below, "base", None)  # as_strided puts an object of its own between
            if not isinstance(below, np.ndarray):
                return root
            root = below

    def storage_offset(self) -> int:
        """How many elements after the start of its memory the tensor begins."""
        start = self._memory().__array_interface__["data"][0]
        return (self.data_ptr() - int(start)) // int(self._array.itemsize)

    def untyped_storage(self) -> Any:
        """The memory that the tensor shows, shared by its views."""
        return Storage(self._memory(), self.dtype, typed=False)

    def storage(self) -> Any:
        """The memory that the tensor shows, shared by its views."""
        return Storage(self._memory(), self.dtype, typed=True)

    def is_floating_point(self) -> bool:
        """Are the elements floats?"""
        return self.dtype.is_floating_point

    def is_complex(self) -> bool:
        """Are the elements complex numbers?"""
        return self.dtype.is_complex

    def is_signed(self) -> bool:
        """Can the elements be negative?"""
        return self.dtype.is_signed

    is_cuda = property(lambda self: self.device.type == "cuda")
    is_cpu = property(lambda self: self.device.type == "cpu")
    is_meta = property(lambda self: self.device.type == "meta")
    is_mps = is_xpu = is_quantized = is_nested = is_mkldnn = property(lambda self: False)
    is_sparse = is_sparse_csr = property(lambda self: False)

    def is_pinned(self) -> bool:
        """Is the memory page-locked? Never here."""
        return False

    def _is_view(self) -> bool:
        """Does it show another tensor's memory?"""
        return self._base is not None

    def is_inference(self) -> bool:
        """Was the tensor made in inference mode?"""
        return self._inference

    def get_device(self) -> int:
        """The number of the GPU, -1 on the CPU."""
        return -1 if self.device.index is None else self.device.index

    @property
    def T(self) -> Any:  # noqa: N802 - PyTorch's name
        """The dimensions in reverse order."""
        return shapes.permute(self, *reversed(builtins.range(self._array.ndim)))

    mT = property(lambda self: matrices.matrix_transpose(self, "mT"))
    H = property(lambda self: matrices.matrix_transpose(self, "H").conj())
    mH = property(lambda self: matrices.matrix_transpose(self, "mH").conj())
    real = property(conversion.real)
    imag = property(conversion.imag)

    # -- its history
    @property
    def data(self) -> Any:
        """The same memory without history; assigning replaces the memory."""
        return self._bare()

    @data.setter
    def data(self, value: Any) -> None:
        if not isinstance(value, TensorBase):
            raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
        if self.requires_grad and value.dtype.rank < 3:
            raise RuntimeError("data set to a tensor that requires gradients must be floating point or complex dtype")
        self._array, self._dtype = value.settle(), value._dtype

    @property
    def _version(self) -> int:
        """How often the memory has been written in place."""
        if self._inference:
            raise RuntimeError("Inference tensors do not track version counter.")
        return self.version.n

    def _bare(self) -> Any:
        return wrap(self.settle(), self._dtype)

    def detach(self) -> Any:
        """The same memory, cut off from the history: no gradient flows through."""
        found = wrap(self.settle(), self._dtype)
        found._version_counter = self.version
        found._inference = self._inference
        return found

    def detach_(self) -> Any:
        """Cuts the tensor itself off from its history."""
        if self._base is not None:
            raise RuntimeError(
                "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for "
                "training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence "
                "detach_() cannot be called on these gradients. To fix this error, please refer to the "
                "Optimizer.zero_grad() function in torch/optim/optimizer.py as the solution."
            )
        self._grad_fn, self._requires_grad, self._output_nr = None, False, 0
        return self

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """Sets ``requires_grad`` and returns the tensor."""
        if not isinstance(requires_grad, builtins.bool):
            kind = type(requires_grad).__name__
            raise TypeError(f"requires_grad_(): argument 'requires_grad' (position 1) must be bool, not {kind}")
        if self.grad_fn is None or not requires_grad:  # a result that requires grad stays as it is
            if requires_grad and self.dtype.rank < 3:
                raise lesson(
                    RuntimeError("only Tensors of floating point dtype can require gradients"),
                    expected="a floating point dtype",
                    got=str(self.dtype),
                    hint="x.float().requires_grad_()",
                )
            self.requires_grad = requires_grad
        return self

    def backward(
        self, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False, inputs: Any = None
    ) -> None:
        """Computes the gradient of this tensor with respect to every leaf and adds it to the leaves' ``.grad``.

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor(3.0, requires_grad=True)
        >>> (w**2).backward()
        >>> w.grad
        tensor(6.)
        """
        engine.backward(self, gradient, retain_graph, create_graph, inputs=inputs)

    @property
    def output_nr(self) -> int:
        """Which result of its ``grad_fn`` this tensor is."""
        return self._output_nr

    @property
    def grad(self) -> Any:
        """The gradient that backward passes have added up, or None."""
        if self._grad is None and self._grad_fn is not None and not self.retains_grad:
            conversion.warn_non_leaf_grad()
        return self._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        TensorBase.grad.fset(self, value)  # type: ignore[attr-defined]

    @grad.deleter
    def grad(self) -> None:
        self._grad = None

    def retain_grad(self) -> None:
        """Keeps this result's gradient in ``.grad``, as leaves do."""
        conversion.retain_grad(self)

    @property
    def retains_grad(self) -> bool:
        """Is this a result that keeps its gradient?"""
        node = self._grad_fn
        ref = None if node is None or node.retained is None else node.retained.get(self._output_nr)
        return ref is not None and ref() is self

    def register_hook(self, hook: Callable[[Any], Any]) -> Any:
        """Calls ``hook(grad)`` when this tensor's gradient is computed; what it returns replaces the gradient."""
        if not self.requires_grad:
            raise lesson(
                RuntimeError("cannot register a hook on a tensor that doesn't require gradient"),
                hint="x.requires_grad_()",
            )
        node = self.grad_fn
        if node is None:
            if self._backward_hooks is None:
                self._backward_hooks = Hooks()
            return self._backward_hooks.add(hook)
        if node.tensor_hooks is None:
            node.tensor_hooks = {}
        return node.tensor_hooks.setdefault(self._output_nr, Hooks()).add(hook)

    def register_post_accumulate_grad_hook(self, hook: Callable[[Any], Any]) -> Any:
        """Calls ``hook(tensor)`` after a gradient was added to this leaf's ``.grad``."""
        if self.grad_fn is not None:
            raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
        if not self.requires_grad:
            raise lesson(
                RuntimeError("cannot register a hook on a tensor that doesn't require gradient"),
                hint="x.requires_grad_()",
            )
        if self._post_accumulate_hooks is None:
            self._post_accumulate_hooks = Hooks()
        return self._post_accumulate_hooks.add(hook)

    # -- to Python and NumPy, and back
    def numpy(self, *, force: bool = False) -> Any:
        """A NumPy array that shares the tensor's memory."""
        return conversion.numpy(self, force)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        array = self.numpy()
        return array if dtype is None else array.astype(dtype, copy=False)

    def __dlpack__(
        self, *, stream: Any = -1, max_version: Any = None, dl_device: Any = None, copy: builtins.bool | None = None
    ) -> Any:
        """A capsule that shows the memory, for another array library."""
        return exchange.export(self, stream, max_version, dl_device, copy)

    def __dlpack_device__(self) -> Any:
        """The kind of device and its number, as DLPack counts them."""
        return exchange.device_of(self)

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: builtins.bool = False) -> Any:
        """What NumPy's functions made of a tensor is a tensor again."""
        return creation.from_numpy(np.asarray(array.astype("u1") if array.dtype.kind == "b" else array))

    def item(self) -> Any:
        """The one element as a Python number."""
        if self._mapped:
            raise conversion.no_number()
        if self._array.size != 1:
            raise lesson(
                RuntimeError(f"a Tensor with {self._array.size} elements cannot be converted to Scalar"),
                expected="a tensor with one element",
                got=f"shape {tuple(self._array.shape)}",
                hint="x[0].item()  or  x.mean().item()  or  x.tolist()",
            )
        if self.is_meta:
            raise RuntimeError("Tensor.item() cannot be called on meta tensors")
        return self._array.item()

    def tolist(self) -> Any:
        """The elements as nested Python lists."""
        if self._mapped:
            raise RuntimeError("Cannot access data pointer of Tensor that doesn't have storage")
        return self.cpu()._array.tolist()

    def __bool__(self) -> bool:
        if self._mapped:
            raise conversion.no_decision()
        if self._array.size != 1:
            what = "no values" if self._array.size == 0 else "more than one value"
            raise lesson(
                RuntimeError(f"Boolean value of Tensor with {what} is ambiguous"),
                expected="a tensor with one element",
                got=f"shape {tuple(self._array.shape)}",
                hint="(a == b).all()  or  .any()",
            )
        return bool(self._array.item())

    def __int__(self) -> int:
        return int(self._only())

    def __float__(self) -> float:
        if self.requires_grad:
            conversion.warn_scalar()
        return float(self._only())

    def __complex__(self) -> complex:
        if self.requires_grad:
            conversion.warn_scalar()
        return complex(self._only())

    def _only(self) -> Any:
        """The one element, for Python's own conversions."""
        if self._mapped:
            raise conversion.no_number()
        if self._array.size != 1:
            raise lesson(
                ValueError("only one element tensors can be converted to Python scalars"),
                expected="a tensor with one element",
                got=f"shape {tuple(self._array.shape)}",
                hint="x[0].item()  or  x.mean().item()  or  x.tolist()",
            )
        return self._array.item()

    def __index__(self) -> int:
        if self._array.size != 1 or self.dtype.rank > 2:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self._array.item())

    def __len__(self) -> int:
        if self._array.ndim == 0:
            raise lesson(TypeError("len() of a 0-d tensor"), hint="x.numel()")
        return int(self._array.shape[0])

    def __iter__(self) -> Iterator[Any]:
        if self._array.ndim == 0:
            raise lesson(TypeError("iteration over a 0-d tensor"), hint="x.item()")
        return iter(shapes.unbind(self))

    def __reversed__(self) -> Any:
        return shapes.flip(self, 0) if self._array.ndim else self

    apply_, map_, map2_ = by_python.apply_, by_python.map_, by_python.map2_

    def __contains__(self, element: Any) -> bool:
        if isinstance(element, (TensorBase, *NUMBERS)):
            return bool((self._array == (element._array if isinstance(element, TensorBase) else element)).any())
        raise RuntimeError(f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element)}.")

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self, *, tensor_contents: str | None = None) -> str:
        return tensor_repr(self, tensor_contents)

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return tensor_format(self, spec)

    def __dir__(self) -> list[str]:
        return sorted(set(super().__dir__()))

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return conversion.deepcopy(self, memo)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return conversion.reduce(self)

    # -- other types and places
    def to(self, *args: Any, **kwargs: Any) -> Any:
        """The tensor as another type or on another device; itself where nothing changes."""
        return conversion.to(self, *args, **kwargs)

    def type(self, dtype: Any = None, non_blocking: bool = False) -> Any:
        """The name of the type, or the tensor as another type."""
        return conversion.type_of(self, dtype)

    type_as = conversion.type_as
    float, double, half = conversion.float_, conversion.double, conversion.half
    bfloat16, bool, byte = conversion.bfloat16_, conversion.bool_, conversion.byte
    char, short, int, long = conversion.char, conversion.short, conversion.int_, conversion.long
    cfloat, cdouble = conversion.cfloat, conversion.cdouble
    cpu, cuda, pin_memory = conversion.cpu, conversion.cuda, conversion.pin_memory
    conj_physical_ = inplace(conversion.conj)
    angle = angle
    conj, conj_physical, resolve_conj, resolve_neg = (
        conversion.conj, conversion.conj, conversion.resolve, conversion.resolve
    )  # fmt: skip
    share_memory_, is_shared = sharing.share_memory_, sharing.is_shared
    new_tensor, new_zeros, new_ones = conversion.new_tensor, conversion.new_zeros, conversion.new_ones
    new_empty_strided = conversion.new_empty_strided
    new_empty, new_full, new = conversion.new_empty, conversion.new_full, conversion.new

    # -- in place
    def copy_(self, src: Any, non_blocking: builtins.bool = False) -> Any:
        """Copies the elements of ``src`` into this tensor."""
        check_writable(self)
        if not isinstance(src, TensorBase):
            src = wrap(np.asarray(src))
        if sparse.is_sparse(src):
            raise RuntimeError(
                "copy_() between dense and sparse Tensors is not implemented! Found self type = "
                f"{self.type()} and src type = {src.type()}"
            )
        if src.is_meta and not self.is_meta:
            raise NotImplementedError("Cannot copy out of meta tensor; no data!")
        if not mode.grad or (self.edge() is None and src.edge() is None):
            if src._array.shape != self._array.shape and shape_ops.np_cannot(src._array.shape, self._array.shape):
                raise shape_ops.broadcast_error(self._array.shape, src._array.shape)
            source = src._array
            if source.dtype.kind == "c" and self._array.dtype.kind != "c":
                source = source.real
            self._array[...] = source if source.dtype == self._array.dtype else narrowed(source, self._array.dtype)
            if self._dtype is bfloat16 and src._dtype is not bfloat16:
                self._array[...] = to_bfloat16(self._array)
            self.version.n += 1
            return self
        result = apply(shape_ops.Copy, self, src)
        return write_over(self, result)

    def fill_(self, value: Any) -> Any:
        """Sets every element to one number."""
        if isinstance(value, TensorBase):
            if value._array.ndim:
                raise RuntimeError(
                    f"fill_ only supports 0-dimension value tensor but got tensor with {value._array.ndim} dimensions."
                )
            return apply_inplace(Fill, self, value)
        return conversion.fill_(self, value)

    def zero_(self) -> Any:
        """Sets every element to 0."""
        conversion.fill_(self, 0)
        if isinstance(self._grad_fn, Fill):
            self._grad_fn.node_name = "ZeroBackward0"
        return self

    def set_(self, source: Any) -> Any:
        """Shows the memory of another tensor."""
        self._array, self._dtype = source._array, source._dtype
        return self

    def resize_(self, *sizes: Any, memory_format: Any = None) -> Any:
        """Another shape; new memory if the old does not suffice."""
        return conversion.resize_(self, shapes.sizes(sizes))

    def resize_as_(self, other: Any, memory_format: Any = None) -> Any:
        """The shape of another tensor; new memory if the old does not suffice."""
        return conversion.resize_(self, tuple(other._array.shape))

    def __getitem__(self, index: Any) -> Any:
        return indexing.getitem(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        indexing.setitem(self, index, value)

    # -- operators
    __add__, __mul__ = binary(arithmetic_ops.Add, "+", "__add__"), binary(arithmetic_ops.Mul, "*", "__mul__")
    __radd__, __rmul__ = reflected(__add__, "__radd__"), reflected(__mul__, "__rmul__")
    __iadd__ = inplace_binary(arithmetic_ops.Add, "+=", "__iadd__")
    __imul__ = inplace_binary(arithmetic_ops.Mul, "*=", "__imul__")
    __truediv__ = binary(arithmetic_ops.Div, "/", "__truediv__")
    __itruediv__ = inplace_binary(arithmetic_ops.Div, "/=", "__itruediv__")

    __sub__ = operator(arithmetic.sub, "-", "__sub__")
    __rsub__ = operator(arithmetic.rsub, "-", "__rsub__")

    def __isub__(self, other: Any) -> Any:
        return self.sub_(other)

    def __rdiv__(self, other: Any) -> Any:
        inverse = self.reciprocal()
        return inverse * other

    __rtruediv__ = operator(__rdiv__, "/", "__rtruediv__")
    __floordiv__ = operator(arithmetic.floor_divide, "//", "__floordiv__")
    __rfloordiv__ = operator(
        lambda self, other: arithmetic.floor_divide(arithmetic.number(other), self), "//", "__rfloordiv__"
    )
    __mod__ = operator(arithmetic.remainder, "%", "__mod__")
    __rmod__ = operator(lambda self, other: arithmetic.remainder(other, self), "%", "__rmod__")
    __pow__ = operator(arithmetic.pow, "**", "__pow__")
    __rpow__ = operator(lambda self, other: arithmetic.pow(other, self), "**", "__rpow__")
    __matmul__ = operator(matrix.matmul, "@", "__matmul__", takes=TensorBase)
    __rmatmul__ = operator(lambda self, other: matrix.matmul(other, self), "@", "__rmatmul__", takes=TensorBase)

    def __neg__(self) -> Any:
        return unary.neg(self)

    def __pos__(self) -> Any:
        return unary.positive(self)

    def __abs__(self) -> Any:
        return unary.abs(self)

    def __invert__(self) -> Any:
        if self.dtype.rank > 2:
            raise lesson(
                TypeError("~ (operator.invert) is only implemented on integer and Boolean-type tensors"),
                expected="a bool or integer tensor",
                got=str(self.dtype),
                hint="~(x > 0)  or  1 - x",
            )
        return comparison.bitwise_not(self)

    __eq__ = operator(comparison.eq, "==", "__eq__")
    __ne__ = operator(comparison.ne, "!=", "__ne__")
    __lt__, __le__ = operator(comparison.lt, "<", "__lt__"), operator(comparison.le, "<=", "__le__")
    __gt__, __ge__ = operator(comparison.gt, ">", "__gt__"), operator(comparison.ge, ">=", "__ge__")

    __and__ = operator(comparison.bitwise_and, "&", "__and__")
    __or__ = operator(comparison.bitwise_or, "|", "__or__")
    __xor__ = operator(comparison.bitwise_xor, "^", "__xor__")
    __rand__, __ror__ = reflected(__and__, "__rand__"), reflected(__or__, "__ror__")
    __rxor__ = reflected(__xor__, "__rxor__")
    __lshift__ = operator(comparison.bitwise_left_shift, "<<", "__lshift__")
    __rshift__ = operator(comparison.bitwise_right_shift, ">>", "__rshift__")
    __rlshift__ = operator(
        lambda self, other: comparison.bitwise_left_shift(other, self), "<<", "__rlshift__", takes=NUMBERS
    )
    __rrshift__ = operator(
        lambda self, other: comparison.bitwise_right_shift(other, self), ">>", "__rrshift__", takes=NUMBERS
    )

    # -- unary
    exp = unary.exp
    exp2 = unary.exp2
    expm1 = unary.expm1
    log = unary.log
    log2 = unary.log2
    log10 = unary.log10
    log1p = unary.log1p
    sqrt = unary.sqrt
    rsqrt = unary.rsqrt
    reciprocal = unary.reciprocal
    sin = unary.sin
    cos = unary.cos
    tan = unary.tan
    asin = unary.asin
    acos = unary.acos
    atan = unary.atan
    sinh = unary.sinh
    cosh = unary.cosh
    tanh = unary.tanh
    asinh = unary.asinh
    acosh = unary.acosh
    atanh = unary.atanh
    sigmoid = unary.sigmoid
    relu, prelu, hardshrink = activation.relu, activation.prelu, activation.hardshrink
    softmax, log_softmax = activation.softmax, activation.log_softmax
    erf = unary.erf
    erfc = unary.erfc
    abs = unary.abs
    neg = unary.neg
    sign = unary.sign
    floor = unary.floor
    ceil = unary.ceil
    trunc = unary.trunc
    frac = unary.frac
    square = unary.square
    round = unary.round
    clamp = unary.clamp
    clamp_min = unary.clamp_min
    clamp_max = unary.clamp_max
    logit = unary.logit
    nan_to_num = unary.nan_to_num
    deg2rad = unary.deg2rad
    rad2deg = unary.rad2deg
    absolute = unary.absolute
    negative = unary.negative
    fix = unary.fix
    clip = unary.clip
    arcsin = unary.arcsin
    arccos = unary.arccos
    arctan = unary.arctan
    arcsinh = unary.arcsinh
    arccosh = unary.arccosh
    arctanh = unary.arctanh
    exp_ = inplace(unary.exp)
    exp2_ = inplace(unary.exp2)
    expm1_ = inplace(unary.expm1)
    log_ = inplace(unary.log)
    log2_ = inplace(unary.log2)
    log10_ = inplace(unary.log10)
    log1p_ = inplace(unary.log1p)
    sqrt_ = inplace(unary.sqrt)
    rsqrt_ = inplace(unary.rsqrt)
    reciprocal_ = inplace(unary.reciprocal)
    sin_ = inplace(unary.sin)
    cos_ = inplace(unary.cos)
    tan_ = inplace(unary.tan)
    asin_ = inplace(unary.asin)
    acos_ = inplace(unary.acos)
    atan_ = inplace(unary.atan)
    sinh_ = inplace(unary.sinh)
    cosh_ = inplace(unary.cosh)
    tanh_ = inplace(unary.tanh)
    asinh_ = inplace(unary.asinh)
    acosh_ = inplace(unary.acosh)
    atanh_ = inplace(unary.atanh)
    sigmoid_ = inplace(unary.sigmoid)
    relu_ = activation.relu_
    erf_ = inplace(unary.erf)
    erfc_ = inplace(unary.erfc)
    abs_ = inplace(unary.abs)
    neg_ = inplace(unary.neg)
    sign_ = inplace(unary.sign)
    floor_ = inplace(unary.floor)
    ceil_ = inplace(unary.ceil)
    trunc_ = inplace(unary.trunc)
    frac_ = inplace(unary.frac)
    square_ = inplace(unary.square)
    round_ = inplace(unary.round)
    clamp_ = unary.clamp_
    clamp_min_ = inplace(unary.clamp_min)
    clamp_max_ = inplace(unary.clamp_max)
    logit_ = inplace(unary.logit)
    nan_to_num_ = inplace(unary.nan_to_num)
    deg2rad_ = inplace(unary.deg2rad)
    rad2deg_ = inplace(unary.rad2deg)
    absolute_ = inplace(unary.absolute)
    negative_ = inplace(unary.negative)
    fix_ = inplace(unary.fix)
    clip_ = unary.clamp_
    arcsin_ = inplace(unary.arcsin)
    arccos_ = inplace(unary.arccos)
    arctan_ = inplace(unary.arctan)
    arcsinh_ = inplace(unary.arcsinh)
    arccosh_ = inplace(unary.arccosh)
    arctanh_ = inplace(unary.arctanh)

    # -- arithmetic
    add = arithmetic.add
    sub = arithmetic.sub
    mul = arithmetic.mul
    div = arithmetic.div
    floor_divide = arithmetic.floor_divide
    remainder = arithmetic.remainder
    fmod = arithmetic.fmod
    pow = arithmetic.pow
    atan2 = arithmetic.atan2
    hypot = arithmetic.hypot
    xlogy = arithmetic.xlogy
    copysign = arithmetic.copysign
    lerp = arithmetic.lerp
    addcmul = arithmetic.addcmul
    addcdiv = arithmetic.addcdiv
    subtract = arithmetic.subtract
    multiply = arithmetic.multiply
    divide = arithmetic.divide
    true_divide = arithmetic.true_divide
    arctan2 = arithmetic.arctan2
    add_ = inplace(arithmetic.add)
    sub_ = inplace(arithmetic.sub)
    mul_ = inplace(arithmetic.mul)
    div_ = inplace(arithmetic.div)
    floor_divide_ = inplace(arithmetic.floor_divide)
    remainder_ = inplace(arithmetic.remainder)
    fmod_ = inplace(arithmetic.fmod)
    pow_ = inplace(arithmetic.pow)
    __ipow__, __imod__, __ifloordiv__ = pow_, remainder_, floor_divide_
    atan2_ = inplace(arithmetic.atan2)
    hypot_ = inplace(arithmetic.hypot)
    xlogy_ = inplace(arithmetic.xlogy)
    copysign_ = inplace(arithmetic.copysign)
    lerp_ = inplace(arithmetic.lerp)
    addcmul_ = inplace(arithmetic.addcmul)
    addcdiv_ = inplace(arithmetic.addcdiv)
    subtract_ = inplace(arithmetic.subtract)
    multiply_ = inplace(arithmetic.multiply)
    divide_ = inplace(arithmetic.divide)
    true_divide_ = inplace(arithmetic.true_divide)
    arctan2_ = inplace(arithmetic.arctan2)

    # -- arithmetic
    maximum = arithmetic.maximum
    minimum = arithmetic.minimum
    fmax = arithmetic.fmax
    fmin = arithmetic.fmin
    logaddexp = arithmetic.logaddexp
    logaddexp2 = arithmetic.logaddexp2
    rsub = arithmetic.rsub

    # -- comparison
    eq = comparison.eq
    ne = comparison.ne
    lt = comparison.lt
    le = comparison.le
    gt = comparison.gt
    ge = comparison.ge
    logical_and = comparison.logical_and
    logical_or = comparison.logical_or
    logical_xor = comparison.logical_xor
    logical_not = comparison.logical_not
    bitwise_and = comparison.bitwise_and
    bitwise_or = comparison.bitwise_or
    bitwise_xor = comparison.bitwise_xor
    bitwise_not = comparison.bitwise_not
    bitwise_left_shift = comparison.bitwise_left_shift
    bitwise_right_shift = comparison.bitwise_right_shift
    not_equal = comparison.not_equal
    less = comparison.less
    less_equal = comparison.less_equal
    greater = comparison.greater
    greater_equal = comparison.greater_equal
    eq_ = inplace(comparison.eq)
    ne_ = inplace(comparison.ne)
    lt_ = inplace(comparison.lt)
    le_ = inplace(comparison.le)
    gt_ = inplace(comparison.gt)
    ge_ = inplace(comparison.ge)
    logical_and_ = inplace(comparison.logical_and)
    logical_or_ = inplace(comparison.logical_or)
    logical_xor_ = inplace(comparison.logical_xor)
    logical_not_ = inplace(comparison.logical_not)
    bitwise_and_ = inplace(comparison.bitwise_and)
    bitwise_or_ = inplace(comparison.bitwise_or)
    bitwise_xor_ = inplace(comparison.bitwise_xor)
    bitwise_not_ = inplace(comparison.bitwise_not)
    bitwise_left_shift_ = inplace(comparison.bitwise_left_shift)
    bitwise_right_shift_ = inplace(comparison.bitwise_right_shift)
    __iand__, __ior__, __ixor__ = bitwise_and_, bitwise_or_, bitwise_xor_
    __ilshift__, __irshift__ = bitwise_left_shift_, bitwise_right_shift_
    not_equal_ = inplace(comparison.not_equal)
    less_ = inplace(comparison.less)
    less_equal_ = inplace(comparison.less_equal)
    greater_ = inplace(comparison.greater)
    greater_equal_ = inplace(comparison.greater_equal)

    # -- comparison
    isnan = comparison.isnan
    isinf = comparison.isinf
    isfinite = comparison.isfinite
    isposinf = comparison.isposinf
    isneginf = comparison.isneginf
    isreal = comparison.isreal
    signbit = comparison.signbit
    isclose = comparison.isclose
    allclose = comparison.allclose
    equal = comparison.equal
    is_nonzero = comparison.is_nonzero

    # -- reduction
    cumsum = reduction.cumsum
    cumprod = reduction.cumprod
    cumsum_ = inplace(reduction.cumsum)
    cumprod_ = inplace(reduction.cumprod)

    # -- reduction
    sum = reduction.sum
    nansum = reduction.nansum
    mean = reduction.mean
    nanmean = reduction.nanmean
    prod = reduction.prod
    var = reduction.var
    std = reduction.std
    max = reduction.max
    min = reduction.min
    amax = reduction.amax
    amin = reduction.amin
    aminmax = reduction.aminmax
    argmax = reduction.argmax
    argmin = reduction.argmin
    all = reduction.all
    any = reduction.any
    count_nonzero = reduction.count_nonzero
    logsumexp = reduction.logsumexp
    norm, dist = lengths.norm, lengths.dist
    median = reduction.median
    bincount = reduction.bincount

    # -- shape
    squeeze = shapes.squeeze
    unsqueeze = shapes.unsqueeze
    transpose = shapes.transpose
    t = shapes.t
    swapaxes = shapes.swapaxes
    swapdims = shapes.swapdims
    tril = shapes.tril
    triu = shapes.triu
    squeeze_ = conversion.reshaping(shapes.squeeze)
    unsqueeze_ = conversion.reshaping(shapes.unsqueeze)
    transpose_ = conversion.reshaping(shapes.transpose)
    t_ = conversion.reshaping(shapes.t)
    swapaxes_ = conversion.reshaping(shapes.swapaxes)
    swapdims_ = conversion.reshaping(shapes.swapdims)
    tril_ = inplace(shapes.tril)
    triu_ = inplace(shapes.triu)

    # -- shape
    reshape = shapes.reshape
    view = shapes.view
    view_as = shapes.view_as
    reshape_as = shapes.reshape_as
    flatten = shapes.flatten
    ravel = shapes.ravel
    unflatten = shapes.unflatten
    permute = shapes.permute
    adjoint = shapes.adjoint
    movedim = shapes.movedim
    moveaxis = shapes.moveaxis
    expand = shapes.expand
    expand_as = shapes.expand_as
    broadcast_to = shapes.broadcast_to
    clone = shapes.clone
    contiguous = shapes.contiguous
    chunk = shapes.chunk
    tensor_split = shapes.tensor_split
    unbind = shapes.unbind
    repeat = shapes.repeat
    repeat_interleave = composed.repeat_interleave
    tile = shapes.tile
    flip = shapes.flip
    fliplr = shapes.fliplr
    flipud = shapes.flipud
    roll = shapes.roll
    rot90 = shapes.rot90
    diagonal = shapes.diagonal
    diag = shapes.diag
    diag_embed = shapes.diag_embed
    diagflat = shapes.diagflat
    trace = shapes.trace
    unfold = shapes.unfold
    as_strided, as_strided_ = shapes.as_strided, conversion.reshaping(shapes.as_strided)

    # -- indexing
    scatter = gathering.scatter
    scatter_add = gathering.scatter_add
    scatter_reduce = gathering.scatter_reduce
    index_put = indexing.index_put
    index_add = gathering.index_add
    index_copy = gathering.index_copy
    index_fill = gathering.index_fill
    masked_fill = gathering.masked_fill
    masked_scatter = gathering.masked_scatter
    scatter_ = inplace(gathering.scatter)
    scatter_add_ = inplace(gathering.scatter_add)
    scatter_reduce_ = inplace(gathering.scatter_reduce)
    index_put_ = inplace(indexing.index_put)
    index_add_ = inplace(gathering.index_add)
    index_copy_ = inplace(gathering.index_copy)
    index_fill_ = inplace(gathering.index_fill)
    masked_fill_ = inplace(gathering.masked_fill_written)
    masked_scatter_ = inplace(gathering.masked_scatter)
    put = gathering.put
    put_ = inplace(gathering.put)

    # -- indexing
    select = indexing.select
    narrow = indexing.narrow
    gather = gathering.gather
    take_along_dim = gathering.take_along_dim
    index_select = gathering.index_select
    masked_select = gathering.masked_select
    take = gathering.take
    nonzero = indexing.nonzero
    nonzero_static = indexing.nonzero_static
    argwhere = indexing.argwhere
    positive = unary.positive
    fill = composed.fill

    def where(self, condition: Any, other: Any) -> Any:
        """The tensor's elements where the condition holds, those of ``other`` elsewhere."""
        return arithmetic.where(condition, self, other)

    sort = sorting.sort
    argsort = sorting.argsort
    msort = sorting.msort
    topk = sorting.topk
    kthvalue = sorting.kthvalue
    unique = sorting.unique
    unique_consecutive = sorting.unique_consecutive

    # -- matrix
    addmm = weighted.addmm
    addmv = weighted.addmv
    addbmm = weighted.addbmm
    baddbmm = weighted.baddbmm
    addr = weighted.addr
    addmm_ = inplace(weighted.addmm)
    addmv_ = inplace(weighted.addmv)
    addbmm_ = weighted.addbmm_
    baddbmm_ = weighted.baddbmm_
    addr_ = weighted.addr_

    # -- matrix
    mm = matrix.mm
    mv = matrix.mv
    dot = matrix.dot
    vdot = matrix.vdot
    inner = matrix.inner
    bmm = matrix.bmm
    outer = matrix.outer
    ger = matrix.ger
    matmul = matrix.matmul

    # -- number
    float_power = number.float_power
    frexp = number.frexp
    gcd = number.gcd
    heaviside = number.heaviside
    hash_tensor = number.hash_tensor
    lcm = number.lcm
    ldexp = number.ldexp
    nextafter = number.nextafter
    sgn = number.sgn
    nextafter_ = inplace(number.nextafter)
    float_power_ = number.float_power_
    gcd_ = inplace(number.gcd)
    heaviside_ = inplace(number.heaviside)
    lcm_ = inplace(number.lcm)
    ldexp_ = inplace(number.ldexp)
    sgn_ = inplace(number.sgn)

    # -- special
    digamma = special.digamma
    erfinv = special.erfinv
    i0 = special.i0
    lgamma = special.lgamma
    mvlgamma = special.mvlgamma
    polygamma, polygamma_ = special.polygamma, inplace(special.polygamma)
    sinc, sinc_ = special.sinc, inplace(special.sinc)
    digamma_ = inplace(special.digamma)
    erfinv_ = inplace(special.erfinv)
    i0_ = inplace(special.i0)
    igamma, igamma_ = special.igamma, inplace(special.igamma)
    igammac, igammac_ = special.igammac, inplace(special.igammac)
    lgamma_ = inplace(special.lgamma)
    mvlgamma_ = inplace(special.mvlgamma)

    # -- signals
    stft, istft = spectra.stft, spectra.istft

    # -- spelled with other functions
    dsplit = composed.dsplit
    hsplit = composed.hsplit
    kron = composed.kron
    split_with_sizes = composed.split_with_sizes
    vsplit = composed.vsplit
    corrcoef = statistics.corrcoef
    cov = statistics.cov
    cummax = statistics.cummax
    cummin = statistics.cummin
    diff = statistics.diff
    histc = statistics.histc
    histogram = histograms.histogram
    logcumsumexp = statistics.logcumsumexp
    mode = statistics.mode
    nanquantile = statistics.nanquantile
    quantile = statistics.quantile

    # -- copies
    narrow_copy = copies.narrow_copy
    unsafe_chunk = copies.unsafe_chunk
    unsafe_split = copies.unsafe_split

    # -- placing
    as_strided_scatter = placing.as_strided_scatter
    diagonal_scatter = placing.diagonal_scatter
    select_scatter = placing.select_scatter
    slice_scatter = placing.slice_scatter
    sum_to_size = placing.sum_to_size

    # -- distances
    index_reduce = distances.index_reduce
    nanmedian = distances.nanmedian
    renorm = distances.renorm
    index_reduce_ = inplace(distances.index_reduce)
    renorm_ = inplace(distances.renorm)

    # -- matrices
    det, slogdet, logdet = matrices.det, matrices.slogdet, matrices.logdet
    inverse, pinverse = matrices.inverse, matrices.pinverse
    matrix_power, matrix_exp = matrices.matrix_power, matrices.matrix_exp
    cross = matrices.cross
    cholesky = matrices.cholesky
    cholesky_inverse = matrices.cholesky_inverse
    cholesky_solve = matrices.cholesky_solve
    triangular_solve = matrices.triangular_solve
    lu, lu_solve = matrices.lu, matrices.lu_solve
    qr, geqrf, orgqr, ormqr = matrices.qr, matrices.geqrf, matrices.orgqr, matrices.ormqr
    svd = matrices.svd
    eig, lstsq, solve, symeig = removed.eig, removed.lstsq, removed.solve, removed.symeig

    # -- sparse: a list of places and the numbers there
    to_sparse = to_sparse_coo = sparse.to_sparse
    to_sparse_csr = sparse.to_sparse_csr
    to_dense = sparse.to_dense
    sparse_mask = sparse.sparse_mask
    coalesce, is_coalesced = sparse.coalesce, sparse.is_coalesced
    indices, values = sparse.indices, sparse.values
    crow_indices, col_indices = sparse.crow_indices, sparse.col_indices
    _indices, _values, _nnz = sparse.raw_indices, sparse.raw_values, sparse.nnz
    sparse_dim, dense_dim = sparse.sparse_dim, sparse.dense_dim

    # -- random numbers, drawn in place
    uniform_ = random_fill.uniform_
    normal_ = random_fill.normal_
    exponential_ = random_fill.exponential_
    geometric_ = random_fill.geometric_
    log_normal_ = random_fill.log_normal_
    cauchy_ = random_fill.cauchy_
    random_ = random_fill.random_
    bernoulli_ = random_fill.bernoulli_
    bernoulli, multinomial = sampling.bernoulli, sampling.multinomial

    def split(self, split_size: Any, dim: builtins.int = 0) -> Any:
        """Pieces of one size, or of given sizes; see ``torch.split``."""
        return shapes.split(self, split_size, dim)

    def is_same_size(self, other: Any) -> builtins.bool:
        """Do both have the same shape?"""
        return bool(self._array.shape == other._array.shape)

    @staticmethod
    def stack_rows(rows: list[Any]) -> Any:
        """Rows of gradients on top of each other; None where there is none."""
        return None if rows[0] is None else shapes.stack(rows)


class Storage:
    """The memory of a tensor and its views."""

    def __init__(self, memory: Any, kind: dtype, typed: builtins.bool) -> None:
        self._memory, self.dtype, self.typed = memory, kind, typed
        self.device = CPU if isinstance(memory, np.ndarray) else device("cuda")

    def data_ptr(self) -> int:
        """The address of the first byte."""
        return int(self._memory.__array_interface__["data"][0])

    def nbytes(self) -> int:
        """The number of bytes."""
        return int(self._memory.size) * self.dtype.itemsize

    def size(self) -> int:
        """The number of elements, or of bytes where untyped."""
        return int(self._memory.size) if self.typed else self.nbytes()

    def __sizeof__(self) -> int:
        return super().__sizeof__() + self.nbytes()

    __len__ = size

    def __getitem__(self, index: Any) -> Any:
        return self._memory.reshape(-1, order="A")[index].item()

    def __setitem__(self, index: Any, value: Any) -> None:
        self._memory.reshape(-1, order="A")[index] = value  # a view: all tensors on this memory see it

    def tolist(self) -> Any:
        """All elements."""
        return self._memory.reshape(-1, order="A").tolist()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __repr__(self) -> str:
        lines = "\n".join(f" {v}" for v in self.tolist())
        return f"{lines}\n[torch.storage.TypedStorage(dtype={self.dtype}, device={self.device}) of size {self.size()}]"
