"""The page's one place where errors become words in the visitor's language."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, NoReturn

import gradio as gr

from playground.errors import PlaygroundError
from playground.ui.render import notice
from playground.ui.strings import language_from


def shown(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A handler (self, request, ...) whose PlaygroundErrors the visitor sees as a message."""

    @wraps(handler)
    def call(self: Any, request: gr.Request, *values: Any) -> Any:
        try:
            return handler(self, request, *values)
        except PlaygroundError as error:
            _show(error, request)

    @wraps(handler)
    def stream(self: Any, request: gr.Request, *values: Any) -> Iterator[Any]:
        try:
            yield from handler(self, request, *values)
        except PlaygroundError as error:
            _show(error, request)

    return stream if inspect.isgeneratorfunction(handler) else call


def placed(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A handler of a panel that returns or yields {component: value}.

    Its PlaygroundErrors stand in the panel's own `problem`, where they happened.
    """

    @wraps(handler)
    def call(self: Any, request: gr.Request, *values: Any) -> dict[Any, Any]:
        try:
            return {self.problem: "", **handler(self, request, *values)}
        except PlaygroundError as error:
            return {self.problem: said(error, request)}

    @wraps(handler)
    def stream(self: Any, request: gr.Request, *values: Any) -> Iterator[dict[Any, Any]]:
        try:
            for update in handler(self, request, *values):
                yield {self.problem: "", **update}
        except PlaygroundError as error:
            yield {self.problem: said(error, request)}

    return stream if inspect.isgeneratorfunction(handler) else call


def said(error: PlaygroundError, request: gr.Request) -> str:
    """The message of `error`, as it stands on the page."""
    return notice(error.text(language_from(request)), error=True)


def _show(error: PlaygroundError, request: gr.Request) -> NoReturn:
    message = error.text(language_from(request))
    raise gr.Error(message, duration=None, print_exception=False) from error
