"""What a training worker is told: a job, kept with its rows in the run's folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from playground.dataset.rows import Row
from playground.finetune.config import TrainConfig
from playground.finetune.questions import TestQuestion, load_questions, save_questions
from playground.models.names import ModelFiles
from playground.types import Message

JOB_FILE = "config.json"
ROWS_FILE = "rows.jsonl"
REPLAY_FILE = "replay.jsonl"
VALIDATION_FILE = "validation.jsonl"
OWN_QUESTIONS_FILE = "own-questions.json"
QUESTIONS_FILE = "questions.json"
EVENTS_FILE = "events.jsonl"
STOP_FILE = "stop"
QUEUED_FILE = "queued"  # there while the run waits for its worker
LOG_FILE = "worker.log"


@dataclass(frozen=True)
class Job:
    """Train the adapter `name` for the model in `files`, and put it into `adapters_dir`.

    `start_from` is the folder of an adapter that is trained on, None for a new one. `file` and
    `shape` say where the rows are from, `form` how they were made into what is learned; `created`
    is in seconds since the epoch. `held_out_questions` of the validation rows are asked before
    and after. What the model says to `replay_prompts` is learned among the rows. `processes` share
    the work.
    """

    name: str
    files: ModelFiles
    config: TrainConfig
    adapters_dir: Path
    file: str
    shape: str
    device: str = "auto"
    dtype: str = "auto"
    created: float = 0.0
    start_from: Path | None = None
    form: str = "rows"
    held_out_questions: int = 0
    replay_prompts: tuple[str, ...] = ()
    processes: int = 1

    def save(self, folder: Path, data: Data) -> None:
        """Write the job and its data into `folder`; the job comes last and makes it complete."""
        save_rows(folder / ROWS_FILE, data.rows)
        if data.validation:
            save_rows(folder / VALIDATION_FILE, data.validation)
        if data.questions:
            save_questions(folder / OWN_QUESTIONS_FILE, data.questions)
        start_from = str(self.start_from) if self.start_from else None
        paths = {"adapters_dir": str(self.adapters_dir), "start_from": start_from}
        fields = {**asdict(self), **paths}
        draft = folder / f"{JOB_FILE}.tmp"
        draft.write_text(json.dumps(fields, ensure_ascii=False, indent=2), encoding="utf-8")
        draft.replace(folder / JOB_FILE)

    @classmethod
    def load(cls, folder: Path) -> Job:
        """The job in `folder`."""
        fields = json.loads((folder / JOB_FILE).read_text(encoding="utf-8"))
        fields["files"] = ModelFiles(**fields["files"])
        fields["config"] = TrainConfig(**fields["config"])
        fields["adapters_dir"] = Path(fields["adapters_dir"])
        start_from = fields.get("start_from")  # older jobs do not say
        fields["start_from"] = Path(start_from) if start_from else None
        fields["replay_prompts"] = tuple(fields.get("replay_prompts", ()))
        return cls(**fields)


@dataclass(frozen=True)
class Data:
    """What a run learns from and is asked.

    `validation` are rows of a file of their own; without them, some of `rows` are held back.
    """

    rows: Sequence[Row]
    validation: Sequence[Row] = ()
    questions: Sequence[TestQuestion] = field(default=())

    @classmethod
    def load(cls, folder: Path) -> Data:
        """The data of the job in `folder`."""
        validation = folder / VALIDATION_FILE
        return cls(
            load_rows(folder / ROWS_FILE),
            load_rows(validation) if validation.is_file() else (),
            load_questions(folder / OWN_QUESTIONS_FILE),
        )


def save_rows(file: Path, rows: Sequence[Row]) -> None:
    """Write `rows` as JSON lines."""
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(asdict(row)) + "\n" for row in rows)


def load_rows(file: Path) -> tuple[Row, ...]:
    """What `save_rows` wrote."""
    with file.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(
        Row(
            row["number"],
            tuple(Message(**message) for message in row["messages"]),
            row.get("text", ""),
        )
        for row in rows
    )
