"""TensorBase: an array with a history; what every tensor is made of, before it can do anything."""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .backends.coo import Coo
from .backends.meta import MetaArray
from .device import CPU, META, device
from .dtypes import C_NAMES, SCALAR_NAMES, dtype, of_array
from .errors import lesson
from .graph import AccumulateGrad, Hooks, Node, mode
from .ops.base import Op, Version, sum_to


class TensorBase:
    """The fields of a tensor. Class attributes are the defaults, so that a fresh result sets few of them.

    ``_array`` is the memory; ``_grad_fn`` and ``_output_nr`` say which node made it; ``_base`` is the tensor whose
    memory a view shows, and views share its ``_version``.
    """

    concrete: ClassVar[type[Any]]  # the class of results: Tensor
    sparse: ClassVar[type[Any]]  # the class of sparse results

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The methods of Tensor, which the layers below it use on whatever they are handed."""

    _array: Any
    _dtype: dtype | None = None  # set where the array's type does not tell: bfloat16
    _requires_grad = False
    _grad: Any = None
    _grad_fn: Node | None = None
    _output_nr = 0
    _version_counter: Version | None = None
    _base: Any = None
    _seen_version = 0  # for a view: the version of the base at which _grad_fn was right
    _inference = False
    _unrecorded_view = False  # a view made while nothing was recorded
    _mapped = 0  # inside vmap: one bit for each vmap whose examples differ in this tensor
    _inference_view = False  # because of inference_mode
    _hidden_layout = False  # kept channels-last by the engine, though the caller never asked
    _backward_hooks: Hooks | None = None
    _post_accumulate_hooks: Hooks | None = None
    _accumulator: Any = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "concrete" not in TensorBase.__dict__:
            TensorBase.concrete = cls

    # -- the array
    @property
    def dtype(self) -> dtype:
        """The type of the elements."""
        return self._dtype or of_array(self._array.dtype)

    @property
    def device(self) -> device:
        """Where the elements live."""
        if self._array.__class__ is np.ndarray:
            return CPU
        return META if isinstance(self._array, MetaArray) else device("cuda", self._array.device.id)

    def settle(self) -> Any:
        """The array in the layout that PyTorch would show: the engine's own channels-last is undone first."""
        if self._hidden_layout:
            self._array = self._array.copy(order="C")
            self._hidden_layout = False
        return self._array

    def shown_channels_last(self) -> bool:
        """Is this a batch of pictures that its owner has laid out channels-last?"""
        array = self._array
        return bool(
            array.ndim == 4
            and not self._hidden_layout
            and not array.flags.c_contiguous
            and array.transpose(0, 2, 3, 1).flags.c_contiguous
        )

    # -- the history
    @property
    def version(self) -> Version:
        """The counter of in-place writes, made when it is first asked for."""
        counter = self._version_counter
        if counter is None:
            counter = self._version_counter = Version()
        return counter

    @property
    def grad_fn(self) -> Node | None:
        """The node that made this tensor, or None for a leaf."""
        if self._base is not None:
            self.catch_up()
        node = self._grad_fn
        return None if node is None or node.hidden else node.titled()

    @grad_fn.setter
    def grad_fn(self, value: Any) -> None:
        raise AttributeError("attribute 'grad_fn' of 'torch._C.TensorBase' objects is not writable")

    def catch_up(self) -> None:
        """A view whose base was written through another view gets its history anew from the base."""
        base = self._base
        if self._seen_version != self.version.n and (base._grad_fn is not None or base._requires_grad):
            if type(base._grad_fn).__name__ == "CopySlices":
                base.concrete.regenerate(self)
            self._seen_version = self.version.n

    @property
    def requires_grad(self) -> bool:
        """True if gradients are computed for this tensor."""
        return self._requires_grad or self.grad_fn is not None

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if value is not True and value is not False:
            raise RuntimeError("requires_grad must be a bool")
        if not isinstance(value, bool):
            raise lesson(RuntimeError("requires_grad must be a bool"), expected="True or False", got=f"{value!r}")
        if self.grad_fn is not None:
            advice = (
                " If you want to use a computed variable in a subgraph that doesn't require differentiation use "
                "var_no_grad = var.detach()."
            )
            raise lesson(
                RuntimeError(f"you can only change requires_grad flags of leaf variables.{'' if value else advice}"),
                expected="a leaf tensor",
                got=f"the result of {self.grad_fn}",
                hint="y = x.detach()",
            )
        if value and self._inference and not mode.inference:
            raise RuntimeError("Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.")
        if value and self.dtype.rank < 3:
            raise lesson(
                RuntimeError("only Tensors of floating point and complex dtype can require gradients"),
                expected="a floating point dtype",
                got=str(self.dtype),
                hint="x.float().requires_grad_()",
            )
        self._requires_grad = bool(value)

    @property
    def is_leaf(self) -> bool:
        """True for tensors that no recorded operation made."""
        return self.grad_fn is None

    @is_leaf.setter
    def is_leaf(self, value: Any) -> None:
        raise AttributeError("attribute 'is_leaf' of 'torch._C.TensorBase' objects is not writable")

    def edge(self) -> tuple[Node, int] | None:
        """Where a gradient of this tensor goes: (node, output number); None if it is not wanted."""
        if self._base is not None:
            self.catch_up()
        if self._grad_fn is not None:
            return self._grad_fn, self._output_nr
        if self._requires_grad:
            return self.accumulator(), 0
        return None

    def accumulator(self) -> AccumulateGrad:
        """This leaf's AccumulateGrad node, the same one as long as some graph holds it."""
        found: AccumulateGrad | None = None if self._accumulator is None else self._accumulator()
        if found is None:
            found = AccumulateGrad(self)
            self._accumulator = weakref.ref(found)
        return found

    @property
    def grad(self) -> Any:
        """The gradient that backward passes have added up, or None."""
        return self._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        if value is not None:
            if not isinstance(value, TensorBase):
                raise TypeError(
                    f"assigned grad expected to be a Tensor or None but got grad of type {type(value).__name__}"
                )
            if value is self:
                raise RuntimeError("can't assign Variable as its own grad")
            if value._array.shape != self._array.shape:
                raise lesson(
                    RuntimeError(
                        f"attempting to assign a gradient of size '{list(value._array.shape)}' to a tensor of size "
                        f"'{list(self._array.shape)}'. Please ensure that the gradient and the tensor are the same size"
                    ),
                    expected=list(self._array.shape),
                    got=list(value._array.shape),
                )
            if value.dtype is not self.dtype:
                raise lesson(
                    RuntimeError(
                        f"attempting to assign a gradient with dtype '{C_NAMES[value.dtype]}' to a tensor with grad_dtype "
                        f"'{SCALAR_NAMES[self.dtype]}'. The gradient must match the tensor's grad_dtype (defaults to the "
                        "tensor's dtype). You can set the tensor's grad_dtype attribute with a specific dtype, or None to "
                        "allow any dtype. Set grad_dtype with caution. Diverging the dtypes of a tensor and its gradient "
                        "may break downstream systems that assume they match."
                    ),
                    expected=str(self.dtype),
                    got=str(value.dtype),
                    hint="gradient.to(x.dtype)",
                )
        self._grad = value

    def _accumulate(self, gradient: Any, shared: bool) -> None:
        """Adds an arriving gradient (an array, or a tensor under create_graph) to ``.grad``."""
        before = self._grad
        if isinstance(gradient, TensorBase):
            if before is None:  # a copy, so that two leaves never share one .grad
                self._grad = gradient.new_empty(gradient.shape).copy_(gradient)
            else:
                self._grad = before + gradient
            return
        if isinstance(gradient, Coo) or (before is not None and isinstance(before._array, Coo)):
            self._grad = wrap(gradient if before is None else before._array + gradient)
            return
        mine = self._array
        if isinstance(gradient, np.generic):  # NumPy turns sums of 0-d arrays into scalars
            gradient = np.asarray(gradient)
        if before is None:
            # A gradient that nobody else holds is kept as it is; a borrowed one is copied, so that zeroing one
            # tensor's .grad never zeroes another's.
            base = gradient.base
            if base is not None and (sys.getrefcount(base) > 3 or getattr(base, "size", -1) != gradient.size):
                shared = True  # a view of memory that somebody else sees too (3: the view, `base`, the call's argument)
            if shared or gradient.strides != mine.strides:
                if self.shown_channels_last():
                    gradient = gradient.transpose(0, 2, 3, 1).copy(order="C").transpose(0, 3, 1, 2)
                else:
                    gradient = gradient.copy(order="C" if mine.flags.c_contiguous else "K")
            self._grad = wrap(gradient, self._dtype)
        else:
            before._array += gradient
            before.version.n += 1


def wrap(array: Any, tag: dtype | None = None) -> Any:
    """A tensor around ``array``, with no history."""
    cls = TensorBase.concrete
    if array.__class__ is not np.ndarray and isinstance(array, Coo):
        cls, tag = TensorBase.sparse, of_array(array.dtype)
    tensor = object.__new__(cls)
    tensor._array = array
    if tag is not None:
        tensor._dtype = tag
    return tensor


Op.wrap = staticmethod(wrap)

__all__ = ["Op", "TensorBase", "Version", "sum_to", "wrap"]
