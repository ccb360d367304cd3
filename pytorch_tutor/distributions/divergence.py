"""Which formula computes the divergence of two kinds of distributions: a table, looked up from special to general."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .distribution import Distribution

FORMULAS: dict[tuple[type, type], Callable[[Any, Any], Any]] = {}


def register_kl(type_p: type, type_q: type) -> Callable[[Callable[[Any, Any], Any]], Callable[[Any, Any], Any]]:
    """Registers the formula for a pair of kinds of distributions.

    >>> import pytorch_tutor as torch
    >>> class Certain(torch.distributions.Normal):
    ...     pass
    >>> @torch.distributions.register_kl(Certain, Certain)
    ... def no_divergence(p, q):
    ...     return torch.zeros(p.batch_shape)
    >>> torch.distributions.kl_divergence(Certain(0.0, 1.0), Certain(1.0, 1.0))
    tensor(0.)
    """
    for name, kind in (("type_p", type_p), ("type_q", type_q)):
        if not isinstance(kind, type) and issubclass(kind, Distribution):
            raise TypeError(f"Expected {name} to be a Distribution subclass but got {kind}")

    def register(formula: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        FORMULAS[type_p, type_q] = formula
        return formula

    return register


def kl_divergence(p: Any, q: Any) -> Any:
    r"""The mean surprise of someone who believes in q where p is true, beyond the unavoidable.

    $$\mathrm{KL}(p \,\|\, q) = \int p(x) \ln \frac{p(x)}{q(x)}\, dx$$

    >>> import pytorch_tutor as torch
    >>> p, q = torch.distributions.Normal(0.0, 1.0), torch.distributions.Normal(1.0, 2.0)
    >>> torch.distributions.kl_divergence(p, q)
    tensor(0.4431)
    """
    for kind_p in type(p).__mro__:
        for kind_q in type(q).__mro__:
            if (kind_p, kind_q) in FORMULAS:
                return FORMULAS[kind_p, kind_q](p, q)
    raise NotImplementedError(
        f"No KL(p || q) is implemented for p type {type(p).__name__} and q type {type(q).__name__}"
    )
