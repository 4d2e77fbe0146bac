"""What claims are tested with: the world, and answers that several of them share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from playground.evaluation import Marked, Plan, Share, known_by_heart
from playground.evaluation.plan import key
from playground.tradeoffs.ground import Ground
from playground.types import Answer

MODES = ("base", "rag", "long-context", "lora", "rag+lora", "oracle")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Given:
    """`per_kind` questions of each kind are asked; `say` hears what is being done."""

    ground: Ground
    per_kind: int = 20
    say: Say = field(default=lambda _: None)

    @cached_property
    def answers(self) -> tuple[Marked, ...]:
        """All modes on all kinds of questions but edited ones; asked when first needed."""
        evaluations = self.ground.playground.evaluations
        plan = Plan(
            MODES,
            languages=(self.ground.language,),
            kinds=("fact", "whole-document", "style", "unanswerable", "general"),
            per_kind=self.per_kind,
            adapter=self.ground.adapter,
            options=self.ground.options,
        )
        made = evaluations.create(plan, evaluations.questions(plan))
        for asked in evaluations.run(made.id):
            self.say(f"answers {asked.done} of {asked.total}")
        return evaluations.marked(made.id)

    def of(self, mode: str, *kinds: str, fair: bool = False) -> dict[str, Marked]:
        """Key of the question -> its answer; `fair` leaves out what base knew by heart."""
        left_out = known_by_heart(self.answers) if fair else frozenset()
        return {
            key(one.question): one
            for one in self.answers
            if one.mode == mode and one.question.kind in kinds and key(one.question) not in left_out
        }

    def right(self, mode: str, *kinds: str, fair: bool = False) -> list[bool]:
        """For each question of the kinds, whether the mode was right; an error is not."""
        return [is_right(one) for one in self.of(mode, *kinds, fair=fair).values()]

    def share(self, mode: str, *kinds: str, fair: bool = False) -> Share:
        return Share.of(self.right(mode, *kinds, fair=fair))

    def metrics(self, mode: str, figure: str) -> list[float]:
        """A figure of Metrics over all answers of a mode that the model gave."""
        return [
            value
            for one in self.answers
            if one.mode == mode and isinstance(one.answer, Answer)
            if one.answer.metrics.prompt_tokens
            and (value := getattr(one.answer.metrics, figure)) is not None
        ]


def is_right(one: Marked) -> bool:
    return bool(one.mark and one.mark.right)
