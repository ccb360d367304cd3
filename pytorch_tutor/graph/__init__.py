"""The dynamic graph: nodes, the backward pass as steps, grad mode, observers. Knows no array library."""

from __future__ import annotations

from .backward import Captures, Step, Tools, backward_steps
from .mode import is_grad_enabled, is_inference_mode_enabled, mode
from .node import AccumulateGrad, Hooks, Node, RemovableHandle, descend
from .observers import observe, observers

__all__ = [
    "AccumulateGrad", "Captures", "Hooks", "Node", "RemovableHandle", "Step", "Tools", "backward_steps", "descend",
    "is_grad_enabled", "is_inference_mode_enabled", "mode", "observe", "observers",
]  # fmt: skip
