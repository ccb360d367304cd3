"""The backward pass: a generator of steps, from the youngest node to the oldest; ``backward()`` exhausts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from typing import Any

from ..errors import lesson
from .anomaly import running, tell_call
from .mode import everywhere, mode
from .node import AccumulateGrad, Hooks, Node, descend
from .observers import observers

Edge = tuple[Node, int]

# Who holds a gradient that has arrived: others too; only the node that sent it; nobody else, for it was added up here.
SHARED, SENT, SUMMED = "shared", "sent", "summed"


class Step:
    """One node that ran: the gradients of its results, and what it sent along each edge.

    Whoever drives the pass may replace entries of ``grads_out`` before asking for the next step.
    """

    __slots__ = ("grads_in", "grads_out", "node")

    def __init__(self, node: Node, grads_in: list[Any], grads_out: Sequence[Any]) -> None:
        self.node = node
        self.grads_in = grads_in
        self.grads_out = grads_out


class Captures:
    """The places whose gradients ``autograd.grad`` asks for; only the nodes on the way there run."""

    def __init__(self, edges: Sequence[Edge], roots: Sequence[Edge]) -> None:
        self.by_node: dict[Node, list[tuple[int, int]]] = {}
        for place, (node, number) in enumerate(edges):
            self.by_node.setdefault(node, []).append((number, place))
        self.values: list[Any] = [None] * len(edges)
        self.needed = self._needed([node for node, _ in roots])

    def _needed(self, roots: list[Node]) -> set[Node]:
        """Nodes from which a wanted place can still be reached, found by going back from the places."""
        users: dict[Node, list[Node]] = {}
        for node in descend(list(dict.fromkeys(roots))):
            for edge in node.edges:
                if edge is not None:
                    users.setdefault(edge[0], []).append(node)
        needed: set[Node] = set()
        stack = list(self.by_node)
        while stack:
            for user in users.get(stack.pop(), ()):
                if user not in needed:
                    needed.add(user)
                    stack.append(user)
        return needed


class Tools:
    """What the pass needs to know of values, given by the layer that knows tensors."""

    def __init__(
        self,
        wrap: Callable[[Any], Any],
        unwrap: Callable[[Any], Any],
        has_nan: Callable[[Any], bool],
        lift: Any = None,
        own: Callable[[Any], Any] | None = None,
    ) -> None:
        self.wrap, self.unwrap, self.has_nan = wrap, unwrap, has_nan
        self.own = own or wrap  # the same for a gradient that somebody keeps: it can be written to
        self.lift = lift  # the namespace of tensors under create_graph, None in the ordinary pass
        self.meets: Any = ()  # the nodes that the pass will run, for hooks that ask
        self.notes: dict[int, Any] = {}  # what hooks remember while the pass lasts
        self.capturing = False  # autograd.grad: leaves are not added to


def backward_steps(
    roots: Sequence[Edge], gradients: Sequence[Any], *, keep: bool, tools: Tools, captures: Captures | None = None
) -> Iterator[Step]:
    """Runs the graph backwards from ``roots`` and yields each node that ran.

    Every node waits until all its users have sent their contribution, and these are summed before it runs: that is
    why each node runs once, however many paths lead through it. With ``captures``, gradients are caught there and
    leaves keep their ``.grad``.
    """
    waiting = _count_users(roots)
    tools.meets, tools.capturing = waiting if captures is None else captures.needed, captures is not None
    buffers: dict[Node, _Buffer] = {}
    ready: list[tuple[int, int, Node]] = []
    tie = 0
    for (node, number), gradient in zip(roots, gradients, strict=True):
        if node not in buffers:
            buffers[node] = _Buffer(node.outputs)
            if not waiting[node]:
                tie += 1
                heappush(ready, (-node.age, tie, node))
        buffers[node].add(number, gradient, shared=True)
    lift = tools.lift
    while ready:
        node = heappop(ready)[2]
        for enter in observers.step_entered:
            enter(node)
        buffer = buffers.pop(node)
        grads: list[Any] = buffer.values
        leaf: Any = node if node.__class__ is AccumulateGrad else None
        if node.tensor_hooks or node.retained or leaf is not None and leaf.variable._backward_hooks:
            grads = _hook_tensors(node, grads, tools)
        if captures is not None:
            for number, place in captures.by_node.get(node, ()):
                captures.values[place] = grads[number]
            if node not in captures.needed:
                continue
        if node.prehooks:
            grads = _before(node, grads, tools)
        if leaf is not None:
            if grads[0] is not None:
                leaf.variable._accumulate(grads[0], buffer.held[0] is SHARED)
            if leaf.hooks or leaf.variable._post_accumulate_hooks:
                _after_accumulating(leaf, tools)
            sent: Any = ()
        elif grads[0] is None and all(g is None for g in grads):
            sent = [None] * len(node.edges)
        else:
            sent = node.run(grads, lift, keep) if not everywhere.anomaly else _watched(node, grads, keep, tools)
            if node.hooks:
                sent = _after(node, grads, sent, tools)
        if not keep:
            node.release()
        step = Step(node, grads, sent)
        for watch in observers.step_taken:
            watch(step)
        yield step
        for edge, gradient in zip(node.edges, step.grads_out, strict=False):
            if edge is None:
                continue
            target, number = edge
            slot = buffers.get(target)
            if slot is None:
                slot = buffers[target] = _Buffer(target.outputs)
            if gradient is not None:
                shared = target.age == AccumulateGrad.age and _shared(gradient, grads, step.grads_out)
                slot.add(number, gradient, shared, lift is None)
            waiting[target] = left = waiting[target] - 1
            if not left:
                tie += 1
                heappush(ready, (-target.age, tie, target))


class _Buffer:
    """Sums the contributions that arrive for each result of a node."""

    __slots__ = ("held", "values")

    def __init__(self, outputs: int) -> None:
        self.values: list[Any] = [None] * outputs
        self.held = [SHARED] * outputs  # who else holds this very array?

    def add(self, number: int, gradient: Any, shared: bool, in_place: bool = False) -> None:
        before = self.values[number]
        if before is None:
            self.values[number], self.held[number] = gradient, SHARED if shared else SENT
        elif in_place and self.held[number] is SUMMED:
            self.values[number] += gradient  # stored back: a sum of 0-dim arrays is a number, not an array
        else:
            self.values[number] = before + gradient
            self.held[number] = SUMMED


def _shared(gradient: Any, grads_in: list[Any], sent: Sequence[Any]) -> bool:
    """Is this very object also held elsewhere, so that a leaf must not keep it as its own ``.grad``?"""
    for g in grads_in:
        if g is gradient:
            return True
    times = 0
    for g in sent:
        if g is gradient:
            times += 1
    return times > 1


def _count_users(roots: Sequence[Edge]) -> dict[Node, int]:
    """For each node that the pass will meet, how many contributions it has to wait for."""
    waiting: dict[Node, int] = {}
    stack = [node for node, _ in roots]
    for node in stack:
        waiting.setdefault(node, 0)
    stack = list(waiting)
    while stack:
        for edge in stack.pop().edges:
            if edge is not None:
                node = edge[0]
                if node in waiting:
                    waiting[node] += 1
                else:
                    waiting[node] = 1
                    stack.append(node)
    return waiting


def _run_hooks(hooks: Hooks, value: Any, tools: Tools, call: Callable[[Any, Any], Any]) -> Any:
    """Passes ``value`` through each hook, in the grad mode of the pass; what a hook returns replaces it."""
    before, mode.grad = mode.grad, tools.lift is not None
    outer, mode.current = mode.current, tools
    try:
        for hook in tuple(hooks.values()):
            result = call(hook, value)
            if result is not None:
                value = result
    finally:
        mode.grad, mode.current = before, outer
    return value


def _hook_tensors(node: Node, grads: list[Any], tools: Tools) -> list[Any]:
    """Hooks on the tensors that the node made; then ``retain_grad``, which sees what the hooks left."""
    grads = list(grads)
    if node.__class__ is AccumulateGrad:
        hooks = node.variable._backward_hooks
        tensor_hooks = {0: hooks} if hooks else {}
    else:
        tensor_hooks = node.tensor_hooks or {}
    for number, hooks in tensor_hooks.items():
        if hooks and grads[number] is not None:
            value = _run_hooks(hooks, tools.wrap(grads[number]), tools, _call_checked)
            grads[number] = tools.unwrap(value)
    for number, ref in (node.retained or {}).items():
        tensor = ref()
        if tensor is not None and grads[number] is not None:
            tensor.grad = tools.own(grads[number])
    return grads


def _before(node: Node, grads: list[Any], tools: Tools) -> list[Any]:
    """The node's prehooks, which see and may replace what comes in."""
    assert node.prehooks is not None
    values = tuple(None if g is None else tools.wrap(g) for g in grads)
    values = _run_hooks(node.prehooks, values, tools, lambda hook, g: _as_many(hook, hook(g), g))
    return [None if g is None else tools.unwrap(g) for g in values]


