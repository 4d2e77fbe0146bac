"""Files and folders of this machine, for front ends whose user may read them anyway."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from playground.errors import DocumentError, FileTooLarge, FileUnreadable
from playground.readers.registry import MAX_BYTES, read
from playground.readers.titles import title_of
from playground.types import Document


def read_file(path: Path) -> Document:
    """The document in the file at `path`.

    Raises:
        DocumentError: the file cannot be opened, or what is in it cannot be read.
    """
    title = title_of(path.name)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            limit = MAX_BYTES // 1_000_000
            raise FileTooLarge(title=title, megabytes=size // 1_000_000, limit=limit)
        data = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(title=title, reason=error.strerror or str(error)) from error
    return read(path.name, data)


def read_folder(path: Path) -> Iterator[Document | DocumentError]:
    """Every file under `path` but hidden ones, in the order of their names.

    A file that cannot be read comes as its error, so that the others still come. Titles are
    paths from `path` on, so that files of the same name in different folders stay apart.

    Raises:
        FileUnreadable: `path` is not a folder.
    """
    if not path.is_dir():
        raise FileUnreadable(title=str(path), reason="not a folder")
    for file in _visible_files(path):
        try:
            document = read_file(file)
        except DocumentError as error:
            yield error
        else:
            folders = [title_of(part) for part in file.relative_to(path).parts[:-1]]
            yield replace(document, title="/".join([*folders, document.title]))


def _visible_files(path: Path) -> Iterator[Path]:
    for folder, subfolders, names in os.walk(path):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))
