"""Ready-made parametrizations: weight normalization, spectral normalization, and orthogonal from its own file."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.autograd import no_grad
from pytorch_tutor.functions.titles import titled
from pytorch_tutor.nn.functional import normalize
from pytorch_tutor.nn.modules.module import Module
from pytorch_tutor.nn.utils import parametrize
from pytorch_tutor.nn.utils.orthogonal import orthogonal

__all__ = ["orthogonal", "spectral_norm", "weight_norm"]


def norm_except(v: Any, dim: int | None) -> Any:
    """The norm over all dimensions but `dim`, with size 1 where it was taken."""
    if dim is None or dim == -1:
        return v.norm()
    axes = [axis for axis in range(v.dim()) if axis != dim % v.dim()]
    return v.pow(2).sum(axes, keepdim=True).sqrt()


def rescaled(v: Any, g: Any, dim: int | None) -> Any:
    """v with the length g."""
    found = v * (g / norm_except(v, dim))
    return titled(found, "WeightNormInterfaceBackward0") if dim in (0, v.dim() - 1) else found  # PyTorch's own kernel


class _WeightNorm(Module):
    r"""$w = g \, v / \lVert v \rVert$: length and direction as parameters of their own."""

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Any, weight_v: Any) -> Any:
        """The weight."""
        return rescaled(weight_v, weight_g, self.dim)

    def right_inverse(self, weight: Any) -> tuple[Any, Any]:
        """Length and direction of a weight."""
        return norm_except(weight, self.dim), weight


def weight_norm(module: Module, name: str = "weight", dim: int = 0) -> Module:
    """Parametrize a weight by its length and its direction. Source: T. Salimans, D. Kingma, 2016."""
    parametrize.register_parametrization(module, name, _WeightNorm(dim), unsafe=True)
    return module


class _SpectralNorm(Module):
    r"""$w / \sigma(w)$, the largest singular value estimated by power iteration."""

    def __init__(self, weight: Any, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12) -> None:
        super().__init__()
        if dim >= weight.dim() or dim < -weight.dim():
            raise IndexError(
                "Dimension out of range (expected to be in range of "
                f"[-{weight.dim()}, {weight.dim() - 1}] but got {dim})"
            )
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.dim = dim if dim >= 0 else dim + weight.dim()
        self.eps = eps
        if weight.dim() > 1:
            self.n_power_iterations = n_power_iterations
            matrix = self._matrix(weight)
            height, width = matrix.shape
            u, v = matrix.new_empty(height).normal_(0, 1), matrix.new_empty(width).normal_(0, 1)
            self.register_buffer("_u", normalize(u, dim=0, eps=eps))
            self.register_buffer("_v", normalize(v, dim=0, eps=eps))
            self._iterate(matrix, 15)

    def _matrix(self, weight: Any) -> Any:
        order = [self.dim, *(axis for axis in range(weight.dim()) if axis != self.dim)]
        return weight.permute(*order).reshape(weight.shape[self.dim], -1)

    def _iterate(self, matrix: Any, times: int) -> None:
        with no_grad():
            for _ in range(times):
                self._u.copy_(normalize(matrix.mv(self._v), dim=0, eps=self.eps))
                self._v.copy_(normalize(matrix.t().mv(self._u), dim=0, eps=self.eps))

    def forward(self, weight: Any) -> Any:
        """The weight with its largest singular value at 1."""
        if weight.dim() == 1:
            return normalize(weight, dim=0, eps=self.eps)
        matrix = self._matrix(weight)
        if self.training:
            self._iterate(matrix.detach(), self.n_power_iterations)
        u, v = self._u.clone(), self._v.clone()
        return weight / u.dot(matrix.mv(v))

    def right_inverse(self, value: Any) -> Any:
        """The value itself: it is assumed to be normalized."""
        return value


def spectral_norm(
    module: Module, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Module:
    """Parametrize a weight so that its largest singular value is 1. Source: T. Miyato et al., 2018."""
    weight = getattr(module, name, None)
    if weight is None:
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    if dim is None:
        dim = 1 if type(module).__name__.startswith("ConvTranspose") else 0
    parametrize.register_parametrization(module, name, _SpectralNorm(weight, n_power_iterations, dim, eps))
    return module
