"""Timers, measurements and tables; the texts of tables are those that PyTorch 2.13 prints for the same times."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.utils.benchmark import Compare, Measurement, TaskSpec, Timer, select_unit, trim_sigfig

TABLE = """\
[----------- L -----------]
          |    D     |   E~
1 threads: ----------------
      S   |     1.2  |  3.3
2 threads: ----------------
      S2  |  1355.0  |    ~

Times are in microseconds (us).
""".replace("~", " ")  # where lines end in spaces
TRIMMED = """\
[-------------- L --------------]
          |       D        |   E~
1 threads: ----------------------
      S   |     1          |  3.3
2 threads: ----------------------
      S2  |  1000 (! 31%)  |    ~

Times are in microseconds (us).
(! XX%) Measurement has high variance, where XX is the IQR / median * 100.
""".replace("~", " ")


def task(sub_label, description, num_threads=1):
    return TaskSpec("x+x", "pass", "", "L", sub_label, description, None, num_threads)


MEASURED = [
    Measurement(10, [1e-5, 2e-5, 1.1e-5, 1.2e-5, 1.15e-5], task("S", "D")),
    Measurement(1, [3.3e-6], task("S", "E")),
    Measurement(1, [1.2e-3, 1.21e-3, 1.5e-3, 2e-3], task("S2", "D", 2)),
]


def test_tables():
    table = Compare(MEASURED)
    assert str(table) == TABLE
    table.trim_significant_figures()
    table.highlight_warnings()
    assert str(table) == TRIMMED
    table.colorize()
    assert "\033[92m\033[1m3.3\033[0m\033[0m" in str(table)
    with pytest.raises(ValueError, match="Expected an instance of `Measurement`, got <class 'int'> instead"):
        Compare([1])


def test_measurements_speak():
    lines = repr(MEASURED[2]).splitlines()[1:]
    assert lines == [
        "L: S2",
        "D",
        "  Median: 1.35 ms",
        "  IQR:    0.42 ms (1.21 to 1.62)",
        "  4 measurements, 1 runs per measurement, 2 threads",
        "  WARNING: Interquartile range is 30.8% of the median measurement.",
        "           This suggests significant environmental influence.",
    ]
    assert [m.significant_figures for m in MEASURED] == [1, 2, 1]
    assert MEASURED[0].label == "L"
    merged = Measurement.merge([MEASURED[1], MEASURED[1]])
    assert (len(merged), merged[0].raw_times) == (1, [3.3e-6] * 2)


def test_timers_measure():
    timer = Timer("y = x + x\nz = y * 2", setup="k = 1", globals={"x": torch.ones(3)})
    single = timer.timeit(10)
    assert single.number_per_run == 10
    assert single.median > 0
    assert repr(single).splitlines()[1:4] == ["stmt:", "  y = x + x", "  z = y * 2"]
    assert len(timer.blocked_autorange(min_run_time=0.02).times) >= 1
    assert timer.adaptive_autorange(min_run_time=0.005, max_run_time=0.05).mean > 0
    assert Timer("torch.ones(2)").timeit(2).median > 0
    with pytest.raises(NotImplementedError, match="statements in C\\+\\+"):
        Timer("x", language="c++")


def test_units():
    assert [select_unit(t)[0] for t in (2e-9, 2e-6, 2e-3, 2.0)] == ["ns", "us", "ms", "s"]
    assert trim_sigfig(1354.0, 2) == 1400.0
