"""The table of modes. To add one: a `prepare` function in a file here, and a line below."""

from playground.modes.base import Inquiry, Mode, closed_book
from playground.modes.long_context import whole_documents
from playground.modes.options import AskOptions
from playground.modes.oracle import gold_passages
from playground.modes.rag import retrieved_passages

__all__ = ["DEFAULT_MODES", "EXAM_MODES", "MODES", "AskOptions", "Inquiry", "Mode"]

_TABLE = (
    Mode("base", closed_book, needs_knowledge=False, tuned=False),
    Mode("long-context", whole_documents, needs_knowledge=True, tuned=False),
    Mode("rag", retrieved_passages, needs_knowledge=True, tuned=False),
    Mode("lora", closed_book, needs_knowledge=False, tuned=True),
    Mode("long-context+lora", whole_documents, needs_knowledge=True, tuned=True),
    Mode("rag+lora", retrieved_passages, needs_knowledge=True, tuned=True),
)
MODES = {mode.id: mode for mode in _TABLE}
# Those of which only an exam makes sense, for they need to know where the answer stands.
_EXAM_TABLE = (
    Mode("oracle", gold_passages, needs_knowledge=True, tuned=False, needs_gold=True),
    Mode("oracle+lora", gold_passages, needs_knowledge=True, tuned=True, needs_gold=True),
)
EXAM_MODES = {mode.id: mode for mode in (*_TABLE, *_EXAM_TABLE)}
DEFAULT_MODES = ("base", "long-context", "rag", "lora")
