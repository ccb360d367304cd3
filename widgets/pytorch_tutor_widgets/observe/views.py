"""What crosses to the browser: frozen, documented values that never hold an array.

The front end reads exactly these fields (a test compares the two). ``plain`` turns them into JSON-able dictionaries.
Numbers are sent as the text to be shown, because JSON knows neither NaN nor infinity and one place should decide how many
digits a learner sees.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass

VERSION = 1


@dataclass(frozen=True, slots=True)
class Picture:
    """A tensor as at most a few hundred coloured cells: signed bytes in base64, -128 for what is not finite."""

    rows: int
    cols: int
    cells: str
    exact: bool  # one cell per element, or each cell the largest magnitude of a block


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often values fall into equal bins between ``low`` and ``high``."""

    low: str
    high: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """A tensor's health at a glance; minimum to standard deviation are taken over the finite values."""

    min: str
    max: str
    mean: str
    std: str
    zero: int
    negative: int
    nan: int
    inf: int


@dataclass(frozen=True, slots=True)
class TensorView:
    """A summary of one tensor; ``values`` only for small ones, in row-major order."""

    shape: tuple[int, ...]
    dtype: str
    device: str
    numel: int
    values: tuple[str, ...] | None
    stats: Stats | None
    histogram: Histogram | None
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula for three readers: MathML for eyes, plain text for ears and terminals."""

    mathml: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """What an op computes and what its backward sends to each input (``inputs`` names them as the formula does)."""

    formula: Formula
    inputs: tuple[str, ...]
    gradients: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The line of the user's program that made a node."""

    file: str  # "" for a notebook cell
    line: int
    code: str
    function: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that the forward pass kept for the backward pass."""

    name: str
    tensor: int | None
    text: str


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node of the picture: an op, a leaf (its ``.grad`` is what backward fills), or a constant (no gradient goes there)."""

    kind: str  # "op", "leaf", "constant"
    op: str  # PyTorch's own name: "MulBackward0", "AccumulateGrad"; "" for a constant
    title: str  # what the box says: a sign or a short name
    name: str  # the user's variable, "" where none was found
    shape: tuple[int, ...] | None
    dtype: str
    value: int | None  # index into Trace.tensors
    rule: int | None  # index into Trace.rules
    source: Source | None
    kept: tuple[Kept, ...]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class EdgeView:
    """``producer``'s output flows into ``consumer`` at position ``slot``; gradients travel the other way."""

    producer: int
    consumer: int
    slot: int
    label: str  # what the consumer's formula calls this input
    shape: tuple[int, ...] | None
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Send:
    """One contribution along one edge: the ``k``-th of ``n`` that its receiver waits for, and their sum so far."""

    edge: int
    gradient: int | None  # index into Trace.tensors; None: PyTorch sent nothing
    local: int | None  # the local derivative where it is a tensor of its own: gradient = incoming x local
    numbers: Formula | None  # the formula with the numbers put in
    note: str  # "", or "summed": the receiver was broadcast, so the contribution was summed down to its shape
    k: int
    n: int
    running: int | None


@dataclass(frozen=True, slots=True)
class StepView:
    """One node run by the backward pass. A leaf's step is the moment in which its ``.grad`` changes."""

    node: int
    incoming: tuple[int | None, ...]
    arrivals: int  # how many contributions were summed into the incoming gradient
    sends: tuple[Send, ...]
    before: int | None  # leaf: .grad before this step
    after: int | None  # leaf: .grad after this step
    hooked: bool  # leaf: a hook of the user changed the gradient on its way


@dataclass(frozen=True, slots=True)
class Trace:
    """All that a widget shows, and all that a saved notebook keeps."""

    version: int
    library: str
    root: int
    width: float
    height: float
    nodes: tuple[NodeView, ...]
    edges: tuple[EdgeView, ...]
    rules: tuple[RuleView, ...]
    tensors: tuple[TensorView, ...]
    steps: tuple[StepView, ...]


def plain(view: object) -> object:
    """``view`` as dictionaries, lists, strings and numbers.

    >>> plain(Formula("<math/>", "y = x"))
    {'mathml': '<math/>', 'text': 'y = x'}
    """
    if view is None or type(view) in (str, int, float, bool):
        return view
    if isinstance(view, tuple):
        return [plain(item) for item in view]
    if is_dataclass(view) and not isinstance(view, type):
        return {field.name: plain(getattr(view, field.name)) for field in fields(view)}
    raise TypeError(f"{type(view).__name__} cannot cross to the browser")
