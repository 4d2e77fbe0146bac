"""From the edit of a fact to the first right answer, in each method's own way."""

from __future__ import annotations

import shutil
import time
from collections.abc import Generator, Sequence
from dataclasses import replace

from playground.adapters.store import read_config
from playground.dataset import Dataset, Reason, Row
from playground.errors import PlaygroundError, RetrainingFailed
from playground.evaluation import Marked, contains
from playground.finetune import Answered, Failed, Finished, Step, Stopped, TrainConfig
from playground.finetune.questions import TestQuestion
from playground.finetune.recipe import Recipe
from playground.material import Material
from playground.modes.prompts import closed_book_messages
from playground.readers import read
from playground.tradeoffs.ground import INDEXED, Ground
from playground.tradeoffs.measurement import Doing, Measurement, Missing
from playground.types import Adapter, Answer, Document, Message, Question
from playground.world import documents_dir, training_rows

EPOCHS = 4
_LOOK_SECONDS = 0.3
_WHY = Reason("a fact that was changed", "一个被修改的知识点")
_NONE_RIGHT = Reason("none of {total} edits was answered rightly", "{total} 处修改都没有答对")

Found = Generator[Doing | Measurement, None, list[float | None]]  # of each edit, if it came right


def freshness(
    ground: Ground, modes: Sequence[str], evaluation: str
) -> Generator[Doing | Measurement | Missing]:
    """Seconds until the first right answer, and how many of the edits were answered rightly.

    All edits are made at once, and asked about one after another. What answering takes is known
    from the fresh questions of `evaluation`, which is over; what comes before it is done here.
    """
    answers = ground.playground.evaluations.marked(evaluation)
    ways = {"long-context": _read_again, "rag": _index_again, "lora": _train_again}
    for mode in modes:
        if mode not in ways:
            continue
        fresh = [one for one in answers if one.mode == mode and one.question.edit]
        try:
            taken = yield from ways[mode](ground, fresh)
        except PlaygroundError as error:
            yield Missing("freshness_seconds", mode, error.text("en"), error.text("zh"))
            continue
        right = [seconds for seconds in taken if seconds is not None]
        if right:
            yield Measurement("freshness_seconds", mode, right[0], "s", len(right), len(taken))
        else:
            en, zh = (text.format(total=len(taken)) for text in _NONE_RIGHT)
            yield Missing("freshness_seconds", mode, en, zh)


def _read_again(ground: Ground, fresh: Sequence[Marked]) -> Found:
    """The first answer has to read everything behind the first edit."""
    yield Doing("freshness", 0, 1)
    return _after(0.0, fresh)


def _index_again(ground: Ground, fresh: Sequence[Marked]) -> Found:
    _ = ground.indexed
    yield Doing("freshness", 0, 1)
    started = time.perf_counter()
    ground.add(INDEXED, [_edited(ground, one.question) for one in fresh])
    return _after(time.perf_counter() - started, fresh)


def _after(seconds: float, fresh: Sequence[Marked]) -> list[float | None]:
    """Of each answer, when it was there, if it is right and all were asked for in turn."""
    taken: list[float | None] = []
    for one in fresh:
        if isinstance(one.answer, Answer):
            seconds += one.answer.metrics.total_seconds
        taken.append(seconds if one.mark and one.mark.right else None)
    return taken


def _train_again(ground: Ground, fresh: Sequence[Marked]) -> Found:
    """One training for all edits, from the adapter that knows the old facts, if there is one.

    The training's own process answers, as soon as it has learned: nothing that serves the new
    weights is made, which would have to be removed again.
    """
    edits = [one.question for one in fresh if _old(ground, one.question)]
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
    return [
        seconds if contains(said.get(place, ""), question.answers) else None
        for place, question in enumerate(edits)
    ]


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
