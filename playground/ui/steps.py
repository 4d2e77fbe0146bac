"""A tab as numbered steps, each under a head in the visitor's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from playground.types import Language
from playground.ui.render_training import step_head


class Steps:
    """The steps of one tab, in the order in which they are built."""

    def __init__(self) -> None:
        self._heads: dict[str, gr.HTML] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What is built inside the block belongs to the step `name`."""
        with gr.Column(elem_classes="pg-step", elem_id=f"step-{name}"):
            self._heads[name] = gr.HTML()
            yield

    @property
    def heads(self) -> list[gr.HTML]:
        return list(self._heads.values())

    def load(self, language: Language) -> dict[gr.HTML, str]:
        """Each head with its text."""
        return {
            head: step_head(number, name, language)
            for number, (name, head) in enumerate(self._heads.items(), start=1)
        }
