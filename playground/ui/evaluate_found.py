"""Steps 4 and 5 of the Evaluate tab: figures, and every answer side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import UnknownName
from playground.evaluation import Evaluation, Judged, Marked, judged, known_by_heart
from playground.types import Language
from playground.ui import render, render_evaluate, render_evaluate_answers, render_evaluate_results
from playground.ui.evaluate_sides import page_of, side_by_side
from playground.ui.shows import Show
from playground.ui.strings import I18N, language_from, text


class ResultsPanel:
    """Builds its components; `show` fills them with the figures of the answers so far."""

    def __init__(self) -> None:
        self.by_heart = gr.Checkbox(
            label="", info=I18N("figures.by_heart_help"), visible=False, elem_id="by-heart"
        )
        self.figures = gr.HTML(elem_id="figures")

    @property
    def outputs(self) -> list[Any]:
        return [self.by_heart, self.figures]

    def show(
        self,
        found: Evaluation,
        answers: Sequence[Marked],
        verdicts: Sequence[Judged],
        language: Language,
        by_heart: bool,
    ) -> dict[Any, Any]:
        """All figures; those `by_heart` are left out if that is wished."""
        known = known_by_heart(answers)
        label = text("figures.by_heart", language, count=f"{len(known):,}")
        left_out = known if by_heart else frozenset()
        return {
            self.by_heart: gr.Checkbox(label=label, visible="base" in found.plan.modes),
            self.figures: render_evaluate_results.results(
                found, answers, language, without=left_out, judged=verdicts
            ),
        }

    def none(self, language: Language) -> dict[Any, Any]:
        """What is shown where there is no evaluation."""
        told = render.note(text("figures.none", language))
        return {self.by_heart: gr.Checkbox(visible=False), self.figures: told}


class AnswersPanel:
    """Builds its components; `show` fills them with a page of questions and answers."""

    def __init__(self) -> None:
        self.number = gr.State(0)
        with gr.Row(elem_classes="pg-bottom"):
            self.kind = gr.Dropdown(
                [], label=I18N("sides.kind"), min_width=200, elem_id="sides-kind"
            )
            small: Any = {"size": "sm", "min_width": 110, "scale": 0}
            self.previous = gr.Button(I18N("sides.previous"), elem_id="sides-back", **small)
            self.next = gr.Button(I18N("sides.next"), elem_id="sides-next", **small)
        self.disagree = gr.Checkbox(label=I18N("sides.disagree"), elem_id="sides-disagree")
        self.range = gr.HTML(elem_id="sides-range")
        self.table = gr.HTML(elem_id="sides")

    @property
    def inputs(self) -> list[Any]:
        return [self.kind, self.disagree, self.number]

    @property
    def outputs(self) -> list[Any]:
        return [self.kind, self.number, self.previous, self.next, self.range, self.table]

    def show(
        self,
        found: Evaluation,
        answers: Sequence[Marked],
        language: Language,
        kind: str | None,
        disagree: bool,
        number: int,
    ) -> dict[Any, Any]:
        """The page `number`, or the one that is nearest to it."""
        kinds = list(dict.fromkeys(question.kind for question in found.questions))
        kind = kind if kind in kinds else ""
        rows = side_by_side(found, answers)
        page = page_of(rows, number, kind=kind, disagree=disagree)
        labels = [(render_evaluate.kind_label(one, language), one) for one in kinds]
        last = page.first + len(page.rows) >= page.total
        return {
            self.kind: gr.Dropdown(
                choices=[(text("sides.all", language), ""), *labels], value=kind
            ),
            self.number: page.number,
            self.previous: gr.Button(interactive=page.number > 0),
            self.next: gr.Button(interactive=not last),
            self.range: render_evaluate_answers.page_range(page, language),
            self.table: render_evaluate_answers.answer_page(page, found.plan.modes, language),
        }

    def none(self, language: Language) -> dict[Any, Any]:
        """What is shown where there is no evaluation."""
        still = gr.Button(interactive=False)
        everything = gr.Dropdown(choices=[(text("sides.all", language), "")], value="")
        return {
            self.kind: everything,
            self.number: 0,
            self.previous: still,
            self.next: still,
            self.range: "",
            self.table: render.note(text("compared.none", language)),
        }


class Found:
    """Both panels over the evaluation that is `shown`."""

    def __init__(
        self, playground: Playground, results: ResultsPanel, answers: AnswersPanel
    ) -> None:
        self._evaluations = playground.evaluations
        self._results, self._answers = results, answers
        self.outputs = [*results.outputs, *answers.outputs]

    def connect(self, shown: gr.Dropdown, seen: gr.State) -> None:
        """Draw all of it whenever there may be more, or something else is to be seen."""
        results, answers = self._results, self._answers
        inputs = [shown, results.by_heart, *answers.inputs]
        self.shows = [Show(self._draw, inputs, self.outputs)]
        hidden: Any = {"show_progress": "hidden"}
        gr.on([seen.change, results.by_heart.input], self._draw, inputs, self.outputs, **hidden)
        turned = (
            answers.kind.input(lambda: 0, None, answers.number, **hidden),
            answers.disagree.input(lambda: 0, None, answers.number, **hidden),
            answers.previous.click(lambda n: n - 1, answers.number, answers.number, **hidden),
            answers.next.click(lambda n: n + 1, answers.number, answers.number, **hidden),
        )
        for event in turned:
            event.then(self._draw, inputs, self.outputs, **hidden)

    def _draw(
        self, request: gr.Request, id: str | None, by_heart: bool, *filters: Any
    ) -> dict[Any, Any]:
        language = language_from(request)
        if id is None:
            return self.none(language)
        try:
            found, answers = self._evaluations.records.get(id), self._evaluations.marked(id)
            verdicts = judged(self._evaluations.records.verdicts(id))
        except UnknownName:  # it was deleted
            return self.none(language)
        return {
            **self._results.show(found, answers, verdicts, language, by_heart),
            **self._answers.show(found, answers, language, *filters),
        }

    def none(self, language: Language) -> dict[Any, Any]:
        """What is shown where there is no evaluation."""
        return {**self._results.none(language), **self._answers.none(language)}
