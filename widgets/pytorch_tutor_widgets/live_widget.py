"""What the live widgets share: they hear the browser while a cell runs, and leave a text in the saved notebook."""

from __future__ import annotations

import time
import uuid
from typing import Any

import anywidget
import traitlets

from pytorch_tutor_widgets.live import Ear
from pytorch_tutor_widgets.shared import language

MOST_FRAMES = 30  # a second. Jupyter's server drops messages beyond a thousand; the eye needs no more than this
FEWEST_FRAMES = 10
FRAMES_SHARE = 0.02  # of the training time


class LiveWidget(anywidget.AnyWidget):
    """A widget that is fed while a cell runs.

    Subclasses say what to do with a message (`_hear`), how they look as text (`as_text`), and what is needed to draw
    them again (`_remember`).
    """

    lang = traitlets.Unicode("").tag(sync=True)
    _saved = traitlets.Dict().tag(sync=True)
    _points = traitlets.Bytes(b"").tag(sync=True)

    def __init__(self, lang: str | None = None, **traits: Any) -> None:
        self._ear = Ear(self._hear)
        self._display_id: str | None = None
        self._text_shown = ""
        self._next_frame = 0.0
        self._frame_cost = 0.0
        super().__init__(lang=language(lang), **traits)
        self.on_msg(lambda widget, content, buffers: self._heard_in_turn(content))

    def open(self) -> None:
        """Open the channel to the browser, and listen to it."""
        super().open()
        if self.comm is not None:
            self._ear.attach(self.comm)

    def _heard_in_turn(self, content: Any) -> None:
        self._ear.receive(content)
        self._after_message()

    def _hear(self, content: dict[str, Any]) -> None:
        """Note what the browser asks for. May run on the kernel's own thread: no sending, no waiting."""
        raise NotImplementedError

    def _after_message(self) -> None:
        """Called when the kernel is free: answer what could only be noted before."""

    def _frame_is_due(self) -> bool:
        """May another picture go out?"""
        return time.perf_counter() >= self._next_frame

    def _frame_took(self, seconds: float) -> None:
        """Plan the next picture: thirty a second, fewer where they cost more than 2 % of the time, never below ten."""
        self._frame_cost += 0.1 * (seconds - self._frame_cost)
        pause = min(1 / FEWEST_FRAMES, max(1 / MOST_FRAMES, self._frame_cost / FRAMES_SHARE))
        self._next_frame = time.perf_counter() + pause

    def as_text(self) -> str:
        """The picture in words and block characters, for terminals and for saved notebooks without their widgets."""
        raise NotImplementedError

    def _remember(self) -> tuple[dict[str, Any], bytes]:
        """All that is needed to draw the widget again, bounded in size: a description, and its numbers."""
        raise NotImplementedError

    def remember(self) -> None:
        """Put the present picture into the widget's saved state, from which a reloaded page draws it."""
        saved, points = self._remember()
        with self.hold_sync():
            self._points = points
            self._saved = saved

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> Any:
        """The state to send or to save; when all of it is wanted, the picture in it is today's."""
        state = super().get_state(key, drop_defaults)
        if key is None:
            state["_saved"], state["_points"] = self._remember()
        return state

    def _bundle(self) -> dict[str, Any]:
        self._text_shown = self.as_text()
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"text/plain": self._text_shown, "application/vnd.jupyter.widget-view+json": view}

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self._bundle(), {}

    def _ipython_display_(self) -> None:
        # Shown under an id, so that the text below the picture can be brought up to date when the training is over.
        self._display_id = self._display_id or uuid.uuid4().hex
        self._publish(update=False)

    def _publish(self, update: bool) -> None:
        from IPython.display import publish_display_data

        show: Any = publish_display_data  # IPython's function has no annotations
        show(self._bundle(), transient={"display_id": self._display_id}, update=update)

    def update_text(self) -> None:
        """Bring the text in the notebook up to date, so that the saved file tells the end of the story."""
        if self._display_id is None or self.as_text() == self._text_shown:
            return
        self._publish(update=True)

    def __repr__(self) -> str:
        return self.as_text()
