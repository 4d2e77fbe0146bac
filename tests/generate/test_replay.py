"""A model's own answers, as rows."""

from __future__ import annotations

from playground.engines.transformers import TransformersEngine
from playground.generate.replay import own_answers
from playground.models import ModelFiles
from playground.types import Delta, Message, Sampling
from tests.tiny import make_model


def test_an_own_answer_is_what_the_model_says_and_ends_by_itself(tmp_path):
    files = ModelFiles("tiny", str(make_model(tmp_path / "model")))
    engine = TransformersEngine(files)
    prompts = [f"Prompt {n}, of some length {'x' * n}" for n in range(12)]
    for question, answer in own_answers(files, prompts, max_tokens=40):
        events = engine.stream((question,), Sampling(max_tokens=40))
        said = "".join(event.text for event in events if isinstance(event, Delta)).strip()
        assert answer == Message("assistant", said)
        assert question.content in prompts
