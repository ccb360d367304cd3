"""What a check says: not attempted, wrong, error or right, with the reason, as text and as a small coloured box."""

from __future__ import annotations

import html
from dataclasses import dataclass, field

COLOURS = {"right": "#2e7d32", "wrong": "#b26a00", "error": "#b3261e", "not attempted": "#5f6368", "hint": "#1a5fb4"}
MARKS = {"right": "✓", "wrong": "✗", "error": "!", "not attempted": "○", "hint": "?"}


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check. ``state`` is one of the keys of ``COLOURS``; ``mistake`` names a recognised wrong answer."""

    state: str
    headline: str
    lines: tuple[str, ...] = ()
    code: str = ""
    mistake: str = field(default="", compare=False)

    def __repr__(self) -> str:
        body = "\n".join(f"  {line}" for line in self.lines)
        code = "\n".join(f"    {line}" for line in self.code.splitlines())
        return "\n".join(part for part in (f"{MARKS[self.state]} {self.headline}", body, code) if part)

    def _repr_html_(self) -> str:
        colour = COLOURS[self.state]
        lines = "".join(f"<div style='white-space:pre-wrap'>{html.escape(line)}</div>" for line in self.lines)
        code = f"<pre style='margin:.4em 0 0'>{html.escape(self.code)}</pre>" if self.code else ""
        return (
            f"<div role='status' style='border-left:4px solid {colour};padding:.35em .8em;margin:.2em 0'>"
            f"<div><strong><span aria-hidden='true'>{MARKS[self.state]}</span> {html.escape(self.headline)}</strong></div>"
            f"{lines}{code}</div>"
        )
