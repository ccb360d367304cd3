"""Nested arguments: lists, tuples and dictionaries of tensors, taken apart and put together again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any


def leaves(tree: Any) -> list[Any]:
    """The tensors of nested lists, tuples and dictionaries, from left to right."""
    if isinstance(tree, Mapping):
        return [leaf for value in tree.values() for leaf in leaves(value)]
    if isinstance(tree, (list, tuple)):
        return [leaf for value in tree for leaf in leaves(value)]
    return [tree]


def rebuilt(tree: Any, new: Iterator[Any]) -> Any:
    """The same nesting around other leaves."""
    if isinstance(tree, Mapping):
        kind = type(tree) if isinstance(tree, OrderedDict) else dict
        return kind([(key, rebuilt(value, new)) for key, value in tree.items()])
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(rebuilt(value, new) for value in tree))
    if isinstance(tree, tuple):
        return tuple([rebuilt(value, new) for value in tree])
    if isinstance(tree, list):
        return [rebuilt(value, new) for value in tree]
    return next(new)


def mapped(function: Callable[..., Any], tree: Any) -> Any:
    """The nesting with the function's results for its leaves."""
    return rebuilt(tree, map(function, leaves(tree)))


def shape_of(tree: Any) -> Any:
    """The nesting alone, to compare two."""
    if isinstance(tree, Mapping):
        return ("dict", tuple([(key, shape_of(value)) for key, value in tree.items()]))
    if isinstance(tree, (list, tuple)):
        return (type(tree).__name__, tuple([shape_of(value) for value in tree]))
    return "*"


def treespec(tree: Any) -> str:
    """The nesting as PyTorch writes it at length."""
    if isinstance(tree, Mapping):
        head, parts = f"TreeSpec(dict, {list(tree)}, [", list(tree.values())
    elif isinstance(tree, (list, tuple)):
        head, parts = f"TreeSpec({type(tree).__name__}, None, [", list(tree)
    else:
        return "*"
    lines = [treespec(part).replace("\n", "\n  ") for part in parts]
    return head + ",\n  ".join(lines) + "])"


def spelled(tree: Any) -> str:
    """The nesting in short: ``(*, [*, *])``."""
    if isinstance(tree, Mapping):
        return "{" + ", ".join(f"{key!r}: {spelled(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, tuple):
        return "(" + ", ".join(map(spelled, tree)) + (",)" if len(tree) == 1 else ")")
    if isinstance(tree, list):
        return "[" + ", ".join(map(spelled, tree)) + "]"
    return "*"


def spread(dims: Any, tree: Any) -> list[Any] | None:
    """One dimension for every leaf, of one number for all or of a nesting like theirs; None where it does not fit."""
    if dims is None or not isinstance(dims, (list, tuple, Mapping)):
        return [dims for _ in leaves(tree)]
    if isinstance(tree, Mapping) != isinstance(dims, Mapping) or not isinstance(tree, (list, tuple, Mapping)):
        return None
    if len(dims) != len(tree):
        return None
    if isinstance(dims, Mapping):
        if any(key not in dims for key in tree):
            return None
        pairs = [(dims[key], tree[key]) for key in tree]
    else:
        pairs = list(zip(dims, tree, strict=True))
    parts = [spread(d, value) for d, value in pairs]
    if any(part is None for part in parts):
        return None
    return [d for part in parts if part is not None for d in part]
