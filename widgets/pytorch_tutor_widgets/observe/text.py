"""The graph and its backward pass as text: for terminals and for notebooks without the widget."""

from __future__ import annotations

from pytorch_tutor_widgets.observe.views import NodeView, Send, StepView, TensorView, Trace

MOST_LINES = 60


def brief(tensor: TensorView | None) -> str:
    """A tensor in a few characters.

    >>> brief(TensorView((), "float32", "cpu", 1, ("3.0",), None, None, None))
    '3.0'
    """
    if tensor is None:
        return "None"
    if tensor.values is not None and tensor.numel == 1:
        return f"[{tensor.values[0]}]" if tensor.shape else tensor.values[0]
    if tensor.values is not None and len(tensor.shape) == 1 and tensor.numel <= 3:
        return f"[{', '.join(tensor.values)}]"
    return f"tensor of shape {tensor.shape}"


def node_name(node: NodeView) -> str:
    """The user's name of a node, else PyTorch's."""
    return node.name or node.op or node.title or "constant"


def graph_text(trace: Trace) -> str:
    """The graph as a tree, the result first; a node that is used twice is spelled out once."""
    inputs: dict[int, list[int]] = {}
    for edge in trace.edges:
        inputs.setdefault(edge.consumer, []).append(edge.producer)
    lines: list[str] = []
    seen: set[int] = set()
    stack: list[tuple[int, str, str]] = [(trace.root, "", "")]
    while stack:
        index, lead, below = stack.pop()
        if len(lines) >= MOST_LINES:
            lines.append(f"… and more: {len(trace.nodes)} nodes in all")
            break
        again = index in seen and bool(inputs.get(index))
        lines.append(lead + _node_line(trace, trace.nodes[index]) + ("  (see above)" if again else ""))
        if again:
            continue
        seen.add(index)
        feeds = inputs.get(index, [])
        for position, feed in reversed(list(enumerate(feeds))):
            last = position == len(feeds) - 1
            stack.append((feed, below + ("└─ " if last else "├─ "), below + ("   " if last else "│  ")))
    return "\n".join(lines)


def steps_text(trace: Trace) -> str:
    """The backward pass, a line per step."""
    lines = [_step_line(trace, step, number) for number, step in enumerate(trace.steps[:MOST_LINES], 1)]
    if len(trace.steps) > MOST_LINES:
        lines.append(f"… and more: {len(trace.steps)} steps in all")
    return "\n".join(lines)


def _tensor(trace: Trace, index: int | None) -> TensorView | None:
    return None if index is None else trace.tensors[index]


def _node_line(trace: Trace, node: NodeView) -> str:
    parts = [node.name, node.op if node.kind == "op" else f"({node.kind})"]
    value = _tensor(trace, node.value)
    shown = (
        brief(value) if value is not None else f"tensor of shape {node.shape}" if node.shape is not None else node.title
    )
    line = (
        f"{' '.join(part for part in parts if part)} = {shown}" if shown else " ".join(part for part in parts if part)
    )
    if node.rule is not None:
        line += f"    {trace.rules[node.rule].formula.text}"
    return line + (f"    # line {node.source.line}: {node.source.code}" if node.source else "")


def _step_line(trace: Trace, step: StepView, number: int) -> str:
    node = trace.nodes[step.node]
    received = brief(_tensor(trace, next((index for index in step.incoming if index is not None), None)))
    lead = f"Step {number} of {len(trace.steps)}: "
    if node.kind == "leaf":
        return f"{lead}{node_name(node)} receives {received}; {node_name(node)}.grad is now {brief(_tensor(trace, step.after))}"
    sends = " and ".join(_send(trace, send) for send in step.sends) or "nothing"
    return f"{lead}{node.op} receives {received} and sends {sends}"


def _send(trace: Trace, send: Send) -> str:
    target = trace.nodes[trace.edges[send.edge].producer]
    count = f" ({send.k} of {send.n})" if send.n > 1 else ""
    return f"{brief(_tensor(trace, send.gradient))} to {node_name(target)}{count}"
