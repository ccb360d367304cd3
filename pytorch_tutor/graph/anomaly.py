"""Anomaly detection: each node remembers the call that made it, and a failing backward pass shows that call."""

from __future__ import annotations

import sys
import traceback
import warnings
from typing import Any

from .node import PACKAGE, Node

# The nodes whose backward runs just now, the innermost last: what is recorded meanwhile was induced by them.
running: list[Node] = []


def remember_call(node: Any) -> None:
    """Keeps the stack of calls, without this package's own lines, as PyTorch does in ``node.metadata``."""
    frames = [f for f in traceback.extract_stack(sys._getframe(1)) if not f.filename.startswith(PACKAGE)]
    node.metadata["traceback_"] = traceback.format_list(frames)
    if running:
        node.metadata["parent_"] = running[-1]


def tell_call(node: Node) -> None:
    """PyTorch's warning: where the operation was called whose backward failed."""
    lines = node.metadata.get("traceback_")
    if lines is None:
        warnings.warn(
            f"Error detected in {node.name()}. No forward pass information available. Enable detect anomaly during "
            "forward pass for more information.",
            UserWarning,
            stacklevel=2,
        )
        return
    warnings.warn(
        f"Error detected in {node.name()}. Traceback of forward call that caused the error:\n{''.join(lines)}",
        UserWarning,
        stacklevel=2,
    )
    parent = node.metadata.get("parent_")
    while parent is not None:
        lines = parent.metadata.get("traceback_")
        told = (
            "No forward pass information available. Enable detect anomaly during forward pass for more information."
            if lines is None
            else f"Traceback of forward call that induced the previous calculation:\n{''.join(lines)}"
        )
        warnings.warn(f"\n\nPrevious calculation was induced by {parent.name()}. {told}", UserWarning, stacklevel=2)
        parent = parent.metadata.get("parent_")


__all__ = ["remember_call", "running", "tell_call"]
