"""Turning questions and passages into vectors, beside sentence-transformers as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from playground import world
from playground.bases import Bases
from playground.bench.figures import Figure, Spread, Step, Unit
from playground.bench.peers import OURS, Bench
from playground.bench.rounds import interleaved
from playground.generate.documents import distractor_documents
from playground.models import locate
from playground.retrieval import HashEmbedder
from playground.settings import Settings

_PEER = "sentence-transformers"
_PASSAGES = 24  # a round
_PASSAGE_CHARACTERS = 700  # about 150 tokens
_QUESTIONS = 8

Embed = Callable[[Sequence[str]], object]


def measure(bench: Bench) -> Iterator[Step | Figure]:
    """The same texts for both, and no text twice."""
    yield Step("loading the embedder")
    ours = Bases(bench.settings).embedder
    questions: dict[str, Embed] = {OURS: partial(ours.embed, kind="query")}
    passages: dict[str, Embed] = {OURS: partial(ours.embed, kind="passage")}
    if not isinstance(ours, HashEmbedder):
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(locate(ours.identity, bench.settings.models_dir).path)
        questions[_PEER] = lambda texts: model.encode_query(list(texts))
        passages[_PEER] = lambda texts: model.encode_document(list(texts))
    for embed in (*questions.values(), *passages.values()):
        embed(["warm"])
    asked = {who: partial(_one_by_one, embed, bench.settings) for who, embed in questions.items()}
    seconds = yield from interleaved(asked, bench.options.rounds)
    yield _figure("embedding a question", "s", seconds)
    read = {who: partial(_together, embed, bench.settings) for who, embed in passages.items()}
    rates = yield from interleaved(read, bench.options.rounds)
    yield _figure("embedding passages", "passages/s", rates)


def _one_by_one(embed: Embed, settings: Settings, number: int) -> float:
    """Seconds a question."""
    listed = world.load_questions(settings.world_dir, "en")
    start = number * _QUESTIONS % len(listed)
    texts = [question.question for question in listed[start : start + _QUESTIONS]]
    return _seconds(lambda: [embed([text]) for text in texts]) / len(texts)


def _together(embed: Embed, settings: Settings, number: int) -> float:
    """Passages a second."""
    documents = islice(distractor_documents(settings.world_dir, "en", seed=number), _PASSAGES)
    texts = [document.text[:_PASSAGE_CHARACTERS] for document in documents]
    return len(texts) / _seconds(lambda: embed(texts))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _figure(name: str, unit: Unit, measured: dict[str, list[float]]) -> Figure:
    spreads = {who: Spread.of(values) for who, values in measured.items()}
    return Figure("embedding", name, unit, spreads.pop(OURS), spreads)
