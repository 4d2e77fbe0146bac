"""Streaming text: whole characters, and nothing behind a stop string."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from playground.engines.text import StopFilter, TextDecoder


@pytest.fixture(scope="module")
def byte_tokenizer() -> PreTrainedTokenizerFast:
    """One token a byte: every character outside ASCII spans several tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({c: i for i, c in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)


@pytest.mark.parametrize("text", ["闫英英😀", "naïve café", "a😀b", "한국어", "plain"])
def test_no_delta_holds_half_a_character(byte_tokenizer, text):
    decoder = TextDecoder(byte_tokenizer)
    deltas = [decoder.push(token) for token in byte_tokenizer.encode(text)] + [decoder.flush()]
    assert "".join(deltas) == text
    assert not any("\ufffd" in delta for delta in deltas)


def test_a_replacement_character_that_the_model_wrote_does_not_stall(byte_tokenizer):
    decoder = TextDecoder(byte_tokenizer)
    tokens = byte_tokenizer.encode("\ufffd and more text")
    deltas = [decoder.push(token) for token in tokens]
    assert "".join(deltas[:5]).startswith("\ufffd")
    assert "".join(deltas) == "\ufffd and more text"


def test_bytes_that_never_become_a_character_are_given_out(byte_tokenizer):
    decoder = TextDecoder(byte_tokenizer)
    first_byte = byte_tokenizer.encode("闫")[0]
    deltas = [decoder.push(first_byte) for _ in range(9)] + [decoder.flush()]
    assert "".join(deltas).count("\ufffd") == 8  # the ninth may begin a character
    assert any(deltas[:4])


@pytest.mark.parametrize("text", ["资景闫", "an owl 😀"])
def test_half_a_character_at_the_end_of_a_cut_answer_is_left_out(byte_tokenizer, text):
    decoder = TextDecoder(byte_tokenizer)
    tokens = byte_tokenizer.encode(text)[:-1]
    deltas = [decoder.push(token) for token in tokens] + [decoder.flush()]
    assert "".join(deltas) == text[:-1]


def feed(stops: tuple[str, ...], pieces: list[str]) -> tuple[list[str], bool]:
    stop = StopFilter(stops)
    shown = [stop.push(piece) for piece in pieces]
    return [*shown, "" if stop.stopped else stop.flush()], stop.stopped


def test_text_ends_before_the_first_stop_string():
    assert feed(("END", "three"), ["one two three", " END"]) == (["one two ", "", ""], True)


def test_a_stop_string_across_pieces_is_never_shown():
    shown, stopped = feed(("\nUser:",), ["Paris.", "\n", "Us", "er", ": more"])
    assert "".join(shown) == "Paris."
    assert stopped


def test_what_only_looked_like_a_stop_string_is_shown():
    shown, stopped = feed(("\nUser:",), ["Paris.\n", "Use", " it"])
    assert "".join(shown) == "Paris.\nUse it"
    assert not stopped


def test_what_is_held_back_comes_out_at_the_end():
    assert feed(("END",), ["the E", "N"]) == (["the ", "", "EN"], False)


def test_without_stop_strings_nothing_is_held_back():
    assert feed((), ["a", "b"]) == (["a", "b", ""], False)
