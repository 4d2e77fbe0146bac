"""From the edit of a fact to the first right answer, in each method's own way."""

from __future__ import annotations

import shutil
import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from statistics import median

from playground.adapters.store import read_config
from playground.dataset import Dataset, Reason, Row
from playground.errors import PlaygroundError, RetrainingFailed
from playground.evaluation import contains
from playground.finetune import Answered, Failed, Finished, Step, Stopped, TrainConfig
from playground.finetune.questions import TestQuestion
from playground.finetune.recipe import Recipe
from playground.modes.prompts import closed_book_messages
from playground.readers import read
from playground.tradeoffs.ground import Ground, is_right
from playground.tradeoffs.measurement import Doing, Measurement, Missing
from playground.tradeoffs.shelf import Shelf
from playground.tuning import Material
from playground.types import Adapter, Answer, Document, Message, Question
from playground.world import documents_dir, training_rows

EPOCHS = 4
_LOOK_SECONDS = 0.3
_WHY = Reason("a fact that was changed", "一个被修改的知识点")
_NONE_RIGHT = Reason("none of {total} edits was answered rightly", "{total} 处修改都没有答对")

Found = Generator[Doing | Measurement | Missing, None, list[float]]  # seconds of each right one


def freshness(ground: Ground, modes: Sequence[str]) -> Generator[Doing | Measurement | Missing]:
    """Median seconds over the edits that were answered rightly, and how many were."""
    edits = _edits(ground)
    ways = {"long-context": _read_again, "rag": _index_again, "lora": _train_again}
    for mode in modes:
        if mode not in ways:
            continue
        try:
            taken = yield from ways[mode](ground, edits)
        except PlaygroundError as error:
            yield Missing("freshness_seconds", mode, error.text("en"), error.text("zh"))
            continue
        if taken:
            seconds, right = median(taken), len(taken)
            yield Measurement("freshness_seconds", mode, seconds, "s", right, len(edits))
        else:
            en, zh = (text.format(total=len(edits)) for text in _NONE_RIGHT)
            yield Missing("freshness_seconds", mode, en, zh)


def _edits(ground: Ground) -> tuple[Question, ...]:
    """One early in the documents and one late: what stands before an edit is in the cache."""
    known = [q for q in ground.questions if q.kind == "fresh" and _old(ground, q)]
    ordered = sorted(known, key=lambda question: (question.document, question.start))
    return ordered[0], ordered[-1]


def _read_again(ground: Ground, edits: Sequence[Question]) -> Found:
    taken = []
    for number, question in enumerate(edits):
        yield Doing("freshness", number, len(edits))
        started = time.perf_counter()
        documents = [
            _edited(ground, question) if document.title == question.document else document
            for document in ground.documents
        ]
        answer = ground.ask(question, "long-context", base=Shelf(documents))
        taken += _if_right(question, answer, started)
    return taken


def _index_again(ground: Ground, edits: Sequence[Question]) -> Found:
    base, _ = ground.base("edited", ground.documents)
    taken = []
    for number, question in enumerate(edits):
        yield Doing("freshness", number, len(edits))
        started = time.perf_counter()
        ground.add("edited", [_edited(ground, question)])
        answer = ground.ask(question, "rag", base=base)
        taken += _if_right(question, answer, started)
    return taken


def _train_again(ground: Ground, edits: Sequence[Question]) -> Found:
    """One training for all edits, from the adapter that knows the old facts, if there is one.

    The training's own process answers, as soon as it has learned: nothing that serves the new
    weights is made, which would have to be removed again.
    """
    rows = [row for question in edits for row in _new_rows(ground, question)]
    numbered = tuple(replace(row, number=n) for n, row in enumerate(rows, start=1))
    asked = tuple(TestQuestion("own", closed_book_messages(q.question), q.answers) for q in edits)
    recipe = _recipe(ground, ground.weights)
    started = time.perf_counter()
    material = Material(Dataset("edited", "messages", _WHY, numbered, ()), questions=asked)
    run = ground.tuning.start(recipe, material, overwrite=True)
    while not run.is_over:
        steps = [event for event in run.events if isinstance(event, Step)]
        done, total = (steps[-1].step, steps[-1].total_steps) if steps else (0, 0)
        yield Doing("freshness", done, total)
        time.sleep(_LOOK_SECONDS)
        run = ground.tuning.runs.get(run.id)
    seconds = time.perf_counter() - started
    last = run.events[-1]
    if isinstance(last, Failed | Stopped):
        reason = last if isinstance(last, Failed) else Reason("stopped", "已停止")
        raise RetrainingFailed(reason=reason)
    assert isinstance(last, Finished)
    if taken := ground.tuning.summary(run.id).memory_bytes:
        yield Measurement("memory_bytes", "lora", taken, "bytes", kind="training")
    said = {e.question: e.answer for e in run.events if isinstance(e, Answered) and _is_new(e)}
    right = [
        contains(said.get(place, ""), question.answers) for place, question in enumerate(edits)
    ]
    return [seconds for one in right if one]


def _is_new(answered: Answered) -> bool:
    return answered.phase == "after"


def _recipe(ground: Ground, weights: Adapter | None) -> Recipe:
    config = TrainConfig(epochs=EPOCHS, validation_share=0.0, keep="last")
    if weights:
        # A training finds what it starts from among its own adapters.
        kept = ground.folder / "adapters" / weights.name
        shutil.copytree(weights.path, kept, dirs_exist_ok=True)
        shape = read_config(weights)
        same = {name: shape[name] for name in ("r", "lora_alpha", "lora_dropout") if name in shape}
        config = replace(config, **same)
    return Recipe(
        "edited",
        "edited",
        start_from=weights.name if weights else "",
        held_out_questions=0,
        general_questions=0,
        config=config,
    )


def _if_right(question: Question, answer: Answer, started: float) -> list[float]:
    return [time.perf_counter() - started] if is_right(question, answer) else []


def _edited(ground: Ground, question: Question) -> Document:
    assert question.edit is not None
    file = documents_dir(ground.settings.world_dir, ground.language) / question.edit.document
    return read(file.name, question.edit.apply(file.read_text(encoding="utf-8")).encode())


def _old(ground: Ground, question: Question) -> Question | None:
    """The question about the same fact before the edit, of which there are training rows."""
    return next(
        (
            q
            for q in ground.questions
            if q.kind == "fact" and q.document == question.document and q.start == question.start
        ),
        None,
    )


def _new_rows(ground: Ground, question: Question) -> list[Row]:
    """The old fact's rows, with the new answer in the place of the old one."""
    old = _old(ground, question)
    assert old is not None
    rows = []
    for id_, (asked, said) in training_rows(ground.settings.world_dir, ground.language):
        if id_ != old.id:
            continue
        for answer in old.answers:
            if answer in said.content:
                text = said.content.replace(answer, question.answers[0])
                rows.append(Row(len(rows) + 1, (asked, Message("assistant", text))))
                break
    return rows
