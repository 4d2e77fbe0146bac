"""Zip files that are opened only if they unpack to a bounded size."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from playground.errors import TooManyFiles, UnpacksToTooMuch
from playground.readers import limits
from playground.readers.kinds import has_too_many_entries


def open_packed(title: str, data: bytes) -> ZipFile:
    """The zip in `data`, which unpacks to a bounded size if its entries are as large as stated.

    Raises:
        TooManyFiles, UnpacksToTooMuch: it exceeds the limits. BadZipFile: it is damaged.
    """
    if has_too_many_entries(data):
        raise TooManyFiles(title=title, limit=limits.MAX_ZIP_ENTRIES)
    archive = ZipFile(BytesIO(data))
    unpacked = sum(entry.file_size for entry in archive.infolist())
    ratio = unpacked // max(1, len(data))
    is_bomb = ratio > limits.MAX_UNPACKED_RATIO and unpacked > limits.MIN_BYTES_FOR_RATIO
    if is_bomb or unpacked > limits.MAX_UNPACKED_BYTES:
        raise UnpacksToTooMuch(
            title=title,
            megabytes=unpacked // 1_000_000,
            ratio=ratio,
            limit=limits.MAX_UNPACKED_BYTES // 1_000_000,
            ratio_limit=limits.MAX_UNPACKED_RATIO,
        )
    return archive


def read_entry(archive: ZipFile, entry: ZipInfo) -> bytes:
    """The bytes of `entry`, never more than it states, however much its data unpack to.

    Raises:
        BadZipFile: it is damaged, states a wrong size, or is packed in an unusual way.
    """
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # LZMA may ask for any memory
        raise BadZipFile(f"compression method {entry.compress_type}")
    with archive.open(entry) as file:
        return file.read(entry.file_size)
