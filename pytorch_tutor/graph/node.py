"""Node: one operation that was carried out, as the backward pass sees it."""

from __future__ import annotations

import itertools
import os
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from ..errors import lesson

# A node is younger than the nodes whose results it used: the backward pass goes from the youngest to the oldest.
_birthdays = itertools.count()
next_birthday = _birthdays.__next__
PACKAGE = str(Path(__file__).absolute().parents[1]) + os.sep

FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already "
    "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
    "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access "
    "saved tensors after calling backward."
)
_is_ours: dict[
    str, bool
] = {}  # is a file one of this package's? asked once per file, for it is asked at every operation


def users_line(deep: int = 2) -> tuple[Any, int] | None:
    """(code, instruction) of the innermost frame outside this package: the line that the learner wrote.

    ``deep``: so many frames are ours for certain, this one included, and need not be looked at.
    """
    frame = sys._getframe(deep)
    while True:
        file = frame.f_code.co_filename
        ours = _is_ours.get(file)
        if ours is None:
            ours = _is_ours[file] = file.startswith(PACKAGE)
        if not ours:
            return frame.f_code, frame.f_lasti
        if frame.f_back is None:
            return None
        frame = frame.f_back


class Hooks(dict[int, Callable[..., Any]]):
    """Functions to call, in the order in which they were registered."""

    counter = itertools.count()

    def add(self, hook: Callable[..., Any]) -> RemovableHandle:
        handle = RemovableHandle(self)
        self[handle.id] = hook
        return handle


class RemovableHandle:
    """Takes a hook away again: by ``remove()``, or at the end of a ``with`` block."""

    def __init__(self, hooks: Any) -> None:
        self.id = next(Hooks.counter)
        self._hooks = weakref.ref(hooks)

    def remove(self) -> None:
        """Removes the hook; a second call does nothing."""
        hooks = self._hooks()
        if hooks is not None:
            hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()


