"""A line search: how far to walk along a direction so that the loss falls enough and the slope flattens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pytorch_tutor.tensor import Tensor

__all__ = ["cubic_minimum", "strong_wolfe"]


@dataclass
class Point:
    """One place on the line: step ``t``, loss, gradient, and slope (gradient times direction)."""

    t: Any
    loss: float
    grad: Tensor
    slope: Any


def cubic_minimum(a: Point, b: Point, low: Any = None, high: Any = None) -> Any:
    """The minimum of the cubic through two points and their slopes, kept within [low, high].

    Source: Nocedal, Wright, *Numerical Optimization*, eq. 3.59.
    """
    if low is None:
        low, high = min(a.t, b.t), max(a.t, b.t)
    d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    d2_square = d1**2 - a.slope * b.slope
    if not d2_square >= 0:
        return (low + high) / 2.0
    d2 = d2_square**0.5
    if a.t <= b.t:
        best = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
    else:
        best = a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2))
    return min(max(best, low), high)


def strong_wolfe(
    evaluate: Callable[[Any], tuple[float, Tensor]],
    t: Any,
    direction: Tensor,
    loss: float,
    grad: Tensor,
    slope: Any,
    c1: float = 1e-4,
    c2: float = 0.9,
    tolerance_change: float = 1e-9,
    max_ls: int = 25,
) -> tuple[float, Tensor, Any, int]:
    r"""A step :math:`t` that meets the strong Wolfe conditions.

    .. math::
        f(x + t d) \le f(x) + c_1\, t\, g^\top d \qquad |g(x + t d)^\top d| \le c_2\, |g^\top d|

    The first says that the loss fell enough for the distance, the second that the valley's floor is near.

    Returns:
        loss, gradient, step and number of evaluations.
    """
    start = Point(0, loss, grad.clone(), slope)
    evaluations = 0

    def at(step: Any) -> Point:
        nonlocal evaluations
        evaluations += 1
        new_loss, new_grad = evaluate(step)
        return Point(step, new_loss, new_grad, new_grad.dot(direction))

    def fell_enough(p: Point) -> bool:
        return not p.loss > loss + c1 * p.t * slope

    # first phase: walk on until a minimum lies between two points
    previous, here = start, at(t)
    bracket: list[Point] = []
    tries, done = 0, False
    while tries < max_ls:
        if not fell_enough(here) or (tries > 1 and here.loss >= previous.loss):
            bracket = [previous, here]
            break
        if abs(here.slope) <= -c2 * slope:
            bracket, done = [here], True
            break
        if here.slope >= 0:
            bracket = [previous, here]
            break
        ahead = cubic_minimum(previous, here, here.t + 0.01 * (here.t - previous.t), here.t * 10)
        previous, here = here, at(ahead)
        tries += 1
    if tries == max_ls:
        bracket = [start, here]

    # second phase: narrow the bracket down
    width = direction.abs().max()
    stuck = False
    low, high = (0, 1) if bracket[0].loss <= bracket[-1].loss else (1, 0)
    while not done and tries < max_ls:
        if abs(bracket[1].t - bracket[0].t) * width < tolerance_change:
            break
        step = cubic_minimum(bracket[0], bracket[1])
        left, right = min(bracket[0].t, bracket[1].t), max(bracket[0].t, bracket[1].t)
        margin = 0.1 * (right - left)
        if min(right - step, step - left) < margin:  # too near an end to learn much
            if stuck or step >= right or step <= left:
                step = right - margin if abs(step - right) < abs(step - left) else left + margin
                stuck = False
            else:
                stuck = True
        else:
            stuck = False
        here = at(step)
        tries += 1
        if not fell_enough(here) or here.loss >= bracket[low].loss:
            bracket[high] = here
            low, high = (0, 1) if bracket[0].loss <= bracket[1].loss else (1, 0)
        else:
            if abs(here.slope) <= -c2 * slope:
                done = True
            elif here.slope * (bracket[high].t - bracket[low].t) >= 0:
                bracket[high] = bracket[low]
            bracket[low] = here
    best = bracket[low] if len(bracket) > 1 else bracket[0]
    return best.loss, best.grad, best.t, evaluations
