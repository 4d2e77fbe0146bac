"""Files and folders of this machine, for front ends whose user may read them anyway."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from playground.errors import ArchiveNotOneDocument, DocumentError, FileUnreadable
from playground.readers.limits import MAX_BYTES, check_size
from playground.readers.process import ReadingProcess
from playground.readers.titles import path_title_of, title_of
from playground.types import Document


def read_file(path: Path) -> Document:
    """The document in the file at `path`.

    Raises:
        DocumentError: the file cannot be opened, or what is in it cannot be read.
    """
    with ReadingProcess() as process:
        documents = list(_read(process, path, title_of(path.name)))
    if len(documents) != 1:
        raise ArchiveNotOneDocument(title=title_of(path.name))
    if isinstance(documents[0], DocumentError):
        raise documents[0]
    return documents[0]


def read_folder(path: Path) -> Iterator[Document | DocumentError]:
    """Every file under `path` but hidden ones, in the order of their names.

    A file that cannot be read comes as its error, so that the others still come. Titles are
    paths from `path` on, so that files of the same name in different folders stay apart.

    Raises:
        FileUnreadable: `path` is not a folder.
    """
    with ReadingProcess() as process:
        for file in visible_files(path):
            yield from _read(process, file, title_within(path, file))


def read_bytes(path: Path, title: str) -> bytes:
    """The content of the file at `path`, which errors call `title`.

    Raises:
        FileUnreadable, FileTooLarge: it cannot be had.
    """
    try:
        if path.exists() and not path.is_file():  # reading a pipe or a device may never end
            raise FileUnreadable(title=title, reason="not a regular file")
        check_size(title, path.stat().st_size)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # some files are larger than they say
    except OSError as error:
        raise FileUnreadable(title=title, reason=error.strerror or str(error)) from error
    check_size(title, len(data))
    return data


def visible_files(path: Path) -> Iterator[Path]:
    """The regular files under the folder `path` but hidden ones, in the order of their names.

    Links are not followed out of the folder, nor into other folders of it, which come anyway.

    Raises:
        FileUnreadable: `path` is not a folder.
    """
    if not path.is_dir():
        raise FileUnreadable(title=str(path), reason="not a folder")
    root = path.resolve()
    for folder, subfolders, names in os.walk(path):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for file in (Path(folder, name) for name in sorted(names) if not name.startswith(".")):
            if file.is_file() and file.resolve().is_relative_to(root):
                yield file


def title_within(folder: Path, file: Path) -> str:
    """The title of `file` as a document of `folder`: its path from there on, with slashes."""
    return path_title_of(file.relative_to(folder).as_posix())


def _read(process: ReadingProcess, path: Path, title: str) -> Iterator[Document | DocumentError]:
    try:
        yield from process.read_titled(title, read_bytes(path, title))
    except DocumentError as error:
        yield error
