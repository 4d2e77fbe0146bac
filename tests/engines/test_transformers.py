"""The transformers engine, beyond what every engine does."""

from __future__ import annotations

import pytest

from playground.engines.transformers import TransformersEngine
from playground.types import Message, Sampling
from tests.engines.conftest import ask, files_of
from tests.tiny import make_model


def test_an_error_inside_the_model_reaches_the_reader_and_frees_the_engine(model, monkeypatch):
    tiny = TransformersEngine(files_of(model), device="cpu", dtype="float32")

    def fail(*_, **__):
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(tiny._model, "generate", fail)
        with pytest.raises(RuntimeError, match="out of memory"):
            ask(tiny, "hello")
    assert ask(tiny, "hello")[1].completion_tokens == 12


def test_a_model_without_a_chat_template_is_asked_in_plain_words(tmp_path):
    folder = make_model(tmp_path / "plain", chat_template=None)
    engine = TransformersEngine(files_of(folder), device="cpu")
    assert ask(engine, "hello")[1].prompt_tokens == len("User: hello\nAssistant: ")


@pytest.mark.embedded
def test_the_embedded_model_answers(engine):
    text, finish = ask(engine, "What is the capital of France?", Sampling(max_tokens=24))
    assert "Paris" in text
    assert finish.reason == "stop"


@pytest.mark.embedded
def test_a_second_question_about_a_document_is_not_read_again(engine):
    document = "The lamp of room %d is green. " * 60 % tuple(range(60))
    question = "Which lamp is in room 7?"
    cold, first = ask(engine, document + question)
    ask(engine, document + "What colour is the lamp of room 11?")
    warm, second = ask(engine, document + question)
    assert warm == cold
    assert second.cached_tokens > 0.8 * first.prompt_tokens


@pytest.mark.embedded
def test_streamed_chinese_and_emoji_are_whole(engine):
    *deltas, _ = engine.stream((Message("user", "请重复：闫英英😀"),), Sampling(max_tokens=40))
    assert not any("\ufffd" in delta.text for delta in deltas)
