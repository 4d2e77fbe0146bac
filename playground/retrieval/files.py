"""Files, folders and archives into a base: what has not changed is not read again."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from playground.errors import DocumentError
from playground.readers import ReadingProcess, read_bytes, title_within, visible_files
from playground.retrieval.knowledge_base import KnowledgeBase
from playground.retrieval.library import Library
from playground.types import Document, Progress

_LOOK_SECONDS = 5  # between two looks at a watched folder, in case nobody tells of changes

File = tuple[str, bytes]
Event = Progress | DocumentError
Admit = Callable[[Document], object]


def add_documents(
    library: Library,
    name: str,
    documents: Iterable[Document | DocumentError],
    *,
    admit: Admit | None = None,
) -> Iterator[Event]:
    """Add to the base `name`, which is made if it is not there.

    A document that could not be read is passed on as its error; the others are added. `admit` is
    called with each document that was read; if it raises, none is added.
    """
    good: list[Document] = []
    for document in documents:
        if isinstance(document, DocumentError):
            yield document
        else:
            if admit:
                admit(document)
            good.append(document)
            yield Progress("read", document.title, len(good))
    if good:
        known = name in library.names()
        yield from (library.get if known else library.create)(name).add(good)


def add_files(
    library: Library,
    name: str,
    files: Iterable[File | DocumentError],
    *,
    admit: Admit | None = None,
) -> Iterator[Event]:
    """Add (title, content) files and the files in archives among them, as `add_documents` does.

    A file that is there already, with the same bytes, is not read again.
    """
    known = _file_hashes(library.get(name)) if name in library.names() else {}
    yield from add_documents(library, name, _read(files, known, origin=None), admit=admit)


def add_paths(
    library: Library, name: str, paths: Iterable[Path], *, admit: Admit | None = None
) -> Iterator[Event]:
    """Add files, and all visible files of folders, as `add_files` does."""
    yield from add_files(library, name, _files(paths), admit=admit)


class Mirror:
    """Keeps a base as a folder is: files that change, come and go do so in the base, too."""

    def __init__(self, library: Library, name: str, folder: Path) -> None:
        self._library = library
        self._name = name
        self._folder = folder
        self._origin = str(folder.resolve())
        self._seen: dict[str, tuple[int, int]] = {}

    def sync(self) -> Iterator[Event]:
        """Take over what has changed since the last time, or since the base was made.

        A file that cannot be read any more leaves its document as it was.

        Raises:
            FileUnreadable: the folder is gone.
        """
        files = {title_within(self._folder, file): file for file in visible_files(self._folder)}
        stamps = {title: stamp for title, file in files.items() if (stamp := _stamp(file))}
        base = self._library.get(self._name) if self._name in self._library.names() else None
        gone = [title for title in self._mirrored(base) if not _file_of(title, files)]
        changed = {title for title in files if stamps.get(title) != self._seen.get(title)}
        if base and gone:
            base.delete(*base.ids_of(gone))
            # One text is one document: what is gone may have stood for another file, too.
            changed |= files.keys() - {info.title for info in base.documents()}
        self._seen = stamps
        if changed:
            yield from self._add({title: files[title] for title in sorted(changed)}, base)

    def _add(self, files: dict[str, Path], base: KnowledgeBase | None) -> Iterator[Event]:
        """Read and index `files`, and remove what was in those that are archives and is not now."""
        before = [title for title in self._mirrored(base) if _file_of(title, files)]
        known = _file_hashes(base) if base else {}
        read = list(_read(map(_opened, files, files.values()), known, origin=self._origin))
        yield from add_documents(self._library, self._name, read)
        titles = {document.title for document in read if isinstance(document, Document)}
        replaced = {_file_of(title, files) for title in titles}
        left = [t for t in before if t not in titles and _file_of(t, files) in replaced]
        if base and (gone := {info.title for info in base.documents()} & set(left)):
            base.delete(*base.ids_of(gone))

    def _mirrored(self, base: KnowledgeBase | None) -> list[str]:
        """The titles of the base's documents that come from this folder."""
        listed = base.documents() if base else ()
        return [info.title for info in listed if info.origin == self._origin]


def watch(
    library: Library, name: str, folder: Path, *, stop: threading.Event | None = None
) -> Iterator[Event | None]:
    """Keep the base `name` as `folder` is until `stop`; None when all is taken over.

    Raises:
        FileUnreadable: the folder is not there, or is gone.
    """
    import watchfiles

    mirror = Mirror(library, name, folder)
    yield from mirror.sync()
    yield None
    for _ in watchfiles.watch(
        folder,
        watch_filter=None,
        stop_event=stop,
        rust_timeout=_LOOK_SECONDS * 1000,
        yield_on_timeout=True,
        raise_interrupt=True,
    ):
        changed = False
        for event in mirror.sync():
            changed = True
            yield event
        if changed:
            yield None


def _read(
    files: Iterable[File | DocumentError], known: dict[str, str | None], *, origin: str | None
) -> Iterator[Document | DocumentError]:
    """What is in those `files` whose content is not the `known` one, by title and hash."""
    with ReadingProcess() as process:
        for file in files:
            if isinstance(file, DocumentError):
                yield file
                continue
            title, data = file
            file_hash = hashlib.sha256(data).hexdigest()
            if known.get(title) == file_hash:
                continue
            for document in process.read_titled(title, data):
                if isinstance(document, DocumentError):
                    yield document
                else:
                    yield replace(document, file_hash=file_hash, origin=origin)


def _files(paths: Iterable[Path]) -> Iterator[File | DocumentError]:
    for path in paths:
        if path.is_dir():
            for file in visible_files(path):
                yield _opened(title_within(path, file), file)
        else:
            yield _opened(title_within(path.parent, path), path)


def _opened(title: str, path: Path) -> File | DocumentError:
    try:
        return title, read_bytes(path, title)
    except DocumentError as error:
        return error


def _file_hashes(base: KnowledgeBase) -> dict[str, str | None]:
    return {info.title: info.file_hash for info in base.documents()}


def _file_of(title: str, files: Container[str]) -> str | None:
    """Which of `files` the document is from: that of its title, or the archive that it was in."""
    while title not in files:
        title, slash, _ = title.rpartition("/")
        if not slash:
            return None
    return title


def _stamp(file: Path) -> tuple[int, int] | None:
    """What changes when a file does; None if it is gone by now."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
