"""What the user calls their tensors: variables of the calling code, parameters of modules, names given by hand."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

LONGEST = 60


class Names:
    """Finds the user's name of a tensor or of a graph node; ``""`` where there is none."""

    def __init__(self) -> None:
        self._tensors: dict[int, str] = {}
        self._nodes: dict[int, str] = {}
        self._values: dict[int, Any] = {}
        self._alive: list[Any] = []  # a tensor that died could hand its id to another one

    def add(self, name: str, tensor: Any) -> None:
        """Remember ``name``; the first name that a tensor got stays."""
        name = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
        self._alive.append(tensor)
        self._tensors.setdefault(id(tensor), name)
        node = tensor.grad_fn
        if node is not None:
            self._alive.append(node)
            self._nodes.setdefault(id(node), name)
            self._values.setdefault(id(node), tensor)

    def of_tensor(self, tensor: Any) -> str:
        """The name of this very tensor, or of one that shares all of its memory."""
        found = self._tensors.get(id(tensor), "")
        return found or next((self._tensors[id(other)] for other in self._alive if _same_memory(tensor, other)), "")

    def plain_tensors(self) -> Iterator[tuple[str, Any]]:
        """The user's tensors that want no gradient, with their names."""
        for thing in self._alive:
            if id(thing) in self._tensors and not thing.requires_grad:
                yield self._tensors[id(thing)], thing

    def of_node(self, node: Any) -> str:
        """The name of the tensor that this node made."""
        return self._nodes.get(id(node), "")

    def made_by(self, node: Any) -> Any:
        """A tensor of the user's that this node made, or None."""
        return self._values.get(id(node))


def find_names(lib: Any, names: Mapping[str, Any] | None, params: Any, spaces: Iterable[Mapping[str, Any]]) -> Names:
    """Names given by hand come first, then parameters, then the variables of ``spaces`` (local before global)."""
    found = Names()
    for name, tensor in (names or {}).items():
        if not isinstance(tensor, lib.Tensor):
            raise TypeError(f"names must map a name to a tensor, got {type(tensor).__name__} for {name!r}")
        found.add(str(name), tensor)
    for name, tensor in _parameters(params):
        found.add(name, tensor)
    variables = [
        item for space in spaces for item in list(space.items()) if item[0].isidentifier() and item[0][0] != "_"
    ]
    module = getattr(getattr(lib, "nn", None), "Module", ())
    for name, value in variables:
        if isinstance(value, lib.Tensor):
            found.add(name, value)
    for name, value in variables:
        if isinstance(value, module):
            for path, parameter in value.named_parameters():
                found.add(f"{name}.{path}", parameter)
        elif isinstance(value, (list, tuple)) and len(value) <= 100:
            for index, item in enumerate(value):
                if isinstance(item, lib.Tensor):
                    found.add(f"{name}[{index}]", item)
    return found


def callers_variables(depth: int) -> list[Mapping[str, Any]]:
    """The local and global variables of the code ``depth`` calls above this function's caller."""
    frame = sys._getframe(depth + 1)
    return [frame.f_locals] if frame.f_locals is frame.f_globals else [frame.f_locals, frame.f_globals]


def _parameters(params: Any) -> Iterator[tuple[str, Any]]:
    if params is None:
        return
    pairs = params.named_parameters() if hasattr(params, "named_parameters") else params
    pairs = pairs.items() if isinstance(pairs, Mapping) else pairs
    for index, item in enumerate(pairs):
        name, tensor = item if isinstance(item, tuple) else (f"params[{index}]", item)
        yield str(name), tensor


def _same_memory(one: Any, other: Any) -> bool:
    """Saving a tensor for backward may wrap it anew: same memory, same shape, hence the same name."""
    if one is other:
        return True
    try:
        return (
            one.grad_fn is other.grad_fn
            and one.shape == other.shape
            and one.dtype == other.dtype
            and one.numel() > 0
            and one.data_ptr() == other.data_ptr()
        )
    except (AttributeError, RuntimeError):
        return False
