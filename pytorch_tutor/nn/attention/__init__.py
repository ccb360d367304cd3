"""Which implementation computes attention: PyTorch's switch, which here changes nothing in the numbers."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterator, Sequence

from pytorch_tutor.nn.attention import bias, flex_attention


class SDPBackend(enum.IntEnum):
    """PyTorch's names of its implementations of `scaled_dot_product_attention`."""

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4


@contextlib.contextmanager
def sdpa_kernel(backends: SDPBackend | Sequence[SDPBackend], set_priority: bool = False) -> Iterator[None]:
    """Ask for an implementation within a `with` block; the engine has one, whose result is that of all of them."""
    chosen = [backends] if isinstance(backends, SDPBackend) else list(backends)
    if not all(isinstance(backend, SDPBackend) for backend in chosen):
        raise TypeError(f"Backend must be an instance of SDPBackend or a list of SDPBackend instances, got {backends}")
    yield


__all__ = ["SDPBackend", "bias", "flex_attention", "sdpa_kernel"]
