"""Templates of passages and questions: how they are written, read and filled.

A file holds blocks, parted by blank lines. A block is a `# title`, then one sentence a line, each
followed by the questions that it alone answers, `? question = answer`; the answer stands in it
word for word. `? question =` is a question that the block does not answer. Slots:

    {kind} {kind:label}   a name, date or amount (`names.KINDS`); {person.last} is the family name
    {label=one|two}       one of these
    {label=80..400}       a whole number
    {label=year+3..20}    an earlier number, and some more
    {label}               the same value again
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playground.generate.names import KINDS, Words, draw_name, load_words, surname_of
from playground.types import Language

_SLOT = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(?:(?P<base>[a-z][a-z0-9_:]*)\+)?(?P<low>\d+)\.\.(?P<high>\d+)")
_NAME = re.compile(r"[a-z][a-z0-9_]*(?::[a-z0-9_]+)?")


SPACE: Mapping[Language, str] = {"en": " ", "zh": ""}  # between words and between sentences


class TemplateError(Exception):
    """A template cannot be read or filled. Says where and why."""


@dataclass(frozen=True)
class Question:
    """A question and its answer, word for word in the passage; None: it does not stand there."""

    text: str
    answer: str | None


@dataclass(frozen=True)
class Sentence:
    """One sentence and the questions that it answers."""

    text: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Block:
    """One passage: as a template, or filled. `unanswered` are questions that it leaves open."""

    title: str
    sentences: tuple[Sentence, ...]
    unanswered: tuple[Question, ...]
    place: str


def load_blocks(path: Path) -> tuple[Block, ...]:
    """The templates in a file.

    Raises:
        TemplateError: it is not written as the top of this module says.
    """
    blocks: list[Block] = []
    lines: list[str] = []
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            lines.append(line.strip())
        elif lines:
            blocks.append(_block(lines, f"{path.name}:{number - len(lines)}"))
            lines = []
    return tuple(blocks)


def _block(lines: list[str], place: str) -> Block:
    if not lines[0].startswith("# "):
        raise TemplateError(f"{place}: a block begins with '# title', not with {lines[0]!r}")
    sentences: list[Sentence] = []
    unanswered: list[Question] = []
    for line in lines[1:]:
        if not line.startswith("?"):
            sentences.append(Sentence(line, ()))
            continue
        text, equals, answer = (part.strip() for part in line[1:].rpartition("="))
        if not equals:
            raise TemplateError(f"{place}: no '=' behind the question: {line!r}")
        if not answer:
            unanswered.append(Question(text, None))
        elif not sentences:
            raise TemplateError(f"{place}: a question stands before the first sentence")
        else:
            last = sentences[-1]
            sentences[-1] = Sentence(last.text, (*last.questions, Question(text, answer)))
    if not sentences:
        raise TemplateError(f"{place}: a block without a sentence")
    return Block(lines[0][2:], tuple(sentences), tuple(unanswered), place)


def fill(block: Block, language: Language, words: Words, rng: random.Random) -> Block:
    """The block with a value in every slot.

    Raises:
        TemplateError: a slot is unknown, or an answer does not stand in its sentence.
    """
    slots = _Slots(language, words, rng)
    try:
        title = slots.fill(block.title)
        texts = [slots.fill(sentence.text) for sentence in block.sentences]
        sentences = tuple(
            Sentence(text, tuple(slots.question(question) for question in sentence.questions))
            for text, sentence in zip(texts, block.sentences, strict=True)
        )
        unanswered = tuple(slots.question(question) for question in block.unanswered)
    except TemplateError as error:
        raise TemplateError(f"{block.place}: {error}") from None
    return Block(title, sentences, unanswered, block.place)


class _Slots:
    """The values of one block's slots; a value is drawn where its slot is first seen."""

    def __init__(self, language: Language, words: Words, rng: random.Random) -> None:
        self._language: Language = language
        self._words = words
        self._rng = rng
        self._values: dict[str, str] = {}

    def question(self, question: Question) -> Question:
        answer = None if question.answer is None else self.fill(question.answer)
        return Question(self.fill(question.text), answer)

    def fill(self, template: str) -> str:
        return _SLOT.sub(lambda match: self._value(match[1].strip()), template)

    def _value(self, slot: str) -> str:
        name, _, rule = (part.strip() for part in slot.partition("="))
        if name.endswith(".last"):
            return surname_of(self._value(name.removesuffix(".last")))
        if not _NAME.fullmatch(name):
            raise TemplateError(f"{{{slot}}} is no slot")
        if name not in self._values:
            self._values[name] = self._draw(name, rule)
        return self._values[name]

    def _draw(self, name: str, rule: str) -> str:
        if not rule:
            kind = name.partition(":")[0]
            if kind not in KINDS[self._language]:
                raise TemplateError(f"{{{name}}} has no value yet and is no kind of name")
            return self._new_name(kind)
        if numbers := _RANGE.fullmatch(rule):
            return self._number(**numbers.groupdict())
        return self._rng.choice([option.strip() for option in rule.split("|")])

    def _new_name(self, kind: str) -> str:
        """Two slots of a block never get the same name, nor one that holds the other."""
        value = draw_name(kind, self._language, self._words, self._rng)
        for _ in range(49):
            if not any(value in other or other in value for other in self._values.values()):
                break
            value = draw_name(kind, self._language, self._words, self._rng)
        return value

    def _number(self, base: str | None, low: str, high: str) -> str:
        more = self._rng.randint(int(low), int(high))
        if base is None:
            return self._written(more)
        start = self._value(base)
        plain = start.replace(",", "")
        if not plain.isdecimal():
            raise TemplateError(f"{{{base}}} is {start!r}, not a number")
        total = int(plain) + more
        # A sum is written as what it began with: years have no comma.
        return self._written(total) if "," in start else str(total)

    def _written(self, number: int) -> str:
        return f"{number:,}" if self._language == "en" and number >= 10_000 else str(number)


def faults(block: Block) -> Iterator[str]:
    """What is wrong with a filled block's questions, in words."""
    for sentence in block.sentences:
        for question in sentence.questions:
            answer = question.answer or ""
            if answer not in sentence.text:
                yield f"{block.place}: {answer!r} does not stand in {sentence.text!r}"
            elif answer.casefold() in question.text.casefold():
                yield f"{block.place}: the answer stands in the question {question.text!r}"
            elif answer[-1] in ".。" and not answer.endswith((".m.", "etc.")):
                yield f"{block.place}: a full stop behind the answer {answer!r}"


def load_folder(folder: Path) -> Mapping[str, tuple[Block, ...]]:
    """The templates of every .txt file in `folder`, by the file's stem."""
    return {path.stem: load_blocks(path) for path in sorted(folder.glob("*.txt"))}


def main(paths: Sequence[Path], fillings: int = 5) -> int:
    """Fill every block of the files and print what is wrong. Returns the number of faults."""
    found: set[str] = set()
    for path in paths:
        language: Language = "zh" if "zh" in path.parts or ".zh" in path.suffixes else "en"
        words = load_words(Path(__file__).parents[2] / "knowledge" / "reading", language)
        try:
            for seed, block in enumerate(load_blocks(path) * fillings):
                filled = fill(block, language, words, random.Random(seed))
                found.update(f"{path.parent.name}/{fault}" for fault in faults(filled))
        except TemplateError as error:
            found.add(f"{path.parent.name}/{error}")
    sys.stdout.write(("\n".join(sorted(found)) or "no faults") + "\n")
    return len(found)


if __name__ == "__main__":
    sys.exit(bool(main([Path(argument) for argument in sys.argv[1:]])))
