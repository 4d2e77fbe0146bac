"""OpenAI's HTTP API over the Playground: every mode and every adapter is a model id."""

from playground.api.access import Access
from playground.api.server import build

__all__ = ["Access", "build"]
