"""Keeps libraries' progress bars off the terminal; front ends draw their own."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def no_progress_bars() -> Iterator[None]:
    """No new tqdm bars inside the block. Transformers' GGUF loader heeds no other setting."""
    original = tqdm.__init__
    tqdm.__init__ = functools.partialmethod(original, disable=True)  # type: ignore[method-assign]
    try:
        yield
    finally:
        tqdm.__init__ = original
