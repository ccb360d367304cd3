"""What GraphInspector and BackwardStepper have in common: a trace, a language, and a text where there is no browser."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from pytorch_tutor_widgets.observe.trace import Builder
from pytorch_tutor_widgets.observe.views import Trace, plain
from pytorch_tutor_widgets.shared import language


class TraceWidget(anywidget.AnyWidget):
    """A widget that shows a trace and nothing else: it goes on working when the kernel is gone."""

    trace = traitlets.Dict().tag(sync=True)
    lang = traitlets.Unicode("").tag(sync=True)

    def __init__(self, builder: Builder, lang: str | None) -> None:
        self.view: Trace = builder.trace()
        super().__init__(trace=plain(self.view), lang=language(lang))

    def text(self) -> str:
        """What the widget shows, as text."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The widget for who can show it, its text for who cannot (GitHub, nbviewer, a terminal)."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        return {**data, "text/plain": self.text()}, metadata

    def __repr__(self) -> str:
        return self.text()
