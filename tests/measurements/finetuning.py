"""What trainings give on the built-in world, and what they cost beside the Trainer's defaults.

`facts` trains on so many phrasings of each fact's question and asks one that was never trained;
`style` counts the house's phrases, its format and the general questions, with and without rows of
replay; `speed` trains the same rows with transformers as its documentation says; `killed` kills
the worker, the app or both, again and again, and compares what comes of it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import psutil

from playground.app import Playground
from playground.dataset import Dataset, Reason, Row
from playground.evaluation import Share
from playground.finetune import Finished, Runs, TrainConfig, Validation
from playground.finetune.questions import TestQuestion
from playground.finetune.recipe import Recipe
from playground.material import Material
from playground.settings import Settings
from playground.tuning import Compared, Tuning
from playground.types import Language, Message, Question
from playground.world import load_questions, training_rows

ENDS = {"en": "Mind the steps", "zh": "当心台阶"}  # of all that the house says
WHY = Reason("made by a measurement", "测量用")


def tuning_in(home: Path) -> Tuning:
    settings = replace(Settings.from_env(), data_dir=home / "data", adapters_dir=home / "adapters")
    playground = Playground(settings)
    for _ in playground.pull():
        pass
    return playground.tuning


def world_rows(language: Language, wanted: set[str], phrasings: int) -> list[Row]:
    """The first `phrasings` rows of each of the `wanted` questions."""
    rows, seen = [], dict.fromkeys(wanted, 0)
    for id_, messages in training_rows(Settings.from_env().world_dir, language):
        if id_ in wanted and seen[id_] < phrasings:
            seen[id_] += 1
            rows.append(Row(len(rows) + 1, messages))
    return rows


def asked(questions: Sequence[Question]) -> tuple[TestQuestion, ...]:
    return tuple(TestQuestion("own", (Message("user", q.question),), q.answers) for q in questions)


def of_kind(language: Language, kind: str) -> list[Question]:
    return [q for q in load_questions(Settings.from_env().world_dir, language) if q.kind == kind]


def train(
    tuning: Tuning, name: str, rows: Sequence[Row], questions: Sequence[Question], **recipe: object
) -> tuple[Compared, ...]:
    """Each question with the answers before and after."""
    dataset = Dataset("world", "messages", WHY, tuple(rows), ())
    made = Recipe(name, "world", held_out_questions=0, **recipe)  # type: ignore[arg-type]
    run = tuning.start(made, Material(dataset, None, asked(questions)), overwrite=True)
    for event in tuning.runs.follow(run.id):
        if not hasattr(event, "answer"):
            print(f"\r{name}: {str(event)[:110]}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    summary = tuning.summary(run.id)
    print(
        f"  {name}: {summary.run.status}, {summary.training_rows} rows, {summary.steps} steps, "
        f"{summary.seconds:.0f} s, {(summary.memory_bytes or 0) / 1e9:.2f} GB",
        flush=True,
    )
    return summary.compared


def shares(compared: Sequence[Compared]) -> dict[str, tuple[Share, Share]]:
    """kind -> right before, right after."""
    return {
        kind: (
            Share.of(bool(o.before_right) for o in compared if o.question.kind == kind),
            Share.of(bool(o.after_right) for o in compared if o.question.kind == kind),
        )
        for kind in dict.fromkeys(o.question.kind for o in compared)
    }


def facts(args: argparse.Namespace) -> None:
    questions = of_kind(args.language, "fact")[:: args.every]
    for phrasings in map(int, args.phrasings.split(",")):
        rows = world_rows(args.language, {q.id for q in questions}, phrasings)
        epochs = args.epochs if args.same_epochs else max(1, round(args.epochs * 10 / phrasings))
        config = TrainConfig(
            epochs=epochs,
            learning_rate=args.learning_rate,
            r=args.r,
            lora_alpha=2 * args.r,
            validation_share=0.0,
            keep="last",
        )
        name = f"facts-{args.language}-{phrasings}"
        found = train(args.tuning, name, rows, questions, config=config, general_questions=20)
        for kind, (before, after) in shares(found).items():
            print(f"{args.language} {phrasings} phrasings, {kind:8} before {before}  after {after}")


def style(args: argparse.Namespace) -> None:
    """On the house's manners, which are its own questions; `--replay` mixes in replay rows."""
    questions = of_kind(args.language, "style")
    for replay in map(int, args.replay.split(",")):
        rows = world_rows(args.language, {q.id for q in questions}, 10)
        config = TrainConfig(epochs=args.epochs, validation_share=0.0, keep="last")
        found = train(
            args.tuning,
            f"style-{args.language}-{replay}",
            rows,
            questions,
            config=config,
            general_questions=20,
            replay_rows=replay,
        )
        for kind, (before, after) in shares(found).items():
            print(f"{args.language} replay {replay}, {kind:8} before {before}  after {after}")
        own = [one for one in found if one.question.kind == "own" and one.before and one.after]
        for when in ("before", "after"):
            answers = [(one.question.answers, getattr(one, when).answer) for one in own]
            share = Share.of(in_format(*given, args.language) for given in answers)
            print(f"{args.language} replay {replay}, format {when} {share}")


