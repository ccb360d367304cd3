"""The norm that distances take: as every norm, under the name that PyTorch gives it there."""

from __future__ import annotations

from .reduction import Norm


class DistanceNorm(Norm):
    """The p-norm of a difference."""

    formula, gradient, keeps = Norm.formula, Norm.gradient, Norm.keeps
    node_name = "NormBackward1"
