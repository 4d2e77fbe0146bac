"""The page: its tabs, put together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from gradio import themes

from playground.app import Playground
from playground.ui import render
from playground.ui.api import ApiTab
from playground.ui.ask import AskTab
from playground.ui.document_page import document_route
from playground.ui.evaluate import EvaluateTab
from playground.ui.finetune import FinetuneTab
from playground.ui.knowledge import KnowledgeTab
from playground.ui.strings import I18N, STRINGS, language_from
from playground.ui.tradeoffs import TradeoffsTab

_FONTS = ["system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "sans-serif"]
_MONOSPACE = ["ui-monospace", "Menlo", "Consolas", "monospace"]
_MAX_UPLOAD_BYTES = 2_000_000_000  # of an exported knowledge base; readers have their own limit
_DAY_SECONDS = 24 * 3600


def build(playground: Playground) -> gr.Blocks:
    """The page's components and events."""
    with gr.Blocks(
        title=STRINGS["title"][0],
        analytics_enabled=False,
        delete_cache=(_DAY_SECONDS, _DAY_SECONDS),  # uploads, and exported knowledge bases
    ) as page:
        header = gr.HTML()
        remote = gr.State(None)  # the server that answers this visitor, if any
        with gr.Tab(I18N("tab.ask"), id="ask") as ask_tab:
            ask = AskTab(playground, remote)
        with gr.Tab(I18N("tab.knowledge"), id="knowledge") as knowledge_tab:
            knowledge = KnowledgeTab(playground)
        with gr.Tab(I18N("tab.finetune"), id="finetune") as finetune_tab:
            finetune = FinetuneTab(playground)
        with gr.Tab(I18N("tab.evaluate"), id="evaluate") as evaluate_tab:
            evaluate = EvaluateTab(playground)
        with gr.Tab(I18N("tab.tradeoffs"), id="tradeoffs") as tradeoffs_tab:
            tradeoffs = TradeoffsTab(playground)
        with gr.Tab(I18N("tab.api"), id="api") as api_tab:
            api = ApiTab(playground, remote, finetune.data.dataset)
        page.load(_header_of(playground), None, header, show_progress="hidden")
        for tab in (ask, knowledge, finetune, evaluate, tradeoffs, api):
            page.load(tab.load, None, tab.loaded, show_progress="hidden")
        ask_tab.select(ask.choices, ask.choosing, ask.choosers, show_progress="hidden")
        knowledge_tab.select(
            knowledge.refresh, knowledge.base, knowledge.base, show_progress="hidden"
        )
        finetune_tab.select(
            finetune.refresh, finetune.choosers, finetune.refreshed, show_progress="hidden"
        )
        evaluate_tab.select(
            evaluate.refresh, evaluate.choosers, evaluate.refreshed, show_progress="hidden"
        )
        tradeoffs_tab.select(
            tradeoffs.refresh, tradeoffs.choosers, tradeoffs.refreshed, show_progress="hidden"
        )
        api_tab.select(api.refresh, api.choosers, api.refreshed, show_progress="hidden")
    return page


def _header_of(playground: Playground) -> Callable[[gr.Request], str]:
    """A function of the request alone: Gradio looks at its signature."""

    def header(request: gr.Request) -> str:
        language = language_from(request)
        engine = playground.engine_choice.text(language)
        return render.header(playground.settings.model, engine, language)

    return header


def _theme() -> gr.Theme:
    """System fonts (nothing is fetched), and greys that can be read."""
    theme = themes.Default(
        primary_hue="indigo", neutral_hue="slate", font=_FONTS, font_mono=_MONOSPACE
    )
    return theme.set(
        body_text_color_subdued="*neutral_500", body_text_color_subdued_dark="*neutral_400"
    )


def mount(playground: Playground, app: FastAPI) -> None:
    """Let `app` serve the page at its root."""
    settings = playground.settings
    gr.mount_gradio_app(
        app,
        build(playground).queue(default_concurrency_limit=8),
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        theme=_theme(),
        css_paths=Path(__file__).with_name("style.css"),
        i18n=I18N,
        footer_links=[],
        max_file_size=_MAX_UPLOAD_BYTES,
        app_kwargs={"routes": [document_route(playground)]},  # before Gradio's own
        ssr_mode=False,
    )
