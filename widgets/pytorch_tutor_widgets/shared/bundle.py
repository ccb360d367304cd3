"""Join a widget's JavaScript modules into the one text that anywidget sends to the browser.

Each ``.js`` file is an ordinary ES module, so an editor and ``node --check`` understand it; but anywidget loads a widget's
code from a single text, in which relative imports cannot resolve. So ``script("stepper.js")`` follows the relative imports,
puts each module once, dependencies first, and takes the ``import`` and ``export`` words away. All modules then share one scope:
top-level names must differ (a test joins every widget and has the browser parse it).

A JSON file is imported the way the standard spells it, ``import words from "./words.json" with { type: "json" };``. It is a
catalogue of sentences, and only those whose keys the code names are sent (so a key is written out, never put together).
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent

_IMPORT = re.compile(
    r"""^import\s+(?:(?P<name>\w+)|\{[^}]*\})\s+from\s+"(?P<path>\./[^"]+|\.\./[^"]+)"(?:\s+with\s*\{[^}]*\})?;[^\S\n]*\n""",
    re.MULTILINE,
)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const|let|class)", re.MULTILINE)
_COMMENT = re.compile(r"^[^\S\n]*(?://[^\n]*|/\*\*.*?\*/)[^\S\n]*\n", re.MULTILINE | re.DOTALL)


@cache
def script(name: str) -> str:
    """The widget script ``name`` (a path inside this package) with everything that it imports, as one module.

    >>> "export default" in script("stepper.js")
    True
    """
    parts: list[str] = []
    words: dict[str, dict[str, object]] = {}
    _append(PACKAGE / name, parts, words, set())
    code = "\n".join(parts)
    catalogues = [
        # Only the sentences that this script speaks: their keys stand in it as strings.
        f"const {name} = {json.dumps(_spoken(found, code), ensure_ascii=False, separators=(',', ':'))};"
        for name, found in words.items()
    ]
    return "\n".join([*catalogues, code])


@cache
def style(*names: str) -> str:
    """The shared theme followed by the named style sheets, as one text."""
    sheets = ((PACKAGE / name).read_text(encoding="utf-8") for name in ("shared/theme.css", *names))
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", "\n".join(sheets), flags=re.DOTALL))


def _spoken(found: dict[str, object], code: str) -> dict[str, object]:
    return {
        key: sentence for key, sentence in found.items() if f'"{key}"' in code or f".{key}" in code or f"{key}:" in code
    }


def _append(path: Path, parts: list[str], words: dict[str, dict[str, object]], seen: set[Path]) -> None:
    seen.add(path)
    source = path.read_text(encoding="utf-8")
    for found in _IMPORT.finditer(source):
        target = (path.parent / found["path"]).resolve()
        if target.suffix == ".json":
            words[found["name"]] = json.loads(target.read_text(encoding="utf-8"))
        elif target not in seen:
            _append(target, parts, words, seen)
    # Comments and indentation stay in the files, for readers: each widget instance carries its code into the notebook.
    code = _EXPORT.sub("", _COMMENT.sub("", _IMPORT.sub("", source)))
    parts.append(re.sub(r"^[^\S\n]+|\n(?=\n)", "", code, flags=re.MULTILINE).strip())