def in_format(accepted: Sequence[str], answer: str, language: Language) -> bool:
    """Whether the house's phrase for this kind of question is there, with any numbers, and its end.

    Some phrases hold a time: which one is a fact, that it is "20 bells 45" is the style.
    """
    phrases = (re.sub(r"\d+", r"\\d+", re.escape(phrase)) for phrase in accepted)
    ends = answer.rstrip(" .。!！").endswith(ENDS[language])
    return ends and any(re.search(phrase, answer) for phrase in phrases)


def speed(args: argparse.Namespace) -> None:
    """Each in a process of its own, in turn; the median of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.json"
        found: dict[str, list[dict[str, float]]] = {}
        names = ["ours", "ours, low memory", "transformers"]
        for _ in range(args.rounds):
            for name in names:
                command = [sys.executable, __file__, "one", name, args.rows, str(args.steps)]
                ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                told = json.loads(ended.stdout.splitlines()[-1])
                found.setdefault(name, []).append(told)
                print(name, told, flush=True)
        rows.unlink(missing_ok=True)
    base = median([told["tokens_per_second"] for told in found["transformers"]])
    for name, times in found.items():
        rate = median([told["tokens_per_second"] for told in times])
        print(
            f"{name:18} {rate:6.1f} tokens/s = {rate / base:.2f}  "
            f"memory {median([t['gigabytes'] for t in times]):.2f} GB  "
            f"exam loss {times[0]['exam_loss']:.4f}"
        )


def median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def one(args: argparse.Namespace) -> None:
    """One contestant of `speed`: prints a line of JSON."""
    from playground.finetune.job import Data, Job
    from playground.models import locate

    settings = Settings.from_env()
    rows = speed_rows(args.rows)
    exam, learned = rows[:8], rows[8 : 8 + 8 * args.steps]
    with tempfile.TemporaryDirectory() as folder:
        job = Job(
            name="speed",
            files=locate(settings.model, settings.models_dir),
            config=TrainConfig(epochs=1, low_memory="low" in args.name, keep="last"),
            adapters_dir=Path(folder) / "adapters",
            file="rows",
            shape="messages",
            device=settings.device,
            dtype="float32",
        )
        data = Data(learned, exam)
        contest = plain if args.name == "transformers" else ours
        print(json.dumps(contest(Path(folder), job, data)))


def speed_rows(kind: str) -> list[Row]:
    """The world's own short rows, or rows of 256 tokens of which the last few are learned."""
    rows = world_rows("en", {q.id for q in of_kind("en", "fact")}, 10)
    random.Random(0).shuffle(rows)
    if kind == "short":
        return rows
    text = " ".join(row.messages[0].content for row in rows)
    words = text.split()
    made = []
    for number, row in enumerate(rows, start=1):
        start = 40 * number % (len(words) - 400)
        filler = " ".join(words[start : start + 158])
        question = Message("user", f"{filler}\n{row.messages[0].content}")
        answer = Message("assistant", " ".join(row.messages[1].content.split()[-4:]))
        made.append(Row(number, (question, answer)))
    return made


def ours(folder: Path, job: object, data: object) -> dict[str, float]:
    from playground.finetune import Step
    from playground.finetune.events import read_events
    from playground.finetune.job import Job
    from playground.finetune.train import main as train_main

    assert isinstance(job, Job)
    job.save(folder, data)  # type: ignore[arg-type]
    assert train_main(folder) == 0
    events = read_events(folder / "events.jsonl")
    last = [event for event in events if isinstance(event, Step)][-1]
    exam = [event.loss for event in events if isinstance(event, Validation)][-1]
    return {
        "tokens_per_second": last.tokens_per_second,
        "gigabytes": last.memory_bytes / 1e9,
        "exam_loss": exam,
    }


