"""The page: its tabs, put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio import themes
from gradio.context import get_blocks_context

from playground.app import Playground
from playground.quota import Quota
from playground.ui import render
from playground.ui.api import ApiTab
from playground.ui.ask import AskTab
from playground.ui.comparison_page import comparison_route
from playground.ui.document_page import document_route
from playground.ui.evaluate import EvaluateTab
from playground.ui.finetune import FinetuneTab
from playground.ui.knowledge import KnowledgeTab
from playground.ui.shows import Show, ShowingTab
from playground.ui.strings import I18N, STRINGS, language_from
from playground.ui.tradeoffs import TradeoffsTab
from playground.ui.visit import Known, Visits
from playground.visitors import Visitor, Visitors

_FONTS = ["system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Noto Sans CJK SC", "sans-serif"]
_MONOSPACE = ["ui-monospace", "Menlo", "Consolas", "monospace"]
_MAX_UPLOAD_BYTES = 2_000_000_000  # of an exported knowledge base; readers have their own limit
_HOUR_SECONDS = 3600


def build(visits: Visits) -> gr.Blocks:
    """The page's components and events."""
    host = visits.host
    kept = _HOUR_SECONDS if host.settings.public else 24 * _HOUR_SECONDS
    with gr.Blocks(
        title=STRINGS["title"][0],
        analytics_enabled=False,
        delete_cache=(kept, kept),  # uploads, and exported knowledge bases
    ) as page:
        header = gr.HTML(elem_id="header")
        switched = _switched()
        remote = gr.State(None)  # the server that answers this visitor, if any
        rows = gr.State(None)  # those of the Fine-tune tab
        with gr.Tab(I18N("tab.ask"), id="ask") as ask_tab:
            ask = AskTab(visits, remote)
        hidden: Any = {"show_progress": "hidden"}
        gr.on([page.load, switched.click], _header_of(host), None, header, **hidden)
        loaded = page.load(ask.load, None, [*ask.filled, ask.asked, ask.modes], **hidden)
        ask.asked_again(loaded.then)
        ask.following(loaded.then)
        _fill(ask.shows, [ask_tab.select, switched.click])
        for key, tab in (
            ("knowledge", lambda visitor: KnowledgeTab(visitor.playground)),
            ("finetune", lambda visitor: FinetuneTab(visitor.playground, rows)),
            ("evaluate", lambda visitor: EvaluateTab(visitor.playground)),
            ("tradeoffs", lambda visitor: TradeoffsTab(visitor.playground, visitor.measuring)),
            ("api", lambda visitor: ApiTab(visitor.playground, remote, rows)),
        ):
            _later(page, key, tab, visits)
    for event in page.fns.values():  # they are no API: ours is at /v1
        event.api_visibility = "undocumented"
    return page


def _header_of(playground: Playground) -> Callable[[gr.Request], str]:
    """A function of the request alone: Gradio looks at its signature."""

    def header(request: gr.Request) -> str:
        language = language_from(request)
        engine = playground.engine_choice.text(language)
        settings = playground.settings
        return render.header(settings.model, engine, language, public=settings.public)

    return header


def _theme() -> gr.Theme:
    """System fonts (nothing is fetched), and colours that can be read (WCAG AA)."""
    theme = themes.Default(
        primary_hue="indigo", neutral_hue="slate", font=_FONTS, font_mono=_MONOSPACE
    )
    return theme.set(
        body_text_color_subdued="*neutral_500",
        body_text_color_subdued_dark="*neutral_400",
        color_accent="*primary_600",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
    )


def _later(
    page: gr.Blocks,
    key: str,
    make: Callable[[Visitor], ShowingTab],
    visits: Visits,
) -> None:
    """A tab over the visitor's Playground, made when it is opened: the page is there sooner."""
    with gr.Tab(I18N(f"tab.{key}"), id=key) as tab:
        opened = gr.State(False)
        tab.select(lambda: True, None, opened, show_progress="hidden")

        @gr.render(triggers=[opened.change], show_progress="hidden")
        def fill(request: gr.Request) -> None:
            made = make(visits.of(request))
            _fill(made.shows, [page.load, tab.select, _switched().click])  # load: now
            _let_be_filled()


def _switched() -> gr.Button:
    """What language.js presses. What is made later has its own: its handlers would be the only
    ones of a button that was there before."""
    return gr.Button(elem_classes="pg-switched", visible="hidden")


def _let_be_filled() -> None:
    """Of what is made later, Gradio does not see by itself that the visitor fills it in."""
    made = get_blocks_context()
    assert made is not None
    for event in made.fns.values():
        for part in event.inputs:
            if getattr(part, "interactive", False) is None:
                part.interactive = True  # type: ignore[attr-defined]


def _fill(shows: Sequence[Show], triggers: Sequence[Any]) -> None:
    """Let a tab show what there is, in the order of `shows`, at each of the triggers."""
    first, *others = shows
    shown = gr.on(triggers, *first, show_progress="hidden")
    for show in others:
        shown = shown.then(*show, show_progress="hidden")


def _language_script() -> str:
    """With the name of the file in which Gradio keeps the locale, which has a hash in it."""
    script = Path(__file__).with_name("language.js").read_text(encoding="utf-8")
    assets = Path(gr.__file__).parent / "templates" / "frontend" / "assets"
    locales = next((file.name for file in assets.glob("runtime-*.js")), "")
    return script.replace("LOCALES", locales)


def mount(playground: Playground, app: FastAPI) -> None:
    """Let `app` serve the page at its root."""
    settings = playground.settings
    visitors = Visitors(playground)
    visits = Visits(visitors)
    app.add_middleware(Known, visitors=visitors)
    gr.mount_gradio_app(
        app,
        build(visits).queue(default_concurrency_limit=8),
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        theme=_theme(),
        css_paths=Path(__file__).with_name("style.css"),
        head=f"<script>{_language_script()}</script>",
        i18n=I18N,
        footer_links=[],
        max_file_size=Quota.upload_bytes if settings.public else _MAX_UPLOAD_BYTES,
        app_kwargs={
            "routes": [document_route(visits), comparison_route(visits)]
        },  # before Gradio's
        run_history=False,
        ssr_mode=False,
    )
