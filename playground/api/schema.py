"""What all requests have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Lenient(BaseModel):
    """What it does not know is ignored, as OpenAI does."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)
