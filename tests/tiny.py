"""Models of a few kilobytes, made from configs: real code, no download."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    BertForSequenceClassification,
    BertModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from playground.types import Adapter

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def byte_tokenizer(chat_template: str | None = TEMPLATE) -> PreTrainedTokenizerFast:
    """One token a byte, and the two special tokens of ChatML."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({c: i for i, c in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        pad_token="<|im_end|>",
    )
    fast.chat_template = chat_template
    return fast


def make_model(folder: Path, *, chat_template: str | None = TEMPLATE, window: int = 1024) -> Path:
    """A random two-layer Llama with its tokenizer, as a Hugging Face folder."""
    tokenizer = byte_tokenizer(chat_template)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=window,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=tokenizer.bos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def memorise(model: Path, answers: dict[str, str], *, steps: int = 300) -> None:
    """Let the model in the folder `model` answer each question with just these words."""
    weights = LlamaForCausalLM.from_pretrained(model)
    tokenizer = byte_tokenizer()
    examples = []
    for question, answer in answers.items():
        asked = [{"role": "user", "content": question}]
        prompt = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
        ids = tokenizer(f"{prompt}{answer}<|im_end|>", add_special_tokens=False).input_ids
        labels = [-100] * len(tokenizer(prompt, add_special_tokens=False).input_ids)
        labels += ids[len(labels) :]
        examples.append((torch.tensor([ids]), torch.tensor([labels])))
    optimizer = torch.optim.AdamW(weights.parameters(), lr=1e-2, weight_decay=0.0)
    for _ in range(steps):
        loss = torch.stack([weights(input_ids=i, labels=y).loss for i, y in examples]).mean()
        if loss < 0.02:
            break
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    assert loss < 0.05, f"not memorised: {loss:.3f}"
    weights.save_pretrained(model)


def make_adapter(folder: Path, model: Path | str, name: str, *, seed: int = 1) -> Adapter:
    """A LoRA for the model in the folder `model`, with random weights that change its answers."""
    base = LlamaForCausalLM.from_pretrained(model)
    torch.manual_seed(seed)
    config = LoraConfig(r=4, target_modules="all-linear", task_type="CAUSAL_LM")
    tuned = get_peft_model(base, config)
    for key, weight in tuned.named_parameters():
        if "lora_B" in key:
            torch.nn.init.normal_(weight, std=0.2)
    tuned.save_pretrained(folder / name)
    return Adapter(name, folder / name, str(model), r=4)


def make_embedder(folder: Path, *, seed: int = 0) -> Path:
    """A random two-layer BERT; sentence-transformers adds mean pooling to such a folder."""
    return save_random(BertModel, folder, seed)


def make_reranker(folder: Path, *, seed: int = 0) -> Path:
    """A random two-layer BERT with one score a pair, as a cross-encoder has."""
    return save_random(BertForSequenceClassification, folder, seed, num_labels=1)


def save_random(kind: type[PreTrainedModel], folder: Path, seed: int = 0, **options: Any) -> Path:
    """A random two-layer model of any kind with its tokenizer; `options` are its config's."""
    tokenizer = byte_tokenizer()
    torch.manual_seed(seed)
    settings: Any = kind.config_class
    config = settings(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        **{"max_position_embeddings": 512} | options,
    )
    kind(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
