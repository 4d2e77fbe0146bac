"""Servers of others that speak OpenAI's API: where they are, and how they are called."""

from playground.remote.server import PRESETS, Remote

__all__ = ["PRESETS", "Remote"]
