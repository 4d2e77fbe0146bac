"""Contestants without weights."""

from __future__ import annotations

from playground.types import Delta, Finish


class FakeContestant:
    """Says as many words as it may, up to `most`."""

    def __init__(self, most=64):
        self.most = most
        self.asked = []
        self.is_closed = False

    def stream(self, messages, max_tokens, *, ignore_end=False):
        self.asked.append(messages)
        words = len(messages[-1].content.split())
        produced = min(max_tokens, self.most)
        for _ in range(produced):
            yield Delta("word ")
        yield Finish("length", words, produced)

    def close(self):
        self.is_closed = True
