"""The benchmark runs every case, and prints what it measured."""

import json

import pytest

from pytorch_tutor import bench


def test_every_case_runs():
    results = bench.measure(list(bench.CASES), seconds=0, compare=False)
    assert set(results) == set(bench.CASES)
    assert all(row["pytorch_tutor"] > 0 for row in results.values())


def test_it_prints_a_table_or_json(capsys):
    assert bench.main(["addition", "--seconds", "0", "--no-torch"]) == 0
    assert "addition" in capsys.readouterr().out
    assert bench.main(["addition", "--seconds", "0", "--no-torch", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["addition"]


def test_the_table_shows_the_ratio():
    shown = bench.table({"addition": {"pytorch_tutor": 3.0, "torch": 1.5}})
    assert "2.00" in shown


def test_an_unknown_case_is_named(capsys):
    with pytest.raises(SystemExit):
        bench.main(["additon"])
    assert "'additon'" in capsys.readouterr().err
