"""What a model id asks: which mode, which knowledge base, which adapter."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.app import Playground
from playground.errors import UnknownName
from playground.language import language_of
from playground.modes import MODES
from playground.types import Adapter
from playground.world import BASE_NAMES

OWNER = "playground"
_TUNED = "lora:"


@dataclass(frozen=True)
class Asked:
    """A mode with the names that it was given. Without `knowledge`, the built-in base is asked."""

    mode: str
    knowledge: str = ""
    adapter: str = ""

    def base_for(self, question: str) -> str | None:
        """The knowledge base for `question`, None if the mode needs none."""
        if not MODES[self.mode].needs_knowledge:
            return None
        return self.knowledge or BASE_NAMES[language_of(question)]


def tuned_id(adapter: str) -> str:
    """The model id that is answered by the adapter of this name."""
    return f"{_TUNED}{adapter}"


def parse(model: str, playground: Playground) -> Asked:
    """What the id `model` asks.

        base, or the model's own name      rag, rag:<base>             lora:<adapter>, <adapter>
        long-context, long-context:<base>  rag:<base>+lora:<adapter>

    Where another server answers, `lora:` may name any id of its own.

    Raises:
        UnknownName, AdapterError: there is no such model, knowledge base or adapter.
    """
    if model in ("base", playground.settings.model):
        return Asked("base")
    if model.startswith(_TUNED) and "+" not in model:
        return Asked("lora", adapter=_adapter(model.removeprefix(_TUNED), playground))
    context, plus, adapter = model.rpartition(f"+{_TUNED}")
    mode, _, knowledge = (context if plus else model).partition(":")
    if mode in MODES and MODES[mode].needs_knowledge and not MODES[mode].tuned:
        if knowledge:
            playground.bases.library.get(knowledge)
        if plus:
            return Asked(f"{mode}+lora", knowledge, _adapter(adapter, playground))
        return Asked(mode, knowledge)
    if model in {adapter.name for adapter in playground.adapters.list()}:  # as vLLM calls them
        return Asked("lora", adapter=model)
    known = ", ".join(card["id"] for card in cards(playground))
    raise UnknownName(kind="model", name=model, available=known)


def _adapter(name: str, playground: Playground) -> str:
    return playground.tuned(name).name


def cards(playground: Playground) -> Iterator[dict[str, Any]]:
    """All that `GET /models` lists; an adapter may follow the id of any that reads documents."""
    yield _card(playground.settings.model)
    names = playground.bases.library.names()
    for mode in MODES.values():
        if mode.needs_knowledge and not mode.tuned:
            yield _card(mode.id)
            yield from (_card(f"{mode.id}:{name}") for name in names)
    for adapter in playground.adapters.list():
        if adapter.base_model == playground.settings.model:
            yield _adapter_card(adapter)
    if playground.settings.embedder != playground.settings.model:
        yield _card(playground.settings.embedder)


def card_of(model: str, playground: Playground) -> dict[str, Any]:
    """The card of one model id, also of those that are too many to be listed.

    Raises:
        UnknownName, AdapterError: as `parse`.
    """
    if model == playground.settings.embedder:
        return _card(model)
    asked = parse(model, playground)
    if not asked.adapter:
        return _card(model)
    return {**_adapter_card(playground.tuned(asked.adapter)), "id": model}


def adapter_of(model: str, playground: Playground) -> Adapter | None:
    """The adapter that the id names by itself, to train on; None for the model as it is.

    Raises:
        UnknownName: the id is not of a model that can be trained.
    """
    asked = parse(model, playground)
    if asked.mode == "base":
        return None
    if asked.mode == "lora":
        return playground.adapters.get(asked.adapter)
    raise UnknownName(kind="model", name=model, available=playground.settings.model)


def _card(model: str) -> dict[str, Any]:
    return {"id": model, "object": "model", "created": int(time.time()), "owned_by": OWNER}


def _adapter_card(adapter: Adapter) -> dict[str, Any]:
    """`parent` and `root` are as vLLM tells them."""
    parents = {"root": adapter.name, "parent": adapter.base_model}
    return {**_card(tuned_id(adapter.name)), **parents}
