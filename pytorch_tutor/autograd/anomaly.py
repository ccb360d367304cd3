"""Anomaly detection: stop at the first node that sends a NaN or fails, and name the line that made it."""

from __future__ import annotations

import warnings

from ..graph.mode import everywhere


class set_detect_anomaly:  # noqa: N801 - PyTorch spells this class in lower case
    """Switches anomaly detection; as a context manager, until the block ends. The switch holds for all threads.

    ``check_nan=False`` only remembers where operations were called, and tells where a backward pass failed.
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self.before = everywhere.anomaly, everywhere.check_nan
        everywhere.anomaly, everywhere.check_nan = bool(mode), bool(check_nan)
        everywhere.rare = True

    def __enter__(self) -> None:
        """The switch was made when the object was."""

    def __exit__(self, *exc: object) -> None:
        everywhere.anomaly, everywhere.check_nan = self.before


class detect_anomaly(set_detect_anomaly):  # noqa: N801 - PyTorch spells this class in lower case
    """Inside the block a backward pass that makes a NaN raises, and a warning shows the call of the operation.

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
        self.before = everywhere.anomaly, everywhere.check_nan
        self.wanted = bool(check_nan)

    def __enter__(self) -> None:
        everywhere.anomaly, everywhere.check_nan = True, self.wanted
        everywhere.rare = True


def is_anomaly_enabled() -> bool:
    """Is anomaly detection on?"""
    return everywhere.anomaly


def is_anomaly_check_nan_enabled() -> bool:
    """Does anomaly detection look for NaN?"""
    return everywhere.check_nan
