"""Which implementation computes attention: as one operation, or as two products and a softmax."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterator, Sequence

from pytorch_tutor.backends import cuda
from pytorch_tutor.nn.attention import bias, flex_attention


class SDPBackend(enum.IntEnum):
    """PyTorch's names of its implementations of `scaled_dot_product_attention`."""

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4

    __str__ = enum.Enum.__str__


@contextlib.contextmanager
def sdpa_kernel(backends: SDPBackend | Sequence[SDPBackend], set_priority: bool = False) -> Iterator[None]:
    """Ask for implementations within a `with` block; the engine has the fused one (FLASH_ATTENTION) and MATH.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.nn.attention import SDPBackend, sdpa_kernel
    >>> x = torch.ones(1, 1, 2, 3, requires_grad=True)
    >>> with sdpa_kernel(SDPBackend.MATH):
    ...     y = torch.nn.functional.scaled_dot_product_attention(x, x, x)
    >>> y.grad_fn.name()
    'UnsafeViewBackward0'
    """
    chosen = [backends] if isinstance(backends, SDPBackend) else list(backends)
    if not all(isinstance(backend, SDPBackend) for backend in chosen):
        raise TypeError(f"Backend must be an instance of SDPBackend or a list of SDPBackend instances, got {backends}")
    with cuda.attention_by(
        flash=SDPBackend.FLASH_ATTENTION in chosen,
        mem_efficient=SDPBackend.EFFICIENT_ATTENTION in chosen,
        math=SDPBackend.MATH in chosen,
        cudnn=SDPBackend.CUDNN_ATTENTION in chosen,
    ):
        yield


__all__ = ["SDPBackend", "bias", "flex_attention", "sdpa_kernel"]
