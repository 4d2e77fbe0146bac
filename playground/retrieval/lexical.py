"""Words that a text is found by, for BM25 in SQLite's FTS5.

Chinese, Japanese and Korean runs are indexed as single characters and as overlapping pairs, and
asked for as pairs, since they have no spaces between words. Traditional characters are taken for
their Simplified forms.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Collection
from functools import cache

# The tokenizer "ascii" splits at ASCII other than letters and digits only. Tokens hold none of
# those, so joined by spaces they come back whole; "unicode61" would split some scripts' vowels off.
LEXICAL_TABLE = "CREATE VIRTUAL TABLE lexical USING fts5(tokens, tokenize='ascii')"
TERMS_TABLE = "CREATE VIRTUAL TABLE lexical_terms USING fts5vocab(lexical, row)"
# FTS5 scores every chunk that holds any word asked for, some microseconds each. Rare words first,
# as many are asked for as stand in so many chunks: the others say little about any of them.
MAX_SCORED = 5_000
_COMMON = 1_000  # chunks, from which on a word is counted once

_CJK = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2A6E0))
_RUNS = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
_IN_WORD = rf"[^\W_{_CJK}]"  # in scripts that part words by spaces


def index_tokens(text: str) -> list[str]:
    """The tokens that `text` is found by."""
    tokens: list[str] = []
    for run in _runs(text):
        if _IS_CJK.match(run):
            tokens.extend(run)
            tokens.extend(_pairs(run))
        else:
            tokens.append(run)
    return tokens


def query_tokens(text: str) -> list[str]:
    """The tokens to look for, each once: a single CJK character only where it stands alone."""
    tokens: list[str] = []
    for run in _runs(text):
        tokens.extend(_pairs(run) if _IS_CJK.match(run) and len(run) > 1 else [run])
    return list(dict.fromkeys(tokens))


def without(text: str, phrase: str) -> str:
    """`text` without `phrase`, in any case, unless it is part of a longer word or all there is."""
    before = rf"(?<!{_IN_WORD})" if re.match(_IN_WORD, phrase) else ""
    after = rf"(?!{_IN_WORD})" if re.match(_IN_WORD, phrase[-1:]) else ""
    rest = re.sub(rf"{before}{re.escape(phrase)}{after}", " ", text, flags=re.IGNORECASE)
    return rest if _runs(rest) else text


def insert(connection: sqlite3.Connection, chunk_id: int, text: str) -> None:
    """Make the chunk findable by its words."""
    tokens = " ".join(index_tokens(text))
    connection.execute("INSERT INTO lexical (rowid, tokens) VALUES (?, ?)", (chunk_id, tokens))


def search(
    connection: sqlite3.Connection,
    query: str,
    *,
    limit: int,
    documents: Collection[str] | None = None,
    common: dict[str, int] | None = None,
) -> list[tuple[int, float]]:
    """(chunk id, BM25 score) of the chunks with any word of `query`, best first.

    Of all documents, or of those with these ids. FTS5's bm25() is lower for better matches; the
    sign is turned so that higher is better. `common` keeps what is known of common words from one
    search to the next: counting them takes longest in a large base.
    """
    tokens = _telling(connection, query_tokens(query), {} if common is None else common)
    if not tokens:
        return []
    match = " OR ".join(f'"{token}"' for token in tokens)  # no token can hold a quote
    of_documents = ""
    if documents is not None:
        of_documents = (
            " AND rowid IN (SELECT id FROM chunks WHERE document_id IN"
            " (SELECT value FROM json_each(?)))"
        )
    return connection.execute(
        "SELECT rowid, -bm25(lexical) AS score FROM lexical WHERE lexical MATCH ?"
        f"{of_documents} ORDER BY score DESC, rowid LIMIT ?",
        (match, *([] if documents is None else [json.dumps(list(documents))]), limit),
    ).fetchall()


def _telling(
    connection: sqlite3.Connection, tokens: list[str], common: dict[str, int]
) -> list[str]:
    """Those of `tokens` that are there and worth asking for, the rarest first."""
    counted = ((_count(connection, token, common), token) for token in tokens)
    chosen: list[str] = []
    scored = 0
    for count, token in sorted(pair for pair in counted if pair[0]):
        scored += count
        if chosen and scored > MAX_SCORED:
            break
        chosen.append(token)
    return chosen


def _count(connection: sqlite3.Connection, token: str, common: dict[str, int]) -> int:
    """How many chunks hold it."""
    if token in common:
        return common[token]
    row = connection.execute("SELECT doc FROM lexical_terms WHERE term = ?", (token,)).fetchone()
    count = row[0] if row else 0
    if count >= _COMMON:
        common[token] = count
    return count


def _runs(text: str) -> list[str]:
    """Stretches of CJK characters, and words and numbers of other scripts, in lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _RUNS.findall(folded.translate(_simplified()) if _IS_CJK.search(folded) else folded)


@cache
def _simplified() -> dict[int, str]:
    """Traditional character -> Simplified, one by one: what stands around must not matter."""
    from opencc import OpenCC

    characters = [chr(code) for first, end in _HAN for code in range(first, end)]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, converted, strict=True)
    return {ord(character): simple for character, simple in pairs if character != simple}


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
