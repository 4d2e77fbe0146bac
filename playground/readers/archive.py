"""Zip archives: the files inside, one by one in memory, under names that lead nowhere."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile, ZipInfo, is_zipfile

from playground.decoding import decode
from playground.errors import (
    ArchiveInArchive,
    DamagedFile,
    DocumentError,
    EncryptedFile,
    NoText,
    TooManyFiles,
)
from playground.readers import limits
from playground.readers.kinds import kind_of
from playground.readers.packed import open_packed, read_entry
from playground.readers.titles import path_title_of

_UTF8_NAME, _ENCRYPTED = 0x800, 0x1  # flags of an entry


@dataclass(frozen=True)
class NamedFile:
    """A file's content, with a title that is safe to show."""

    title: str
    data: bytes


def files_in(title: str, data: bytes) -> Iterator[NamedFile | DocumentError]:
    """`data` itself, or if it is an archive, each file inside or the reason why it cannot be had.

    Hidden files and those of macOS are left out.
    """
    if len(data) > limits.MAX_BYTES or kind_of(data) != "zip":
        yield NamedFile(title, data)
        return
    try:
        archive = open_packed(title, data)
    except DocumentError as error:
        yield error
        return
    except Exception as error:  # zipfile lets struct's and more out of broken archives
        yield DamagedFile(title=title, reason=_reason(error))
        return
    with archive:
        if len(archive.infolist()) > limits.MAX_ARCHIVE_FILES:
            yield TooManyFiles(title=title, limit=limits.MAX_ARCHIVE_FILES)
        elif not (entries := _visible(archive)):
            yield NoText(title=title)
        else:
            for inner, entry in entries.items():
                yield _unpacked(f"{title}/{inner}", archive, entry)


def _visible(archive: ZipFile) -> dict[str, ZipInfo]:
    """The entries to read by their safe paths; of the same path, the later get a number."""
    entries: dict[str, ZipInfo] = {}
    seen: Counter[str] = Counter()  # where to go on counting, for there may be thousands
    for entry in archive.infolist():
        path = path_title_of(_name(entry))
        if entry.orig_filename.endswith(("/", "\\")) or any(
            p.startswith((".", "__MACOSX")) for p in path.split("/")
        ):
            continue
        unique, (stem, ending) = path, posixpath.splitext(path)
        while unique in entries:
            seen[path] += 1
            unique = f"{stem} ({seen[path] + 1}){ending}"
        entries[unique] = entry
    return entries


def _name(entry: ZipInfo) -> str:
    """Without the flag for UTF-8, names are in whatever encoding the packing system had."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.orig_filename
    return decode(entry.orig_filename.encode("cp437")) or entry.orig_filename


def _unpacked(title: str, archive: ZipFile, entry: ZipInfo) -> NamedFile | DocumentError:
    if entry.flag_bits & _ENCRYPTED:
        return EncryptedFile(title=title)
    try:
        limits.check_size(title, entry.file_size)
        data = read_entry(archive, entry)
    except DocumentError as error:
        return error
    except Exception as error:  # a wrong checksum, an unknown method, and more
        return DamagedFile(title=title, reason=_reason(error))
    is_archive = kind_of(data) == "zip" and is_zipfile(BytesIO(data))  # no half of a Word file
    return ArchiveInArchive(title=title) if is_archive else NamedFile(title, data)


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
