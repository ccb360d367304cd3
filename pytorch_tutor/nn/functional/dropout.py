"""Dropout: in training, some values become 0 at random and the others grow to make up for it."""

from __future__ import annotations

import warnings
from typing import Any

from pytorch_tutor.creation import empty, empty_like
from pytorch_tutor.dispatch import apply, apply_inplace
from pytorch_tutor.errors import lesson
from pytorch_tutor.nn.functional._arguments import require_tensor, scalar_name
from pytorch_tutor.ops.dropout import Dropout
from pytorch_tutor.refusals import refuse


def dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    r"""Each element becomes 0 with probability `p`; the others are multiplied by $1 / (1 - p)$.

    So the expected value stays, and nothing needs to change when `training` is False: then the input is returned.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.functional.dropout(torch.ones(6), p=0.5).unique()
    tensor([0., 2.])

    Source: N. Srivastava et al., "Dropout", 2014.
    """
    _check(p)
    require_tensor(input, "dropout")
    return _drop(input, p, training, inplace, feature=False)


def _check(p: float) -> None:
    if p < 0.0 or p > 1.0:
        raise lesson(
            ValueError(f"dropout probability has to be between 0 and 1, but got {p}"),
            expected="0 <= p <= 1, the share that is dropped",
            got=p,
            hint="p=0.5",
        )


def _keep(like: Any, p: float, feature: bool) -> Any:
    """A tensor of 1 with probability 1 - p and 0 otherwise, drawn in PyTorch's order: that of the input's memory."""
    if feature or like._hidden_layout or like._array.flags.c_contiguous:
        shape = _feature_shape(like) if feature else like.shape
        return empty(shape, dtype=like.dtype, device=like.device).bernoulli_(1 - p)
    return empty_like(like.detach()).bernoulli_(1 - p)


def _feature_shape(input: Any) -> tuple[int, ...]:
    if input.dim() < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    return (*input.shape[:2], *[1] * (input.dim() - 2))


def _drop(input: Any, p: float, training: bool, inplace: bool, feature: bool) -> Any:
    if not training or p == 0 or not input._array.size:
        return input
    if p == 1:
        mask = input._array.dtype.type(0)
        mask = (input._array * mask) * 0
    else:
        refuse(input.dtype, "complex", "bernoulli_scalar_cpu_")
        mask = _keep(input, p, feature)
        if input._array.dtype.kind not in "fc":
            raise RuntimeError(f"result type Float can't be cast to the desired output type {scalar_name(input)}")
        mask = mask.div_(1 - p)._array
    if inplace:
        return apply_inplace(Dropout, input, mask=mask)
    return apply(Dropout, input, mask=mask)


def _feature_dropout(input: Any, p: float, training: bool, inplace: bool) -> Any:
    return _drop(input, p, training, inplace, feature=True)


def dropout1d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Drops whole channels. Shapes: (N, C, L) or (C, L)."""
    _check(p)
    ndim = input.dim()
    if ndim not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {ndim}D input. "
            "Note that dropout1d exists to provide channel-wise dropout on inputs with 1 "
            "spatial dimension, a channel dimension, and an optional batch dimension "
            "(i.e. 2D or 3D inputs)."
        )
    if ndim == 3:
        return _feature_dropout(input, p, training, inplace)
    whole = input.unsqueeze_(0) if inplace else input.unsqueeze(0)
    dropped = _feature_dropout(whole, p, training, inplace)
    return dropped.squeeze_(0) if inplace else dropped.squeeze(0)


def dropout2d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Drops whole channels. Shapes: (N, C, H, W) or (N, C, L)."""
    _check(p)
    ndim = input.dim()
    if ndim not in (3, 4):
        _warn_ndim("dropout2d", ndim, 2, "3D or 4D")
    if ndim == 3:
        warnings.warn(
            "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired "
            "- input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will change in a "
            "future release to interpret the input as one without a batch dimension, i.e. shape (C, H, W). To maintain "
            "the 1D channel-wise dropout behavior, please switch to using dropout1d instead.",
            stacklevel=2,
        )
    return _feature_dropout(input, p, training, inplace)


def dropout3d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Drops whole channels. Shapes: (N, C, D, H, W) or (C, D, H, W)."""
    _check(p)
    ndim = input.dim()
    if ndim not in (4, 5):
        _warn_ndim("dropout3d", ndim, 3, "4D or 5D")
    if ndim == 5:
        return _feature_dropout(input, p, training, inplace)
    whole = input.unsqueeze_(0) if inplace else input.unsqueeze(0)
    dropped = _feature_dropout(whole, p, training, inplace)
    return dropped.squeeze_(0) if inplace else dropped.squeeze(0)


def _warn_ndim(name: str, ndim: int, axes: int, allowed: str) -> None:
    warnings.warn(
        f"{name}: Received a {ndim}-D input to {name}, which is deprecated and will result in an error in a future "
        f"release. To retain the behavior and silence this warning, please use dropout instead. Note that {name} "
        f"exists to provide channel-wise dropout on inputs with {axes} spatial dimensions, a channel dimension, and an "
        f"optional batch dimension (i.e. {allowed} inputs).",
        stacklevel=3,
    )


ALPHA = 1.7580993408473766  # SELU's value far below zero, negated: what a dropped element is set to


def alpha_dropout(input: Any, p: float = 0.5, training: bool = False, inplace: bool = False) -> Any:
    """Dropout for SELU nets: dropped elements take SELU's lower limit, and mean and variance are restored.

    Source: G. Klambauer et al., "Self-normalizing neural networks", 2017.
    """
    _check(p)
    return _alpha(input, p, training, inplace, feature=False)


def feature_alpha_dropout(input: Any, p: float = 0.5, training: bool = False, inplace: bool = False) -> Any:
    """`alpha_dropout` of whole channels."""
    _check(p)
    return _alpha(input, p, training, inplace, feature=True)


def _alpha(input: Any, p: float, training: bool, inplace: bool, feature: bool) -> Any:
    if not training or p == 0 or not input.numel():
        return input
    if p == 1:
        return input.mul_(0) if inplace else input * 0
    kept = _keep(input, p, feature)
    a = 1.0 / ((ALPHA * ALPHA * p + 1) * (1 - p)) ** 0.5
    shift = (kept - 1).mul_(ALPHA * a).add_(ALPHA * a * p)
    kept = kept.mul_(a)
    if inplace:
        return input.mul_(kept).add_(shift)
    return input.mul(kept).add(shift)
