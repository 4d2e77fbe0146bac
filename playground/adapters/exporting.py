"""An adapter as one file to keep or to give away: a zip of its folder."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from playground.errors import OutputUnwritable
from playground.models.adapter_files import CONFIG_FILE, WEIGHTS_FILE
from playground.types import Adapter

_CHECKED = (CONFIG_FILE, WEIGHTS_FILE)  # by read_adapter
# Of PEFT, of tokenizers and of papers. Checkpoints, pickles and scripts are nobody else's business.
_SUFFIXES = (".json", ".jinja", ".md", ".model", ".safetensors", ".txt")
_NAMES = ("LICENSE", "NOTICE")
_DATE = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip
_MODE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True)
class Contents:
    """What of an adapter's folder is given away, and the names of what is not."""

    files: tuple[Path, ...]
    left_out: tuple[str, ...]


def contents_of(adapter: Adapter) -> Contents:
    """The files of `adapter` that others can use, by name."""
    there = sorted(adapter.path.iterdir(), key=lambda file: file.name)
    files = tuple(file for file in there if _is_given_away(file))
    given = {file.name for file in files}
    return Contents(files, tuple(file.name for file in there if file.name not in given))


def write_zip(adapter: Adapter, target: Path) -> tuple[str, ...]:
    """Write `adapter` to the file `target` as a folder of its name; unpacked, it can be used.

    Returns the names of files that were left out.

    Raises:
        OutputUnwritable.
    """
    contents = contents_of(adapter)
    with whole_file(target) as part, ZipFile(part, "w") as archive:
        for file in contents.files:
            entry = ZipInfo(f"{adapter.name}/{file.name}", _DATE)
            entry.create_system, entry.external_attr = _UNIX, _MODE
            entry.file_size = file.stat().st_size
            packs = file.suffix != ".safetensors"  # weights hardly do
            entry.compress_type = ZIP_DEFLATED if packs else ZIP_STORED
            with file.open("rb") as source, archive.open(entry, "w") as packed:
                shutil.copyfileobj(source, packed)
    return contents.left_out


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A file to write that becomes `target` once the block has ended well.

    Raises:
        OutputUnwritable.
    """
    part = target.with_name(f"{target.name}.{uuid.uuid4().hex}.part")
    try:
        yield part
        os.replace(part, target)
    except OSError as error:
        raise OutputUnwritable(path=target, reason=error.strerror or error) from error
    finally:
        part.unlink(missing_ok=True)


def _is_given_away(file: Path) -> bool:
    if not file.is_file() or file.name.startswith("."):
        return False
    if file.is_symlink():  # else a folder from elsewhere could give away any file of this machine
        return file.name in _CHECKED
    return file.suffix in _SUFFIXES or file.name in _NAMES
