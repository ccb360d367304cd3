"""``torch.autograd.variable``: the wrapper that tensors once needed."""

from __future__ import annotations

import warnings

from ..tensor import Tensor


class _AnyTensor(type(Tensor)):  # type: ignore[misc]  # a metaclass that mypy can only know at run time
    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, Tensor)


class Variable(Tensor, metaclass=_AnyTensor):
    """PyTorch's old wrapper: ``Variable(x)`` is today simply ``x``, and every tensor is an instance of it."""

    torch_name = "torch.autograd.variable.Variable"

    def __new__(cls, data: Tensor, requires_grad: bool = False, volatile: bool = False) -> Tensor:  # type: ignore[misc]
        if volatile:
            warnings.warn(
                "volatile was removed and now has no effect. Use `with torch.no_grad():` instead.",
                UserWarning,
                stacklevel=2,
            )
        found: Tensor = data.detach()
        found.requires_grad = requires_grad
        return found


__all__ = ["Variable"]
