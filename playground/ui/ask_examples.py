"""A part of the Ask tab: questions to try, each with what to watch."""

from __future__ import annotations

from typing import Any

import gradio as gr

from playground.types import Language, Question
from playground.ui import render
from playground.ui.ask_edit import EditPanel
from playground.ui.strings import I18N, language_from, text
from playground.ui.visit import Visits
from playground.world import load_questions

_EXAMPLES = ("f12", "f05", "w02", "e01", "s02", "u02")


class ExamplesPanel:
    """Builds its components: a click asks the question, and says what to look at."""

    def __init__(self, visits: Visits, question: gr.Textbox) -> None:
        self._world_dir = visits.host.settings.world_dir
        self._question = question
        self.samples = gr.Dataset(
            components=[question],
            samples=[],
            type="index",
            label=I18N("ask.examples"),
            elem_id="examples",
        )
        self.hint = gr.HTML(elem_id="hint")

    def connect(self, edit: EditPanel) -> Any:
        """Bind it to where a document is edited; the event after which the question stands."""
        outputs = [self._question, self.hint, *edit.outputs]
        self._edit = edit
        hidden: Any = {"show_progress": "hidden"}
        return self.samples.click(self._choose, self.samples, outputs, **hidden)

    def _choose(self, request: gr.Request, index: int) -> dict[Any, Any]:
        language = language_from(request)
        chosen = self._questions(language)[index]
        hint = text(f"watch.{chosen.kind}", language)
        edit = self._edit.offer(request, chosen) if chosen.edit else {}
        return {self._question: chosen.question, self.hint: render.warning(hint), **edit}

    def _questions(self, language: Language) -> list[Question]:
        listed = load_questions(self._world_dir, language)
        known = {question.id: question for question in listed}
        return [known[id] for id in _EXAMPLES]

    @property
    def filled(self) -> list[Any]:
        return [self.samples, self.hint]

    def show(self, request: gr.Request) -> dict[Any, Any]:
        """The questions in the visitor's language."""
        language = language_from(request)
        questions = self._questions(language)
        labels = [f"{text(f'question.{q.kind}', language)}: {q.question}" for q in questions]
        samples = [[question.question] for question in questions]
        return {self.samples: gr.Dataset(samples=samples, sample_labels=labels), self.hint: ""}
