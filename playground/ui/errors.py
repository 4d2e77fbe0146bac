"""The page's one place where errors become words in the visitor's language."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, NoReturn

import gradio as gr

from playground.errors import PlaygroundError
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


def _show(error: PlaygroundError, request: gr.Request) -> NoReturn:
    message = error.text(language_from(request))
    raise gr.Error(message, duration=None, print_exception=False) from error
