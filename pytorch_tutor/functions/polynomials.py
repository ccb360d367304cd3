"""Orthogonal polynomials, each computed from the two of lower degree before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..dispatch import write_out
from ..dtypes import get_default_dtype
from ..promotion import cast, result_type
from ..refusals import refuse
from ..tensor_base import TensorBase, wrap
from .arguments import one_tensor

Step = Callable[[int, Any, Any, Any], Any]


def recurrence(input: Any, n: Any, first: Callable[[Any], Any], step: Step, out: Any, name: str) -> Any:
    """P_0 = 1, P_1 = ``first(x)``, P_{k+1} = ``step(k, x, P_k, P_{k-1})``; every element may have its own degree."""
    one_tensor(f"special_{name}", input, n)
    kind = result_type(input, n)
    kind = kind if kind.rank >= 3 else get_default_dtype()
    refuse(kind, "half complex", f"{name}_cpu")
    x, degree = (cast(v._array if isinstance(v, TensorBase) else v, kind) for v in (input, n))
    x, degree = np.broadcast_arrays(x.astype("f8"), np.trunc(degree))
    before, now = np.ones_like(x), first(x)
    found = np.where(degree == 0, before, np.where(degree == 1, now, 0.0))
    for k in range(1, int(degree.max(initial=0))):
        before, now = now, step(k, x, now, before)
        found = np.where(degree == k + 1, now, found)
    return write_out(wrap(np.asarray(found).astype(kind.array)), out, name)


def chebyshev_polynomial_t(input: Any, n: Any, *, out: Any = None) -> Any:
    """Chebyshev's polynomials of the first kind: T_n(cos t) = cos nt.

    >>> import pytorch_tutor as torch
    >>> torch.special.chebyshev_polynomial_t(torch.tensor([0.5, 2.0]), 3)
    tensor([-1., 26.])
    """
    return recurrence(input, n, lambda x: x, _chebyshev, out, "chebyshev_polynomial_t")


def _chebyshev(k: int, x: Any, now: Any, before: Any) -> Any:
    return 2 * x * now - before


def _half(x: Any) -> Any:
    """The argument of the shifted polynomials, which live on [0, 1]."""
    return 2 * x - 1


def chebyshev_polynomial_u(input: Any, n: Any, *, out: Any = None) -> Any:
    """Chebyshev's polynomials of the second kind: U_1(x) = 2x."""
    return recurrence(input, n, lambda x: 2 * x, _chebyshev, out, "chebyshev_polynomial_u")


def chebyshev_polynomial_v(input: Any, n: Any, *, out: Any = None) -> Any:
    """Chebyshev's polynomials of the third kind: V_1(x) = 2x - 1."""
    return recurrence(input, n, lambda x: 2 * x - 1, _chebyshev, out, "chebyshev_polynomial_v")


def chebyshev_polynomial_w(input: Any, n: Any, *, out: Any = None) -> Any:
    """Chebyshev's polynomials of the fourth kind: W_1(x) = 2x + 1."""
    return recurrence(input, n, lambda x: 2 * x + 1, _chebyshev, out, "chebyshev_polynomial_w")


def shifted_chebyshev_polynomial_t(input: Any, n: Any, *, out: Any = None) -> Any:
    """T_n(2x - 1), for x between 0 and 1."""
    return recurrence(input, n, _half, _shifted, out, "shifted_chebyshev_polynomial_t")


def _shifted(k: int, x: Any, now: Any, before: Any) -> Any:
    return 2 * _half(x) * now - before


def shifted_chebyshev_polynomial_u(input: Any, n: Any, *, out: Any = None) -> Any:
    """U_n(2x - 1), for x between 0 and 1."""
    return recurrence(input, n, lambda x: 2 * _half(x), _shifted, out, "shifted_chebyshev_polynomial_u")


def shifted_chebyshev_polynomial_v(input: Any, n: Any, *, out: Any = None) -> Any:
    """V_n(2x - 1), for x between 0 and 1."""
    return recurrence(input, n, lambda x: 2 * _half(x) - 1, _shifted, out, "shifted_chebyshev_polynomial_v")


def shifted_chebyshev_polynomial_w(input: Any, n: Any, *, out: Any = None) -> Any:
    """W_n(2x - 1), for x between 0 and 1."""
    return recurrence(input, n, lambda x: 2 * _half(x) + 1, _shifted, out, "shifted_chebyshev_polynomial_w")


def hermite_polynomial_h(input: Any, n: Any, *, out: Any = None) -> Any:
    """Hermite's polynomials of the physicists: H_{n+1} = 2x H_n - 2n H_{n-1}.

    >>> import pytorch_tutor as torch
    >>> torch.special.hermite_polynomial_h(torch.tensor([0.5, 2.0]), 2)
    tensor([-1., 14.])
    """
    return recurrence(input, n, lambda x: 2 * x, lambda k, x, a, b: 2 * x * a - 2 * k * b, out, "hermite_polynomial_h")


def hermite_polynomial_he(input: Any, n: Any, *, out: Any = None) -> Any:
    """Hermite's polynomials of the probabilists: He_{n+1} = x He_n - n He_{n-1}."""
    return recurrence(input, n, lambda x: x, lambda k, x, a, b: x * a - k * b, out, "hermite_polynomial_he")


def laguerre_polynomial_l(input: Any, n: Any, *, out: Any = None) -> Any:
    """Laguerre's polynomials: (n + 1) L_{n+1} = (2n + 1 - x) L_n - n L_{n-1}."""

    def step(k: int, x: Any, now: Any, before: Any) -> Any:
        return ((2 * k + 1 - x) * now - k * before) / (k + 1)

    return recurrence(input, n, lambda x: 1 - x, step, out, "laguerre_polynomial_l")


def legendre_polynomial_p(input: Any, n: Any, *, out: Any = None) -> Any:
    """Legendre's polynomials: (n + 1) P_{n+1} = (2n + 1) x P_n - n P_{n-1}."""

    def step(k: int, x: Any, now: Any, before: Any) -> Any:
        return ((2 * k + 1) * x * now - k * before) / (k + 1)

    return recurrence(input, n, lambda x: x, step, out, "legendre_polynomial_p")
