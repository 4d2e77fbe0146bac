"""Training data: any file to rows, checked one by one, and rows to files."""

from playground.dataset.mapping import Columns, Mapping, columns_of
from playground.dataset.reasons import Reason
from playground.dataset.rows import Dataset, Problem, Row, load, split

__all__ = [
    "Columns",
    "Dataset",
    "Mapping",
    "Problem",
    "Reason",
    "Row",
    "columns_of",
    "load",
    "split",
]
