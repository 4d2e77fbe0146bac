"""An adapter's files from elsewhere, copied whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

from playground.models.adapter_files import CONFIG_FILE, WEIGHTS_FILE

_MAY_BE_THERE = ("chat_template.jinja", "README.md", "training.json")
_MARK = "added"


def copy_adapter(folder: Path, target: Path) -> None:
    """Only the files that belong to an adapter, into the new folder `target`."""
    draft = target.with_name(f".{target.name}.adding")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        for name in (CONFIG_FILE, WEIGHTS_FILE, *_MAY_BE_THERE):
            if (folder / name).is_file():
                shutil.copyfile(folder / name, draft / name)
        (draft / _MARK).touch()
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def was_added(folder: Path) -> bool:
    """Whether `copy_adapter` made it."""
    return (folder / _MARK).is_file()
