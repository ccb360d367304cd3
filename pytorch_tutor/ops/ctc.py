"""Connectionist temporal classification: the chance of a label sequence, summed over all its stretchings in time."""

from __future__ import annotations

from typing import Any

from .base import Op


class CtcLoss(Op):
    """Two passes over the labels with blanks between: alpha counts the ways to get here, beta the ways to go on.

    Source: A. Graves et al., "Connectionist temporal classification", 2006.
    """

    formula = r"\ell = -\log \sum_{\pi \to y} \prod_t p_{t, \pi_t}"
    gradient = {"x": r"\bar x_{t,c} = \bar\ell \, (p_{t,c} - \tfrac{1}{P} \sum_{s : y_s = c} \alpha_{t,s} \beta_{t,s})"}
    keeps = ("x",)
    public = "ctc_loss"

    def forward(ctx, x: Any, targets: Any, steps: Any, blank: int, zero_infinity: bool) -> Any:
        xp = ctx.xp
        ctx.targets, ctx.steps, ctx.blank, ctx.zero_infinity = targets, steps, blank, zero_infinity
        ctx.tables = [
            _forward(xp, x[:, n].astype(xp.float64), _with_blanks(xp, targets[n], blank), steps[n])
            for n in range(x.shape[1])
        ]
        return xp.asarray([-table[0] for table in ctx.tables], dtype=x.dtype)

    def backward(ctx, grad: Any) -> Any:
        if ctx.lifted is not None:
            raise RuntimeError("derivative for CtcLossBackward0 is not implemented")
        xp, x = ctx.xp, ctx.x
        dx = xp.zeros(x.shape, x.dtype)
        for n, (total, alpha) in enumerate(ctx.tables):
            steps = ctx.steps[n]
            if steps == 0 or (ctx.zero_infinity and total == -xp.inf):
                continue
            labels = _with_blanks(xp, ctx.targets[n], ctx.blank)
            lp = x[:steps, n].astype(xp.float64)
            beta = _backward(xp, lp, labels, steps)
            occupied = xp.full(lp.shape, -xp.inf)
            for s, label in enumerate(labels):
                occupied[:, label] = xp.logaddexp(occupied[:, label], alpha[:, s] + beta[:, s])
            with xp.errstate(invalid="ignore"):
                share = xp.exp(occupied - lp - total)
            dx[:steps, n] = (xp.exp(lp) - share) * grad[n]
        return dx


def _with_blanks(xp: Any, target: Any, blank: int) -> Any:
    labels = xp.full(2 * len(target) + 1, blank, dtype=xp.int64)
    labels[1::2] = target
    return labels


def _may_skip(xp: Any, labels: Any) -> Any:
    """Where a path may come from two places before: past a blank, between different labels."""
    skip = xp.zeros(len(labels), bool)
    if len(labels) > 2:
        skip[2:] = (labels[2:] != labels[:-2]) & (xp.arange(2, len(labels)) % 2 == 1)
    return skip


def _forward(xp: Any, lp: Any, labels: Any, steps: int) -> tuple[float, Any]:
    """(log probability of the whole sequence, alpha of every time and place)."""
    count = len(labels)
    alpha = xp.full((steps, count), -xp.inf)
    if steps == 0:
        return (0.0 if count == 1 else -xp.inf), alpha
    alpha[0, :2] = lp[0, labels[:2]]
    skip = _may_skip(xp, labels)
    for t in range(1, steps):
        before = alpha[t - 1]
        ways = before.copy()
        ways[1:] = xp.logaddexp(ways[1:], before[:-1])
        ways[2:] = xp.where(skip[2:], xp.logaddexp(ways[2:], before[:-2]), ways[2:])
        alpha[t] = ways + lp[t, labels]
    total = alpha[-1, -1] if count == 1 else xp.logaddexp(alpha[-1, -1], alpha[-1, -2])
    return float(total), alpha


def _backward(xp: Any, lp: Any, labels: Any, steps: int) -> Any:
    """Beta, the same backwards in time; it counts the probability of its own time, too."""
    count = len(labels)
    beta = xp.full((steps, count), -xp.inf)
    beta[-1, -2:] = lp[-1, labels[-2:]]
    skip = _may_skip(xp, labels)
    for t in reversed(range(steps - 1)):
        after = beta[t + 1]
        ways = after.copy()
        ways[:-1] = xp.logaddexp(ways[:-1], after[1:])
        ways[:-2] = xp.where(skip[2:], xp.logaddexp(ways[:-2], after[2:]), ways[:-2])
        beta[t] = ways + lp[t, labels]
    return beta
