"""An adapter's folder under another name, which its papers know."""

from __future__ import annotations

import json
import re
from pathlib import Path

RECORD_FILE = "training.json"
CARD_FILE = "README.md"


def rename_folder(folder: Path, target: Path) -> None:
    """Rename `folder` to `target`, which lies beside it.

    The papers are drafted first, so that a full disk stops it before anything has changed.

    Raises:
        OSError.
    """
    papers = [name for name in (RECORD_FILE, CARD_FILE) if (folder / name).is_file()]
    drafts = {f".{name}.new": name for name in papers}
    try:
        for draft, name in drafts.items():
            paper = (folder / name).read_bytes()
            (folder / draft).write_bytes(_renamed(paper, folder.name, target.name))
        folder.rename(target)
        for draft, name in drafts.items():
            (target / draft).replace(target / name)
    finally:
        for draft in drafts:
            (folder / draft).unlink(missing_ok=True)


def _renamed(paper: bytes, old: str, new: str) -> bytes:
    """With another name in training.json, or another title, where card.py writes them."""
    name, title = json.dumps(old, ensure_ascii=False), f"# {old}"
    for now, then in ((f'  "name": {name},', f'  "name": "{new}",'), (title, f"# {new}")):
        line = rb"^" + re.escape(now.encode()) + rb"(?=\r?$)"
        paper = re.sub(line, then.encode().replace(b"\\", rb"\\"), paper, count=1, flags=re.M)
    return paper
