"""The learner's own copy of the lessons, which an update never overwrites.

A file beside the copies, `.shipped.json`, remembers the hash of each lesson as it was shipped. A copy that still has
this hash was not touched and follows an update; any other belongs to the learner, and the new lesson is laid beside it.
"""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

MANIFEST = ".shipped.json"
SKIPPED_FOLDERS = {".ipynb_checkpoints", "__pycache__", "data"}


@dataclass
class Report:
    """What a copying did, by names relative to the learner's folder; `beside` holds pairs (kept, new)."""

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)


def copy_lessons(shipped: Path, folder: Path, prefix: str) -> Report:
    """Copy the files below `shipped` to `folder/prefix`, and leave alone what the learner changed.

    A lesson that the learner deleted comes back: deleting is how to start it afresh.
    """
    manifest = read_manifest(folder)
    report = Report()
    sources = (path for path in sorted(shipped.rglob("*")) if path.is_file())
    for source in sources:
        relative = source.relative_to(shipped)
        if SKIPPED_FOLDERS.isdisjoint(relative.parts):
            _copy_one(source, folder, f"{prefix}/{relative.as_posix()}", manifest, report)
    write_atomically(folder / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n")
    return report


def read_manifest(folder: Path) -> dict[str, str]:
    """The remembered hashes by name. A missing or damaged file remembers none: every copy is then the learner's."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in content.items()} if isinstance(content, dict) else {}


def write_atomically(target: Path, content: bytes) -> None:
    """Write a whole file or nothing: a crash or a full disk leaves the old one intact."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _copy_one(source: Path, folder: Path, name: str, manifest: dict[str, str], report: Report) -> None:
    content = source.read_bytes()
    target = folder / name
    if not target.exists():
        report.new.append(name)
    elif _hash(target.read_bytes()) == _hash(content):
        report.kept.append(name)
    elif _hash(target.read_bytes()) == manifest.get(name):
        report.updated.append(name)
    else:
        report.kept.append(name)
        if manifest.get(name) != _hash(content):
            beside = _lay_beside(content, folder, name, manifest)
            report.beside.append((name, beside))
            manifest[name] = _hash(content)  # so that the next start does not lay the same lesson beside again
        return
    if name not in report.kept:
        write_atomically(target, content)
    manifest[name] = _hash(content)


def _lay_beside(content: bytes, folder: Path, name: str, manifest: dict[str, str]) -> str:
    """Write `01_welcome.new.ipynb`, or `.new2` and so on where the learner has already worked in that one too."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name with slashes, not a path of this system
    number = 1
    while True:
        beside = f"{stem}.new{number if number > 1 else ''}{suffix}"
        target = folder / beside
        if not target.exists() or _hash(target.read_bytes()) in (manifest.get(beside), _hash(content)):
            write_atomically(target, content)
            manifest[beside] = _hash(content)
            return beside
        number += 1


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