def _after(node: Node, grads: list[Any], sent: Any, tools: Tools) -> tuple[Any, ...]:
    """The node's hooks, which see and may replace what it sends on."""
    incoming = tuple(None if g is None else tools.wrap(g) for g in grads)
    outgoing = tuple(None if g is None else tools.wrap(g) for g in sent)
    assert node.hooks is not None
    outgoing = _run_hooks(node.hooks, outgoing, tools, lambda hook, g: _as_many(hook, hook(g, incoming), g))
    return tuple(None if g is None else tools.unwrap(g) for g in outgoing)


def _after_accumulating(node: AccumulateGrad, tools: Tools) -> None:
    hooks = node.variable._post_accumulate_hooks
    if hooks:
        _run_hooks(hooks, node.variable, tools, _call_post)
    if node.hooks:
        _run_hooks(node.hooks, (), tools, lambda hook, nothing: hook(nothing, (node.variable.grad,)) and None)


def _call_post(hook: Callable[..., Any], variable: Any) -> None:
    result = hook(variable)
    if result is not None:
        if not hasattr(result, "requires_grad"):
            raise TypeError(f"expected Variable, but hook returned '{type(result).__name__}'")


def _call_checked(hook: Callable[..., Any], gradient: Any) -> Any:
    """A tensor's hook may replace the gradient by another of the same shape."""
    result = hook(gradient)
    if result is None:
        return None
    if not isinstance(result, type(gradient)):
        raise TypeError(f"expected Variable, but hook returned '{type(result).__name__}'")
    name = getattr(hook, "__name__", type(hook).__name__)
    if result.dtype is not gradient.dtype:
        raise lesson(
            RuntimeError(f"hook '{name}' has changed the type of value (was {gradient.type()} got {result.type()})"),
            expected=str(gradient.dtype),
            got=str(result.dtype),
        )
    if result.shape != gradient.shape:
        raise lesson(
            RuntimeError(f"hook '{name}' has changed the size of value"),
            expected=tuple(gradient.shape),
            got=tuple(result.shape),
        )
    return result


