"""What a tab fills in of what there is, in the visitor's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol


class Show(NamedTuple):
    """A handler that fills in `outputs` and keeps what was chosen, which it is given.

    It is called when its tab is opened, and when the visitor switches to the other language.
    """

    handler: Callable[..., Any]
    inputs: Sequence[Any]
    outputs: Sequence[Any]


class ShowingTab(Protocol):
    """A tab of the page."""

    @property
    def shows(self) -> Sequence[Show]:
        """In the order in which they are to be called."""
        ...
