"""Whether a model still chats as another did: `python tests/measurements/chatting.py RAW TUNED`.

Both are asked the built-in world's `general` questions (never trained on): the perplexity of the
reference answers, the share answered rightly and the share answered in whole sentences.
"""

from __future__ import annotations

import argparse
import math
import re

import torch

from playground.engines.transformers import TransformersEngine
from playground.evaluation import Share, contains
from playground.models import locate
from playground.models.chat import encode, render
from playground.models.hardware import choose_device, choose_dtype
from playground.models.loading import load_model, load_tokenizer
from playground.modes.prompts import closed_book_messages
from playground.settings import Settings
from playground.types import Delta, Language, Message, Question, Sampling
from playground.world import load_questions

_SENTENCE = re.compile(r"(\w+\W+){2,}\w+[.!?]|[\u4e00-\u9fff]{4,}.*[。！？.!?]", re.S)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="+")
    args = parser.parse_args()
    settings = Settings.from_env()
    languages: tuple[Language, ...] = ("en", "zh")
    for name in args.models:
        for language in languages:
            asked = [
                question
                for question in load_questions(settings.world_dir, language)
                if question.kind == "general"
            ]
            print(f"{name} {language}: perplexity {_perplexity(name, settings, asked):.3f}")
            answers = list(_answers(name, settings, asked))
            right = Share.of(contains(a, q.answers) for a, q in zip(answers, asked, strict=True))
            print(f"{name} {language}: right {right}")
            whole = Share.of(bool(_SENTENCE.search(answer)) for answer in answers)
            print(f"{name} {language}: in sentences {whole}")


def _perplexity(name: str, settings: Settings, questions: list[Question]) -> float:
    """Of all reference answers' tokens, the end of each included."""
    files = locate(name, settings.models_dir)
    device = choose_device(settings.device)
    model = load_model(files, dtype=choose_dtype(device, settings.dtype), device=device)
    tokenizer = load_tokenizer(files)
    loss, count = 0.0, 0
    for question in questions:
        messages = closed_book_messages(question.question)
        prompt = encode(tokenizer, messages, add_generation_prompt=True)
        whole = (*messages, Message("assistant", question.reference or ""))
        text = render(tokenizer, whole, add_generation_prompt=False).rstrip("\n")
        ids = torch.tensor([tokenizer.encode(text, add_special_tokens=False)], device=device)
        with torch.inference_mode():
            logits = model(ids).logits[0, len(prompt) - 1 : -1].float()
        targets = ids[0, len(prompt) :]
        loss += torch.nn.functional.cross_entropy(logits, targets, reduction="sum").item()
        count += len(targets)
    return math.exp(loss / count)


def _answers(name: str, settings: Settings, questions: list[Question]) -> list[str]:
    engine = TransformersEngine(locate(name, settings.models_dir))
    sampling = Sampling(max_tokens=64, temperature=0.0, top_p=1.0, seed=0)
    return [
        "".join(
            event.text
            for event in engine.stream(closed_book_messages(question.question), sampling)
            if isinstance(event, Delta)
        )
        for question in questions
    ]


if __name__ == "__main__":
    main()
