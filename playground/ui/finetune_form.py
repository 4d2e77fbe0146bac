"""What is filled in on the Fine-tune tab, as the recipe and the material that it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playground.app import Playground
from playground.dataset import Dataset
from playground.errors import NoRowsChosen
from playground.finetune import TrainConfig
from playground.finetune.questions import typed
from playground.finetune.recipe import Recipe
from playground.material import Material
from playground.options import options_of

_COUNTS = ("held_out_questions", "general_questions", "replay_rows")


class Form:
    """The components that a training is made from, by the names of the recipe's fields.

    Beside those: `dataset` and `validation` hold rows, and `questions` lines of text.
    """

    def __init__(self, playground: Playground, fields: Mapping[str, Any]) -> None:
        self._playground = playground
        self._names = tuple(fields)
        self.inputs = list(fields.values())

    def read(
        self, values: Sequence[Any], *, otherwise: Dataset | None = None
    ) -> tuple[Recipe, Material]:
        """What the values of `inputs` mean; `otherwise` is taken where no rows are chosen.

        Raises:
            NoRowsChosen, RecipeInvalid, InvalidSetting: what is missing or wrong.
        """
        given = dict(zip(self._names, values, strict=True))
        config = TrainConfig(**{name: given.pop(name) for name in options_of(TrainConfig)})
        dataset, validation = given.pop("dataset") or otherwise, given.pop("validation")
        questions = typed(given.pop("questions") or "")
        counts: dict[str, Any] = {name: int(given.pop(name) or 0) for name in _COUNTS}
        texts: dict[str, Any] = {name: (value or "").strip() for name, value in given.items()}
        from_documents = texts["form"] == "documents"
        if texts["form"] == "rows":
            texts["knowledge"] = ""
        if dataset is None and not from_documents:
            raise NoRowsChosen
        recipe = Recipe(rows=dataset.file if dataset else "", config=config, **texts, **counts)
        if from_documents:
            dataset = self._playground.tuning.read(recipe).dataset
        assert dataset is not None
        return recipe, Material(dataset, validation, questions)
