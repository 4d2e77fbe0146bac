"""A part of the Ask tab: change a document right here, and ask again."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import gradio as gr

from playground.bases import Bases
from playground.errors import DocumentTooLongToEdit, EmptyDocument, PlaygroundError
from playground.types import Document, Question
from playground.ui import render
from playground.ui.errors import placed, said
from playground.ui.strings import I18N, language_from, text
from playground.ui.visit import Visits
from playground.world import BASE_NAMES

_MOST_CHARACTERS = 50_000  # more is no pleasure in a text box


class EditPanel:
    """Builds its components. What is saved is indexed at once, in place of what was."""

    def __init__(self, visits: Visits, knowledge: gr.Dropdown) -> None:
        self._visits = visits
        self._knowledge = knowledge
        # The base and the title of the text in the box. What the browser says of the list may be
        # from before an offer that opens the panel.
        self.opened = gr.State()
        with gr.Accordion(I18N("edit.title"), open=False, elem_id="edit") as self.panel:
            self.problem = gr.HTML()
            self.document = gr.Dropdown([], label=I18N("edit.document"), elem_id="edit-document")
            self.text = gr.Textbox(
                label=I18N("edit.text"), lines=8, max_lines=16, elem_id="edit-text"
            )
            with gr.Row(elem_classes="pg-bottom"):
                self.save = gr.Button(
                    I18N("edit.save"), size="sm", scale=0, min_width=160, elem_id="edit-save"
                )
                self.state = gr.HTML(elem_id="edit-state")
        hidden: Any = {"show_progress": "hidden"}
        self.panel.expand(self._list, [knowledge, self.opened], self.outputs, **hidden)
        knowledge.change(self._list, [knowledge, self.opened], self.outputs, **hidden)
        self.document.input(self._open, [knowledge, self.document], self.outputs, **hidden)
        self.save.click(
            self._save, [knowledge, self.document, self.text], [self.problem, self.state]
        )

    @property
    def outputs(self) -> list[Any]:
        """What is filled when a document is opened."""
        shown = [self.panel, self.problem, self.document, self.text, self.state]
        return [*shown, self._knowledge, self.opened]

    def offer(self, request: gr.Request, question: Question) -> dict[Any, Any]:
        """The document of a question about news, with the news in it, to be saved."""
        assert question.edit
        base = BASE_NAMES[question.language]
        told = text("edit.offered", language_from(request), new=question.edit.replace)
        try:
            found = self._found(request, base, question.edit.document)
        except PlaygroundError as error:
            return {self.panel: gr.Accordion(open=True), self.problem: said(error, request)}
        return {
            self.panel: gr.Accordion(open=True),
            self.problem: "",
            self._knowledge: base,
            self.document: gr.Dropdown(choices=self._titles(request, base), value=found.title),
            self.opened: (base, found.title),
            self.text: question.edit.apply(found.text),
            self.state: render.note(told),
        }

    @placed
    def _list(
        self, request: gr.Request, base: str | None, opened: tuple[str, str] | None
    ) -> dict[Any, Any]:
        """The documents of the base; the first is opened if none of them is."""
        titles = self._titles(request, base)
        if opened and opened[0] == base and opened[1] in titles:
            return {self.document: gr.Dropdown(choices=titles, value=opened[1])}
        first = titles[0] if titles else None
        chosen = gr.Dropdown(choices=titles, value=first)
        return {self.document: chosen, **self._open(request, base, first)}

    @placed
    def _open(self, request: gr.Request, base: str | None, document: str | None) -> dict[Any, Any]:
        if not (base and document):
            return {self.text: "", self.state: "", self.opened: None}
        text = self._found(request, base, document).text
        return {self.text: text, self.state: "", self.opened: (base, document)}

    @placed
    def _save(
        self, request: gr.Request, base: str | None, document: str | None, content: str
    ) -> dict[Any, Any]:
        if not (base and document):
            return {self.state: ""}
        if not content.strip():
            raise EmptyDocument(title=document)
        started = time.perf_counter()
        was = self._found(request, base, document)
        changed = replace(was, text=content, page_starts=(), file_hash=None)
        for event in self._bases(request).add_documents(base, [changed]):
            if isinstance(event, PlaygroundError):
                raise event
        seconds = f"{time.perf_counter() - started:.1f}"
        told = text("edit.saved", language_from(request), seconds=seconds, title=document)
        return {self.state: render.notice(told)}

    def _titles(self, request: gr.Request, base: str | None) -> list[str]:
        if not base:
            return []
        return [info.title for info in self._bases(request).library.get(base).documents()]

    def _found(self, request: gr.Request, base: str, title: str) -> Document:
        knowledge = self._bases(request).library.get(base)
        (id,) = knowledge.ids_of([title])
        document = knowledge.document(id)
        if len(document.text) > _MOST_CHARACTERS:
            raise DocumentTooLongToEdit(title=title, most=f"{_MOST_CHARACTERS:,}")
        return document

    def _bases(self, request: gr.Request) -> Bases:
        return self._visits.of(request).playground.bases
