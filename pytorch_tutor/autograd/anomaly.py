"""Anomaly detection: stop at the first node that sends a NaN, and name the line that made it."""

from __future__ import annotations

import warnings
from typing import Any

from ..graph import mode


class set_detect_anomaly:  # noqa: N801 - PyTorch spells this class in lower case
    """Switches anomaly detection; as a context manager, until the block ends."""

    def __init__(self, mode_: bool, check_nan: bool = True) -> None:
        self.before = mode.anomaly
        mode.anomaly = bool(mode_) and check_nan

    def __enter__(self) -> None:
        """The switch was made when the object was."""

    def __exit__(self, *exc: object) -> None:
        mode.anomaly = self.before


class detect_anomaly(set_detect_anomaly):  # noqa: N801 - PyTorch spells this class in lower case
    """Inside the block a backward pass that makes a NaN raises, naming the operation and its line.

    >>> import pytorch_tutor as torch
    >>> x = torch.zeros(1, requires_grad=True)
    >>> with torch.autograd.set_detect_anomaly(True):
    ...     (torch.sqrt(x) * 0).sum().backward()
    Traceback (most recent call last):
    RuntimeError: Function 'SqrtBackward0' returned nan values in its 0th output.
    """

    def __init__(self, check_nan: bool = True) -> None:
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for "
            "debugging.",
            UserWarning,
            stacklevel=2,
        )
        super().__init__(True, check_nan)


def is_anomaly_enabled(*_: Any) -> bool:
    """Is anomaly detection on?"""
    return mode.anomaly
