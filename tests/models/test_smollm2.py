from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedTokenizerBase

from playground.models import locate
from playground.models.chat import count_tokens, encode
from playground.models.loading import load_model, load_tokenizer
from playground.models.smollm2 import NAME
from playground.types import Message

pytestmark = pytest.mark.embedded


@pytest.fixture(scope="module")
def tokenizer(models_dir: Path) -> PreTrainedTokenizerBase:
    return load_tokenizer(locate(NAME, models_dir))


def test_folder_is_plain_safetensors(models_dir: Path) -> None:
    config = json.loads((models_dir / NAME / "config.json").read_text(encoding="utf-8"))
    assert "quantization_config" not in config
    assert (config["dtype"], config["tie_word_embeddings"]) == ("float32", True)
    assert config["max_position_embeddings"] == 8192


def test_answers_and_stops(models_dir: Path, tokenizer: PreTrainedTokenizerBase) -> None:
    model = load_model(locate(NAME, models_dir), dtype=torch.float32, device=torch.device("cpu"))
    question = [Message("user", "What is the capital of France?")]
    prompt = torch.tensor([encode(tokenizer, question, add_generation_prompt=True)])
    output = model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=20)
    answer = output[0, prompt.shape[1] :]
    assert tokenizer.decode(answer, skip_special_tokens=True) == "The capital of France is Paris."
    assert answer[-1] == tokenizer.eos_token_id


def test_a_text_beyond_the_window_is_counted_without_a_warning(
    models_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = logging.getLogger("transformers")  # which does not propagate
    theirs.addHandler(caplog.handler)
    try:
        long = [Message("user", "word " * 9000)]
        assert count_tokens(load_tokenizer(locate(NAME, models_dir)), long) > 9000
    finally:
        theirs.removeHandler(caplog.handler)
    assert caplog.messages == []


def test_tokenizer_is_that_of_the_original(tokenizer: PreTrainedTokenizerBase) -> None:
    assert tokenizer.model_max_length == 8192
    assert tokenizer.encode("<|im_start|>user\nhi<|im_end|>\n") == [1, 4093, 198, 6004, 2, 198]
    # Digits of every kind stand alone, so the space before ½ is a token of its own.
    assert tokenizer.encode("x²= ½") == [104, 19133, 45, 216, 16738]


@pytest.mark.parametrize(
    "text", ["in 1999, at 12:30", "你好，世界 １２３", "a\tb\r\n  c", "naïve 😀"]
)
def test_text_survives_encoding(tokenizer: PreTrainedTokenizerBase, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text)) == text
