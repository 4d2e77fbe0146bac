"""All measurements in turn, kept as one file."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from playground.app import Playground
from playground.errors import PlaygroundError, TrialDisturbed, UnknownName
from playground.settings import Settings
from playground.tradeoffs.answers import PER_KIND, answers, evaluation_of
from playground.tradeoffs.data import data, second
from playground.tradeoffs.freshness import freshness
from playground.tradeoffs.ground import Ground, scratch_folder
from playground.tradeoffs.growth import growth
from playground.tradeoffs.measurement import Doing, Measurement, Missing, Trial
from playground.types import Language
from playground.world import WORLD_ADAPTER

MODES = ("base", "long-context", "rag", "lora")

_log = logging.getLogger(__name__)


def measure(
    playground: Playground,
    language: Language,
    *,
    modes: Sequence[str] = MODES,
    adapter: str = WORLD_ADAPTER,
    per_kind: int = PER_KIND,
) -> Generator[Doing | Trial]:
    """What is being done, and at the end the Trial, which is kept.

    Closing the iterator ends the trial, and nothing is left of it. The models are loaded and the
    built-in bases indexed before any clock starts.

    Raises:
        TrialBusy: there is one at a time, in all processes. TrialDisturbed: a training is going on.
    """
    for run in playground.tuning.runs.list():
        if run.status == "running":
            raise TrialDisturbed(name=run.name)
    folder = playground.settings.evaluations_dir
    with scratch_folder(folder) as scratch:
        begun = folder / "trial.evaluation"  # names the one that goes if the trial does not end
        _forget(playground, begun)  # one that a killed process left
        try:
            ground = Ground(playground, language, scratch, adapter)
            trial = yield from _measured(ground, modes, per_kind, begun)
            Trials(playground.settings).keep(trial)
            begun.unlink()
        finally:
            _forget(playground, begun)
    yield trial


def _measured(
    ground: Ground, modes: Sequence[str], per_kind: int, begun: Path
) -> Generator[Doing, None, Trial]:
    playground = ground.playground
    started = time.time()
    yield Doing("prepare", 0, 1)
    for _ in playground.bases.add_world():
        yield Doing("prepare", 0, 1)
    playground.warm_up()
    evaluation = evaluation_of(ground, modes, per_kind)
    begun.write_text(evaluation.id, encoding="utf-8")
    found: list[Measurement] = []
    missing: list[Missing] = []
    for part in (
        data(ground, modes),
        answers(ground, evaluation.id),
        freshness(ground, modes, evaluation.id),
        second(ground, modes),
        growth(ground, modes),
    ):
        with closing(part):
            for event in part:
                if isinstance(event, Measurement):
                    found.append(event)
                elif isinstance(event, Missing):
                    missing.append(event)
                else:
                    yield event
    return Trial(
        id=f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}",
        created=started,
        language=ground.language,
        evaluation=evaluation.id,
        context_window=playground.engine.context_window,
        setup=dict(evaluation.setup),
        measurements=tuple(found),
        missing=tuple(missing),
        seconds=time.time() - started,
    )


def _forget(playground: Playground, begun: Path) -> None:
    """Delete the evaluation that the file `begun` names, if there is one."""
    if begun.exists():
        with suppress(PlaygroundError):  # someone was faster, or goes on with it
            playground.evaluations.delete(begun.read_text(encoding="utf-8"))
        begun.unlink()


class Trials:
    """The trials of one data folder, each a file."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.evaluations_dir / "trials"

    def keep(self, trial: Trial) -> None:
        """Write `trial`, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._folder / f"{trial.id}.tmp"
        draft.write_text(trial.to_json(), encoding="utf-8")
        draft.replace(self._file(trial.id))

    def list(self) -> tuple[Trial, ...]:
        """All trials, the latest first; files that are none are left out."""
        files = sorted(self._folder.glob("*.json"), reverse=True)
        return tuple(trial for file in files if (trial := _read(file)))

    def get(self, id: str) -> Trial:
        """Raises UnknownName if there is none of this id; the latest is called `latest`."""
        trials = self.list()
        for trial in trials:
            if id in (trial.id, "latest"):
                return trial
        available = ", ".join(trial.id for trial in trials) or "-"
        raise UnknownName(kind="trial", name=id, available=available)

    def delete(self, id: str) -> None:
        """Forget a trial; its evaluation stays. Raises UnknownName if there is none."""
        self._file(self.get(id).id).unlink(missing_ok=True)

    def _file(self, id: str) -> Path:
        return self._folder / f"{id}.json"


def _read(file: Path) -> Trial | None:
    try:
        return Trial.from_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError):
        _log.warning("%s is no trial", file)
        return None
