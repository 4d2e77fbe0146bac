"""The values that cross rooms: frozen, typed, and without behaviour beyond derived figures."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Language = Literal["en", "zh"]
Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length"]
Outcome = Literal["answered", "not-in-knowledge"]
TextFormat = Literal["plain", "markdown", "csv"]


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True)
class Progress:
    """One report of long work. `step` is a fixed word that front ends translate.

    `done` and `total` count in the step's own unit (bytes, tensors, chunks); `total` is None
    while it is not known.
    """

    step: Literal[
        "download", "convert", "read", "embed", "store", "index", "ask", "encode", "load", "try"
    ]
    subject: str
    done: int
    total: int | None = None


@dataclass(frozen=True)
class Document:
    """A text that was read from somewhere.

    `page_starts` holds the character offset at which each page (or slide) begins; it is empty for
    formats without pages. `format` says what the text's lines mean: headings and tables as in
    Markdown, one row each behind a first one with the columns' names ("csv"), or nothing ("plain").
    Where they are known, `file_hash` is of the bytes that it was read from, and `origin` the
    folder that it mirrors a file of.
    """

    title: str
    text: str
    page_starts: tuple[int, ...] = ()
    format: TextFormat = "markdown"
    file_hash: str | None = None
    origin: str | None = None

    def page_of(self, offset: int) -> int | None:
        """The page (from 1) that holds the character at `offset`, None without pages."""
        return bisect_right(self.page_starts, offset) or None

    @property
    def pages_without_text(self) -> tuple[int, ...]:
        """The pages (from 1) that hold no text, as scanned ones do."""
        ends = (*self.page_starts[1:], len(self.text))
        pages = enumerate(zip(self.page_starts, ends, strict=False), start=1)
        return tuple(page for page, (start, end) in pages if not self.text[start:end].strip())


@dataclass(frozen=True)
class DocumentInfo:
    """A document of a knowledge base without its text. `pages` is None for formats without.

    `added_at` is in seconds since 1970, UTC. `origin` is the watched folder that it comes from.
    """

    id: str
    title: str
    characters: int
    tokens: int
    chunks: int
    pages: int | None
    pages_without_text: tuple[int, ...]
    added_at: float
    file_hash: str | None = None
    origin: str | None = None


@dataclass(frozen=True)
class Source:
    """A passage that stood in a prompt, with where it came from and why it was chosen.

    `start` and `end` are character offsets in the document's text. `score` is the fused score
    that ranked it, `dense_score` its cosine to the question; `lexical_score` (BM25, higher is
    better) is None where no word was found, `rerank_score` where no reranker ordered the passages.
    Whole documents have no scores. `headings` are those
    that the passage stands under, `table_head` names the columns of the rows that it begins with.
    """

    document_id: str
    title: str
    text: str
    start: int
    end: int
    page: int | None = None
    score: float | None = None
    dense_score: float | None = None
    lexical_score: float | None = None
    rerank_score: float | None = None
    headings: str = ""
    table_head: str = ""

    @property
    def passage(self) -> str:
        """The text as it is read: rows of a table behind what their columns are."""
        return f"{self.table_head}\n{self.text}" if self.table_head else self.text


@dataclass(frozen=True)
class Edit:
    """A change to one document's file: `find`, which stands there once, becomes `replace`."""

    document: str
    find: str
    replace: str

    def apply(self, raw: str) -> str:
        """The file's text after the change."""
        return raw.replace(self.find, self.replace)


@dataclass(frozen=True)
class Question:
    """A question with what counts as right.

    `answers` are accepted short answers, of which a right one contains one: none for
    unanswerable questions, and where nobody knows; for style, phrases of the house. `options` are
    for multiple choice, with `answers[0]` among them. `reference` is a whole answer.

    `documents` are the titles of those that hold the answer. The built-in facts say where: their
    `answers[0]` stands in the document's text at characters `start` to `end`, of a fresh question
    after its `edit`.
    """

    id: str
    language: Language
    kind: str
    question: str
    answers: tuple[str, ...]
    documents: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None
    options: tuple[str, ...] = ()
    edit: Edit | None = None
    reference: str | None = None

    @property
    def document(self) -> str | None:
        """The one that holds the answer, or the first of them."""
        return self.documents[0] if self.documents else None


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen. `temperature` 0 is greedy."""

    max_tokens: int = 256
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    stop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Adapter:
    """A trained LoRA adapter: PEFT files in `path`, made for `base_model`.

    What its training took is None for adapters from elsewhere. One that is not `is_local` is a
    tuned model of a server, known by its id alone.
    """

    name: str
    path: Path
    base_model: str
    r: int
    training_rows: int | None = None
    training_seconds: float | None = None
    is_local: bool = True


@dataclass(frozen=True)
class Prompt:
    """What a mode asks the engine: the messages, and what was put into and left out of them.

    With the outcome "not-in-knowledge" there is nothing to ask. `passages` is how many there are
    where `sources` are some of them.
    """

    messages: tuple[Message, ...]
    sources: tuple[Source, ...] = ()
    left_out_tokens: int = 0
    outcome: Outcome = "answered"
    passages: int | None = None


@dataclass(frozen=True)
class Reading:
    """How many of a prompt's tokens a model has read so far, those from its cache included.

    `cached_tokens` are the latter. `seconds_left` is until it has read them all, None where that
    cannot be told yet.
    """

    read_tokens: int
    prompt_tokens: int
    cached_tokens: int = 0
    seconds_left: float | None = None


@dataclass(frozen=True)
class Delta:
    """A piece of an answer's text, as it is produced; `reasoning` is what was thought aloud."""

    text: str
    reasoning: str = ""


@dataclass(frozen=True)
class Finish:
    """An engine's last word: why it stopped, and its own count of the tokens.

    `cached_tokens` is the part of `prompt_tokens` that was taken from the prefix cache. Where a
    server does not count, all is estimated.
    """

    reason: FinishReason
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0
    is_estimated: bool = False


# What an engine gives while it answers: Readings, then Deltas, then one Finish.
Streamed = Reading | Delta | Finish


@dataclass(frozen=True)
class Score:
    """How likely a model finds a text: the sum of its tokens' natural log-probabilities."""

    logprob: float
    tokens: int

    @property
    def per_token(self) -> float:
        """The mean log-probability of a token; that of no text is -inf."""
        return self.logprob / self.tokens if self.tokens else -math.inf


@dataclass(frozen=True)
class Metrics:
    """What one answer cost. All times are wall-clock seconds from when the question was sent.

    `time_to_first_token` includes `prepare_seconds` (retrieval, packing) and any wait for the
    engine. `tokens_per_second` is (completion_tokens - 1) / (end - first token), None for
    answers of fewer than two tokens. `is_estimated` says that the tokens are.
    """

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    left_out_tokens: int
    prepare_seconds: float
    time_to_first_token: float
    tokens_per_second: float | None
    total_seconds: float
    is_estimated: bool = False


@dataclass(frozen=True)
class Answer:
    """A finished answer of one mode, with its sources and its cost.

    `outcome` says whether there is an answer at all: nothing may have been found that fits, or
    the model may have said so. `removed_citations` were numbers that point to none of `sources`.
    `chosen` is the place of the likeliest of a question's options, in evaluations that ask for it.
    `reasoning` is what the model thought aloud before it answered.
    """

    mode: str
    text: str
    finish_reason: FinishReason
    sources: tuple[Source, ...]
    metrics: Metrics
    outcome: Outcome = "answered"
    removed_citations: int = 0
    chosen: int | None = None
    reasoning: str = ""
