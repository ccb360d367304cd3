"""What all widgets share: one theme, one catalogue of words, and the join that makes one script of several modules."""

from pytorch_tutor_widgets.shared.bundle import script, style
from pytorch_tutor_widgets.shared.i18n import LANGUAGES, Catalogue, language

__all__ = ["LANGUAGES", "Catalogue", "language", "script", "style"]
