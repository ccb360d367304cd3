"""The chi-squared distribution: the sum of squares of normal numbers."""

from __future__ import annotations

from typing import Any

from . import constraints
from .gamma import Gamma


class Chi2(Gamma):
    """The sum of ``df`` squares of standard normal numbers: a gamma distribution with half of ``df`` and rate 1/2."""

    arg_constraints = {"df": constraints.positive}

    def __init__(self, df: Any, validate_args: bool | None = None) -> None:
        super().__init__(0.5 * df, 0.5, validate_args=validate_args)

    @property
    def df(self) -> Any:
        """How many squares."""
        return self.concentration * 2
