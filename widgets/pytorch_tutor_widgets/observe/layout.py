"""Place the nodes of a graph in columns, inputs left and the result right (Sugiyama's layered layout, in pure Python).

1. Columns: each node stands as far right as its consumers allow, so that a weight stands next to the op that uses it.
2. Long edges get an invisible node in every column that they cross.
3. Order within a column: repeatedly by the mean position of the neighbours, which removes most crossings.
4. Heights: each node moves towards the mean of its neighbours as far as its column lets it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

GAP_Y, MARGIN = 16.0, 18.0
LANE = 10.0  # the height that a passing edge takes in a column
SWEEPS = 8


@dataclass(slots=True)
class Box:
    """A node to place; ``left`` and ``right`` are its neighbours in the columns beside it."""

    width: float
    height: float
    column: int = 0
    x: float = 0.0
    y: float = 0.0
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """Centres of the nodes, the points that each edge passes, and the size of the picture."""

    places: list[tuple[float, float]]
    routes: list[list[tuple[float, float]]]
    width: float
    height: float


def layout(sizes: list[tuple[float, float]], edges: list[tuple[int, int]], gap: float = 50.0) -> Layout:
    """``sizes``: (width, height) of each node; ``edges``: (from, to), without a cycle; ``gap``: between two columns.

    >>> found = layout([(10, 10), (10, 10)], [(0, 1)])
    >>> found.places[0][0] < found.places[1][0]
    True
    """
    boxes = [Box(*size) for size in sizes]
    _columns(boxes, edges)
    lanes = _lanes(boxes, edges)
    columns: list[list[int]] = [[] for _ in range(max((box.column for box in boxes), default=0) + 1)]
    for index in _first_order(boxes):
        columns[boxes[index].column].append(index)
    _uncross(boxes, columns)
    _settle(boxes, columns)
    width = MARGIN
    for column in reversed(columns):  # column 0 holds the result, at the right
        widest = max(boxes[index].width for index in column)
        for index in column:
            boxes[index].x = width + widest / 2
        width += widest + gap
    top = min(box.y - box.height / 2 for box in boxes) - MARGIN
    for box in boxes:
        box.y -= top
    height = max(box.y + box.height / 2 for box in boxes) + MARGIN
    places = [(round(box.x, 1), round(box.y, 1)) for box in boxes[: len(sizes)]]
    routes = []
    for (start, end), through in zip(edges, lanes, strict=True):
        a, b = boxes[start], boxes[end]
        points = [
            (a.x + a.width / 2, a.y),
            *((boxes[i].x, boxes[i].y) for i in thin(through)),
            (b.x - b.width / 2, b.y),
        ]
        routes.append([(round(x, 1), round(y, 1)) for x, y in points])
    _ports(boxes, edges, routes)
    return Layout(places, routes, round(width - gap + MARGIN, 1), round(height, 1))


def thin(lane: list[int], most: int = 8) -> list[int]:
    """At most ``most`` places of a lane through hundreds of columns: at that size nobody sees the difference.

    >>> thin([1, 2, 3]), thin(list(range(100)), most=3)
    ([1, 2, 3], [0, 50, 99])
    """
    if len(lane) <= most:
        return lane
    return [lane[round(i * (len(lane) - 1) / (most - 1))] for i in range(most)]


def _columns(boxes: list[Box], edges: list[tuple[int, int]]) -> None:
    """The longest way to the result decides: found by passing the numbers on until nothing waits."""
    feeds: list[list[int]] = [[] for _ in boxes]
    waiting = [0] * len(boxes)
    for start, end in edges:
        feeds[end].append(start)
        waiting[start] += 1
    ready = [index for index, count in enumerate(waiting) if count == 0]
    while ready:
        end = ready.pop()
        for start in feeds[end]:
            boxes[start].column = max(boxes[start].column, boxes[end].column + 1)
            waiting[start] -= 1
            if not waiting[start]:
                ready.append(start)


def _lanes(boxes: list[Box], edges: list[tuple[int, int]]) -> list[list[int]]:
    """The invisible nodes of each edge. All edges from one node share a lane as far as they go together, like a bus."""
    lanes = []
    shared: dict[tuple[int, int], int] = {}
    for start, end in edges:
        through, last = [], start
        for column in range(boxes[start].column - 1, boxes[end].column, -1):
            if (start, column) not in shared:
                shared[start, column] = len(boxes)
                boxes.append(Box(0.0, LANE, column))
                _join(boxes, last, len(boxes) - 1)
            last = shared[start, column]
            through.append(last)
        _join(boxes, last, end)
        lanes.append(through)
    return lanes


def _join(boxes: list[Box], left: int, right: int) -> None:
    boxes[left].right.append(right)
    boxes[right].left.append(left)


def _first_order(boxes: list[Box]) -> list[int]:
    """Depth first from the result, inputs in their order: already nearly without crossings for tree-like code."""
    order: list[int] = []
    seen: set[int] = set()
    stack = [index for index, box in enumerate(boxes) if not box.right][::-1]
    while stack:
        index = stack.pop()
        if index in seen:
            continue
        seen.add(index)
        order.append(index)
        stack.extend(reversed(boxes[index].left))
    return order


def _uncross(boxes: list[Box], columns: list[list[int]]) -> None:
    place = {index: float(i) for column in columns for i, index in enumerate(column)}
    for sweep in range(SWEEPS):
        outward = sweep % 2 == 0
        for column in columns if outward else reversed(columns):
            weight = {}
            for index in column:
                near = boxes[index].right if outward else boxes[index].left
                weight[index] = sum(place[n] for n in near) / len(near) if near else place[index]
            column.sort(key=weight.__getitem__)  # stable: ties keep the order of the inputs
            for i, index in enumerate(column):
                place[index] = float(i)


def _settle(boxes: list[Box], columns: list[list[int]]) -> None:
    for column in columns:
        y = 0.0
        for index in column:
            boxes[index].y = y + boxes[index].height / 2
            y += boxes[index].height + GAP_Y
        for index in column:
            boxes[index].y -= (y - GAP_Y) / 2
    for sweep in range(2 * SWEEPS):
        outward = sweep % 2 == 0
        for column in columns if outward else reversed(columns):
            wish = []
            for index in column:
                near = boxes[index].right if outward else boxes[index].left
                wish.append(sum(boxes[n].y for n in near) / len(near) if near else boxes[index].y)
            _place(boxes, column, wish)


def _place(boxes: list[Box], column: list[int], wish: list[float]) -> None:
    """As near to the wishes as the gaps allow (least squares): neighbours that would overlap move as one block."""
    blocks: list[tuple[float, float, list[int]]] = []  # (sum of wished offsets, height, members)
    for index, y in zip(column, wish, strict=True):
        block = (y, boxes[index].height, [index])
        while blocks and _top(blocks[-1]) + blocks[-1][1] + GAP_Y > _top(block):
            total, height, members = blocks.pop()
            shift = height + GAP_Y
            inner = height / 2 - (height + GAP_Y + block[1]) / 2
            centre = (
                (total - inner) * len(members) + (block[0] - (inner + (height + block[1]) / 2 + GAP_Y)) * len(block[2])
            ) / (len(members) + len(block[2]))
            block = (centre, shift + block[1], members + block[2])
        blocks.append(block)
    for centre, height, members in blocks:
        y = centre - height / 2
        for index in members:
            boxes[index].y = y + boxes[index].height / 2
            y += boxes[index].height + GAP_Y


def _top(block: tuple[float, float, list[int]]) -> float:
    return block[0] - block[1] / 2


def _ports(boxes: list[Box], edges: list[tuple[int, int]], routes: list[list[tuple[float, float]]]) -> None:
    """Edges that enter one node arrive beside each other, those from above above the others."""
    entering: dict[int, list[int]] = {}
    twins: dict[tuple[int, int], list[int]] = {}
    for number, (start, end) in enumerate(edges):
        entering.setdefault(end, []).append(number)
        twins.setdefault((start, end), []).append(number)
    for end, numbers in entering.items():
        numbers.sort(key=lambda number: routes[number][-2][1])
        wide = any(len(twins[edges[number]]) > 1 for number in numbers)
        room = min(26.0 if wide else 14.0, (boxes[end].height - 16) / max(1, len(numbers) - 1))
        for i, number in enumerate(numbers):
            x, y = routes[number][-1]
            routes[number][-1] = (x, round(y + (i - (len(numbers) - 1) / 2) * room, 1))
    for numbers in twins.values():  # a * a: two edges between the same nodes leave apart, too
        for i, number in enumerate(numbers if len(numbers) > 1 else []):
            x, y = routes[number][0]
            routes[number][0] = (x, round(y + (i - (len(numbers) - 1) / 2) * min(26.0, 50.0 / len(numbers)), 1))
