"""Claims that need trainings: what is learned from which form of the same facts."""

from __future__ import annotations

from collections.abc import Sequence

from playground.claims.claim import Count, Verdict, better, paired, together
from playground.claims.given import Given
from playground.dataset import Dataset, Reason, Row
from playground.errors import RetrainingFailed
from playground.evaluation import Share
from playground.finetune import Failed, Finished, TrainConfig
from playground.finetune.questions import TestQuestion
from playground.finetune.recipe import Recipe
from playground.material import Material
from playground.modes.prompts import closed_book_messages, open_book_messages
from playground.tradeoffs.ground import is_right
from playground.tuning import Summary
from playground.types import Message, Question
from playground.world import BASE_NAMES, training_rows

PHRASINGS = (1, 5, 10)
EPOCHS = 6  # of ten phrasings; of fewer, so many more that there are as many steps
_EVERY = 4  # of the facts, so that the trainings take minutes
_RAFT_PHRASINGS = 2
_RAFT_EPOCHS = 2
_WHY = Reason("made for a claim", "为检验结论而生成")


def new_facts(given: Given) -> Verdict:
    """1: passages above raw text in the weights, which rises with more phrasings."""
    ground = given.ground
    facts = _facts(given)[::_EVERY]
    base = ground.playground.bases.library.get(BASE_NAMES[ground.language])
    given.say(f"rag on {len(facts)} facts")
    found = [is_right(q, ground.ask(q, "rag", base=base)) for q in facts]
    questions = _questions(facts, [closed_book_messages(q.question) for q in facts])
    raw = _train(given, "raw", [], questions, form="documents", epochs=EPOCHS)
    learned = {0: _after(raw)}
    for count in PHRASINGS:
        epochs = round(EPOCHS * max(PHRASINGS) / count)
        rows = _rows(given, facts, count)
        summary = _train(given, f"phrasings-{count}", rows, questions, epochs=epochs)
        learned[count] = _after(summary)
    rulings, tests = [], []
    for first, second, outcome in (
        ("raw text", "rag", paired(learned[0], found)),
        ("1 phrasing", "10 phrasings", paired(learned[1], learned[10])),
    ):
        ruling, test = better(first, second, outcome)
        rulings.append(ruling)
        tests.append(test)
    counts = (
        Count.of("rag", Share.of(found)),
        Count.of("lora, raw text", Share.of(learned[0])),
        *(Count.of(f"lora, phrasings: {n}", Share.of(learned[n])) for n in PHRASINGS),
    )
    return Verdict(1, together(rulings), counts, tuple(tests))


def raft(given: Given) -> Verdict:
    """3: an adapter trained without passages, and one trained with them, behind retrieval.

    Trained on some facts and asked about others, so that nothing is known by heart. The training's
    own process answers, before and after: nothing that serves the weights must be made for it.
    """
    ground = given.ground
    facts = _facts(given)
    learned, asked = facts[::_EVERY], facts[1::_EVERY]
    base = ground.playground.bases.library.get(BASE_NAMES[ground.language])
    top_k = ground.options.top_k
    found = [base.search(q.question, top_k=top_k, min_score=None, documents=None) for q in asked]
    prompts = [open_book_messages(q.question, s) for q, s in zip(asked, found, strict=True)]
    questions = _questions(asked, prompts)
    rows = _rows(given, learned, _RAFT_PHRASINGS)
    plain = _train(given, "plain", rows, questions, epochs=_RAFT_EPOCHS)
    tuned = _train(given, "raft", rows, questions, form="passages", epochs=_RAFT_EPOCHS)
    right = {"rag": _before(plain), "plain LoRA + rag": _after(plain), "RAFT + rag": _after(tuned)}
    falls, first = better("plain LoRA + rag", "rag", paired(_after(plain), _before(plain)))
    mends, second = better("plain LoRA + rag", "RAFT + rag", paired(_after(plain), _after(tuned)))
    counts = tuple(Count.of(name, Share.of(outcome)) for name, outcome in right.items())
    return Verdict(3, together([falls, mends]), counts, (first, second))


def _facts(given: Given) -> list[Question]:
    return [q for q in given.ground.questions if q.kind == "fact"]


def _rows(given: Given, facts: Sequence[Question], count: int) -> list[Row]:
    """The first `count` rows of each fact."""
    ground = given.ground
    seen = dict.fromkeys((q.id for q in facts), 0)
    rows: list[Row] = []
    for id_, messages in training_rows(ground.settings.world_dir, ground.language):
        if id_ in seen and seen[id_] < count:
            seen[id_] += 1
            rows.append(Row(len(rows) + 1, messages))
    return rows


def _train(
    given: Given,
    name: str,
    rows: Sequence[Row],
    questions: Sequence[TestQuestion],
    *,
    form: str = "rows",
    epochs: int,
) -> Summary:
    """Train, with the questions asked before and after; raises if it does not end well."""
    ground, tuning = given.ground, given.ground.tuning
    recipe = Recipe(
        name,
        name,
        form=form,  # type: ignore[arg-type]
        knowledge="" if form == "rows" else BASE_NAMES[ground.language],
        held_out_questions=0,
        general_questions=0,
        config=TrainConfig(epochs=epochs, validation_share=0.0, keep="last"),
    )
    if form == "documents":
        material = Material(tuning.read(recipe).dataset, None, tuple(questions))
    else:
        material = Material(
            Dataset(name, "messages", _WHY, tuple(rows), ()), None, tuple(questions)
        )
    run = tuning.start(recipe, material, overwrite=True)
    last: object = None
    for last in tuning.runs.follow(run.id):
        given.say(f"{name}: {type(last).__name__} {getattr(last, 'step', '')}")
    if not isinstance(last, Finished):
        assert isinstance(last, Failed)  # nobody stops it
        raise RetrainingFailed(reason=last)
    return tuning.summary(run.id)


def _questions(
    facts: Sequence[Question], prompts: Sequence[tuple[Message, ...]]
) -> list[TestQuestion]:
    """What is asked before and after a training, each fact as its prompt."""
    pairs = zip(facts, prompts, strict=True)
    return [TestQuestion("own", prompt, fact.answers) for fact, prompt in pairs]


def _before(summary: Summary) -> list[bool]:
    return [bool(one.before_right) for one in summary.compared if one.question.kind == "own"]


def _after(summary: Summary) -> list[bool]:
    return [bool(one.after_right) for one in summary.compared if one.question.kind == "own"]