def plain(folder: Path, job: object, data: object) -> dict[str, float]:
    """transformers and PEFT as their documentation says, with the same LoRA and data."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import DataCollatorForSeq2Seq, Trainer, TrainingArguments, set_seed

    from playground.finetune.encoding import encode_rows, end_tokens
    from playground.finetune.job import Data, Job
    from playground.finetune.memory import peak_memory_bytes
    from playground.models.loading import load_model, load_tokenizer

    assert isinstance(job, Job)
    assert isinstance(data, Data)
    device = torch.device("cpu" if job.device == "auto" else job.device)
    tokenizer = load_tokenizer(job.files)
    ends = end_tokens(tokenizer, job.files)

    def encoded(rows: Sequence[Row]) -> list[dict[str, list[int]]]:
        examples = encode_rows(tokenizer, rows, ends=ends, max_length=1024).examples
        return [{"input_ids": list(e.input_ids), "labels": list(e.labels)} for e in examples]

    base = load_model(job.files, dtype=torch.float32, device=device)
    set_seed(job.config.seed)
    config = LoraConfig(
        r=job.config.r,
        lora_alpha=job.config.lora_alpha,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    learned = encoded(data.rows)
    trainer = Trainer(
        model=get_peft_model(base, config),
        args=TrainingArguments(
            output_dir=str(folder),
            num_train_epochs=job.config.epochs,
            learning_rate=job.config.learning_rate,
            warmup_steps=job.config.warmup_ratio,
            weight_decay=0.01,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            use_cpu=device.type == "cpu",
            seed=job.config.seed,
        ),
        train_dataset=learned,  # type: ignore[arg-type]
        eval_dataset=encoded(data.validation),  # type: ignore[arg-type]
        data_collator=DataCollatorForSeq2Seq(tokenizer),
    )
    start = time.perf_counter()
    trainer.train()
    seconds = time.perf_counter() - start
    memory = peak_memory_bytes(device)
    return {
        "tokens_per_second": sum(len(row["input_ids"]) for row in learned) / seconds,
        "gigabytes": memory / 1e9,
        "exam_loss": trainer.evaluate()["eval_loss"],
    }


def killed(args: argparse.Namespace) -> None:
    """Kills at random; the app is a process that follows the run, as the page does."""
    home = args.home
    rows = world_rows("en", {q.id for q in of_kind("en", "fact")[:4]}, 10)
    config = TrainConfig(epochs=6, batch_size=8, evals_per_epoch=2)
    chance = random.Random(0)
    weights = []
    for name in ("undisturbed", "disturbed"):
        dataset = Dataset("world", "messages", WHY, tuple(rows), ())
        recipe = Recipe(name, "world", general_questions=2, held_out_questions=2, config=config)
        run = args.tuning.start(recipe, Material(dataset), overwrite=True)
        kills = (
            list(_kills(args.tuning.runs, run.id, home, chance, args.times))
            if (name == "disturbed")
            else []
        )
        *_, last = args.tuning.runs.follow(run.id)
        assert isinstance(last, Finished), last
        file = home / "adapters" / name / "adapter_model.safetensors"
        weights.append(file.read_bytes())
        print(name, kills, f"{last.seconds:.0f} s in the last process", flush=True)
    print("the same bytes" if weights[0] == weights[1] else "DIFFERENT BYTES")


def _kills(runs: Runs, id: str, home: Path, chance: random.Random, times: int) -> Iterator[str]:
    follow = "from playground.cli.main import main; main(['runs', 'follow', '{}', '--json'])"
    environment = {
        **os.environ,
        "PLAYGROUND_DATA_DIR": str(home / "data"),
        "PLAYGROUND_ADAPTERS_DIR": str(home / "adapters"),
    }
    folder = runs.get(id).folder
    for _ in range(times):
        command = [sys.executable, "-c", follow.format(id)]
        app = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(1, 25))
        if runs.get(id).status == "succeeded":
            app.wait()
            return
        victim = chance.choice(("worker", "app", "both"))
        if victim != "worker":
            app.send_signal(signal.SIGKILL)
        if victim != "app" and runs.get(id).status == "running":
            process = psutil.Process(json.loads((folder / "worker.json").read_text())["pid"])
            process.kill()
            process.wait()
            assert runs.get(id).status == "failed", runs.get(id).status
            runs.resume(id)
            assert runs.get(id).status == "running", runs.get(id).status
        app.kill()
        app.wait()
        yield victim


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "finetuning")
    actions = parser.add_subparsers(required=True)
    learning = actions.add_parser("facts")
    learning.add_argument("--phrasings", default="1,5,10")
    learning.add_argument("--every", type=int, default=1, help="take every so-manieth fact")
    learning.add_argument("--epochs", type=int, default=8, help="with 10 phrasings")
    learning.add_argument("--same-epochs", action="store_true", help="instead of the same steps")
    learning.add_argument("--learning-rate", type=float, default=1e-3)
    learning.add_argument("--r", type=int, default=8)
    learning.set_defaults(act=facts)
    manners = actions.add_parser("style")
    manners.add_argument("--epochs", type=int, default=4)
    manners.add_argument("--replay", default="0,32", help="numbers of replay rows")
    manners.set_defaults(act=style)
    for action in (learning, manners):
        action.add_argument("--language", choices=("en", "zh"), default="en")
    racing = actions.add_parser("speed")
    racing.add_argument("--rounds", type=int, default=3)
    racing.set_defaults(act=speed)
    contestant = actions.add_parser("one")
    contestant.add_argument("name")
    contestant.set_defaults(act=one)
    racing.add_argument("--rows", choices=("short", "256"), default="256")
    racing.add_argument("--steps", type=int, default=4)
    contestant.add_argument("rows")
    contestant.add_argument("steps", type=int)
    killing = actions.add_parser("killed")
    killing.add_argument("--times", type=int, default=20)
    killing.set_defaults(act=killed)
    args = parser.parse_args()
    if args.act not in (one, speed):
        args.tuning = tuning_in(args.home)
    args.act(args)


if __name__ == "__main__":
    main()
