"""Rows to tokens: the prompt is what serving sends, and only answers are learned."""

from __future__ import annotations

import pytest

from playground.dataset import Row
from playground.finetune.encoding import IGNORED, encode_rows, end_tokens
from playground.models import ModelFiles, locate
from playground.models.chat import encode
from playground.models.loading import load_tokenizer
from playground.types import Message
from tests.tiny import TEMPLATE, byte_tokenizer, make_model

PAIR = (Message("user", "Where?"), Message("assistant", "In Halden."))
# Drops what an answer thought once another question follows, as reasoning models' templates do.
FORGETFUL = TEMPLATE.replace(
    "{{ m['content'] }}",
    "{% if m['role'] == 'assistant' and loop.last %}<think></think>{% endif %}{{ m['content'] }}",
)
# Opens a reasoning block in the prompt that finished conversations do not show.
THINKING = TEMPLATE.replace("<|im_start|>assistant\n{% endif %}", "<|im_start|>assistant\n<think>")
THINKING += "{% endif %}"


def encoded(tokenizer, *messages, max_length=1000):
    rows = [Row(7, messages)]
    ends = frozenset({tokenizer.eos_token_id})
    return encode_rows(tokenizer, rows, ends=ends, max_length=max_length)


def learned(tokenizer, example):
    return tokenizer.decode([label for label in example.labels if label != IGNORED])


@pytest.mark.parametrize("template", [TEMPLATE, None, FORGETFUL, THINKING])
def test_the_prompt_is_what_serving_sends_and_the_end_token_is_learned(template):
    tokenizer = byte_tokenizer(template)
    (example,), _ = encoded(tokenizer, Message("system", "Be brief."), *PAIR)
    prompt = encode(
        tokenizer, (Message("system", "Be brief."), PAIR[0]), add_generation_prompt=True
    )
    assert list(example.input_ids[: len(prompt)]) == prompt
    assert set(example.labels[: len(prompt)]) == {IGNORED}
    assert example.labels[len(prompt) :] == example.input_ids[len(prompt) :]
    assert example.labels[-1] == tokenizer.eos_token_id
    assert learned(tokenizer, example).endswith("In Halden.<|im_end|>")


def test_all_answers_of_a_conversation_are_learned_in_one_example():
    tokenizer = byte_tokenizer()
    again = (Message("user", "And when?"), Message("assistant", "In 1893."))
    (example,), _ = encoded(tokenizer, *PAIR, *again)
    assert learned(tokenizer, example) == "In Halden.<|im_end|>In 1893.<|im_end|>"
    prompt = encode(tokenizer, (*PAIR, again[0]), add_generation_prompt=True)
    assert list(example.input_ids[: len(prompt)]) == prompt


def test_a_template_that_rewrites_the_past_gives_an_example_an_answer():
    tokenizer = byte_tokenizer(FORGETFUL)
    first, second = encoded(tokenizer, *PAIR, *PAIR).examples
    assert first.row == second.row == 7
    prompt = encode(tokenizer, (*PAIR, PAIR[0]), add_generation_prompt=True)
    assert list(second.input_ids[: len(prompt)]) == prompt
    assert learned(tokenizer, second) == "<think></think>In Halden.<|im_end|>"


def test_a_row_that_is_too_long_is_refused_by_number_and_never_cut():
    examples, (problem,) = encoded(
        byte_tokenizer(), Message("user", "x" * 200), PAIR[1], max_length=64
    )
    assert not examples
    assert problem.row == 7
    assert "more than max_length 64" in problem.reason.text("en")


def test_an_answer_without_an_end_token_is_refused():
    tokenizer = byte_tokenizer("{% for m in messages %}{{ m['content'] }}{% endfor %}")
    examples, (problem,) = encoded(tokenizer, *PAIR)
    assert not examples
    assert "end token" in problem.reason.text("en")


def test_a_row_that_the_template_refuses_is_a_problem_of_that_row():
    tokenizer = byte_tokenizer("{{ raise_exception('No system role') }}")
    (problem,) = encoded(tokenizer, *PAIR).problems
    assert "No system role" in problem.reason.text("en")


def test_the_end_tokens_are_those_of_the_models_files(tmp_path):
    folder = make_model(tmp_path / "model")
    (folder / "generation_config.json").write_text('{"eos_token_id": [3, 5]}')
    files = ModelFiles("tiny", str(folder))
    tokenizer = load_tokenizer(files)
    assert end_tokens(tokenizer, files) == {3, 5, tokenizer.eos_token_id}


@pytest.mark.embedded
def test_the_embedded_models_rows_end_with_its_end_of_turn(models_dir):
    files = locate("smollm2-135m-instruct", models_dir)
    tokenizer = load_tokenizer(files)
    ends = end_tokens(tokenizer, files)
    (example,), _ = encode_rows(tokenizer, [Row(1, PAIR)], ends=ends, max_length=256)
    assert learned(tokenizer, example) == "In Halden.<|im_end|>"
    prompt = encode(tokenizer, PAIR[:1], add_generation_prompt=True)
    assert list(example.input_ids[: len(prompt)]) == prompt
