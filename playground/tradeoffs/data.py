"""What each method was given, what preparing it took, and how a second set of documents does."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence

from playground.errors import PlaygroundError
from playground.modes import EXAM_MODES
from playground.modes.base import Knowledge
from playground.tradeoffs.ground import Ground
from playground.tradeoffs.growth import filled, tokens_of
from playground.tradeoffs.measurement import Doing, Measurement, Missing
from playground.tradeoffs.shelf import Shelf
from playground.types import Adapter, Document
from playground.world import WORLD_ADAPTER

_SECOND_TOKENS = 1000
_NO_WEIGHTS = (
    "there is no adapter {name!r} for the model that answers",
    "没有适用于当前模型的适配器 {name!r}",
)
_NO_SECOND_TRAINING = (
    "a second training was not run; it would take about as long as the first",
    "没有为第二批资料另做训练；所需时间与第一次相近",
)


def data(ground: Ground, modes: Sequence[str]) -> Generator[Doing | Measurement | Missing]:
    """Documents, rows, indexing and training."""
    yield Doing("index", 0, 1)
    _, seconds = ground.indexed
    tokens = _tokens(ground)
    for mode in modes:
        if EXAM_MODES[mode].needs_knowledge:
            yield Measurement("documents", mode, len(ground.documents), "documents")
            yield Measurement("document_tokens", mode, tokens, "tokens")
        if mode.startswith("rag"):
            yield Measurement("indexing_seconds", mode, seconds, "s")
        if EXAM_MODES[mode].tuned:
            yield from _taught(ground, mode, tokens)


def second(ground: Ground, modes: Sequence[str]) -> Generator[Doing | Measurement | Missing]:
    """From a second, small set of documents, in the other language, to a first answer about it."""
    other = ground.other
    documents, tokens = filled(other, iter(other.documents), _SECOND_TOKENS)
    for done, mode in enumerate(modes):
        yield Doing("second", done, len(modes))
        if not EXAM_MODES[mode].needs_knowledge:
            if EXAM_MODES[mode].tuned:
                yield Missing("second_base_seconds", mode, *_NO_SECOND_TRAINING)
            continue
        started = time.perf_counter()
        try:
            _answer(other, mode, tuple(documents))
        except PlaygroundError as error:
            yield Missing("second_base_seconds", mode, error.text("en"), error.text("zh"))
            continue
        seconds = time.perf_counter() - started
        yield Measurement("second_base_seconds", mode, seconds, "s", at=tokens)


def _answer(ground: Ground, mode: str, documents: tuple[Document, ...]) -> None:
    """Whatever comes; of documents that are new to the mode."""
    titles = [document.title for document in documents]
    asked = next(q for q in ground.questions if q.kind == "fact" and q.document in titles)
    base: Knowledge
    if mode.startswith("long-context"):
        base = Shelf(documents)
    else:
        base, _ = ground.base("second", documents)
    ground.ask(asked, mode, base=base, adapter=ground.weights)


def taught(adapter: Adapter | None, mode: str, name: str) -> Iterator[Measurement | Missing]:
    """Rows and seconds that a training took, as its own record tells."""
    if adapter is None:
        en, zh = (text.format(name=name) for text in _NO_WEIGHTS)
        yield Missing("labelled_rows", mode, en, zh)
        return
    if adapter.training_rows:
        yield Measurement("labelled_rows", mode, adapter.training_rows, "rows")
    if adapter.training_seconds:
        yield Measurement("training_seconds", mode, adapter.training_seconds, "s")
    else:
        told = ("its record does not tell what training took", "适配器的记录中没有训练用时")
        yield Missing("training_seconds", mode, *told)


def _taught(ground: Ground, mode: str, tokens: int) -> Iterator[Measurement | Missing]:
    yield from taught(ground.weights, mode, ground.adapter)
    if ground.weights and ground.adapter == WORLD_ADAPTER and mode == "lora":
        # It was taught the documents of both languages.
        other = ground.other
        count = len(ground.documents) + len(other.documents)
        yield Measurement("documents", mode, count, "documents")
        yield Measurement("document_tokens", mode, tokens + _tokens(other), "tokens")


def _tokens(ground: Ground) -> int:
    return sum(tokens_of(ground, document) for document in ground.documents)
