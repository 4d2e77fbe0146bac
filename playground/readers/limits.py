"""How much is read at most, so that no file takes all memory or goes on for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from playground.errors import FileTooLarge, TooMuchText

MAX_BYTES = 50_000_000  # of a file, packed or not
MAX_TEXT_CHARACTERS = 50_000_000  # of a document
MAX_UNPACKED_BYTES = 300_000_000  # of an archive, or of an Office file, with all that is in it
MAX_UNPACKED_RATIO = 200  # to the packed size; logs and tables stay below 50, bombs reach 1,000
MIN_BYTES_FOR_RATIO = 10_000_000  # below, any ratio is harmless
MAX_ARCHIVE_FILES = 10_000
MAX_ZIP_ENTRIES = 100_000  # of any zip, with the files and folders inside stored inner zips
READ_SECONDS = 30.0  # for one document
READ_MEMORY_BYTES = 2_000_000_000  # of the process that reads


def check_size(title: str, size: int) -> None:
    """
    Raises:
        FileTooLarge: `size` bytes are more than are read.
    """
    if size > MAX_BYTES:
        megabytes, limit = size // 1_000_000, MAX_BYTES // 1_000_000
        raise FileTooLarge(title=title, megabytes=megabytes, limit=limit)


def bounded(title: str, parts: Iterable[str]) -> Iterator[str]:
    """`parts` as they come, so that no more is made of a document than fits.

    Raises:
        TooMuchText: they are longer than a document may be.
    """
    characters = 0
    for part in parts:
        characters += len(part)
        if characters > MAX_TEXT_CHARACTERS:
            raise TooMuchText(title=title, limit=MAX_TEXT_CHARACTERS)
        yield part
