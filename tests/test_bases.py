"""What front ends do with knowledge bases, also in the background."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from playground.bases import Bases
from playground.errors import BaseBusy, EmbedderChanged
from playground.jobs import Event, JobState
from playground.retrieval import HashEmbedder, Library
from playground.settings import Settings
from playground.types import Document, Progress
from playground.world import BASE_NAMES

PATIENCE = 10.0


def _finished(bases: Bases) -> JobState:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        state = bases.jobs.state("notes")
        if state and state.done:
            return state
        time.sleep(0.01)
    raise AssertionError("the job did not end")


@pytest.fixture
def bases(tmp_path) -> Bases:
    return Bases(Settings(model="fake", embedder="fake", data_dir=tmp_path))


def test_a_base_is_indexed_in_the_background(bases):
    documents = [Document("kettle.md", "The kettle is orange.")]
    bases.index("notes", bases.add_documents("notes", documents))
    assert _finished(bases).stored == 1
    (found,) = bases.library.get("notes").search("kettle")
    assert found.title == "kettle.md"


def test_a_base_that_is_worked_on_is_neither_renamed_nor_deleted(bases):
    bases.library.create("notes")
    end = threading.Event()

    def wait() -> Iterator[Event]:
        yield Progress("read", "a", 1)
        end.wait(PATIENCE)

    bases.index("notes", wait())
    with pytest.raises(BaseBusy):
        bases.rename("notes", "x")
    with pytest.raises(BaseBusy):
        bases.delete("notes")
    end.set()
    _finished(bases)
    assert bases.rename("notes", " my   notes ") == "my notes"
    assert bases.rename("my notes", "my notes") == "my notes"
    bases.delete("my notes")
    assert bases.library.names() == ()


def test_a_base_of_another_embedder_is_rebuilt_in_the_background(bases, tmp_path):
    before = Library(tmp_path / "knowledge", HashEmbedder(dimension=64))
    list(before.create("notes").add([Document("kettle.md", "The kettle is orange.")]))
    with pytest.raises(EmbedderChanged):
        bases.library.get("notes")
    bases.index("notes", bases.library.rebuild("notes"))
    assert _finished(bases).failure is None
    assert len(bases.library.get("notes").documents()) == 1


def test_built_in_bases_are_rebuilt_for_another_embedder_without_being_asked(bases, tmp_path):
    list(bases.add_world())
    assert list(bases.add_world()) == []
    other = Bases(Settings(model="fake", embedder="fake", data_dir=tmp_path))
    other.__dict__["_embedder"] = HashEmbedder(dimension=64)
    assert list(other.add_world()) != []
    for name in BASE_NAMES.values():
        assert other.library.get(name).documents()
    list(other.library.create("mine").add([Document("a.txt", "Tea.")]))
    assert list(other.add_world()) == []


def test_an_empty_built_in_base_is_filled(bases):
    bases.library.create(BASE_NAMES["en"])
    list(bases.add_world())
    assert len(bases.library.get(BASE_NAMES["en"]).documents()) == 16
