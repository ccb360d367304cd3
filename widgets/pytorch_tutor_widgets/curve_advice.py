"""What a curve says about the training: a few plain verdicts, each with the numbers it stands on.

These are rules of thumb, not laws; each is reported with its evidence, so that a learner can disagree with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pytorch_tutor_widgets.curve_data import Floats, Series, SeriesTable

ENOUGH = 20  # fewer points than this are weather, not climate


@dataclass(frozen=True)
class Advice:
    """A verdict: its key in the catalogue of sentences, and the values that the sentence mentions."""

    key: str
    values: dict[str, str | float] = field(default_factory=dict)


def advise(table: SeriesTable) -> list[Advice]:
    """The verdicts on all series, the worst first; empty while there is too little to see.

    >>> table = SeriesTable()
    >>> for step in range(30):
    ...     table.add("loss", step, 2.0 + step)
    >>> [advice.key for advice in advise(table)]
    ['advice_growing']
    """
    losses = [series for series in table if not series.right and "acc" not in series.name.lower()]
    held_out = [series for series in losses if is_held_out(series.name)]
    trained = [series for series in losses if not is_held_out(series.name)]
    broken = [advice for series in losses if (advice := not_finite(series))]
    if broken:
        return broken  # every other verdict would be about the same accident
    verdicts = [advice for series in held_out for other in trained[:1] if (advice := overfitting(series, other))]
    verdicts += [advice for series in trained[:1] if (advice := direction(series))]
    return verdicts


def is_held_out(name: str) -> bool:
    """Is this the loss on data that the network does not learn from?

    >>> is_held_out("val_loss"), is_held_out("training loss")
    (True, False)
    """
    lowered = name.lower()
    return any(word in lowered for word in ("val", "test", "held", "验证", "测试"))


def not_finite(series: Series) -> Advice | None:
    """Is there a NaN or an infinity? Says where it came first."""
    bad = np.flatnonzero(~np.isfinite(series.y))
    if not len(bad):
        return None
    return Advice("advice_not_finite", {"name": series.name, "step": float(series.x[bad[0]])})


def overfitting(held_out: Series, trained: Series) -> Advice | None:
    """Did the loss on unseen data turn upwards while the training loss went on falling?"""
    y = held_out.y
    if len(y) < 3:
        return None
    best = int(y.argmin())
    turned = best <= len(y) - 3 and y[-1] > 1.03 * y[best] and y[-2] > y[best]
    later = trained.y[trained.x >= held_out.x[best]]
    if not turned or len(later) < 2 or level(later[len(later) // 2 :]) >= level(later[: max(1, len(later) // 2)]):
        return None
    return Advice(
        "advice_overfitting", {"name": held_out.name, "step": float(held_out.x[best]), "best": float(y[best])}
    )


def direction(series: Series) -> Advice | None:
    """Is the loss growing, not moving, still falling, or has it levelled off?"""
    y = series.y
    if len(y) < ENOUGH:
        return None
    quarter = max(5, len(y) // 4)
    start, before, now = level(y[:quarter]), level(y[-2 * quarter : -quarter]), level(y[-quarter:])
    # From point to point a smooth curve hardly changes, so the jumps are the noise; the medians of two quarters differ
    # by chance by less than this in all but a few of a thousand cases.
    noise = float(np.median(np.abs(np.diff(y)))) / 0.95
    chance = 3 * 2**0.5 * 1.25 * noise / quarter**0.5
    scale = max(abs(start), 1e-12)
    values: dict[str, str | float] = {"name": series.name, "start": start, "now": now}
    if now > start + max(0.2 * scale, chance):
        return Advice("advice_growing", values)
    if abs(now - start) < max(0.01 * scale, chance) and len(y) >= 2 * ENOUGH:
        return Advice("advice_flat", values)
    if now < before - max(0.02 * abs(before), chance):
        return Advice("advice_falling", values)
    return Advice("advice_levelled", values)


def level(y: Floats) -> float:
    """Where a noisy stretch lies: its median, which a single spike does not move."""
    return float(np.median(y))
