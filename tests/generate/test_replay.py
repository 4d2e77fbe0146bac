"""A model's own answers, as rows."""

from __future__ import annotations

from playground.engines.transformers import TransformersEngine
from playground.generate.replay import own_answers
from playground.models import ModelFiles
from playground.types import Delta, Sampling
from tests.tiny import make_model


def test_an_own_answer_is_what_the_model_says_and_ends_by_itself(tmp_path):
    folder = make_model(tmp_path / "model")
    ends = [*range(0, 258, 5), 257]  # so many that a random model soon says one
    (folder / "generation_config.json").write_text(f'{{"eos_token_id": {ends}}}')
    files = ModelFiles("tiny", str(folder))
    engine = TransformersEngine(files)
    prompts = [f"Prompt {n}, of some length {'x' * n}" for n in range(12)]
    rows = list(own_answers(files, prompts, max_tokens=40))
    assert rows
    for question, answer in rows:
        *pieces, finish = engine.stream((question,), Sampling(max_tokens=40))
        said = "".join(piece.text for piece in pieces if isinstance(piece, Delta)).strip()
        assert finish.reason == "stop"
        assert answer.role == "assistant"
        assert answer.content == said[: len(answer.content)]
        assert len(said) - len(answer.content) <= 1  # the end, which is no special token here
        assert question.content in prompts
