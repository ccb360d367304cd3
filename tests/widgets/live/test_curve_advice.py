"""Each kind of run gets the verdict that an experienced eye would give."""

import numpy as np
import pytest

from pytorch_tutor_widgets.curve_advice import advise
from pytorch_tutor_widgets.curve_data import SeriesTable

STEPS = np.arange(200)
NOISE = np.random.default_rng(0).normal(size=200) * 0.05


def keys(**series):
    table = SeriesTable()
    for name, values in series.items():
        for x, y in enumerate(values):
            table.add(name, x * (200 / len(values)), y)
    return [advice.key for advice in advise(table)]


@pytest.mark.parametrize(
    ("loss", "key"),
    [
        (2.3 * np.exp(-STEPS / 100) + NOISE, "advice_falling"),
        (2.3 * np.exp(-STEPS / 10) + 0.5 + NOISE, "advice_levelled"),
        (2.3 + NOISE, "advice_flat"),
        (2.3 + STEPS / 50 + NOISE, "advice_growing"),
        (np.where(STEPS < 150, 2.3 - STEPS / 100, np.nan), "advice_not_finite"),
        (np.where(STEPS < 150, 2.3, np.inf), "advice_not_finite"),
    ],
)
def test_training_loss(loss, key):
    assert keys(loss=loss) == [key]


def test_overfitting():
    falling = 2 * np.exp(-STEPS / 50) + NOISE / 5
    assert keys(loss=falling, val_loss=[2.0, 1.2, 1.0, 0.9, 1.0, 1.1, 1.3])[0] == "advice_overfitting"
    assert "advice_overfitting" not in keys(loss=falling, val_loss=[2.0, 1.2, 1.0, 0.9, 0.91, 0.9, 0.89])


def test_a_broken_loss_silences_the_rest():
    assert keys(loss=[np.nan] * 50, val_loss=[1.0, 2.0, 3.0, 4.0]) == ["advice_not_finite"]


def test_little_data_and_accuracies_get_no_verdict():
    assert keys(loss=[3.0, 2.0, 1.0]) == []
    assert keys(accuracy=np.ones(200)) == []
    assert keys() == []
