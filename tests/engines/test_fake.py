"""The fake engine keeps the contract that the quick tests rely on."""

from __future__ import annotations

import pytest

from playground.engines.fake import FakeEngine
from playground.errors import OverWindow
from playground.types import Adapter, Delta, Finish, Message, Sampling

ASK = (Message("user", "Some context.\nWhat is 天文 台?"),)


def run(engine, sampling=Sampling(), adapter=None):
    *deltas, finish = engine.stream(ASK, sampling, adapter)
    assert all(isinstance(delta, Delta) for delta in deltas)
    return "".join(delta.text for delta in deltas), finish


def test_it_repeats_the_last_line_and_counts_its_tokens():
    text, finish = run(FakeEngine())
    assert text == "[base] What is天文台?"
    assert finish == Finish("stop", prompt_tokens=8, completion_tokens=7)


def test_it_names_the_adapter(tmp_path):
    text, _ = run(FakeEngine(), adapter=Adapter("mine", tmp_path, "fake", 8))
    assert text.startswith("[mine]")


def test_a_cut_answer_says_so():
    text, finish = run(FakeEngine(), Sampling(max_tokens=2))
    assert (text, finish.reason) == ("[base] What", "length")


def test_a_prompt_over_the_window_is_refused_with_both_numbers():
    with pytest.raises(OverWindow, match=r"8 tokens .* holds 100"):
        run(FakeEngine(context_window=100), Sampling(max_tokens=93))
