"""A part of the Knowledge tab: whole bases come, go, and are called something."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.ui.errors import shown
from playground.ui.options import choose_from
from playground.ui.strings import I18N, language_from, text

_MAX_STEM = 60


class BasesPanel:
    """Builds its components; what they do shows in the dropdown `base`."""

    def __init__(self, playground: Playground, base: gr.Dropdown) -> None:
        self._playground = playground
        self._base = base
        self._exports = tempfile.TemporaryDirectory(prefix="playground-export-")
        self.doomed = gr.State()
        self.exported = gr.State()  # the base that can be downloaded
        small: Any = {"size": "sm", "min_width": 90}
        importing: Any = I18N("knowledge.import")  # its type says str
        with gr.Accordion(I18N("knowledge.manage"), open=False, elem_id="bases"):
            with gr.Row(elem_classes="pg-bottom"):
                self.name = gr.Textbox(
                    label=I18N("knowledge.name"),
                    placeholder=I18N("knowledge.name_placeholder"),
                    scale=4,
                    min_width=240,
                )
                self.create = gr.Button(I18N("knowledge.create"), **small)
                self.rename = gr.Button(I18N("knowledge.rename"), **small)
                self.add_exported = gr.UploadButton(importing, **small)
            with gr.Row():
                self.export = gr.Button(I18N("knowledge.export"), **small)
                self.download = gr.DownloadButton(visible=False, variant="primary", **small)
                self.drop = gr.Button(I18N("knowledge.drop"), **small)
                self.keep = gr.Button(I18N("knowledge.keep"), visible=False, **small)
                self.confirm = gr.Button(visible=False, variant="stop", **small)
        self._connect()

    def _connect(self) -> None:
        named = [self._base, self.name]
        asked = [self.drop, self.keep, self.confirm, self.doomed]
        hidden: Any = {"show_progress": "hidden"}
        self.create.click(self._create, self.name, named)
        self.rename.click(self._rename, named, named)
        self.add_exported.upload(self._import, [self.add_exported, self.name], named)
        offered = [self.download, self.exported]
        self.export.click(self._export, self._base, offered)
        self.drop.click(self._ask, self._base, asked, **hidden)
        self.keep.click(self._keep, None, asked, **hidden)
        self.confirm.click(self._drop, self.doomed, self._base)
        self._base.change(self._keep, None, asked, **hidden)
        self._base.change(self._withdraw, [self._base, self.exported], offered, **hidden)

    @shown
    def _create(self, request: gr.Request, name: str) -> list[Any]:
        return self._chosen(self._playground.bases.library.create(name).name)

    @shown
    def _rename(self, request: gr.Request, base: str | None, name: str) -> list[Any]:
        return self._chosen(self._playground.bases.rename(base or "", name))

    @shown
    def _import(self, request: gr.Request, path: str, name: str) -> list[Any]:
        bases = self._playground.bases
        return self._chosen(bases.add_exported(Path(path), name=name.strip() or None))

    def _chosen(self, name: str) -> list[Any]:
        return [choose_from(self._playground.bases.library.names(), name), ""]

    @shown
    def _export(self, request: gr.Request, base: str | None) -> list[Any]:
        file = Path(self._exports.name, export_name(base or ""))
        self._playground.bases.library.export(base or "", file)
        label = text("knowledge.download", language_from(request), file=file.name)
        return [gr.DownloadButton(label, value=file, visible=True), base]

    def _withdraw(self, base: str | None, exported: str | None) -> list[Any]:
        """Offer no file of another base than the chosen one."""
        same = base is not None and base == exported
        return [gr.DownloadButton(visible=same), exported if same else None]

    @shown
    def _ask(self, request: gr.Request, base: str | None) -> list[Any]:
        label = text("knowledge.drop_really", language_from(request), name=base)
        asking = base is not None
        return [
            gr.Button(visible=not asking),
            gr.Button(visible=asking),
            gr.Button(label, visible=asking),
            base,
        ]

    def _keep(self) -> list[Any]:
        hidden = gr.Button(visible=False)
        return [gr.Button(visible=True), hidden, hidden, None]

    @shown
    def _drop(self, request: gr.Request, base: str) -> gr.Dropdown:
        self._playground.bases.delete(base)
        return choose_from(self._playground.bases.library.names(), None)


def export_name(base: str) -> str:
    """What a base is called as a file, on any system."""
    stem = re.sub(r"[^\w.-]+", "-", base).strip(".-")[:_MAX_STEM]
    return f"{stem or 'knowledge'}.kb.zip"
