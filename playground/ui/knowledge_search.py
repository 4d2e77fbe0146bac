"""A part of the Knowledge tab: what rag would find in the chosen base."""

from __future__ import annotations

from typing import Any

import gradio as gr

from playground.app import Playground
from playground.ui import render_knowledge
from playground.ui.errors import shown
from playground.ui.strings import I18N, language_from

_TOP_K = 5


class SearchPanel:
    """Builds its components, and connects them to the Playground."""

    def __init__(self, playground: Playground, base: gr.Dropdown) -> None:
        self._playground = playground
        with gr.Row():
            self.query = gr.Textbox(
                label=I18N("knowledge.search"),
                placeholder=I18N("knowledge.search_placeholder"),
                scale=4,
                min_width=280,
                elem_id="search",
            )
            self.documents = gr.Dropdown(
                [], value=[], label=I18N("knowledge.within"), multiselect=True, scale=3
            )
            self.min_score = gr.Number(
                0,  # shown for None, too
                label=I18N("knowledge.min_score"),
                minimum=0,
                maximum=1,
                step=0.05,
                min_width=180,
            )
        self.results = gr.HTML(elem_id="results")
        inputs: list[Any] = [base, self.query, self.documents, self.min_score]
        for changed in (self.query.submit, self.documents.input, self.min_score.submit):
            changed(self._search, inputs, self.results)
        base.change(lambda: "", None, self.results, show_progress="hidden")

    @shown
    def _search(
        self,
        request: gr.Request,
        base: str,
        query: str,
        titles: list[str],
        min_score: float | None,
    ) -> str:
        if not query.strip():
            return ""
        knowledge = self._playground.bases.library.get(base)
        ids = knowledge.ids_of(titles) if titles else None
        found = knowledge.search(query, top_k=_TOP_K, min_score=min_score or None, documents=ids)
        return render_knowledge.search_results(base, found, language_from(request))
