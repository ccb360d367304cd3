"""``torch.backends.mkldnn``: is oneDNN, which PyTorch still calls by its old name, installed and in use?"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from pytorch_tutor.backends.select import onednn_available

enabled = True
deterministic = False
allow_tf32 = True
fp32_precision = "none"


def is_available() -> bool:
    """Is oneDNN installed and in use?"""
    return onednn_available()


@contextlib.contextmanager
def flags(
    enabled: bool = False, deterministic: bool = False, allow_tf32: bool = True, fp32_precision: str = "none"
) -> Iterator[None]:
    """A block with other flags; PYTORCH_TUTOR_KERNELS=numpy in the environment is what really does without oneDNN."""
    yield
