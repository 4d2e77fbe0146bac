"""A part of the Knowledge tab: files and pasted text into the chosen base."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.readers.titles import path_title_of
from playground.types import Document
from playground.ui.errors import shown
from playground.ui.strings import I18N

_TITLE_CHARACTERS = 60  # of a text without a title


class AddingPanel:
    """Builds its components; the work goes on in the background, whoever watches it."""

    def __init__(self, playground: Playground, base: gr.Dropdown) -> None:
        self._playground = playground
        # No file_types: what is in a file decides, not what it is called.
        self.files = gr.File(
            label=I18N("knowledge.upload"), file_count="multiple", height=170, elem_id="upload"
        )
        with gr.Accordion(I18N("knowledge.paste"), open=False, elem_id="paste"):
            self.title = gr.Textbox(
                label=I18N("knowledge.paste_title"), placeholder=I18N("knowledge.paste_placeholder")
            )
            self.text = gr.Textbox(label=I18N("knowledge.paste_text"), lines=6, max_lines=12)
            self.add = gr.Button(I18N("knowledge.paste_add"), size="sm")
        pasted = [self.title, self.text]
        hidden: Any = {"show_progress": "hidden"}
        self.started = (
            self.files.upload(self._add_files, [base, self.files], self.files, **hidden),
            self.add.click(self._add_text, [base, *pasted], pasted, **hidden),
        )

    @shown
    def _add_files(self, request: gr.Request, base: str, paths: list[str]) -> None:
        files = [path for path in map(Path, paths) if path.is_file()]  # folders were not uploaded
        self._playground.bases.index(base, self._playground.bases.add_paths(base, files))

    @shown
    def _add_text(self, request: gr.Request, base: str, title: str, text: str) -> list[str]:
        first_line = text.strip().partition("\n")[0][:_TITLE_CHARACTERS]
        document = Document(path_title_of(title.strip() or first_line), text)
        self._playground.bases.index(base, self._playground.bases.add_documents(base, [document]))
        return ["", ""]
