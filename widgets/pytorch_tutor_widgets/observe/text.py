"""The graph and its backward pass as text: for terminals and for notebooks without the widget."""

from __future__ import annotations

from pytorch_tutor_widgets.observe.views import NodeView, Send, StepView, TensorView, Trace
from pytorch_tutor_widgets.shared import Catalogue

MOST_LINES = 60
_WORDS = Catalogue("graph")


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


def steps_text(trace: Trace, lang: str = "en") -> str:
    """The backward pass, a line per step, in the words that the browser speaks."""
    lines = [_step_line(trace, step, number, lang or "en") for number, step in enumerate(trace.steps[:MOST_LINES], 1)]
    if len(trace.steps) > MOST_LINES:
        lines.append("…")
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


def _step_line(trace: Trace, step: StepView, number: int, lang: str) -> str:
    node = trace.nodes[step.node]
    received = _tensor(trace, next((index for index in step.incoming if index is not None), None))
    known = {
        "k": number,
        "n": len(trace.steps),
        "m": step.arrivals,
        "incoming": _phrase(received, "tensor_phrase", lang),
    }
    several = "_sum" if step.arrivals > 1 else ""
    if node.kind == "leaf":
        after = _phrase(_tensor(trace, step.after), "value_phrase", lang)
        return _say(lang, f"leaf{several}_sentence", **known, name=node_name(node), after=after)
    sends = _say(lang, "and").join(_send(trace, send, lang) for send in step.sends) or _say(lang, "nothing")
    return _say(lang, f"op{several}_sentence", **known, op=node.op, sends=sends)


def _send(trace: Trace, send: Send, lang: str) -> str:
    target = node_name(trace.nodes[trace.edges[send.edge].producer])
    return _say(lang, "send_phrase", value=_phrase(_tensor(trace, send.gradient), "tensor_phrase", lang), target=target)


def _phrase(tensor: TensorView | None, key: str, lang: str) -> str:
    if tensor is None:
        return _say(lang, "nothing" if key == "tensor_phrase" else "unknown_value")
    shown = brief(tensor)
    return _say(lang, key, shape=tensor.shape) if shown.startswith("tensor of") else shown


def _say(lang: str, key: str, **values: object) -> str:
    return _WORDS.say(lang, key, **values)
