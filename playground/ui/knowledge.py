"""The Knowledge tab: what is in the knowledge bases, and what rag would find there."""

from __future__ import annotations

from typing import Any

import gradio as gr

from playground.app import Playground
from playground.errors import DocumentError, PlaygroundError
from playground.types import Language
from playground.ui import render, render_knowledge
from playground.ui.errors import shown
from playground.ui.knowledge_adding import AddingPanel
from playground.ui.knowledge_bases import BasesPanel
from playground.ui.knowledge_search import SearchPanel
from playground.ui.options import choose_from, kept_or_first
from playground.ui.shows import Show
from playground.ui.steps import Steps
from playground.ui.strings import I18N, language_from, text
from playground.world import BASE_NAMES

_POLL_SECONDS = 1.0


class KnowledgeTab:
    """Builds the tab's components, and connects them to the Playground.

    Work on a base goes on in the Playground. The page looks after it each second, so that one
    that was reloaded or opened elsewhere shows the same.
    """

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._steps = Steps()
        with self._steps.step("base"):
            self.base = gr.Dropdown([], label=I18N("knowledge.base"), elem_id="base")
            self.bases = BasesPanel(playground, self.base)
            self.problem = gr.HTML()
            self.rebuild = gr.Button(
                I18N("knowledge.rebuild"), variant="primary", visible=False, elem_id="rebuild"
            )
            self.status = gr.HTML(elem_id="job-status")
            self.stop = gr.Button(
                I18N("job.stop"), size="sm", visible=False, elem_id="stop-indexing"
            )
        with gr.Column(visible=False) as self.body:
            with self._steps.step("documents"), gr.Row():
                with gr.Column(scale=2, min_width=280):
                    self.adding = AddingPanel(playground, self.base)
                with gr.Column(scale=3, min_width=280):
                    self.table = gr.HTML(elem_id="documents")
                    with gr.Row(elem_classes="pg-bottom"):
                        self.document = gr.Dropdown(
                            [], value=None, label=I18N("knowledge.document"), scale=3
                        )
                        self.delete = gr.Button(
                            I18N("knowledge.delete"), size="sm", min_width=140, visible=False
                        )
                    self.view = gr.HTML()
            with self._steps.step("search"):
                self.search = SearchPanel(playground, self.base)
        self.timer = gr.Timer(_POLL_SECONDS, active=False)
        self._connect()

    def _connect(self) -> None:
        hidden: Any = {"show_progress": "hidden"}
        outputs = self.outputs
        self.base.change(self._show, self.base, outputs, **hidden)
        self.timer.tick(self._watch, self.base, outputs, **hidden)
        rebuilding = self.rebuild.click(self._rebuild, self.base, None, **hidden)
        for started in (rebuilding, *self.adding.started):
            started.success(self._watch, self.base, outputs, **hidden)
        self.stop.click(self._stop, self.base, outputs, **hidden)
        chosen = [self.base, self.document]
        self.document.change(self._open, chosen, [self.view, self.delete], **hidden)
        self.delete.click(self._delete, chosen, outputs, **hidden)

    @property
    def outputs(self) -> list[Any]:
        """What is known of the chosen base."""
        return [
            *(self.problem, self.rebuild, self.status, self.stop, self.body, self.table),
            *(self.document, self.search.documents, self.timer),
        ]

    @shown
    def _show(self, request: gr.Request, base: str | None) -> dict[Any, Any]:
        """All that is known of the chosen base."""
        language = language_from(request)
        if base is None:
            none = render.notice(text("knowledge.no_base", language))
            nothing = {self.status: "", self.stop: gr.Button(visible=False)}
            return {self.problem: none, self.body: gr.Column(visible=False), **nothing}
        try:
            documents = self._playground.bases.library.get(base).documents()
        except PlaygroundError as error:
            broken = isinstance(error, DocumentError)  # else it is gone
            return {
                self.problem: render.notice(error.text(language), error=True),
                self.body: gr.Column(visible=False),
                **self._progress(base, language, broken=broken),
            }
        titles = [info.title for info in documents]
        return {
            self.problem: "",
            self.body: gr.Column(visible=True),
            self.table: render_knowledge.document_table(base, documents, language),
            self.document: gr.Dropdown(choices=titles, value=None),
            self.search.documents: gr.Dropdown(choices=titles, value=[]),
            **self._progress(base, language),
        }

    def _progress(self, base: str, language: Language, *, broken: bool = False) -> dict[Any, Any]:
        """The work on a base, whether to look again, and whether a broken one waits for it."""
        state = self._playground.bases.jobs.state(base)
        running = state is not None and not state.done
        stoppable = state is not None and not (state.done or state.stopping)
        return {
            self.status: render_knowledge.job_status(state, language),
            self.stop: gr.Button(visible=stoppable),
            self.timer: gr.Timer(active=running),
            self.rebuild: gr.Button(visible=broken and not running),
        }

    @shown
    def _watch(self, request: gr.Request, base: str | None) -> dict[Any, Any]:
        if base in self._playground.bases.jobs.running():
            return self._progress(base, language_from(request))
        return self._show(request, base)

    @shown
    def _stop(self, request: gr.Request, base: str) -> dict[Any, Any]:
        self._playground.bases.jobs.stop(base)
        return self._watch(request, base)

    @shown
    def _rebuild(self, request: gr.Request, base: str) -> None:
        self._playground.bases.index(base, self._playground.bases.library.rebuild(base))

    @shown
    def _open(self, request: gr.Request, base: str, title: str | None) -> list[Any]:
        if title is None:
            return ["", gr.Button(visible=False)]
        (id,) = self._playground.bases.library.get(base).ids_of([title])
        view = render_knowledge.document_view(base, id, title, language_from(request))
        return [view, gr.Button(visible=True)]

    @shown
    def _delete(self, request: gr.Request, base: str, title: str) -> dict[Any, Any]:
        self._playground.bases.delete_document(base, title)
        return self._show(request, base)

    # ------------------------------------------------------------ what there is

    @property
    def shows(self) -> list[Show]:
        filled = [*self._steps.heads, self.base, *self.outputs]
        return [Show(self._refresh, [self.base], filled)]

    @shown
    def _refresh(self, request: gr.Request, chosen: str | None) -> dict[Any, Any]:
        """The bases that there are now; at first, what is being worked on is chosen, or what the
        visitor's language has."""
        names = self._playground.bases.library.names()
        if chosen not in names:
            running = self._playground.bases.jobs.running()
            chosen = running[0] if running else BASE_NAMES[language_from(request)]
        chosen = kept_or_first(names, chosen)
        return {
            **self._steps.load(language_from(request)),
            self.base: choose_from(names, chosen),
            **self._show(request, chosen),
        }
