"""An answer from passages, end to end: ours against the script that people write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from playground import world
from playground.answering import Failure
from playground.app import Playground
from playground.bench.figures import Figure, Goal, Spread, Step
from playground.bench.peers import LLAMA, OURS, Bench, Contestant, Peer
from playground.bench.rounds import Timing, interleaved, timed
from playground.models import locate
from playground.modes import AskOptions
from playground.modes.prompts import open_book_messages
from playground.types import Answer, Delta, Finish, Source, Streamed

_SCRIPT = "script"
_TOP_K = 3
_MAX_TOKENS = 48
_QUESTIONS_A_ROUND = 4
_GOAL = Goal("ours/peer", _SCRIPT, at_most=0.5)


class Script:
    """Three libraries with their defaults, as their own examples put them together."""

    def __init__(self, folder: str, passages: Sequence[Source], llama: Contestant) -> None:
        import faiss
        from sentence_transformers import SentenceTransformer

        self._passages, self._llama = passages, llama
        self._model = SentenceTransformer(folder)
        texts = [f"{passage.title}\n{passage.text}" for passage in passages]
        vectors = self._model.encode_document(texts, normalize_embeddings=True)
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)  # type: ignore[call-arg]

    def stream(self, question: str, max_tokens: int) -> Iterator[Streamed]:
        """Search, then ask llama.cpp with the prompt that ours sends."""
        vector = self._model.encode_query([question], normalize_embeddings=True)
        _, found = self._index.search(vector, _TOP_K)  # type: ignore[call-arg]
        sources = [self._passages[number] for number in found[0]]
        return self._llama.stream(open_book_messages(question, sources), max_tokens)


def measure(bench: Bench) -> Iterator[Step | Figure]:
    """Both are asked the same questions, one after another, none twice."""
    language = "en"
    playground = Playground(bench.settings)
    yield Step("indexing the built-in documents")
    for _ in playground.bases.add_world():
        pass
    questions = [
        question.question
        for question in world.load_questions(bench.settings.world_dir, language)
        if question.kind == "fact"
    ]
    name = world.BASE_NAMES[language]
    lengths: dict[int, int] = {}  # the script answers at our length: its model never ends
    tasks = {OURS: partial(_ask_ours, playground, name, questions, lengths)}
    llama = next((peer for peer in bench.peers if peer.name == LLAMA), None)
    opened = _open_script(playground, name, llama) if llama else None
    try:
        if opened:
            tasks[_SCRIPT] = partial(_ask_script, opened[0], questions, lengths)
        for task in tasks.values():
            task(-1)  # warms both with the last question
        rounds = min(bench.options.rounds * _QUESTIONS_A_ROUND, len(questions) - 1)
        timings = yield from interleaved(tasks, rounds, rotate=False)
    finally:
        if opened:
            opened[1].close()
        playground.engine.close()
    yield from figures(timings)


def figures(timings: dict[str, list[Timing]]) -> Iterator[Figure]:
    """Of the whole answer, and of its first token: a longer answer takes longer, too."""
    lengths = {
        who: sum(t.completion_tokens for t in listed) / len(listed)
        for who, listed in timings.items()
    }
    note = "the script: sentence-transformers, faiss, llama.cpp; tokens an answer: " + ", ".join(
        f"{who} {n:.1f}" for who, n in lengths.items()
    )
    whole = {who: Spread.of(t.total_seconds for t in listed) for who, listed in timings.items()}
    yield Figure("rag", "rag answer", "s", whole.pop(OURS), whole, (_GOAL,), note=note)
    first = {who: Spread.of(t.first_seconds for t in listed) for who, listed in timings.items()}
    yield Figure("rag", "rag answer, first token", "s", first.pop(OURS), first)


def _open_script(playground: Playground, name: str, llama: Peer) -> tuple[Script, Contestant]:
    base = playground.bases.library.get(name)
    passages = base.search("observatory", top_k=base.chunk_count)
    settings = playground.settings
    contestant = llama.open(settings)
    folder = locate(settings.embedder, settings.models_dir).path
    return Script(folder, passages, contestant), contestant


def _ask_ours(
    playground: Playground,
    name: str,
    questions: Sequence[str],
    lengths: dict[int, int],
    number: int,
) -> Timing:
    timing = timed(_events(playground, name, questions[number]))
    lengths[number] = timing.completion_tokens
    return timing


def _events(playground: Playground, name: str, question: str) -> Iterator[Streamed]:
    options = AskOptions(top_k=_TOP_K, max_tokens=_MAX_TOKENS)
    for _, event in playground.compare(question, modes=["rag"], knowledge=name, options=options):
        if isinstance(event, Failure):
            raise event.error
        if isinstance(event, Delta):
            yield event
        elif isinstance(event, Answer):
            cost = event.metrics
            yield Finish(event.finish_reason, cost.prompt_tokens, cost.completion_tokens)


def _ask_script(
    script: Script, questions: Sequence[str], lengths: dict[int, int], number: int
) -> Timing:
    return timed(_later(script, questions[number], lengths[number]))


def _later(script: Script, question: str, max_tokens: int) -> Iterator[Streamed]:
    """A generator, so that the search counts, too."""
    yield from script.stream(question, max_tokens)
