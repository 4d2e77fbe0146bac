"""Which of our two languages a text is in."""

from __future__ import annotations

import re

from playground.types import Language

_HAN = re.compile(r"[\u3400-\u9fff]")


def language_of(text: str) -> Language:
    """Chinese if there is a Han character in `text`, else English."""
    return "zh" if _HAN.search(text) else "en"
