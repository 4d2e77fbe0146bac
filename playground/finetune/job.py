"""What a training worker is told: a job, kept with its rows in the run's folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from playground.finetune.config import TrainConfig
from playground.finetune.dataset import Row
from playground.models.names import ModelFiles
from playground.types import Message

JOB_FILE = "config.json"
ROWS_FILE = "rows.jsonl"
EVENTS_FILE = "events.jsonl"
STOP_FILE = "stop"
LOG_FILE = "worker.log"


@dataclass(frozen=True)
class Job:
    """Train the adapter `name` for the model in `files`, and put it into `adapters_dir`.

    `start_from` is the folder of an adapter that is trained on, None for a new one. `file` and
    `shape` say where the rows are from; `created` is in seconds since the epoch.
    """

    name: str
    files: ModelFiles
    config: TrainConfig
    adapters_dir: Path
    file: str
    shape: str
    device: str
    dtype: str
    created: float
    start_from: Path | None = None

    def save(self, folder: Path, rows: Sequence[Row]) -> None:
        """Write the job and its rows into `folder`; the job comes last and makes it complete."""
        with (folder / ROWS_FILE).open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(asdict(row)) + "\n" for row in rows)
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
        return cls(**fields)


def load_rows(folder: Path) -> tuple[Row, ...]:
    """The rows of the job in `folder`."""
    with (folder / ROWS_FILE).open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(
        Row(row["number"], tuple(Message(**message) for message in row["messages"])) for row in rows
    )
