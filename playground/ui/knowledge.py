"""The Knowledge tab: what is in the knowledge bases, and what rag would find there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import DocumentError
from playground.types import Language
from playground.ui import render
from playground.ui.errors import shown
from playground.ui.strings import I18N, language_from, text
from playground.world import BASE_NAMES


class KnowledgeTab:
    """Builds the tab's components, and connects them to the Playground."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        with gr.Row(elem_classes="pg-bottom"):
            self.base = gr.Dropdown([], label=I18N("knowledge.base"), scale=3)
            self.drop = gr.Button(I18N("knowledge.drop"), size="sm", min_width=160)
            self.new = gr.Textbox(
                label=I18N("knowledge.new"),
                placeholder=I18N("knowledge.new_placeholder"),
                scale=2,
            )
            self.create = gr.Button(I18N("knowledge.create"), size="sm", min_width=90)
        with gr.Row():
            with gr.Column(scale=1):
                self.upload = gr.File(
                    label=I18N("knowledge.upload"), file_count="multiple", height=160
                )
                self.status = gr.HTML()
                self.document = gr.Dropdown([], label=I18N("knowledge.document"))
                self.delete = gr.Button(I18N("knowledge.delete"), size="sm")
            with gr.Column(scale=2):
                self.documents = gr.HTML(label=I18N("knowledge.documents"))
        self.query = gr.Textbox(
            label=I18N("knowledge.search"), placeholder=I18N("knowledge.search_placeholder")
        )
        self.results = gr.HTML()
        self._connect()

    def _connect(self) -> None:
        shown_base = [self.base, self.document, self.documents]
        hidden: Any = {"show_progress": "hidden"}
        self.base.change(self._show, self.base, [self.document, self.documents], **hidden)
        self.create.click(self._create, self.new, [*shown_base, self.new])
        self.drop.click(self._drop, self.base, shown_base)
        self.upload.upload(
            self._add, [self.base, self.upload], [self.status, self.upload], concurrency_limit=4
        ).then(self._show, self.base, [self.document, self.documents])
        self.delete.click(self._delete, [self.base, self.document], [self.document, self.documents])
        self.query.submit(self._search, [self.base, self.query], self.results)

    @shown
    def _show(self, request: gr.Request, base: str | None) -> list[Any]:
        documents = self._playground.library.get(base).documents() if base else ()
        titles = [info.title for info in documents]
        table = render.document_table(documents, language_from(request))
        return [gr.Dropdown(choices=titles, value=titles[0] if titles else None), table]

    @shown
    def _create(self, request: gr.Request, name: str) -> list[Any]:
        self._playground.library.create(name)
        return [self.choices(name), *self._show(request, name), ""]

    @shown
    def _drop(self, request: gr.Request, base: str) -> list[Any]:
        self._playground.library.delete(base)
        names = self._playground.library.names()
        return [self.choices(None), *self._show(request, names[0] if names else None)]

    @shown
    def _add(self, request: gr.Request, base: str, paths: list[str]) -> Iterator[list[Any]]:
        language = language_from(request)
        files = [(Path(path).name, Path(path).read_bytes()) for path in paths]
        refused: list[DocumentError] = []
        for event in self._playground.add_files(base, files):
            if isinstance(event, DocumentError):
                refused.append(event)
            else:
                yield [render.progress_line(event, language), gr.skip()]
        yield [_summary(len(files), refused, language), None]

    @shown
    def _delete(self, request: gr.Request, base: str, title: str) -> list[Any]:
        self._playground.delete_document(base, title)
        return self._show(request, base)

    @shown
    def _search(self, request: gr.Request, base: str, query: str) -> str:
        language = language_from(request)
        found = self._playground.library.get(base).search(query, top_k=5)
        cards = [
            render.source_card(number, source, language, unfolded=number == 1)
            for number, source in enumerate(found, 1)
        ]
        return "".join(cards) or render.notice(text("knowledge.none", language))

    # ------------------------------------------------------------ what the page's load fills in

    @property
    def loaded(self) -> list[Any]:
        """The components that `load` fills, in its order."""
        return [self.base, self.document, self.documents]

    def load(self, request: gr.Request) -> list[Any]:
        """The bases, and the documents of the visitor's language's built-in one."""
        base = BASE_NAMES[language_from(request)]
        names = self._playground.library.names()
        chosen = base if base in names else (names[0] if names else None)
        return [self.choices(chosen), *self._show(request, chosen)]

    def choices(self, chosen: str | None) -> gr.Dropdown:
        names = self._playground.library.names()
        return gr.Dropdown(choices=list(names), value=chosen or (names[0] if names else None))


def _summary(count: int, refused: list[DocumentError], language: Language) -> str:
    """How many files of an upload were added, and why the others were not."""
    lines = [render.notice(error.text(language), error=True) for error in refused]
    if added := count - len(refused):
        lines.insert(0, render.notice(text("knowledge.added", language, count=added)))
    return "".join(lines)
