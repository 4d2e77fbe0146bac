"""Step 1 of the Evaluate tab: which questions are asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import gradio as gr

from playground.errors import PlaygroundError
from playground.evaluation import WORLD, load_questions
from playground.evaluation.plan import PER_KIND
from playground.readers import read_bytes
from playground.types import Language
from playground.ui.errors import placed, said
from playground.ui.evaluate_form import UPLOAD, Upload
from playground.ui.render_evaluate import file_example, kind_label
from playground.ui.strings import I18N, language_from
from playground.world import QuestionKind

_LANGUAGES = (("English", "en"), ("中文", "zh"))
_WORLD_KINDS = get_args(QuestionKind)


class QuestionsPanel:
    """Builds its components. `changed` are the events after which other questions are asked."""

    def __init__(self) -> None:
        self.upload = gr.State()
        self.source = gr.Radio(
            [(I18N("asked.world"), WORLD), (I18N("asked.upload"), UPLOAD)],
            value=WORLD,
            label=I18N("asked.source"),
            elem_id="asked-source",
        )
        with gr.Column(visible=False) as self.own:
            self.file = gr.File(label=I18N("asked.file"), height=140, elem_id="asked-file")
            with gr.Accordion(I18N("asked.columns"), open=False):
                self.example = gr.HTML()
        self.problem = gr.HTML(elem_id="asked-problem")
        with gr.Row():
            self.languages = gr.CheckboxGroup(
                list(_LANGUAGES), value=[], label=I18N("asked.languages"), min_width=180
            )
            self.kinds = gr.Dropdown(
                [],
                value=[],
                label=I18N("asked.kinds"),
                info=I18N("asked.kinds_help"),
                multiselect=True,
                min_width=260,
                scale=2,
                elem_id="asked-kinds",
            )
            self.per_kind = gr.Number(
                PER_KIND,
                label=I18N("asked.per_kind"),
                info=I18N("asked.per_kind_help"),
                precision=0,
                minimum=0,
                min_width=160,
                elem_id="asked-per-kind",
            )
            self.draw = gr.Number(
                0,
                label=I18N("asked.draw"),
                info=I18N("asked.draw_help"),
                precision=0,
                min_width=160,
            )
        self.view = gr.HTML(elem_id="asked-view")
        self._connect()

    def _connect(self) -> None:
        hidden: Any = {"show_progress": "hidden"}
        switched = [self.own, self.languages, self.kinds, self.per_kind]
        chosen = [self.source, self.upload]
        self.source.input(self._switch, chosen, switched, **hidden)
        loaded = [self.problem, self.upload, self.kinds]
        self.file.upload(self._load, [self.file, self.kinds], loaded)
        self.file.clear(self._clear, None, loaded, **hidden)
        shown = (self.source, self.languages, self.kinds, self.per_kind, self.draw, self.upload)
        self.changed: list[Any] = [component.change for component in shown]

    @placed
    def _load(self, request: gr.Request, path: str, kinds: Sequence[str]) -> dict[Any, Any]:
        file = Path(path)
        try:
            data = read_bytes(file, file.name)
            found = load_questions(file.name, data).questions
        except PlaygroundError as error:
            return {self.upload: None, self.problem: said(error, request)}
        upload = Upload(file.name, data, tuple(dict.fromkeys(one.kind for one in found)))
        language = language_from(request)
        return {
            self.upload: upload,
            **self.choices(language, own=True, upload=upload, chosen=kinds),
        }

    def _clear(self) -> dict[Any, Any]:
        return {self.upload: None, self.problem: ""}

    def _switch(self, request: gr.Request, source: str, upload: Upload | None) -> dict[Any, Any]:
        """The built-in questions are many, so that some are drawn; of one's own, all are asked."""
        own = source == UPLOAD
        return {
            **self.layout(own=own),
            **self.choices(language_from(request), own=own, upload=upload),
            self.per_kind: 0 if own else PER_KIND,
        }

    def layout(self, *, own: bool, **languages: Any) -> dict[Any, Any]:
        """What is to be seen for a file of one's own, or else for the built-in questions.

        `languages` may have the `value` of that widget.
        """
        return {
            self.own: gr.Column(visible=own),
            self.languages: gr.CheckboxGroup(visible=not own, **languages),
        }

    def choices(
        self,
        language: Language,
        *,
        own: bool = False,
        upload: Upload | None = None,
        chosen: Sequence[str] = (),
    ) -> dict[Any, Any]:
        """The kinds of question that there are, with the chosen ones kept.

        Of a file that is yet to come, those that are chosen may be there.
        """
        kinds = (upload.kinds if upload else chosen) if own else _WORLD_KINDS
        labels = [(kind_label(kind, language), kind) for kind in kinds]
        kept = [kind for kind in chosen if kind in kinds]
        return {self.kinds: gr.Dropdown(choices=labels, value=kept)}

    @property
    def chosen(self) -> list[Any]:
        """The components that `show` takes."""
        return [self.source, self.upload, self.languages, self.kinds]

    @property
    def filled(self) -> list[Any]:
        """The components that `show` fills."""
        return [self.kinds, self.languages, self.example]

    def show(
        self,
        language: Language,
        source: str,
        upload: Upload | None,
        languages: Sequence[str],
        kinds: Sequence[str],
    ) -> dict[Any, Any]:
        """What depends on the visitor's language; asked are first the questions in it."""
        return {
            **self.choices(language, own=source == UPLOAD, upload=upload, chosen=kinds),
            self.languages: languages or [language],
            self.example: file_example(language),
        }
