"""Scores of given texts: what the model's logits say, however the prompt was read."""

from __future__ import annotations

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer, MistralForCausalLM

from playground.engines.base import Scorer
from playground.engines.fake import FakeEngine
from playground.engines.openvino import OpenVinoEngine
from playground.engines.transformers import TransformersEngine
from playground.errors import AdapterMismatch, OverWindow
from playground.models.chat import render
from playground.types import Message, Score
from tests.engines.conftest import ask, files_of
from tests.tiny import make_adapter, make_model, save_random

OPTIONS = ("37 crowns", "37", "37 crowns a night", "x", "三十七克朗", "三十克朗", "😀")
SHORT = (Message("user", "How much is it?"),)
LONG = (Message("user", "夜间票多少钱？" + "The lamp is green. " * 35),)  # several pieces


def open_engine(folder):
    return TransformersEngine(files_of(folder), device="cpu", dtype="float32")


@pytest.fixture(scope="module")
def scorer(model):
    return open_engine(model)


def by_hand(folder, messages, option, adapter=None):
    """The Score from one pass over prompt and option, without any cache."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    if adapter:
        network = PeftModel.from_pretrained(network, adapter.path)
    network.eval()
    prompt = render(tokenizer, messages, add_generation_prompt=True)
    start = len(tokenizer.encode(prompt, add_special_tokens=False))
    ids = tokenizer.encode(prompt + option, add_special_tokens=False)
    with torch.no_grad():
        likely = network(torch.tensor([ids]), use_cache=False).logits[0].log_softmax(-1)
    own = [likely[place - 1, ids[place]].item() for place in range(start, len(ids))]
    return Score(sum(own), len(own))


def assert_alike(found, wanted):
    assert [score.tokens for score in found] == [score.tokens for score in wanted]
    expected = [score.logprob for score in wanted]
    assert [score.logprob for score in found] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("tuned", [False, True], ids=["base", "tuned"])
@pytest.mark.parametrize("messages", [SHORT, LONG], ids=["short", "long"])
def test_scores_are_what_the_logits_say(scorer, model, tmp_path, messages, tuned):
    adapter = make_adapter(tmp_path, model, "mine") if tuned else None
    wanted = [by_hand(model, messages, option, adapter) for option in OPTIONS]
    assert_alike(scorer.score(messages, OPTIONS, adapter), wanted)
    assert_alike(scorer.score(messages, OPTIONS, adapter), wanted)  # the prompt out of the cache


def test_an_adapter_changes_scores_and_leaves_the_base_untouched(scorer, model, tmp_path):
    before = scorer.score(SHORT, OPTIONS)
    tuned = scorer.score(SHORT, OPTIONS, make_adapter(tmp_path, model, "mine"))
    assert all(abs(a.logprob - b.logprob) > 0.01 for a, b in zip(before, tuned, strict=True))
    assert scorer.score(SHORT, OPTIONS) == before


def test_an_option_is_scored_alone_as_among_others(scorer):
    together = scorer.score(LONG, OPTIONS)
    alone = tuple(scorer.score(LONG, [option])[0] for option in OPTIONS)
    assert alone == together
    assert scorer.score(LONG, OPTIONS[::-1]) == together[::-1]


def test_scores_behind_a_sliding_window_are_what_the_logits_say(tmp_path):
    options = {"num_key_value_heads": 2, "sliding_window": 24, "max_position_embeddings": 1024}
    save_random(MistralForCausalLM, tmp_path, **options)
    wanted = [by_hand(tmp_path, SHORT, option) for option in OPTIONS]
    assert_alike(open_engine(tmp_path).score(SHORT, OPTIONS), wanted)


def test_a_model_without_a_chat_template_scores_behind_plain_words(tmp_path):
    folder = make_model(tmp_path / "plain", chat_template=None)
    wanted = [by_hand(folder, SHORT, option) for option in OPTIONS]
    assert_alike(open_engine(folder).score(SHORT, OPTIONS), wanted)


def test_a_prompt_that_was_scored_need_not_be_read_again_to_be_answered(model):
    cold, _ = ask(open_engine(model), LONG[0].content)
    engine = open_engine(model)
    engine.score(LONG, OPTIONS)
    warm, finish = ask(engine, LONG[0].content)
    assert warm == cold
    assert finish.cached_tokens >= 512


def test_no_options_have_no_scores(scorer):
    assert scorer.score(SHORT, ()) == ()


def test_an_option_that_does_not_fit_behind_its_prompt_is_refused(scorer):
    room = scorer.context_window - scorer.count_tokens(SHORT)
    (score,) = scorer.score(SHORT, ["x" * room])
    assert score.tokens == room
    with pytest.raises(OverWindow, match=r"holds 1,024"):
        scorer.score(SHORT, ["x", "x" * (room + 1)])


def test_an_adapter_of_another_model_is_refused(scorer, model, tmp_path):
    adapter = make_adapter(tmp_path, model, "stray")
    other = type(adapter)(adapter.name, adapter.path, "org/other-model", adapter.r)
    with pytest.raises(AdapterMismatch):
        scorer.score(SHORT, OPTIONS, other)


def test_openvino_alone_cannot_score():
    assert issubclass(TransformersEngine, Scorer)
    assert issubclass(FakeEngine, Scorer)
    assert not issubclass(OpenVinoEngine, Scorer)


def test_the_fake_engine_finds_likelier_what_stands_in_the_prompt():
    asked = (Message("user", "The pass costs 37 crowns.\n夜间票37克朗"),)
    scores = FakeEngine().score(asked, ["37 crowns", "45 crowns", "37克朗"])
    assert scores == (Score(-2.0, 2), Score(-5.0, 2), Score(-3.0, 3))


def test_the_fake_engine_refuses_what_does_not_fit():
    with pytest.raises(OverWindow):
        FakeEngine(context_window=5).score((Message("user", "one two three"),), ["four five six"])
