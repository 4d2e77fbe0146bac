"""How well a model reads: `python tests/measurements/reading.py --squad FILE... --world rag`.

SQuAD-shaped files (XQuAD, CMRC 2018, SQuAD itself) are asked with the gold passage, with three
passages retrieved from all of the file, and with three that do not hold the answer. The built-in
world is asked in the product's own modes. Every prompt is the product's; decoding is greedy.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from playground.app import Playground
from playground.evaluation import Share, contains, exact_match, is_refusal
from playground.modes import MODES, Inquiry
from playground.modes.prompts import open_book_messages
from playground.settings import Settings
from playground.types import Adapter, Delta, Document, Message, Sampling, Source
from playground.world import BASE_NAMES, load_questions

SAMPLING = Sampling(max_tokens=48, temperature=0.0, top_p=1.0, seed=0)


@dataclass(frozen=True)
class Case:
    """One question as it is asked, and what counts as right: nothing, if it cannot be answered."""

    set: str
    question: str
    messages: Sequence[Message]
    accepted: Sequence[str]
    place: float | None = None  # where in the prompt the answer stands, from 0 to 1


def squad(path: Path, playground: Playground, limit: int, sets: Sequence[str]) -> Iterator[Case]:
    """One question a paragraph, in three settings."""
    rng = random.Random(0)
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    paragraphs = [(a.get("title", ""), p) for a in articles for p in a["paragraphs"]]
    documents = [Document(f"{i:04}", p["context"]) for i, (_, p) in enumerate(paragraphs)]
    picked = [(i, rng.choice(p["qas"])) for i, (_, p) in enumerate(paragraphs)]
    rng.shuffle(picked)
    picked = picked[:limit] if limit else picked
    name = path.stem
    if "gold" in sets:
        for i, qa in picked:
            source = Source("", documents[i].title, documents[i].text, 0, len(documents[i].text))
            yield _case(f"{name} gold", qa, [source])
    if not {"retrieved", "removed"} & set(sets):
        return
    for _ in playground.bases.add_documents(name, documents):
        pass
    base = playground.bases.library.get(name)
    for i, qa in picked:
        found = base.search(qa["question"], top_k=12)
        if "retrieved" in sets:
            yield _case(f"{name} retrieved", qa, found[:3])
        if "removed" in sets:
            others = [source for source in found if source.title != documents[i].title]
            yield replace(_case(f"{name} removed", qa, others[:3]), accepted=())


def _case(name: str, qa: dict, sources: Sequence[Source]) -> Case:
    accepted = [answer["text"] for answer in qa["answers"]]
    return Case(name, qa["question"], open_book_messages(qa["question"], sources), accepted)


def world(
    playground: Playground, modes: Sequence[str], languages: Sequence[str], kinds: Sequence[str]
) -> Iterator[Case]:
    """The built-in questions."""
    for _ in playground.bases.add_world():
        pass
    for language, base in BASE_NAMES.items():
        if language not in languages:
            continue
        for question in load_questions(playground.settings.world_dir, language):
            if question.kind not in kinds:
                continue
            knowledge = playground.bases.library.get(base)
            inquiry = Inquiry(question.question, 8000, knowledge, 3, "refuse")
            for mode in modes:
                prompt = MODES[mode].prepare(inquiry, playground.engine.count_tokens)
                name = f"world {language} {question.kind} {mode}"
                text = prompt.messages[-1].content
                at = text.find(question.answers[0]) if question.answers else -1
                place = at / len(text) if mode == "long-context" and at >= 0 else None
                yield Case(name, question.question, prompt.messages, question.answers, place)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--squad", type=Path, nargs="*", default=[])
    parser.add_argument("--sets", default="gold,retrieved,removed")
    parser.add_argument("--world", default="", help="modes, as base,rag,long-context")
    parser.add_argument("--languages", default="en,zh")
    parser.add_argument("--kinds", default="fact,unanswerable")
    parser.add_argument("--limit", type=int, default=0, help="questions of each file; 0: all")
    parser.add_argument("--adapter", default=None)
    parser.add_argument("--out", type=Path, default=None, help="every answer, as JSON lines")
    args = parser.parse_args()
    settings = Settings.from_env()
    with tempfile.TemporaryDirectory() as data_dir:
        playground = Playground(replace(settings, data_dir=Path(data_dir)))
        for progress in playground.pull():
            print(progress, file=sys.stderr)
        adapter = playground.adapters.get(args.adapter) if args.adapter else None
        cases = [
            case
            for path in args.squad
            for case in squad(path, playground, args.limit, args.sets.split(","))
        ]
        if args.world:
            modes, languages = args.world.split(","), args.languages.split(",")
            cases += world(playground, modes, languages, args.kinds.split(","))
        _report(playground, cases, adapter, args.out)


def _report(
    playground: Playground, cases: Sequence[Case], adapter: Adapter | None, out: Path | None
) -> None:
    scores: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    start = time.perf_counter()
    lines = []
    for case in cases:
        events = playground.engine.stream(case.messages, SAMPLING, adapter)
        answer = "".join(event.text for event in events if isinstance(event, Delta)).strip()
        found = scores[case.set]
        found["says it is not there"].append(is_refusal(answer))
        if case.accepted:
            found["exact match"].append(exact_match(answer, case.accepted))
            found["contains"].append(contains(answer, case.accepted))
        if case.place is not None:
            quarter = min(3, int(case.place * 4)) + 1
            found[f"contains, quarter {quarter}"].append(found["contains"][-1])
        row = {"set": case.set, "question": case.question, "accepted": list(case.accepted)}
        lines.append(json.dumps({**row, "answer": answer}, ensure_ascii=False))
    if out:
        out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{playground.engine.model}, adapter {adapter.name if adapter else None}")
    for name, found in scores.items():
        for score, outcomes in found.items():
            print(f"{name:32} {score:22} {Share.of(outcomes)}")
    print(f"{len(cases)} questions in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
