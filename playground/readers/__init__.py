"""Files to documents: one reader a format, chosen by content."""

from playground.readers.files import read_file, read_folder
from playground.readers.registry import MAX_BYTES, READERS, Reader, read, supported_suffixes
from playground.readers.titles import title_of

__all__ = [
    "MAX_BYTES",
    "READERS",
    "Reader",
    "read",
    "read_file",
    "read_folder",
    "supported_suffixes",
    "title_of",
]
