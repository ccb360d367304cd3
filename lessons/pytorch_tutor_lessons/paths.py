"""Where the shipped notebooks lie: inside the package when it was installed, beside it in a checkout."""

import locale
import os
from pathlib import Path

LANGUAGES = ("en", "zh")


def language() -> str:
    """The learner's language by their system: `zh` for any Chinese locale, otherwise `en`."""
    asked = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), None)
    if asked is None:
        asked = locale.getlocale()[0] or ""
    return "zh" if asked.lower().startswith(("zh", "chinese")) else "en"


def notebooks(language: str = "en") -> Path:
    """The folder of the shipped lessons in one language, `en` or `zh`. They are read, never written.

    Raises:
        ValueError: there are no lessons in that language.
        FileNotFoundError: the installation lacks its lessons.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
    package = Path(__file__).resolve().parent
    for folder in (package / "notebooks" / language, package.parent / language):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the lessons in {language!r} are missing beside {package}; install pytorch-tutor again")


def lessons(language: str = "en") -> list[Path]:
    """The notebooks of one language, first lesson first."""
    return sorted(notebooks(language).glob("*.ipynb"))
