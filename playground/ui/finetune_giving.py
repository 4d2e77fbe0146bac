"""A part of step 8 of the Fine-tune tab: an adapter as a file, as a model, and on the Hub."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from playground.adapters.exporting import write_zip
from playground.adapters.gguf_lora import write_gguf
from playground.adapters.publishing import push
from playground.app import Playground
from playground.models.merging import merge_adapter
from playground.ui import render
from playground.ui.errors import placed
from playground.ui.strings import I18N, language_from, text

_MERGED = "merged"  # the folder of the data folder


class GivingPanel:
    """Builds its components; what they do is done to the chosen `adapter`."""

    def __init__(self, playground: Playground, adapter: gr.Dropdown) -> None:
        self._playground = playground
        self._files = tempfile.TemporaryDirectory(prefix="playground-adapter-")
        small: Any = {"size": "sm", "min_width": 160, "scale": 0}
        with gr.Row():
            self.zip = gr.Button(I18N("adapter.zip"), **small)
            self.gguf = gr.Button(I18N("adapter.gguf"), **small)
            self.merge = gr.Button(I18N("adapter.merge"), **small)
            self.download = gr.DownloadButton(visible=False, variant="primary", **small)
        with gr.Row(elem_classes="pg-bottom"):
            self.repo = gr.Textbox(
                label=I18N("adapter.repo"),
                placeholder=I18N("adapter.repo_placeholder"),
                scale=3,
                min_width=220,
            )
            self.private = gr.Checkbox(
                label=I18N("adapter.private"), value=True, min_width=140, scale=0
            )
            self.push = gr.Button(I18N("adapter.push"), **small)
        self.problem = gr.HTML(elem_id="giving")
        self._connect(adapter)

    def _connect(self, adapter: gr.Dropdown) -> None:
        made = [self.problem, self.download]
        hidden: Any = {"show_progress": "hidden"}
        self.zip.click(self._zip, adapter, made, **hidden)
        self.gguf.click(self._gguf, adapter, made, **hidden)
        self.merge.click(self._merge, adapter, self.problem, concurrency_limit=1, **hidden)
        self.push.click(self._push, [adapter, self.repo, self.private], self.problem, **hidden)
        adapter.change(
            lambda: ["", gr.DownloadButton(visible=False)], None, made, show_progress="hidden"
        )

    @placed
    def _zip(self, request: gr.Request, name: str) -> dict[Any, Any]:
        file = self._new_file(f"{name}.zip")
        left_out = write_zip(self._playground.adapters.get(name), file)
        said = text("adapter.left_out", language_from(request), files=", ".join(left_out))
        return {self.problem: render.note(said) if left_out else "", **self._offer(request, file)}

    @placed
    def _gguf(self, request: gr.Request, name: str) -> dict[Any, Any]:
        file, models_dir = self._new_file(f"{name}.gguf"), self._playground.settings.models_dir
        write_gguf(self._playground.adapters.get(name), file, models_dir=models_dir)
        return self._offer(request, file)

    @placed
    def _merge(self, request: gr.Request, name: str) -> Iterator[dict[Any, Any]]:
        if self._playground.quota:
            self._playground.quota.refuse("giving")
        settings, language = self._playground.settings, language_from(request)
        adapter, folder = self._playground.adapters.get(name), settings.data_dir / _MERGED / name
        for _ in merge_adapter(adapter, folder, models_dir=settings.models_dir):
            yield {self.problem: render.waiting(text("adapter.merging", language))}
        yield {self.problem: render.notice(text("adapter.merged", language, folder=folder))}

    @placed
    def _push(
        self, request: gr.Request, name: str, repo: str, private: bool
    ) -> Iterator[dict[Any, Any]]:
        if self._playground.quota:  # it would be done in the name of whoever runs the page
            self._playground.quota.refuse("giving")
        language = language_from(request)
        yield {self.problem: render.waiting(text("adapter.pushing", language))}
        url = push(self._playground.adapters.get(name), repo.strip(), private=private)
        yield {self.problem: render.notice(text("adapter.pushed", language, url=url))}

    def _new_file(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(dir=self._files.name), name)

    def _offer(self, request: gr.Request, file: Path) -> dict[Any, Any]:
        label = text("knowledge.download", language_from(request), file=file.name)
        return {self.download: gr.DownloadButton(label, value=file, visible=True)}
