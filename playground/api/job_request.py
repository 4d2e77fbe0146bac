"""What POST /fine_tuning/jobs may say, and what it means for a training here."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import Any, Literal

from pydantic import Field

from playground.api.schema import Lenient
from playground.errors import NotAChoice, ParameterRefused
from playground.finetune import TrainConfig
from playground.options import options_of

Auto = Literal["auto"]
_OURS = options_of(TrainConfig)
_DEFAULT = TrainConfig()


class Hyperparameters(Lenient):
    """`learning_rate_multiplier` is of our default rate."""

    n_epochs: int | Auto = "auto"
    batch_size: int | Auto = "auto"
    learning_rate_multiplier: float | Auto = "auto"


class Supervised(Lenient):
    hyperparameters: Hyperparameters = Hyperparameters()


class Method(Lenient):
    type: str = "supervised"
    supervised: Supervised = Supervised()


class JobRequest(Lenient):
    """OpenAI's fields; `metadata` holds, as strings, the options that OpenAI has no field for."""

    model: str
    training_file: str
    validation_file: str | None = None
    suffix: str | None = Field(default=None, max_length=64)
    seed: int | None = None
    method: Method | None = None
    hyperparameters: Hyperparameters | None = None  # where they stood before `method`
    metadata: dict[str, str] | None = Field(default=None, max_length=16)
    integrations: list[Any] | None = None

    def check(self) -> None:
        """Raises ParameterRefused for what is asked in vain."""
        if self.integrations:
            raise ParameterRefused(param="integrations")
        if self.method and self.method.type != "supervised":
            raise NotAChoice(field="method.type", value=self.method.type, choices="supervised")

    @property
    def config(self) -> TrainConfig:
        """Raises InvalidSetting for values out of bounds."""
        given = self.hyperparameters or Hyperparameters()
        if self.method:
            given = self.method.supervised.hyperparameters
        config: dict[str, Any] = {}
        if given.n_epochs != "auto":
            config["epochs"] = given.n_epochs
        if given.batch_size != "auto":
            config["batch_size"] = given.batch_size
        if given.learning_rate_multiplier != "auto":
            config["learning_rate"] = _DEFAULT.learning_rate * given.learning_rate_multiplier
        if self.seed is not None:
            config["seed"] = self.seed
        for name, text in (self.metadata or {}).items():
            if name in _OURS:
                config[name] = _value(name, text, type(_OURS[name][0]))
        return replace(_DEFAULT, **config)

    @property
    def adapter_name(self) -> str:
        """The suffix, as far as a model id may hold it."""
        name = re.sub(r"[^a-z0-9._-]+", "-", (self.suffix or "").lower()).strip("-._")
        return name or f"tuned-{secrets.token_hex(4)}"


def _value(name: str, text: str, kind: type) -> Any:
    if kind is bool:
        if text.lower() not in ("true", "false"):
            raise NotAChoice(field=f"metadata.{name}", value=text, choices="true, false")
        return text.lower() == "true"
    try:
        return kind(text)
    except ValueError as error:
        choices = "a number"
        raise NotAChoice(field=f"metadata.{name}", value=text, choices=choices) from error
