"""A whole training as one file, which the page shows and the command line runs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from playground.dataset.mapping import Mapping
from playground.errors import RecipeInvalid
from playground.finetune.config import TrainConfig
from playground.options import unknown_fields

Form = Literal["rows", "passages", "documents"]
FORMS: tuple[Form, ...] = ("rows", "passages", "documents")


@dataclass(frozen=True)
class Recipe:
    """What is trained on what, and how.

    `rows` is a file, or a dataset's id on the Hub; `validation` and `questions` are files, or
    empty. `form` says what is learned: the rows as they are; with passages from `knowledge` before
    each question (RAFT); or the documents of `knowledge` as plain text. Of the validation rows
    `held_out_questions` are asked before and after, and `general_questions` of the built-in ones.
    """

    name: str
    rows: str = ""
    model: str = ""
    form: Form = "rows"
    knowledge: str = ""
    mapping: Mapping | None = None
    validation: str = ""
    questions: str = ""
    held_out_questions: int = 8
    general_questions: int = 8
    replay_rows: int = 0
    start_from: str = ""
    processes: int = 1
    config: TrainConfig = field(default_factory=TrainConfig)

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise RecipeInvalid(reason=f"form {self.form!r}: {', '.join(FORMS)}")
        if self.form != "rows" and not self.knowledge:
            raise RecipeInvalid(reason=f"form {self.form!r}: knowledge?")
        if self.form != "documents" and not self.rows:
            raise RecipeInvalid(reason="rows?")
        for name in ("held_out_questions", "general_questions", "replay_rows"):
            if not isinstance(count := getattr(self, name), int) or count < 0:
                raise RecipeInvalid(reason=f"{name}: 0, 1, 2 …")
        if not isinstance(self.processes, int) or self.processes < 1:
            raise RecipeInvalid(reason="processes: 1, 2 …")

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """What `to_json` wrote, or a person; what is not named keeps its default.

        Raises:
            RecipeInvalid: it is no such file, or names what there is not.
            InvalidSetting: an option is out of its bounds.
        """
        try:
            given: Any = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise RecipeInvalid(reason=str(error)[:200]) from error
        if not isinstance(given, dict) or not isinstance(given.get("config", {}), dict):
            raise RecipeInvalid(reason='{"name": …, "rows": …, "config": {…}}')
        config = given.pop("config", {})
        for kind, named in ((cls, given), (TrainConfig, config)):
            if unknown := unknown_fields(kind, named):
                raise RecipeInvalid(reason=unknown)
        mapping = given.pop("mapping", None)
        try:
            made = cls(**given, config=TrainConfig(**config))
            return replace(made, mapping=Mapping(**mapping)) if mapping else made
        except TypeError as error:
            raise RecipeInvalid(reason=str(error)) from error
