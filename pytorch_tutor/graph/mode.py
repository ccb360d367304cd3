"""Grad mode: whether operations are recorded, a switch that each thread has for itself."""

from __future__ import annotations

import threading
from typing import Any


class Everywhere:
    """The switches that hold for all threads at once."""

    anomaly = False  # remember where each operation was called
    duals = False  # has any tensor had a tangent? Then nodes are looked at more closely
    check_nan = True  # and stop at the first NaN of a backward pass
    # Has the program asked for any of these, for inference mode or for saved-tensor hooks? Until then no operation looks.
    rare = False
    deterministic = False  # torch.use_deterministic_algorithms
    fill_memory = True  # then memory that nobody has written to holds nan
    overridden = False  # has a class appeared that takes functions over (`__torch_function__`)?


everywhere = Everywhere()


class Mode(threading.local):
    """The thread's switches.

    ``grad``: record operations; ``inference``: results can never be recorded later; ``saving``: (pack, unpack) pairs
    that see what is kept for backward, the innermost last; ``guard``: told before a tensor is written in place;
    ``pushing``: a pass whose derivative is wanted rather than its value.
    """

    grad: bool = True
    inference: bool = False
    saving: tuple[Any, ...] = ()
    saving_refused: str | None = None
    guard: Any = None
    pushing: bool = False
    tangent_of: Any = None  # inside a level of forward-mode differentiation: finds a tensor's tangent
    dual: bool = False  # inside a level of forward-mode differentiation
    current: Any = None  # the backward pass whose hooks run just now
    transforms: tuple[str, ...] = ()  # of torch.func, the innermost last: "grad", "jvp", "vmap"
    refuse_random: Any = None  # raises where random numbers are drawn inside vmap
    capturing: bool = False  # a pass of autograd.grad is under way: leaves are not added to
    multithreading: bool = True
    function_modes: tuple[Any, ...] = ()  # of torch.overrides, the innermost last
    own_functions: int = 0  # functions hand themselves 0: to classes and modes, 1: to modes, 2: to nobody

    @property
    def anomaly(self) -> bool:
        """Is anomaly detection on? One switch for all threads, as in PyTorch."""
        return everywhere.anomaly

    @anomaly.setter
    def anomaly(self, value: bool) -> None:
        everywhere.anomaly = value
        everywhere.rare = True


mode = Mode()


def is_grad_enabled() -> bool:
    """True where operations on tensors that require grad are recorded.

    >>> import pytorch_tutor as torch
    >>> with torch.no_grad():
    ...     torch.is_grad_enabled()
    False
    """
    return mode.grad


def is_inference_mode_enabled() -> bool:
    """True inside ``torch.inference_mode()``."""
    return mode.inference
