"""What the contestants are asked for speed: nothing twice, and answers that go on for long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from playground import world
from playground.errors import DocumentError
from playground.generate.documents import distractor_documents
from playground.readers import read_folder
from playground.settings import Settings
from playground.types import Message

CountTokens = Callable[[Sequence[Message]], int]
Messages = tuple[Message, ...]

# In the plain form: behind passages "to answer from" the reader stops after a few words.
_THINGS = ("bicycle", "windmill", "lighthouse", "clock", "telescope", "sailing boat", "bakery")
_FIRST = "Write a long story about this place."
_SECOND = "Describe this place to a friend, in a long letter."
_SHORT_CHARACTERS = 1050  # about 300 tokens


def explain(number: int) -> Messages:
    """A short prompt for a long answer, another one for each number."""
    rounds, thing = divmod(number, len(_THINGS))
    again = f" Chapter {rounds + 1}." if rounds else ""
    return _asked(f"Explain in detail how a {_THINGS[thing]} works, step by step.{again}")


def short_passages(settings: Settings, number: int) -> Messages:
    """About 300 tokens of passages and a task, others for each number."""
    documents = islice(distractor_documents(settings.world_dir, "en", seed=number), 3)
    share = _SHORT_CHARACTERS // 3
    passages = "\n\n".join(document.text[:share] for document in documents)
    return _asked(f"{passages}\n\n{_FIRST}")


def long_document(
    settings: Settings, number: int, tokens: int, count_tokens: CountTokens
) -> tuple[Messages, Messages]:
    """Two tasks about one document: prompts of about `tokens` tokens, others for each number.

    Each begins with another document of the built-in world, so that nothing kept of an earlier
    prompt fits; all documents of the world together are about 4,400 tokens.
    """
    texts = _texts(settings)
    turn = number % len(texts)
    edition = f"Edition {number + 1}\n\n" if number >= len(texts) else ""
    whole = edition + "\n\n".join(texts[turn:] + texts[:turn])
    lines = (whole + "\n").splitlines(keepends=True)
    low, high = 1, len(lines)
    while low < high:  # as many lines as fit
        middle = (low + high + 1) // 2
        if count_tokens(_about(lines[:middle], _SECOND)) <= tokens:
            low = middle
        else:
            high = middle - 1
    return _about(lines[:low], _FIRST), _about(lines[:low], _SECOND)


def _texts(settings: Settings) -> list[str]:
    texts = []
    for document in read_folder(world.documents_dir(settings.world_dir, "en")):
        if isinstance(document, DocumentError):
            raise document
        texts.append(document.text.strip())
    return texts


def _about(lines: Sequence[str], task: str) -> Messages:
    return _asked(f"{''.join(lines).strip()}\n\n{task}")


def _asked(text: str) -> Messages:
    return (Message("user", text),)
