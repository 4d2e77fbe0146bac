"""Form widgets made from a dataclass of options, and choosers of names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import gradio as gr

from playground.options import Option, options_of
from playground.ui.strings import I18N, option_key

Widget = gr.Number | gr.Dropdown | gr.Checkbox


def option_widgets(
    config: type, *, start: Any = None, only: Collection[str] | None = None, columns: int = 3
) -> dict[str, Widget]:
    """Field name -> widget, in the order of the class, laid out in rows of `columns`.

    They begin with the values of `start`, else with the defaults; `only` some of them are made.
    """
    widgets: dict[str, Widget] = {}
    described = [(n, o) for n, o in options_of(config).items() if only is None or n in only]
    for first in range(0, len(described), columns):
        with gr.Row():
            for name, (default, option) in described[first : first + columns]:
                value = default if start is None else getattr(start, name)
                widgets[name] = _widget(option_key(config, name), value, option)
    return widgets


def defaults(config: type) -> list[Any]:
    """The default values of `config`, in the order of its widgets."""
    return [default for default, _ in options_of(config).values()]


def choose_from(names: Sequence[str], chosen: str | None) -> gr.Dropdown:
    """A dropdown of `names`; the first one if the chosen one is not among them."""
    return gr.Dropdown(choices=list(names), value=kept_or_first(names, chosen))


def kept_or_first(names: Sequence[str], chosen: str | None) -> str | None:
    """The chosen one if it is among `names`, else the first of them."""
    return chosen if chosen in names else next(iter(names), None)


def program_code(key: str, element: str) -> gr.Code:
    """A program to copy. In colours it could not be read by everybody, nor scrolled by keys."""
    return gr.Code(label=I18N(key), language=None, wrap_lines=True, elem_id=element)


def _widget(key: str, default: Any, option: Option) -> Widget:
    named: dict[str, Any] = {"label": I18N(key), "info": I18N(f"{key}.help"), "value": default}
    if option.choices:
        return gr.Dropdown(list(option.choices), **named)
    if isinstance(default, bool):
        return gr.Checkbox(**named, min_width=240)
    whole = isinstance(default, int)
    return gr.Number(
        **named, precision=0 if whole else None, minimum=option.minimum, maximum=option.maximum
    )
