"""The knowledge bases of one installation, and the work on them, for all front ends."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from playground import world
from playground.errors import BaseOutdated, DocumentError, EmbedderChanged, OverQuota
from playground.jobs import Jobs
from playground.models import FAKE, locate
from playground.quota import Quota, bytes_in
from playground.readers import title_of
from playground.retrieval import (
    Embedder,
    HashEmbedder,
    KnowledgeBase,
    Library,
    SentenceTransformerEmbedder,
    files,
)
from playground.retrieval.reranker import CrossEncoderReranker, OverlapReranker, Reranker
from playground.settings import Settings
from playground.types import Document, Language, Progress


class Bases:
    """The library, the embedder that its Settings name, and what is done in the background.

    The embedder is loaded when it is first needed. All methods may be called from any thread.
    """

    def __init__(
        self, settings: Settings, *, host: Bases | None = None, quota: Quota | None = None
    ) -> None:
        """With a `host`, it is that one's embedder, and reranker."""
        self._quota = quota
        self._settings = settings
        self._host = host
        self._loading = threading.RLock()
        self.jobs = Jobs()

    @property
    def library(self) -> Library:
        """The knowledge bases by name."""
        with self._loading:
            return self._library

    @cached_property
    def _library(self) -> Library:
        return Library(self._settings.bases_dir, self.embedder, self._reranker)

    @property
    def embedder(self) -> Embedder:
        """What turns texts into vectors, for all of them."""
        with self._loading:
            return self._embedder

    @cached_property
    def _embedder(self) -> Embedder:
        if self._host:
            return self._host.embedder
        settings = self._settings
        if settings.embedder == FAKE:
            return HashEmbedder()
        return SentenceTransformerEmbedder(
            locate(settings.embedder, settings.models_dir).path,
            name=settings.embedder,
            device=settings.device,
            dtype=settings.dtype,
            graphs_dir=None if settings.engine == "transformers" else settings.graphs_dir,
        )

    @cached_property
    def _reranker(self) -> Reranker | None:
        if self._host:
            return self._host._reranker
        settings = self._settings
        if not settings.reranker:
            return None
        if settings.reranker == FAKE:
            return OverlapReranker()
        files = locate(settings.reranker, settings.models_dir)
        return CrossEncoderReranker(files, device=settings.device)

    def prepare(self) -> Iterator[Progress]:
        """Convert the embedder for the engine that runs it, once."""
        if isinstance(self.embedder, SentenceTransformerEmbedder):
            yield from self.embedder.prepare()

    def add_world(self) -> Iterator[Progress]:
        """Index the built-in knowledge bases that are not there yet, or are empty."""
        for language, name in world.BASE_NAMES.items():
            if name in self.library.names():
                try:
                    if self.library.get(name).documents():
                        continue
                except (EmbedderChanged, BaseOutdated):  # nobody made it, so nobody must be asked
                    yield from self.library.rebuild(name)
                    continue
            folder = world.documents_dir(self._settings.world_dir, language)
            for event in self.add_paths(name, [folder]):
                if isinstance(event, DocumentError):
                    raise event
                yield event

    def beside(self, bases_dir: Path) -> Bases:
        """Others, in a folder of their own, with the embedder that is in memory."""
        made = Bases(self._settings, host=self)
        made._library = Library(bases_dir, self.embedder, self._reranker)
        return made

    def edited_world(self, language: Language) -> KnowledgeBase:
        """The built-in base as it is after every edit of its fresh questions.

        It is made when it is first needed, among the evaluations and not in the library.
        """
        with self._loading:
            name = world.BASE_NAMES[language]
            changed = world.edited(self._settings.world_dir, language)
            for event in self._edited.add_files(name, changed):
                if isinstance(event, DocumentError):
                    raise event
            return self._edited.library.get(name)

    @cached_property
    def _edited(self) -> Bases:
        return self.beside(self._settings.evaluations_dir / "edited")

    def add_documents(self, base: str, documents: Iterable[Document]) -> Iterator[files.Event]:
        """Add texts to a knowledge base, which is made if it is not there.

        Raises:
            OverQuota: that is more than a visitor may add.
        """
        documents = list(documents)
        self._check(sum(len(document.text) for document in documents))
        return files.add_documents(self.library, base, documents)

    def add_files(self, base: str, uploads: Iterable[files.File]) -> Iterator[files.Event]:
        """Add uploaded (name, content) files, as `add_documents` does; archives file by file.

        What they hold counts as text, too, and is known only once it is read.
        """
        named = [(title_of(name), data) for name, data in uploads]
        self._check(sum(len(data) for _, data in named))
        return files.add_files(self.library, base, named, admit=self._admit())

    def add_paths(self, base: str, paths: Iterable[Path]) -> Iterator[files.Event]:
        """Add files and folders of this machine, as `add_files` does."""
        paths = list(paths)
        self._check(sum(path.stat().st_size for path in paths if path.is_file()))
        return files.add_paths(self.library, base, paths, admit=self._admit())

    def add_exported(self, source: Path, *, name: str | None = None) -> str:
        """As Library.add_exported; one that turns out to be over a visitor's quota is gone again.

        Raises:
            OverQuota, and what Library.add_exported raises.
        """
        self._check(source.stat().st_size)
        added = self.library.add_exported(source, name=name)
        try:
            self._check(0)
        except OverQuota:
            self.library.delete(added)
            raise
        return added

    def _check(self, added: int) -> None:
        if self._quota:
            kept = bytes_in(self._settings.data_dir)
            self._quota.check(upload_bytes=added, folder_bytes=kept + added)

    def _admit(self) -> files.Admit | None:
        """Counts the text of one upload."""
        quota, read = self._quota, 0
        if quota is None:
            return None

        def admit(document: Document) -> None:
            nonlocal read
            read += len(document.text)
            quota.check(upload_bytes=read)

        return admit

    def watch(
        self, base: str, folder: Path, *, stop: threading.Event | None = None
    ) -> Iterator[files.Event | None]:
        """Keep a knowledge base as `folder` is; None whenever it is."""
        return files.watch(self.library, base, folder, stop=stop)

    def delete_document(self, base: str, title: str) -> None:
        """Remove the document called `title` from a knowledge base."""
        knowledge = self.library.get(base)
        knowledge.delete(*knowledge.ids_of([title]))

    def index(self, base: str, events: Iterable[files.Event]) -> None:
        """Let what `add_…` or `Library.rebuild` yields happen now; `jobs.state(base)` tells of it.

        Raises:
            BaseBusy: something is being done to the base already.
        """
        self.jobs.start(base, events)

    def rename(self, base: str, new_name: str) -> str:
        """As Library.rename; raises BaseBusy while the base is being worked on."""
        with self.jobs.idle(base):
            return self.library.rename(base, new_name)

    def delete(self, base: str) -> None:
        """As Library.delete; raises BaseBusy while the base is being worked on."""
        with self.jobs.idle(base):
            self.library.delete(base)
