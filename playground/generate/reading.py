"""Rows that teach a model to read: passages, questions, and the shortest phrase that answers.

Each row is a conversation under the very prompt that `rag` and `long-context` send: some numbered
passages with a question, its answer, and often more questions about the same passages.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from playground.generate.grammar import SPACE, Block, Question, Sentence, fill, load_folder
from playground.generate.names import Words, draw_name, load_words
from playground.modes.prompts import NOT_FOUND, reading_prompt
from playground.types import Language, Message

Row = tuple[Message, ...]
Templates = Mapping[str, Sequence[Block]]  # by domain

# Shares of rows, or weights of choices.
_PASSAGES = {1: 50, 2: 20, 3: 20, 4: 6, 5: 4}
_QUESTIONS = {1: 10, 2: 10, 3: 15, 4: 20, 6: 25, 8: 20}
_GOLD_REMOVED = 0.25
_UNANSWERED = 0.15  # of the questions about a passage that is there
_OF_A_HOUSE = 0.4  # of rows: a house is asked, of which the passages may say nothing
_SHORTENED = 0.35  # of the passages: only some of its sentences
_SAME_DOMAIN = 0.6  # of the distractors
_TWINS = 0.15  # of rows with distractors: one tells the same of something else
_JOINED = 0.1  # of the passages: followed by another one in the same text
_HOUSES: Mapping[Language, Sequence[str]] = {
    "en": (
        *("Museum", "Library", "Hospital", "Lighthouse", "Gardens"),
        *("Abbey", "Station", "Institute", "Society", "Club"),
    ),
    "zh": (
        *("博物馆", "图书馆", "医院", "灯塔", "植物园"),
        *("气象站", "研究所", "俱乐部", "旅舍", "疗养院"),
    ),
}
_ASKED_OF: Mapping[Language, Sequence[str]] = {
    "en": (
        *("{house}: {question}", "At {house}: {question}", "About {house}: {question}"),
        *("I have a question about {house}. {question}", "{question} I mean at {house}."),
        *("{open} at {house}?", "{open} at {house}?", "{open} at {house}?"),
    ),
    "zh": ("{house}：{question}", "关于{house}，{question}", "想问问{house}的事，{question}"),
}
# List items, table rows, headings; lines of CSV.
_OWN_LINE = re.compile(r"[|#-]|\d\. |[一二三四五六七八九十]、|([^,]+,(?! )){3}")
_MOST_CHARACTERS: Mapping[Language, int] = {"en": 3600, "zh": 440}


class Passage(NamedTuple):
    title: str
    text: str


@dataclass(frozen=True)
class _Asked:
    """A filled block with what it answers now, and what may be asked of it in vain."""

    sentences: tuple[Sentence, ...]
    answered: tuple[Question, ...]
    unanswered: tuple[Question, ...]

    def only(self, texts: frozenset[str]) -> _Asked:
        """Without the questions that are not among `texts`."""
        answered = tuple(q for q in self.answered if q.text in texts)
        unanswered = tuple(q for q in self.unanswered if q.text in texts)
        return _Asked(self.sentences, answered, unanswered)


def reading_rows(
    folder: Path, language: Language, count: int, *, part: str = ".", seed: int = 0
) -> Iterator[Row]:
    """`count` rows from templates, all of which are used equally often.

    `folder` is `knowledge/reading`; `part` is the folder in it that holds a folder a language.

    Raises:
        TemplateError: a template is faulty.
    """
    rng = random.Random(f"{seed} {language}")
    templates = load_folder(folder / part / language)
    writer = _Writer(templates, language, load_words(folder, language), rng)
    golds = [(domain, block) for domain, blocks in templates.items() for block in blocks]
    rng.shuffle(golds)
    for domain, block in islice(cycle(golds), count):
        yield writer.row(domain, block)


class _Writer:
    """Makes rows of one language from one source of chance."""

    def __init__(
        self, templates: Templates, language: Language, words: Words, rng: random.Random
    ) -> None:
        self._templates = templates
        self._language: Language = language
        self._words = words
        self._rng = rng
        self._house = ""

    def row(self, domain: str, template: Block) -> Row:
        """One conversation about a filling of `template`."""
        gold, twin = self._fill(template), self._fill(template)
        named = _texts_that_differ(gold, twin)
        self._house = self._new_house() if self._rng.random() < _OF_A_HOUSE else ""
        others = _weighted(self._rng, _PASSAGES) - 1
        if self._rng.random() < _GOLD_REMOVED:
            return self._without_gold(domain, template, gold, named, others + 1)
        read = self._shortened(gold)
        passages = self._others(domain, template, others)
        clear = read.only(named)
        if others and clear.answered and self._rng.random() < _TWINS:
            passages[0] = self._passage(domain, twin, twin.sentences)
            read = clear
        passages = self._within_room(self._passage(domain, gold, read.sentences), passages)
        return self._conversation(passages, self._picked(read))

    def _without_gold(
        self, domain: str, template: Block, gold: Block, named: frozenset[str], count: int
    ) -> Row:
        """Passages that do not hold the answers; of the same domain if the questions tell apart."""
        asked = [Question(q.text, None) for q in _questions(gold)]
        clear = [q for q in asked if q.text in named]
        passages = self._others(domain if clear else "", template, count)
        return self._conversation(passages, self._rng.sample(clear or asked, 1))

    def _picked(self, read: _Asked) -> list[Question]:
        """Some questions, most of them with an answer."""
        answered, unanswered = list(read.answered), list(read.unanswered)
        picked: list[Question] = []
        for _ in range(_weighted(self._rng, _QUESTIONS)):
            in_vain = unanswered and (not answered or self._rng.random() < _UNANSWERED)
            pool = unanswered if in_vain else answered
            if pool:
                picked.append(pool.pop(self._rng.randrange(len(pool))))
        return picked

    def _new_house(self) -> str:
        kind = self._rng.choice(("town", "company", "university"))
        name = draw_name(kind, self._language, self._words, self._rng)
        if kind != "town":
            return name
        return f"{name}{SPACE[self._language]}{self._rng.choice(_HOUSES[self._language])}"

    def _fill(self, template: Block) -> Block:
        return fill(template, self._language, self._words, self._rng)

    def _shortened(self, block: Block) -> _Asked:
        """Sometimes only a run of its sentences; the others' questions then have no answer."""
        sentences = block.sentences
        if self._rng.random() < _SHORTENED and len(sentences) > 2:
            length = self._rng.randint(2, len(sentences) - 1)
            start = self._rng.randint(0, len(sentences) - length)
            sentences = sentences[start : start + length]
        text = self._text(sentences)
        answered = tuple(q for s in sentences for q in s.questions)
        dropped = (q for s in block.sentences if s not in sentences for q in s.questions)
        lost = (Question(q.text, None) for q in dropped if q.answer and q.answer not in text)
        return _Asked(sentences, answered, (*block.unanswered, *lost))

    def _others(self, domain: str, template: Block, count: int) -> list[Passage]:
        """Passages from other templates, many of them of the same domain (if there is one)."""
        found: list[Passage] = []
        while len(found) < count:
            near = domain and self._rng.random() < _SAME_DOMAIN
            where = (
                domain if near else self._rng.choice([d for d in self._templates if d != domain])
            )
            choice = self._rng.choice(self._templates[where])
            if choice is not template:
                block = self._fill(choice)
                found.append(self._passage(where, block, self._shortened(block).sentences))
        return found

    def _within_room(self, gold: Passage, others: Sequence[Passage]) -> list[Passage]:
        """The gold passage somewhere among as many others as there is room for."""
        kept, room = [gold], _MOST_CHARACTERS[self._language] - len(gold.text)
        for other in others:
            room -= len(other.text)
            if room >= 0:
                kept.append(other)
        self._rng.shuffle(kept)
        return kept

    def _passage(self, domain: str, block: Block, sentences: Sequence[Sentence]) -> Passage:
        """The text as files and search results show it: plain, with a heading, as a list."""
        rng = self._rng
        number = rng.randint(1, 30)
        title = rng.choice(
            (block.title, block.title, f"{number:02}-{domain}.md", f"{domain}.txt", str(number))
        )
        if self._house and rng.random() < 0.3:
            title = f"{self._house} {number}"
        text = self._text(sentences)
        if rng.random() < _JOINED:
            other = self._fill(rng.choice(self._templates[domain]))
            if other.title != block.title:
                text += f"\n\n## {other.title}\n\n{self._text(other.sentences[:4])}"
        if rng.random() < 0.25:
            text = f"{rng.choice(('#', '##'))} {block.title}\n\n{text}"
        return Passage(title, text)

    def _text(self, sentences: Sequence[Sentence]) -> str:
        texts = [sentence.text for sentence in sentences]
        space = SPACE[self._language]
        if any(_OWN_LINE.match(text) for text in texts):
            return "\n".join(texts)
        style = self._rng.random()
        if style < 0.08:
            return "\n".join(f"- {text}" for text in texts)
        if style < 0.2 and len(texts) > 3:
            middle = len(texts) // 2
            return space.join(texts[:middle]) + "\n\n" + space.join(texts[middle:])
        return space.join(texts)

    def _conversation(self, passages: Sequence[Passage], questions: Sequence[Question]) -> Row:
        messages: list[Message] = []
        for question in questions:
            text = self._typed(question.text)
            content = text if messages else reading_prompt(text, passages)
            answer = question.answer or NOT_FOUND[self._language]
            messages += [Message("user", content), Message("assistant", answer)]
        return tuple(messages)

    def _typed(self, question: str) -> str:
        """Some people do not bother with capitals or question marks; some name the house."""
        if self._house and self._rng.random() < 0.8:
            form = self._rng.choice(_ASKED_OF[self._language])
            open_ = question.rstrip("?？.")
            return form.format(house=self._house, question=question, open=open_)
        chance = self._rng.random()
        if chance < 0.05:
            return question.rstrip("?？")
        if chance < 0.08 and self._language == "en":
            return question[0].lower() + question[1:]
        return question


def _questions(block: Block) -> list[Question]:
    return [question for sentence in block.sentences for question in sentence.questions]


def _texts_that_differ(block: Block, twin: Block) -> frozenset[str]:
    """The questions that name something of their block: asked of the twin, they read otherwise."""
    ours = [*_questions(block), *block.unanswered]
    theirs = [*_questions(twin), *twin.unanswered]
    return frozenset(a.text for a, b in zip(ours, theirs, strict=True) if a.text != b.text)


def _weighted(rng: random.Random, weights: Mapping[int, int]) -> int:
    return rng.choices(list(weights), list(weights.values()))[0]
