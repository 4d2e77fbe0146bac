"""Whether our engine says what the model says: against transformers in float32."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from playground.app import Playground
from playground.bench.figures import Figure, Goal, Spread, Step
from playground.bench.peers import TRANSFORMERS, Bench
from playground.bench.questions import QuestionSet, closed_book_set, squad_set, world_set
from playground.bench.rounds import timed
from playground.engines.base import Engine
from playground.engines.transformers import TransformersEngine
from playground.evaluation import Share, contains
from playground.models import locate
from playground.models.loading import load_tokenizer
from playground.types import Sampling

SHIPPED_ADAPTER = "halden-facts"
_REFERENCE = f"{TRANSFORMERS} float32"
_SAMPLING = Sampling(max_tokens=48)
_SAME_TOKENS = 16
_SHARE_OF_SAME = 0.90
_CONTAINS_DIFFERENCE = 0.015

Encode = Callable[[str], Sequence[int]]


def measure(bench: Bench) -> Iterator[Step | Figure]:
    """Answers and first tokens, with and without adapters."""
    playground = Playground(bench.settings)
    names = dict.fromkeys((SHIPPED_ADAPTER, *([bench.adapter] if bench.adapter else ())))
    adapters = [playground.adapters.get(name) for name in names]
    limit = bench.options.limit
    sets = [world_set(bench.settings, limit)]
    if bench.questions:
        sets.append(squad_set(bench.questions, limit))
    sets += [closed_book_set(bench.settings, adapter, limit) for adapter in adapters]
    yield Step("loading ours and transformers in float32")
    files = locate(bench.settings.model, bench.settings.models_dir)
    reference = TransformersEngine(files, device="cpu", dtype="float32")
    tokenizer = load_tokenizer(files)

    def encode(text: str) -> Sequence[int]:
        return tokenizer.encode(text, add_special_tokens=False)

    try:
        for questions in sets:
            yield from compare(playground.engine, reference, questions, encode)
    finally:
        playground.engine.close()


def compare(
    ours: Engine, reference: Engine, questions: QuestionSet, encode: Encode
) -> Iterator[Step | Figure]:
    """Two figures of one set of questions."""
    same: list[bool] = []
    right: tuple[list[bool], list[bool]] = ([], [])
    for number, case in enumerate(questions.cases, 1):
        if number % 10 == 1:
            yield Step(f"{questions.name}: question {number} of {len(questions.cases)}")
        texts = [
            timed(engine.stream(case.messages, _SAMPLING, questions.adapter)).text
            for engine in (ours, reference)
        ]
        # Of one run: the tokens of equal texts are equal, whatever comes after the sixteenth.
        first, second = (list(encode(text))[:_SAME_TOKENS] for text in texts)
        same.append(first == second)
        for outcomes, text in zip(right, texts, strict=True):
            outcomes.append(contains(text, case.accepted))
    share, (our_share, their_share) = Share.of(same), map(Share.of, right)
    yield Figure(
        "parity",
        f"same first {_SAME_TOKENS} tokens, {questions.name}",
        "share",
        Spread.of([share.value]),
        goals=(Goal("ours", at_least=_SHARE_OF_SAME),),
        note=str(share),
    )
    bound = _CONTAINS_DIFFERENCE
    yield Figure(
        "parity",
        f"answers that hold the right one, {questions.name}",
        "share",
        Spread.of([our_share.value]),
        {_REFERENCE: Spread.of([their_share.value])},
        goals=(Goal("ours-peer", _REFERENCE, at_least=-bound, at_most=bound),),
        note=f"{our_share} against {their_share}",
    )
