"""Steps 3 and 4 of the Fine-tune tab: the mock exam, and the questions before and after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from playground.dataset import load
from playground.errors import PlaygroundError
from playground.finetune import TrainConfig
from playground.material import as_lines, read_questions
from playground.readers import read_bytes
from playground.ui.errors import placed, said
from playground.ui.options import option_widgets
from playground.ui.strings import I18N

EXAM_OPTIONS = ("validation_share", "evals_per_epoch", "early_stopping_patience", "keep")


class ExamPanel:
    """Builds its components. `changed` are the events after which `validation` may be another."""

    def __init__(self, start: TrainConfig) -> None:
        self.validation = gr.State()
        self.options = option_widgets(TrainConfig, start=start, only=EXAM_OPTIONS, columns=4)
        self.file = gr.File(label=I18N("exam.file"), height=130, elem_id="exam-file")
        self.problem = gr.HTML(elem_id="exam-problem")
        self.split = gr.HTML(elem_id="split")
        loaded: list[Any] = [self.problem, self.validation]
        self.changed: tuple[Any, ...] = (
            self.file.upload(self._load, self.file, loaded),
            self.file.clear(lambda: ["", None], None, loaded, show_progress="hidden"),
        )

    @placed
    def _load(self, request: gr.Request, path: str) -> dict[Any, Any]:
        file = Path(path)
        try:
            return {self.validation: load(file.name, read_bytes(file, file.name))}
        except PlaygroundError as error:
            return {self.validation: None, self.problem: said(error, request)}


class QuestionsPanel:
    """Builds its components."""

    def __init__(self) -> None:
        uploading: Any = I18N("questions.file")  # its type says str
        with gr.Row():
            with gr.Column(scale=3, min_width=280):
                self.questions = gr.Textbox(
                    label=I18N("questions.own"),
                    info=I18N("questions.own_help"),
                    placeholder=I18N("questions.placeholder"),
                    lines=5,
                    max_lines=12,
                    elem_id="own-questions",
                )
                with gr.Row():
                    self.upload = gr.UploadButton(uploading, size="sm", scale=0, min_width=160)
                self.problem = gr.HTML()
            with gr.Column(scale=2, min_width=280):
                self.held_out = self._number("held_out", 8)
                self.general = self._number("general", 8)
                self.replay = self._number("replay", 0)
        loaded: list[Any] = [self.problem, self.questions]
        self.upload.upload(self._load, self.upload, loaded)

    @staticmethod
    def _number(name: str, value: int) -> gr.Number:
        key = f"questions.{name}"
        return gr.Number(
            value, label=I18N(key), info=I18N(f"{key}_help"), precision=0, minimum=0, maximum=500
        )

    @placed
    def _load(self, request: gr.Request, path: str) -> dict[Any, Any]:
        file = Path(path)
        return {self.questions: as_lines(read_questions(file.name, read_bytes(file, file.name)))}
