"""A playground whose model has read what is in its prompt, and nothing else."""

from __future__ import annotations

from playground.app import Playground
from playground.engines.base import check_window
from playground.engines.fake import FakeEngine
from playground.settings import Settings
from playground.tradeoffs.ground import Ground
from playground.types import Delta, Finish


class ReadingEngine(FakeEngine):
    """Says its whole prompt: right where the answer stands there."""

    def stream(self, messages, sampling, adapter=None):
        prompt_tokens = self.count_tokens(messages)
        check_window(self, prompt_tokens, sampling.max_tokens)
        yield Delta("\n".join(message.content for message in messages))
        yield Finish("stop", prompt_tokens, 1)


def ground(folder, language="en", **more):
    playground = Playground(
        Settings(model="fake", embedder="fake", data_dir=folder, adapters_dir=folder / "adapters")
    )
    playground._room.__dict__["_engine"] = ReadingEngine()
    return Ground(playground, language, folder / "scratch", **more)


def split(events):
    """What was measured, and what was not."""
    from playground.tradeoffs import Measurement, Missing

    listed = list(events)
    return (
        [event for event in listed if isinstance(event, Measurement)],
        [event for event in listed if isinstance(event, Missing)],
    )
