"""Spreadsheets and Parquet to raw rows, in a process that may take only so much."""

from __future__ import annotations

import json

from playground.dataset.raw_rows import RawRow, RawRows
from playground.dataset.reasons import Reason, listed
from playground.errors import DatasetError, DocumentError, EncryptedFile, TableUnreadable
from playground.readers.archive import NamedFile
from playground.readers.kinds import kind_of
from playground.readers.limits import check_size
from playground.readers.process import ReadingProcess
from playground.readers.titles import title_of
from playground.types import Document

PARQUET = b"PAR1"
_WORKER = ("-m", "playground.dataset.table_worker")


class _TableProcess(ReadingProcess):
    """As for documents, but our own worker reads them."""

    def _read(self, file: NamedFile) -> Document | DocumentError:
        try:
            check_size(file.title, len(file.data))
            return self._ask(file)
        except DocumentError as error:
            return error


def is_table_file(data: bytes) -> bool:
    """True for what `read_table` reads: XLSX, XLSB, XLS, ODS (with a password or not), Parquet."""
    return data.startswith(PARQUET) or kind_of(data) in ("sheets", "encrypted")


def read_table(file: str, data: bytes) -> RawRows:
    """The rows of the first sheet with a header that is understood, or of all of Parquet.

    Raises:
        TableUnreadable: it is damaged, protected or too large.
    """
    title = title_of(file)
    if kind_of(data) == "encrypted":
        raise _unreadable(file, EncryptedFile(title=title))
    with _TableProcess(worker=_WORKER) as process:
        result = next(process.read_titled(title, data))
    if isinstance(result, DocumentError):
        raise _unreadable(file, result)
    head, *lines = result.text.split("\n")
    rows = tuple(RawRow(number, fields) for number, fields in map(json.loads, lines))
    return RawRows(rows, _container(**json.loads(head)))


def _unreadable(file: str, error: DocumentError) -> DatasetError:
    return TableUnreadable(file=file, total=0, row=0, reason=error)


def _container(sheet: str | None = None, others: tuple[str, ...] = ()) -> Reason:
    if sheet is None:
        return Reason("Parquet", "Parquet")
    if not others:
        return Reason(f"sheet {sheet!r}", f"工作表 {sheet!r}")
    names = listed(others)
    return Reason(
        f"sheet {sheet!r} (other sheets, not read: {names})",
        f"工作表 {sheet!r}（其他工作表未读取：{names}）",
    )
