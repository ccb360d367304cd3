"""Points are appended and thinned without losing a peak."""

import numpy as np
import pytest

from pytorch_tutor_widgets.curve_data import Series, SeriesTable, thin


def test_a_series_grows_and_sends_what_is_new():
    series = Series("loss")
    for step in range(1000):
        series.append(step, step / 2)
    assert len(series) == 1000
    assert series.x[-1] == 999
    new = np.frombuffer(series.since(998), "<f4")
    assert new.tolist() == [998, 999, 499, 499.5]


@pytest.mark.parametrize("most", [24, 100, 1000])
@pytest.mark.parametrize("place", [0, 1, 4321, 99_998, 99_999])
def test_a_single_spike_among_a_hundred_thousand_points_stays(most, place):
    y = np.random.default_rng(0).normal(size=100_000)
    y[place] = 50.0
    kept = thin(y, most)
    assert len(kept) <= most
    assert place in kept
    assert (np.diff(kept) > 0).all()


def test_thinning_keeps_the_ends_and_what_is_not_finite():
    y = np.ones(5000)
    y[777] = np.nan
    kept = thin(y, 60)
    assert {0, 777, 4999} <= set(kept.tolist())
    assert thin(np.full(5000, np.nan), 60).tolist()[0] == 0


def test_few_points_are_not_thinned():
    assert thin(np.arange(10.0), 24).tolist() == list(range(10))


@pytest.mark.parametrize(
    ("name", "right"),
    [("accuracy", True), ("val_acc", True), ("验证准确率", True), ("loss", False), ("vaccine loss", False)],
)
def test_shares_go_to_the_right_axis(name, right):
    table = SeriesTable()
    table.add(name, 0, 0.5)
    series = table.get(name)
    assert series is not None
    assert series.right is right


def test_the_learner_decides_about_the_axis():
    table = SeriesTable(right=("loss",))
    table.add("loss", 0, 1.0)
    table.add("accuracy", 0, 1.0)
    assert [series.right for series in table] == [True, False]
