"""Forward-mode differentiation: tensors that carry a tangent, their own derivative in one direction, along.

Inside a level the operations on dual tensors are recorded, unseen by ``requires_grad``; a tangent is found when it is asked
for, by :mod:`pytorch_tutor.autograd.pushforward`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..engine import GradientEdge
from ..errors import lesson
from ..graph import Node, mode
from ..graph.mode import everywhere
from ..graph.node import next_birthday
from ..tensor_base import TensorBase
from .function_node import bare
from .pushforward import cotangents, pushed, settle, transposed


class UnpackedDualTensor(NamedTuple):
    """What :func:`unpack_dual` gives."""

    primal: Any
    tangent: Any


class DualNode(Node):
    """Where a dual tensor begins: its tangent is the given one; a gradient goes on to the primal."""

    formula = r"x + \varepsilon\,t"
    gradient = {"x": r"\bar x"}

    def __init__(self, primal: Any) -> None:
        self.edges = (primal.edge(),)
        self.hidden = self.edges[0] is None
        self.age = next_birthday()

    def name(self) -> str:
        return "ViewBackward0"

    def run(self, grads: list[Any], lift: Any, keep: bool) -> tuple[Any, ...]:
        return (grads[0],)


class PrimalNode(Node):
    """Where a tangent ends: a gradient goes through, a derivative forwards does not."""

    formula = r"x"
    gradient = {"x": r"\bar x"}

    def __init__(self, dual: Any) -> None:
        self.edges = (dual.edge(),)
        self.age = next_birthday()

    def name(self) -> str:
        return "Identity"

    def run(self, grads: list[Any], lift: Any, keep: bool) -> tuple[Any, ...]:
        return (None,) if mode.pushing else (grads[0],)


class TangentNode(PrimalNode):
    """The same behind a tangent, which has no tangent of its own; it goes by the name of what has computed it."""

    def name(self) -> str:
        behind = self.edges[0]
        return "Identity" if behind is None else behind[0].name()


class _Level:
    """The dual tensors of the current level: the node that each began with, and its tangent."""

    def __init__(self) -> None:
        self.tangents: dict[Node, Any] = {}
        self.grad_before = mode.grad


_level: list[_Level] = []  # at most one: PyTorch has no nested levels either


def enter_dual_level() -> int:
    """Opens a level in which dual tensors can be made; returns its number, 0."""
    if _level:
        raise RuntimeError("Nested forward mode AD is not supported at the moment")
    _level.append(_Level())
    everywhere.duals = everywhere.rare = True
    mode.grad = mode.dual = True  # tangents need what is done, also inside no_grad
    mode.tangent_of = lambda tensor: unpack_dual(tensor).tangent
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """Closes the level: its tangents are gone."""
    if level not in (None, 0):
        raise RuntimeError(
            "Trying to exit a forward AD level that was not the last one that was created. This is not supported."
        )
    if not _level:
        raise RuntimeError("Dual level must be a positive number.")
    mode.dual = False
    mode.grad = _level.pop().grad_before
    mode.tangent_of = None


class dual_level:  # noqa: N801 - PyTorch spells this class in lower case
    """A level for the time of a block.

    >>> import pytorch_tutor as torch
    >>> import pytorch_tutor.autograd.forward_ad as forward_ad
    >>> with forward_ad.dual_level():
    ...     x = forward_ad.make_dual(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 0.5]))
    ...     print(x**2)
    tensor([1., 4.], tangent=tensor([2., 2.]))
    """

    def __enter__(self) -> int:
        return enter_dual_level()

    def __exit__(self, *exc: object) -> None:
        exit_dual_level()


def make_dual(tensor: Any, tangent: Any, *, level: int | None = None) -> Any:
    """The tensor with a tangent: what is computed from it carries the derivative in that direction along."""
    if not _level:
        raise lesson(
            RuntimeError(
                "Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first."
            ),
            hint="with torch.autograd.forward_ad.dual_level(): ...",
        )
    for what, t in (("primal", tensor), ("tangent", tangent)):
        if t.dtype.rank < 3:
            raise ValueError(f"Expected {what} to be floating point or complex, but got: {t.dtype}")
    if tensor._array.shape != tangent._array.shape:
        raise lesson(
            RuntimeError(
                "Trying to set a forward gradient that has a different size than that of the original Tensor, this is not "
                f"supported. Tensor is of size {list(tensor.shape)} while the given forward gradient is of size "
                f"{list(tangent.shape)}."
            ),
            expected=list(tensor.shape),
            got=list(tangent.shape),
        )
    tangents = _level[-1].tangents
    if tensor._grad_fn in tangents:
        raise RuntimeError(
            "Making a dual Tensor based on a Tensor that already has a forward gradient at the same level 0 is not "
            "supported."
        )
    dual = bare(tensor)
    dual._grad_fn = node = DualNode(tensor)
    tangents[node] = tangent
    return dual


def unpack_dual(tensor: Any, *, level: int | None = None) -> UnpackedDualTensor:
    """The tensor without its tangent, and the tangent; None where it depends on no dual tensor."""
    if not _level or not isinstance(tensor, TensorBase) or tensor._grad_fn is None:
        return UnpackedDualTensor(tensor, None)
    tangents = _level[-1].tangents
    if tensor._grad_fn in tangents:
        found = tangents[tensor._grad_fn]
        return UnpackedDualTensor(_primal(tensor), found)
    starts = _starts(tensor._grad_fn, tangents)
    if not starts:
        return UnpackedDualTensor(tensor, None)
    dummies = cotangents([tensor])
    back = transposed([tensor], [GradientEdge(node, 0) for node in starts], dummies)
    (tangent,) = pushed(back, dummies, [tangents[node] for node in starts])
    if tangent is not None:
        tangent = settle(tangent, {id(d) for d in dummies})
        if tangent._grad_fn is not None:
            tangent = _primal(tangent, TangentNode)
    return UnpackedDualTensor(_primal(tensor), tangent)


def _primal(tensor: Any, kind: type[PrimalNode] = PrimalNode) -> Any:
    """The tensor with the history that a backward pass needs, but without the tangent."""
    primal = bare(tensor)
    if not tensor._grad_fn.hidden:
        primal._grad_fn = kind(tensor)
    return primal


def _starts(node: Node, tangents: dict[Node, Any]) -> list[Node]:
    """The dual tensors' nodes from which a tangent reaches ``node``."""
    seen, stack, found = {node}, [node], []
    while stack:
        node = stack.pop()
        if node in tangents:
            found.append(node)
        if isinstance(node, PrimalNode):
            continue
        for edge in node.edges:
            if edge is not None and edge[0] not in seen:
                seen.add(edge[0])
                stack.append(edge[0])
    return found


__all__ = ["UnpackedDualTensor", "dual_level", "enter_dual_level", "exit_dual_level", "make_dual", "unpack_dual"]
