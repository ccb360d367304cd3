"""autocast: inside the block, matrix products and convolutions run in low precision, and losses in float32."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from ..backends import cuda_available
from ..device import KNOWN
from ..dtypes import bfloat16, dtype, float16
from ..errors import lesson
from ..precision import DEFAULTS, set_enabled, state
from ..tensor_base import TensorBase


def is_autocast_available(device_type: str) -> bool:
    """Does autocast know this kind of device?

    >>> import pytorch_tutor as torch
    >>> torch.amp.is_autocast_available("cpu"), torch.amp.is_autocast_available("meta")
    (True, False)
    """
    return _known(device_type) in DEFAULTS


def _known(device_type: str) -> str:
    name = device_type.partition(":")[0]
    if name not in KNOWN.split(", "):
        raise lesson(
            RuntimeError(f"Expected one of {KNOWN} device type at start of device string: {device_type}"),
            expected="'cpu' or 'cuda'",
            got=repr(device_type),
        )
    return name


def is_autocast_enabled(device_type: str | None = None) -> bool:
    """Is autocast on, in this thread, for this kind of device (without an argument: for a GPU)?"""
    return state.enabled.get("cuda" if device_type is None else _known(device_type), False)


def set_autocast_enabled(device_type: str | bool, enabled: bool | None = None) -> None:
    """Switches autocast on or off: what entering and leaving ``autocast`` does."""
    if isinstance(device_type, bool):
        set_enabled("cuda", device_type)
    else:
        set_enabled(_known(device_type), bool(enabled))


def get_autocast_dtype(device_type: str) -> dtype:
    """The type of the low precision: bfloat16 on a CPU, float16 on a GPU, unless set otherwise."""
    name = _known(device_type)
    if name not in state.target:
        raise lesson(RuntimeError("unsupported scalarType"), expected="'cpu' or 'cuda'", got=repr(device_type))
    return state.target[name]


def set_autocast_dtype(device_type: str, dtype: dtype) -> None:
    """Sets the type of the low precision."""
    state.target[_known(device_type)] = dtype


def is_autocast_cache_enabled() -> bool:
    """Is a weight cast only once per block?"""
    return state.cache_enabled


def set_autocast_cache_enabled(enabled: bool) -> None:
    """Sets whether a weight is cast only once per block."""
    state.cache_enabled = enabled


def clear_autocast_cache() -> None:
    """Forgets the weights that have been cast."""
    state.cache.clear()


def is_autocast_cpu_enabled() -> bool:
    """Is autocast on for the CPU?"""
    return state.enabled["cpu"]


def get_autocast_cpu_dtype() -> dtype:
    """The type of the low precision on a CPU."""
    return state.target["cpu"]


def get_autocast_gpu_dtype() -> dtype:
    """The type of the low precision on a GPU."""
    return state.target["cuda"]


class autocast:  # noqa: N801 - PyTorch spells this class in lower case
    """A block, or by ``@`` a function, whose operations choose their precision.

    Products and convolutions (``precision.LOW``) cast their inputs to ``dtype``; losses and decompositions
    (``precision.FULL``) to float32; everything else takes what comes. float64 is left alone. Blocks nest:
    ``enabled=False`` makes an island. Only the forward pass belongs inside; the backward pass uses the types that the
    forward pass has used.

    Args:
        device_type: "cpu" or "cuda". Without a GPU, autocast for "cuda" warns and does nothing.
        dtype: bfloat16 (the CPU's default) or float16 (the GPU's).
        enabled: False for a block without.
        cache_enabled: cast a weight only once however often it is used in the block.

    >>> import pytorch_tutor as torch
    >>> layer, x = torch.nn.Linear(3, 2), torch.ones(1, 3)
    >>> with torch.autocast("cpu"):
    ...     y = layer(x)
    ...     loss = torch.nn.functional.mse_loss(y, torch.zeros(1, 2))
    >>> y.dtype, loss.dtype, layer.weight.dtype
    (torch.bfloat16, torch.float32, torch.float32)
    """

    def __init__(
        self, device_type: str, dtype: dtype | None = None, enabled: bool = True, cache_enabled: bool | None = None
    ) -> None:
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        self.fast_dtype = get_autocast_dtype(device_type) if dtype is None else dtype
        if not is_autocast_available(device_type):
            raise RuntimeError(f"User specified an unsupported autocast device_type '{device_type}'")
        self.device = _known(device_type)
        self._cache_enabled = is_autocast_cache_enabled() if cache_enabled is None else cache_enabled
        self._before: list[tuple[bool, Any, bool]] = []
        self._enabled = enabled and self._supported()

    def _supported(self) -> bool:
        if self.device == "cuda":
            if not cuda_available():
                warnings.warn("CUDA is not available or torch_xla is imported. Disabling autocast.", stacklevel=3)
            return cuda_available()
        if self.fast_dtype not in (bfloat16, float16):
            warnings.warn(
                f"In {self.device.upper()} autocast, but the target dtype is not supported. Disabling autocast.\n"
                f"{self.device.upper()} Autocast only supports dtypes of torch.bfloat16, torch.float16 currently.",
                stacklevel=3,
            )
            return False
        return True

    def __enter__(self) -> autocast:
        kind = self.device
        self._before.append((state.enabled[kind], state.target[kind], state.cache_enabled))
        set_enabled(kind, self._enabled)
        state.target[kind] = self.fast_dtype
        state.cache_enabled = self._cache_enabled
        state.nesting += 1
        return self

    def __exit__(self, *exc: object) -> None:
        state.nesting -= 1
        if not state.nesting:
            clear_autocast_cache()
        enabled, state.target[self.device], state.cache_enabled = self._before.pop()
        set_enabled(self.device, enabled)

    def __call__(self, func: Callable[..., Any]) -> Callable[..., Any]:
        if not callable(func):
            raise TypeError(
                f"autocast()(func) requires a callable, but got {type(func).__name__}. "
                "Did you mean to use autocast as a context manager? For example:\n"
                "    with torch.autocast(device_type=...):\n"
                "        output = model(input)"
            )
        return autocast_decorator(self, func)


def autocast_decorator(autocast_instance: autocast, func: Callable[..., Any]) -> Callable[..., Any]:
    """The function, run inside the block."""

    @functools.wraps(func)
    def inside(*args: Any, **kwargs: Any) -> Any:
        with autocast_instance:
            return func(*args, **kwargs)

    return inside


def custom_fwd(fwd: Any = None, *, device_type: str, cast_inputs: dtype | None = None) -> Any:
    """For the ``forward`` of a custom Function: remembers autocast's state, or casts the inputs and runs without it.

    >>> import pytorch_tutor as torch
    >>> class Square(torch.autograd.Function):
    ...     @staticmethod
    ...     @torch.amp.custom_fwd(device_type="cpu", cast_inputs=torch.float32)
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x * x
    ...
    ...     @staticmethod
    ...     @torch.amp.custom_bwd(device_type="cpu")
    ...     def backward(ctx, grad):
    ...         return 2 * ctx.saved_tensors[0] * grad
    >>> with torch.autocast("cpu"):
    ...     Square.apply(torch.ones(1, dtype=torch.bfloat16)).dtype
    torch.float32
    """
    if not isinstance(device_type, str):
        raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
    if fwd is None:
        return functools.partial(custom_fwd, device_type=device_type, cast_inputs=cast_inputs)

    @functools.wraps(fwd)
    def forward(*args: Any, **kwargs: Any) -> Any:
        ctx = args[0]
        ctx._dtype = get_autocast_dtype(device_type)
        active = is_autocast_enabled(device_type)
        ctx._fwd_used_autocast = active and cast_inputs is None
        if not active or cast_inputs is None:
            return fwd(*args, **kwargs)
        with autocast(device_type=device_type, enabled=False):
            return fwd(*_cast(args, device_type, cast_inputs), **_cast(kwargs, device_type, cast_inputs))

    return forward


def custom_bwd(bwd: Any = None, *, device_type: str) -> Any:
    """For the ``backward`` of a custom Function: runs it with the state that autocast had in ``forward``."""
    if not isinstance(device_type, str):
        raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
    if bwd is None:
        return functools.partial(custom_bwd, device_type=device_type)

    @functools.wraps(bwd)
    def backward(*args: Any, **kwargs: Any) -> Any:
        ctx = args[0]
        with autocast(device_type=device_type, enabled=ctx._fwd_used_autocast, dtype=ctx._dtype):
            return bwd(*args, **kwargs)

    return backward


def _cast(value: Any, device_type: str, target: dtype) -> Any:
    """Tensors in ``target``, also inside containers."""
    if isinstance(value, TensorBase):
        tensor: Any = value
        fits = tensor.is_floating_point() and tensor.device.type == device_type and tensor.element_size() < 8
        return tensor.to(target) if fits else tensor
    if isinstance(value, Mapping):
        return {_cast(k, device_type, target): _cast(v, device_type, target) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_cast(v, device_type, target) for v in value)
    return value
