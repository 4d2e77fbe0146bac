"""What is filled in on the Evaluate tab, as the plan that it means, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from playground.errors import NoAdapterChosen, NoQuestionFile
from playground.evaluation import WORLD, Plan
from playground.modes import EXAM_MODES, AskOptions
from playground.options import options_of
from playground.types import Language

UPLOAD = "upload"  # as `source`, beside WORLD


@dataclass(frozen=True)
class Upload:
    """A file of questions as it came, and the kinds of question that are in it."""

    name: str
    data: bytes
    kinds: tuple[str, ...]


class PlanForm:
    """The components that a plan is made from, by name.

    Those are the plan's and the options' fields, but that `source` says whether the questions are
    those of the Upload in `upload`, and `draw` is the plan's seed.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = dict(fields)
        self.inputs = list(fields.values())

    def read(self, values: Sequence[Any]) -> tuple[Plan, bytes | None]:
        """What the values of `inputs` mean, and what is in the file of questions, if there is one.

        Raises:
            NoQuestionFile, NoModeChosen, InvalidSetting, PlanInvalid: what is missing or wrong.
        """
        given = dict(zip(self._fields, values, strict=True))
        own = given["upload"] if given["source"] == UPLOAD else None
        if given["source"] == UPLOAD and own is None:
            raise NoQuestionFile
        plan = Plan(
            modes=tuple(mode for mode in EXAM_MODES if mode in given["modes"]),
            questions=own.name if own else WORLD,
            languages=tuple(given["languages"]) if not own else get_args(Language),
            kinds=tuple(given["kinds"] or ()),
            per_kind=given["per_kind"] or 0,
            knowledge=given["knowledge"] or "",
            adapter=given["adapter"] or "",
            seed=given["draw"] or 0,
            multiple_choice=given["multiple_choice"],
            options=AskOptions(**{name: given[name] for name in options_of(AskOptions)}),
        )
        return plan, own.data if own else None

    def fill(self, plan: Plan) -> dict[Any, Any]:
        """What the components show for `plan`, but its kinds: which there are depends on its file.

        Of questions in a file, only the name is known.
        """
        values = {name: getattr(plan.options, name) for name in options_of(AskOptions)}
        values |= {
            "source": WORLD if plan.questions == WORLD else UPLOAD,
            "languages": list(plan.languages),
            "per_kind": plan.per_kind,
            "draw": plan.seed,
            "modes": list(plan.modes),
            "knowledge": plan.knowledge,
            "adapter": plan.adapter,
            "multiple_choice": plan.multiple_choice,
        }
        return {self._fields[name]: value for name, value in values.items()}


def check_adapter(plan: Plan) -> None:
    """Raise NoAdapterChosen if a mode of `plan` would fail at every question for lack of one."""
    for mode in plan.modes:
        if EXAM_MODES[mode].tuned and not plan.adapter:
            raise NoAdapterChosen(mode=mode)
