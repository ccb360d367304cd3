"""``torch._dynamo``: the private names of PyTorch's compiler that ordinary programs touch; nothing is compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..compiler import OptimizedModule, allow_in_graph, disable, is_compiling, list_backends, reset
from . import config, utils


def optimize(backend: Any = "inductor", **options: Any) -> Callable[[Any], Any]:
    """The decorator that came before ``torch.compile``: returns the function as it is."""
    return lambda found: found


def mark_dynamic(t: Any, index: Any, **options: Any) -> None:
    """Says that a size will vary; every size may."""


mark_static = maybe_mark_dynamic = mark_dynamic


def graph_break(msg: str = "") -> None:
    """Ends the graph that is being compiled: there is none."""


__all__ = [
    "OptimizedModule", "allow_in_graph", "config", "disable", "graph_break", "is_compiling", "list_backends",
    "mark_dynamic", "mark_static", "maybe_mark_dynamic", "optimize", "reset", "utils",
]  # fmt: skip
