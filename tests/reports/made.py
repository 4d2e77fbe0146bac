"""Made-up evaluations, trials and runs, of any size, with texts that mean harm in them."""

from __future__ import annotations

import random
from pathlib import Path

from playground.evaluation import Evaluation, Failed, Plan, marked
from playground.evaluation.plan import key
from playground.finetune import Finished, Run, Started, Step, TrainConfig, Validation
from playground.finetune.job import Job
from playground.models.names import ModelFiles
from playground.reports import Report
from playground.tradeoffs import Measurement, Missing, Trial
from playground.types import Answer, Metrics, Question, Source

EVIL = "<script>alert(1)</script>|`x`<img src=http://evil.example/x onerror=alert(2)>"
FORMULA = '=HYPERLINK("http://evil.example","click")'
SETUP = {
    "model": "fake",
    "engine": "fake (as set)",
    "embedder": "fake",
    "adapter": "",
    "processor": "Processor 1",
    "cores": "2",
    "system": "Linux",
    "python": "3.11",
    "torch": "2.13",
}
NAMES = (
    ("base", "Base model"),
    ("long-context", "Long context"),
    ("rag", "Knowledge base (RAG)"),
    ("lora", "Fine-tuned (LoRA)"),
    ("rag+lora", "RAG + LoRA"),
    ("oracle", "Gold passage given"),
)
MODES = tuple(mode for mode, _ in NAMES)
_WORDS = {
    "en": ["the", "night", "pass", "at", "noon", "costs", "forty", "two", "crowns", "and", "more"],
    "zh": list("天文台的夜间门票价格为四十二克朗每天九点开放周一闭馆"),
}
CREATED = 1_790_000_000.0


def question(number, language="en", kind="fact"):
    text = f"What is thing {number}?" if language == "en" else f"第{number}件东西是什么？"
    right = f"{number} crowns" if language == "en" else f"{number}克朗"
    answers = () if kind == "unanswerable" else (right,)
    return Question(str(number), language, kind, text, answers, (f"file-{number % 7}.md",))


def metrics(rng, mode):
    prompt = {"base": 40, "lora": 40, "long-context": 3000}.get(mode, 400)
    first = prompt / 2000 + rng.random() / 10
    total = first + rng.random()
    cached = rng.choice((0, prompt // 2))
    return Metrics(prompt, rng.randrange(2, 60), cached, 0, 0.01, first, 30 + rng.random(), total)


def answer(rng, asked, mode, *, words=40):
    score = 1.0 if mode.startswith("rag") else None
    file = asked.document or "none.md"
    source = Source("1", file, f"It costs {' '.join(asked.answers)}.", 0, 10, score=score)
    other = Source("2", "other.md", "Nothing of it.", 0, 10, score=score)
    found = (other, source) if rng.random() < 0.4 else (source,)
    text = (" " if asked.language == "en" else "").join(
        rng.choices(_WORDS[asked.language], k=words)
    )
    chance = {"base": 0.3, "rag": 0.6, "oracle": 0.9}.get(mode, 0.4)
    if asked.answers and rng.random() < chance:
        text = f"{text} {asked.answers[0]}"
    sources = () if mode in ("base", "lora") else found
    return Answer(mode, text, rng.choice(("stop", "stop", "length")), sources, metrics(rng, mode))


def evaluation(questions, modes=MODES, **plan):
    fields = {"adapter": "halden-facts"} | plan
    return Evaluation(
        "20260921-133320-abcd", CREATED, Plan(modes, **fields), tuple(questions), SETUP
    )


def results(of, *, seed=0, words=40):
    rng = random.Random(seed)
    return {(key(q), mode): answer(rng, q, mode, words=words) for q, mode in of.asked}


def report(of, given=None, **more):
    given = results(of) if given is None else given
    return Report(CREATED + 3600, of, marked(of, given), **more)


def questions(count, language="en"):
    kinds = ("fact", "fact", "whole-document", "unanswerable")
    return [question(n, language, kinds[n % 4]) for n in range(count)]


def failed():
    return Failed("OverWindow", f"Too long: {EVIL}", f"太长：{EVIL}")


def trial(language="en", evaluation="20260921-133320-abcd"):
    measurements = [
        *(
            Measurement("right", mode, n / 4, "share", n, 4, kind="fact")
            for n, mode in enumerate(("long-context", "rag", "lora"), start=1)
        ),
        Measurement("right", "base", 0.25, "share", 1, 4, kind="fact"),
        Measurement("seconds_to_first_token", "rag", 0.25, "s", total=4),
        Measurement("seconds_to_answer", "rag", 1.5, "s", total=4),
        Measurement("training_seconds", "lora", 300.0, "s"),
        Measurement("memory_bytes", "lora", 2.5e9, "bytes"),
        *(
            Measurement("right_at_size", "rag", n / 3, "share", n, 3, at=at)
            for n, at in ((3, 1020), (2, 4100), (2, 64_050))
        ),
        *(
            Measurement("right_at_size", "long-context", n / 3, "share", n, 3, at=at)
            for n, at in ((3, 1020), (1, 4100))
        ),
    ]
    missing = (
        Missing(
            "right_at_size", "long-context", "Too long for the window.", "超出窗口。", at=64_050
        ),
        Missing("freshness_seconds", "lora", "none of 2 edits", "2 处修改都没有答对"),
    )
    return Trial(
        "20260921-120000-beef",
        CREATED - 9000,
        language,
        evaluation,
        8192,
        SETUP,
        tuple(measurements),
        missing,
        321.0,
    )


def run(name="halden-facts", created=CREATED - 1000, steps=40):
    job = Job(
        name,
        ModelFiles("fake", Path("fake")),
        TrainConfig(),
        Path("adapters"),
        "rows.jsonl",
        "messages",
        created=created,
    )
    events = [Started(steps, 90, 10, 1000, 500, 2_000_000, "cpu", "float32")]
    for n in range(1, steps + 1):
        events.append(Step(n, steps, n / steps, 3.0 / n, 1e-3, 100.0, float(n), 0.0))
        if n % 10 == 0:
            events.append(Validation(n, 2.0 / n))
    events.append(Finished(name, 42.0, 0.1, 0.2))
    return Run(f"{name}-{created:.0f}", Path("runs"), job, "succeeded", tuple(events))