class Node:
    """A node of the graph, with the face of PyTorch's ``torch.autograd.graph.Node``.

    ``edges`` holds, for each input, the (node, output number) that the gradient goes to, or None.
    """

    edges: tuple[tuple[Node, int] | None, ...] = ()
    outputs = 1  # how many results the operation has, hence how many gradients come in
    age = 0
    hooks: Hooks | None = None
    prehooks: Hooks | None = None
    tensor_hooks: dict[int, Hooks] | None = None  # hooks on the tensor that is result number i
    retained: dict[int, Any] | None = None  # weak references to results that keep their .grad
    packed: dict[str, Any] = {}  # kept values that saved-tensor hooks have taken in charge, by name
    freed = False
    hidden = False  # recorded for tangents alone: a backward pass does not come here, and requires_grad is False
    formula = ""
    gradient: dict[str, str] = {}
    keeps: tuple[str, ...] = ()
    line: tuple[Any, int] | None = None
    result_shapes: dict[int, Any] = {}  # of results that a GradientEdge stands for
    input_shapes: tuple[Any, ...] = ()  # None where an input is no tensor

    def name(self) -> str:
        """PyTorch's name of the operation's backward, such as ``MulBackward0``."""
        return type(self).__name__

    def titled(self) -> Node:
        """This node, with a class of PyTorch's name, for whoever asks ``type(y.grad_fn).__name__``.

        Done when a node is looked at, not when it is made: recording stays quick.
        """
        cls, name = type(self), self.name().rpartition("::")[2]
        if cls.__name__ != name:
            self.__class__ = _title(cls if cls.untitled is None else cls.untitled, name)
        return self

    untitled: ClassVar[type[Node] | None] = None  # of a class made by `titled`: the class that says what the node does

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """For each input, the node that made it and which of that node's results it was."""
        return tuple((None, 0) if edge is None else (edge[0].titled(), edge[1]) for edge in self.edges)

    @property
    def requires_grad(self) -> bool:
        """Does a gradient go through here? It does: otherwise there would be no node."""
        return True

    def _sequence_nr(self) -> int:
        """The node's age: nodes that were made later have higher numbers."""
        return self.age

    @property
    def metadata(self) -> dict[str, Any]:
        """A dictionary for whoever wants to attach something to the node."""
        found: dict[str, Any] = self.__dict__.setdefault("_metadata", {})
        return found

    @property
    def where(self) -> tuple[str, int, str] | None:
        """(file, line, function) of the user's code that made this node."""
        if self.line is None:
            return None
        code, instruction = self.line
        for start, end, number in code.co_lines():
            if start <= instruction < end and number is not None:
                return code.co_filename, number, code.co_name
        return code.co_filename, code.co_firstlineno, code.co_name

    def register_hook(self, fn: Callable[..., Any]) -> RemovableHandle:
        """``fn(grad_inputs, grad_outputs)`` runs after the node; what it returns replaces the gradients sent on."""
        if self.hooks is None:
            self.hooks = Hooks()
        return self.hooks.add(fn)

    def register_prehook(self, fn: Callable[..., Any]) -> RemovableHandle:
        """``fn(grad_outputs)`` runs before the node; what it returns replaces the incoming gradients."""
        if self.prehooks is None:
            self.prehooks = Hooks()
        return self.prehooks.add(fn)

    def run(self, grads: list[Any], lift: Any, keep: bool) -> tuple[Any, ...]:
        """The gradients for each edge, from the gradients of each output. ``lift``: differentiable, on tensors."""
        raise NotImplementedError

    def __call__(self, *grads: Any) -> Any:
        """Applies the node to gradients by hand."""
        raise NotImplementedError

    def release(self) -> None:
        """Lets go of what was kept for the backward pass. A node that kept nothing can run again."""
        if self.keeps:
            mine = self.__dict__
            for name in self.keeps:
                if name in mine:
                    del mine[name]
                    self.freed = True
        if self.packed:
            self.packed = {}
            self.freed = True

    def check_alive(self) -> None:
        """RuntimeError if the kept values have been freed by an earlier pass."""
        if self.freed:
            raise lesson(
                RuntimeError(FREED),
                expected="values kept by the forward pass",
                got=f"{self.name()}, whose values an earlier backward pass has used and freed",
                hint="loss.backward(retain_graph=True) the first time, or compute the loss again",
            )

    def __repr__(self) -> str:
        return f"<{self.name().rpartition('::')[2]} object at {id(self):#x}>"


_titles: dict[tuple[type[Node], str], type[Node]] = {}


def _title(cls: type[Node], name: str) -> type[Node]:
    """The class under another name."""
    found = _titles.get((cls, name))
    if found is None:
        found = type(name, (cls,), {"__module__": "builtins", "__doc__": cls.__doc__, "untitled": cls})
        _titles[cls, name] = found
    return found


class AccumulateGrad(Node):
    """The end of a path: adds the gradient that arrives to ``variable.grad``."""

    formula = r"\text{grad} \leftarrow \text{grad} + \bar x"
    gradient = {"x": r"\bar x"}
    age = sys.maxsize  # leaves come first: nothing waits for them

    def __init__(self, variable: Any) -> None:
        self.variable = variable

    def name(self) -> str:
        return "torch::autograd::AccumulateGrad"

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self):#x}>"

    def __call__(self, *grads: Any) -> Any:
        """Adds a gradient to the leaf's by hand."""
        (gradient,) = grads
        self.variable._accumulate(gradient if gradient.requires_grad else gradient._array, True)
        return ()

    def release(self) -> None:
        """A leaf keeps nothing for the pass: it can be reached again."""


def descend(start: list[Node]) -> Iterator[Node]:
    """Every node from which a gradient can come, each once; a loop, so that depth does not matter.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.graph import descend
    >>> y = torch.ones(1, requires_grad=True).exp().sum()
    >>> [node.name() for node in descend([y.grad_fn])]
    ['SumBackward0', 'ExpBackward0', 'torch::autograd::AccumulateGrad']
    """
    seen = set(map(id, start))
    stack = list(start)
    while stack:
        node = stack.pop()
        yield node
        for edge in node.edges:
            if edge is not None and id(edge[0]) not in seen:
                seen.add(id(edge[0]))
                stack.append(edge[0])
