"""Trained adapters on disk, and what is done with them: shown, renamed, exported, published."""

from playground.adapters.store import Adapters, check_adapter

__all__ = ["Adapters", "check_adapter"]
