"""Documents that stand in the way: about other places, telling the same kinds of things."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from playground.generate.grammar import SPACE, Block, fill, load_blocks
from playground.generate.names import load_words
from playground.types import Document, Language
from playground.world import distractor_file, reading_dir

_PARAGRAPH = 4  # sentences


def distractor_documents(
    world_dir: Path, language: Language, *, seed: int = 0
) -> Iterator[Document]:
    """Without end; no two have the same title. `world_dir` is the folder `knowledge/`.

    Raises:
        TemplateError: a template is faulty.
    """
    rng = random.Random(f"{seed} {language}")
    words = load_words(reading_dir(world_dir), language)
    templates = load_blocks(distractor_file(world_dir, language))
    for number in count(1):
        block = fill(templates[(number - 1) % len(templates)], language, words, rng)
        yield Document(f"d{number:05}.md", _markdown(block, language))


def _markdown(block: Block, language: Language) -> str:
    texts = [sentence.text for sentence in block.sentences]
    paragraphs = (
        SPACE[language].join(texts[start : start + _PARAGRAPH])
        for start in range(0, len(texts), _PARAGRAPH)
    )
    return "\n\n".join((f"# {block.title}", *paragraphs)) + "\n"
