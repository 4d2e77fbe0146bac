"""Documents in memory, as long as they are only read whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from playground.types import Document, Source


@dataclass(frozen=True)
class Shelf:
    """What long-context needs of a knowledge base, without an index."""

    documents: Sequence[Document]

    @property
    def chunk_count(self) -> int:
        return 0

    def whole_documents(self) -> tuple[Source, ...]:
        return tuple(
            Source(document.title, document.title, document.text, 0, len(document.text))
            for document in self.documents
        )

    def ids_of(self, titles: Iterable[str]) -> tuple[str, ...]:
        return tuple(titles)

    def search(
        self,
        query: str,
        *,
        top_k: int,
        min_score: float | None,
        documents: Collection[str] | None,
    ) -> tuple[Source, ...]:
        """There is no index, so nothing is found."""
        return ()
