"""A part of step 2 of the Evaluate tab: what is filled in, as a file, and from one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import PlanInvalid, UnknownName
from playground.evaluation import WORLD, Plan
from playground.types import Language
from playground.ui import render
from playground.ui.errors import placed
from playground.ui.evaluate_form import PlanForm, Upload
from playground.ui.evaluate_modes import ModesPanel
from playground.ui.evaluate_questions import QuestionsPanel
from playground.ui.strings import I18N, language_from, text

_NAME = "plan.json"


class PlanPanel:
    """Builds its components; `connect` binds them to what is filled in."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._files = tempfile.TemporaryDirectory(prefix="playground-plan-")
        small: Any = {"size": "sm", "min_width": 180, "scale": 0}
        opening: Any = I18N("plan.open")  # its type says str
        with gr.Accordion(I18N("plan.title"), open=False, elem_id="plan"):
            self.help = gr.HTML()
            with gr.Row():
                self.save = gr.Button(I18N("plan.save"), **small)
                self.download = gr.DownloadButton(visible=False, variant="primary", **small)
                self.open = gr.UploadButton(
                    opening, file_types=[".json"], type="binary", elem_id="plan-file", **small
                )
                self.again = gr.Button(I18N("plan.again"), **small)
            self.problem = gr.HTML(elem_id="plan-problem")

    def connect(
        self, form: PlanForm, questions: QuestionsPanel, modes: ModesPanel, shown: gr.Dropdown
    ) -> None:
        """Bind it to the form, to the panels that it fills, and to the evaluation that is shown."""
        self._form, self._questions, self._modes = form, questions, modes
        hidden: Any = {"show_progress": "hidden"}
        self.save.click(self._save, form.inputs, [self.problem, self.download], **hidden)
        filled = [self.problem, questions.own, questions.file, *form.inputs]
        self.open.upload(self._open, [self.open, questions.upload], filled, **hidden)
        self.again.click(self._again, [shown, questions.upload], filled, **hidden)

    @placed
    def _save(self, request: gr.Request, *values: Any) -> dict[Any, Any]:
        plan, _ = self._form.read(values)
        file = Path(tempfile.mkdtemp(dir=self._files.name), _NAME)
        file.write_text(plan.to_json(), encoding="utf-8")
        label = text("knowledge.download", language_from(request), file=_NAME)
        return {self.download: gr.DownloadButton(label, value=file, visible=True)}

    @placed
    def _open(self, request: gr.Request, data: bytes, upload: Upload | None) -> dict[Any, Any]:
        try:
            told = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise PlanInvalid(reason=str(error)) from error
        return self._fill(Plan.from_json(told), upload, language_from(request))

    @placed
    def _again(self, request: gr.Request, id: str | None, upload: Upload | None) -> dict[Any, Any]:
        plan = self._playground.evaluations.records.get(id or "").plan
        return self._fill(plan, upload, language_from(request))

    def _fill(self, plan: Plan, upload: Upload | None, language: Language) -> dict[Any, Any]:
        self._check(plan)
        own, file = plan.questions != WORLD, Path(plan.questions).name
        told = text("plan.filled", language)
        if own and (upload is None or upload.name != file):
            upload, told = None, text("plan.needs_file", language, file=file)
        filled = {
            **self._form.fill(plan),
            **self._modes.choices(language, plan.knowledge, plan.adapter),
            **self._questions.layout(own=own, value=list(plan.languages)),
            **self._questions.choices(language, own=own, upload=upload, chosen=plan.kinds),
            self._questions.upload: upload,
            self.problem: render.notice(told),
        }
        return filled if upload else {**filled, self._questions.file: None}

    def _check(self, plan: Plan) -> None:
        """Raise UnknownName if the plan names what is not here."""
        for kind, name, names in (
            ("knowledge base", plan.knowledge, self._modes.bases()),
            ("adapter", plan.adapter, self._modes.adapters()),
        ):
            if name and name not in names:
                raise UnknownName(kind=kind, name=name, available=", ".join(names) or "-")
