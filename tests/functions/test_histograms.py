"""Histograms in one and several dimensions: counts, edges, weights, density."""

import pytest

import pytorch_tutor as torch

double = torch.float64
POINTS = torch.tensor([[0.1, 0.9], [0.5, 0.2], [0.7, 0.7], [1.0, 0.0], [0.2, 0.9]], dtype=double)


def test_several_dimensions():
    weight = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0], dtype=double)
    found = torch.histogramdd(POINTS, bins=[2, 3], weight=weight, density=True)
    expected = [[0.9876543209876542, 0.0, 2.9629629629629632], [1.975308641975309, 0.0, 1.481481481481482]]
    assert torch.allclose(found.hist, torch.tensor(expected, dtype=double))
    assert found.bin_edges[1].tolist() == pytest.approx([0.0, 0.3, 0.6, 0.9])
    area = (found.hist * 0.45 * 0.3).sum()
    assert area.item() == pytest.approx(1.0)
    plain = torch.histogramdd(POINTS, bins=[torch.tensor([0.0, 0.5, 1.0], dtype=double)] * 2)
    assert plain.hist.tolist() == [[0.0, 2.0], [2.0, 1.0]]


def test_an_edge_belongs_to_the_interval_on_its_right_and_the_last_one_to_the_left():
    x = torch.tensor([0.0, 1.0, 2.0, 3.0, 3.0, 4.0])
    found = torch.histogram(x, 3, range=(0.0, 3.0))
    assert found.hist.tolist() == [1.0, 1.0, 3.0]
    assert torch.histogram(x, torch.tensor([0.0, 1.0, 2.0, 3.0])).hist.tolist() == [1.0, 1.0, 3.0]


@pytest.mark.parametrize("count", [1, 3, 7, 10, 49, 100])
def test_rounding_moves_nothing_over_an_edge(count):
    low, high = -1.3, 2.9
    edges = torch.histogram(torch.empty(0), count, range=(low, high)).bin_edges
    found = torch.histogram(edges, count, range=(low, high)).hist
    assert found.tolist() == [1.0] * (count - 1) + [2.0]


def test_results_go_where_they_are_wanted():
    places = torch.empty(0), torch.empty(0)
    found = torch.histogram(torch.tensor([1.0, 2.0, 1.0]), 2, out=places)
    assert found.hist is places[0]
    assert places[0].tolist() == [2.0, 1.0]
    assert torch.ones(3, 2).histogram(2).hist.tolist() == [0.0, 6.0]
    assert type(found).__name__ == "histogram_out"
