"""Files to documents: one reader a format, chosen by content."""

from playground.readers.files import (
    read_bytes,
    read_file,
    read_folder,
    title_within,
    visible_files,
)
from playground.readers.limits import MAX_BYTES
from playground.readers.process import ReadingProcess
from playground.readers.registry import READERS, Reader, read, read_all, supported_suffixes
from playground.readers.titles import title_of

__all__ = [
    "MAX_BYTES",
    "READERS",
    "Reader",
    "ReadingProcess",
    "read",
    "read_all",
    "read_bytes",
    "read_file",
    "read_folder",
    "supported_suffixes",
    "title_of",
    "title_within",
    "visible_files",
]
