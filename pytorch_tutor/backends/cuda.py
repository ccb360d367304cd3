"""``torch.backends.cuda``: switches for products and attention on a GPU; what they choose between differs in speed only."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from .devices import cuda_available


class _Products:
    """How float products are computed: attributes to be set, and a sentence for a name that is not there."""

    def __init__(self) -> None:
        self.allow_tf32 = False
        self.fp32_precision = "none"
        self.allow_fp16_reduced_precision_reduction = True
        self.allow_bf16_reduced_precision_reduction = True
        self.allow_fp16_accumulation = False

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"Unknown attribute {name}")


matmul = _Products()
cufft_plan_cache = SimpleNamespace(size=0, max_size=0)
_allowed = {"flash": True, "mem_efficient": True, "math": True, "cudnn": True}


def is_built() -> bool:
    """Can CUDA be used?"""
    return cuda_available()


def flash_sdp_enabled() -> bool:
    """May attention run as one fused kernel?"""
    return _allowed["flash"]


def enable_flash_sdp(enabled: bool) -> None:
    """Sets whether attention may run as one fused kernel."""
    _allowed["flash"] = enabled


def mem_efficient_sdp_enabled() -> bool:
    """May attention run in PyTorch's second fused kernel?"""
    return _allowed["mem_efficient"]


def enable_mem_efficient_sdp(enabled: bool) -> None:
    """Sets whether attention may run in PyTorch's second fused kernel."""
    _allowed["mem_efficient"] = enabled


def math_sdp_enabled() -> bool:
    """May attention run as two products and a softmax?"""
    return _allowed["math"]


def enable_math_sdp(enabled: bool) -> None:
    """Sets whether attention may run as two products and a softmax."""
    _allowed["math"] = enabled


def cudnn_sdp_enabled() -> bool:
    """May attention run in cuDNN?"""
    return _allowed["cudnn"]


def enable_cudnn_sdp(enabled: bool) -> None:
    """Sets whether attention may run in cuDNN."""
    _allowed["cudnn"] = enabled


@contextlib.contextmanager
def sdp_kernel(
    enable_flash: bool = True, enable_math: bool = True, enable_mem_efficient: bool = True, enable_cudnn: bool = True
) -> Iterator[None]:
    """A block with other switches of attention."""
    warnings.warn(
        "`torch.backends.cuda.sdp_kernel()` is deprecated. In the future, this context manager will be removed. Please "
        "see `torch.nn.attention.sdpa_kernel()` for the new context manager, with updated signature.",
        FutureWarning,
        stacklevel=3,
    )
    with attention_by(flash=enable_flash, math=enable_math, mem_efficient=enable_mem_efficient, cudnn=enable_cudnn):
        yield


@contextlib.contextmanager
def attention_by(**allowed: bool) -> Iterator[None]:
    """A block in which attention may run in these ways only."""
    before = dict(_allowed)
    _allowed.update(allowed)
    try:
        yield
    finally:
        _allowed.update(before)
