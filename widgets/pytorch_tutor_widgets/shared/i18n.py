"""Words in English and Chinese: which language a widget speaks, and the catalogues it takes its sentences from.

A catalogue is a JSON file in ``strings/``: ``{"key": {"en": "Step {k} of {n}", "zh": "第 {k} 步，共 {n} 步"}}``. The
browser reads the same files (``i18n.js``), so that a sentence is written once.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

LANGUAGES = ("en", "zh")
_FOLDER = Path(__file__).resolve().parent / "strings"


def language(lang: str | None = None) -> str:
    """``lang`` where given, else the environment's ``PYTORCH_TUTOR_LANG``, else ``""``: let the browser decide.

    >>> language("zh")
    'zh'
    """
    if lang is None:
        asked = os.environ.get("PYTORCH_TUTOR_LANG", "").lower()
        return next((known for known in LANGUAGES if asked.startswith(known)), "")
    if lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(map(repr, LANGUAGES))}, got {lang!r}")
    return lang


class Catalogue:
    """The sentences of one file in ``strings/``.

    >>> Catalogue("common").say("en", "close")
    'Close'
    """

    def __init__(self, name: str) -> None:
        self._words: dict[str, dict[str, str]] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))

    def say(self, lang: str, key: str, **values: object) -> str:
        """The sentence ``key`` in ``lang`` (English where the language is undecided), its ``{holes}`` filled."""
        sentence = self._words[key][lang or "en"]
        for name, value in values.items():
            sentence = sentence.replace("{" + name + "}", str(value))
        # Chinese sets a space beside Latin letters and numbers, none between its own characters.
        return re.sub(r"([\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", r"\1", sentence) if lang == "zh" else sentence
