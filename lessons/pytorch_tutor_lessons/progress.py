"""What the learner has solved, kept in a small file beside the notebooks."""

from __future__ import annotations

import json
import os
from pathlib import Path

FILE = ".progress.json"


def path() -> Path:
    """The learner's file: in the folder that holds `en` and `zh`, so that both languages share it."""
    here = Path.cwd()
    return (here.parent if here.name in ("en", "zh") else here) / FILE


def solved(lesson: str) -> set[str]:
    """The exercises of a lesson that have been solved; none where the file is missing or unreadable."""
    try:
        found = json.loads(path().read_text(encoding="utf-8"))
        return set(found.get(lesson, []))
    except (OSError, ValueError, AttributeError, TypeError):
        return set()


def record(lesson: str, exercise: str) -> None:
    """Adds a solved exercise. A folder that cannot be written costs the memory of it, never the lesson."""
    target = path()
    try:
        found = json.loads(target.read_text(encoding="utf-8"))
        everything = found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        everything = {}
    done = set(everything.get(lesson, [])) | {exercise}
    everything[lesson] = sorted(done)
    beside = target.with_name(f"{FILE}.{os.getpid()}")
    try:
        beside.write_text(json.dumps(everything, indent=1, sort_keys=True), encoding="utf-8")
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)


def reset(lesson: str, exercise: str | None = None) -> None:
    """Forgets one solved exercise, or all of a lesson."""
    target = path()
    try:
        everything = json.loads(target.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    left = [] if exercise is None else [e for e in everything.get(lesson, []) if e != exercise]
    everything[lesson] = left
    target.write_text(json.dumps(everything, indent=1, sort_keys=True), encoding="utf-8")
