"""A report as a file to keep: of the evaluation or the trial that a tab shows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from playground.errors import UnknownName
from playground.reports import FORMS, Report, write
from playground.ui.errors import placed
from playground.ui.strings import I18N, language_from, text


class ReportPanel:
    """Builds its components; `gather` makes the Report of the evaluation or trial of an id."""

    def __init__(self, gather: Callable[[str], Report], kind: str) -> None:
        self._gather, self._kind = gather, kind
        self._files = tempfile.TemporaryDirectory(prefix="playground-report-")
        with gr.Row(elem_classes="pg-bottom", visible=False) as self.row:  # until one is shown
            self.form = gr.Dropdown(
                [(I18N(f"report.{form}"), form) for form in FORMS],
                value=FORMS[0],
                label=I18N("report.form"),
                min_width=200,
                elem_id=f"report-form-{kind}",
            )
            small: Any = {"size": "sm", "min_width": 180, "scale": 0}
            self.make = gr.Button(I18N("report.make"), elem_id=f"report-{kind}", **small)
            self.download = gr.DownloadButton(visible=False, variant="primary", **small)
        self.problem = gr.HTML()

    def connect(self, shown: gr.Dropdown) -> None:
        """Make it of what is chosen in `shown`."""
        outputs = [self.problem, self.download]
        self.make.click(self._make, [shown, self.form], outputs)
        shown.change(self._follow, shown, [self.row, self.download], show_progress="hidden")

    def _follow(self, id: str | None) -> list[Any]:
        return [gr.Row(visible=bool(id)), gr.DownloadButton(visible=False)]

    @placed
    def _make(self, request: gr.Request, id: str | None, form: Any) -> dict[Any, Any]:
        language = language_from(request)
        if not id:
            raise UnknownName(kind=self._kind, name="", available="-")
        name = f"{id}.{form}"
        file = Path(tempfile.mkdtemp(dir=self._files.name), name)
        file.write_bytes(write(self._gather(id), form, language))
        label = text("knowledge.download", language, file=name)
        return {self.download: gr.DownloadButton(label, value=file, visible=True)}
