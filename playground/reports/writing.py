"""A report in any of its formats, as bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from playground.reports.markdown import markdown
from playground.reports.page import page
from playground.reports.report import Report
from playground.reports.sheet import sheet
from playground.types import Language

Form = Literal["html", "md", "csv"]
_WRITERS: Mapping[Form, tuple[Callable[[Report, Language], str], str]] = MappingProxyType(
    {
        "html": (page, "utf-8"),
        "md": (markdown, "utf-8"),
        "csv": (sheet, "utf-8-sig"),  # without its mark, Excel garbles Chinese
    }
)
FORMS = tuple(_WRITERS)


def write(report: Report, form: Form, language: Language) -> bytes:
    """`report` as the content of a file."""
    made, encoding = _WRITERS[form]
    return made(report, language).encode(encoding, "replace")
