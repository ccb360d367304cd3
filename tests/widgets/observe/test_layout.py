"""The layout: nothing overlaps, everything flows to the right, and long graphs take little time."""

import random
import time

import pytest

from pytorch_tutor_widgets.observe.layout import layout


def graph(seed: int, count: int) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    dice = random.Random(seed)
    sizes = [(dice.uniform(70, 180), dice.choice([42.0, 50.0, 70.0])) for _ in range(count)]
    edges = [
        (node, dice.randrange(max(0, node - 6), node)) for node in range(1, count)
    ]  # from younger inputs to the root 0
    edges += [(node, dice.randrange(node)) for node in dice.sample(range(1, count), count // 4)]
    return sizes, edges


@pytest.mark.parametrize("seed", range(12))
def test_boxes_do_not_overlap_and_edges_go_right(seed: int) -> None:
    sizes, edges = graph(seed, 40)
    found = layout(sizes, edges)
    boxes = [(x - w / 2, x + w / 2, y - h / 2, y + h / 2) for (x, y), (w, h) in zip(found.places, sizes, strict=True)]
    for i, (left, right, top, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= found.width
        assert top >= 0
        assert bottom <= found.height
        for other in boxes[i + 1 :]:
            assert right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top
    for (start, end), route in zip(edges, found.routes, strict=True):
        assert boxes[start][1] == pytest.approx(route[0][0], abs=0.2)
        assert boxes[end][0] == pytest.approx(route[-1][0], abs=0.2)
        assert all(a[0] < b[0] for a, b in zip(route, route[1:], strict=False))


def test_a_tree_has_no_crossings() -> None:
    sizes = [(100.0, 50.0)] * 7
    edges = [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2), (6, 2)]
    places = layout(sizes, edges).places
    assert places[1][1] < places[2][1]
    assert [places[i][1] for i in (3, 4, 5, 6)] == sorted(places[i][1] for i in (3, 4, 5, 6))


def test_a_weight_shared_by_hundreds_of_steps_takes_little_time() -> None:
    steps = 200
    edges = [(i + 1, i) for i in range(steps)] + [(steps + 1, i) for i in range(steps)]
    start = time.perf_counter()
    layout([(100.0, 50.0)] * (steps + 2), edges)
    assert time.perf_counter() - start < 5
