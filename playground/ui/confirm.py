"""A button that asks again before it does away with what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from playground.ui.strings import I18N, language_from, text


class Confirm:
    """Three buttons, of which none is there until something is chosen, and then only the first.

    What was chosen when it was asked is what is done away with.
    """

    def __init__(self, key: str, really: str, chosen: gr.Dropdown | gr.State) -> None:
        self._really = really
        self._chosen = chosen
        self.doomed = gr.State()
        small: Any = {"size": "sm", "min_width": 130, "scale": 0}
        self.button = gr.Button(I18N(key), visible=False, **small)
        self.keep = gr.Button(I18N("knowledge.keep"), visible=False, **small)
        self.confirm = gr.Button(visible=False, variant="stop", **small)
        self._asked: list[Any] = [self.button, self.keep, self.confirm, self.doomed]
        hidden: Any = {"show_progress": "hidden"}
        self.button.click(self._ask, chosen, self._asked, **hidden)
        self.keep.click(self._keep, chosen, self._asked, **hidden)
        chosen.change(self._follow, [chosen, self.doomed], self._asked, **hidden)

    def connect(self, handler: Callable[..., Any], outputs: Sequence[Any]) -> Any:
        """Call `handler` with what was chosen, once it is confirmed."""
        done = self.confirm.click(handler, self.doomed, outputs, show_progress="hidden")
        return done.then(self._keep, self._chosen, self._asked, show_progress="hidden")

    def _ask(self, request: gr.Request, name: Any) -> list[Any]:
        asking = bool(name)
        label = text(self._really, language_from(request), name=name)
        shown = gr.Button(visible=asking)
        return [gr.Button(visible=not asking), shown, gr.Button(label, visible=asking), name]

    def _follow(self, chosen: Any, doomed: Any) -> list[Any]:
        """Another choice takes the question back; one that was asked about since does not."""
        return [gr.skip()] * len(self._asked) if chosen and chosen == doomed else self._keep(chosen)

    def _keep(self, chosen: Any) -> list[Any]:
        hidden = gr.Button(visible=False)
        return [gr.Button(visible=bool(chosen)), hidden, hidden, None]