def _as_many(hook: Callable[..., Any], value: Any, before: tuple[Any, ...]) -> Any:
    """A node's hook may replace the gradients by as many others."""
    if value is None:
        return None
    found = value if isinstance(value, (tuple, list)) else (value,)
    if len(found) != len(before):
        name = getattr(hook, "__name__", type(hook).__name__)
        raise lesson(
            RuntimeError(
                f"hook '{name}' has returned an incorrect number of values (got {len(found)}, but expected {len(before)})"
            ),
            expected=len(before),
            got=len(found),
        )
    return tuple(found)


def _watched(node: Node, grads: list[Any], keep: bool, tools: Tools) -> tuple[Any, ...]:
    """Anomaly detection: a node that fails, or sends a NaN, is told with the call that made it."""
    running.append(node)
    try:
        sent = node.run(grads, tools.lift, keep)
        if everywhere.check_nan:
            _refuse_nan(node, sent, tools)
    except Exception:
        tell_call(node)
        raise
    finally:
        running.pop()
    return sent


def _refuse_nan(node: Node, sent: Any, tools: Tools) -> None:
    """Anomaly detection: the first node that sends a NaN is the one to look at."""
    for number, gradient in enumerate(sent):
        if gradient is not None and tools.has_nan(gradient):
            error = RuntimeError(f"Function '{node.name()}' returned nan values in its {number}th output.")
            if node.where is not None:
                file, line, function = node.where
                error.add_note(f"  forward   the operation was called in {function}, line {line} of {file}")
            raise error
