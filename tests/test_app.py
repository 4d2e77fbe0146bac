"""The facade: one model in memory whoever asks first, names looked up, files added one by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from playground.answering import Failure
from playground.app import Playground
from playground.errors import AdapterError, DocumentError, EmptyQuestion, NoModeChosen, UnknownName
from playground.modes import AskOptions
from playground.settings import Settings
from playground.types import Answer


@pytest.fixture
def playground(tmp_path):
    return Playground(
        Settings(
            model="fake", embedder="fake", data_dir=tmp_path / "data", adapters_dir=tmp_path / "a"
        )
    )


def ask(playground, question="What is red?", **more):
    return dict(playground.compare(question, **more))


def test_threads_that_come_at_once_share_one_model_and_one_embedder(playground):
    with ThreadPoolExecutor(8) as pool:
        bases = playground.bases
        seen = list(
            pool.map(
                lambda _: (playground.engine, bases.embedder, bases.library),
                [0] * 32,
            )
        )
    assert len({tuple(map(id, parts)) for parts in seen}) == 1


def test_a_bad_file_does_not_keep_the_good_ones_out(playground):
    events = list(
        playground.bases.add_files(
            "Kitchen", [("a.txt", b"Tea is hot."), ("b.txt", b""), ("../c.md", b"Ice")]
        )
    )
    refused = [event for event in events if isinstance(event, DocumentError)]
    assert [error.details["title"] for error in refused] == ["b.txt"]
    titles = [info.title for info in playground.bases.library.get("Kitchen").documents()]
    assert titles == ["a.txt", "c.md"]


def test_a_changed_document_is_answered_from_at_once(playground):
    list(playground.bases.add_files("Kitchen", [("a.txt", b"The kettle is orange.")]))
    list(playground.bases.add_files("Kitchen", [("a.txt", b"The kettle is blue.")]))
    found = ask(playground, "kettle", modes=["rag"], knowledge="Kitchen")["rag"]
    assert [source.text for source in found.sources] == ["The kettle is blue."]


def test_a_deleted_document_is_never_found_again(playground):
    list(
        playground.bases.add_files(
            "Kitchen", [("a.txt", b"Tea is hot."), ("b.txt", b"Ice is cold.")]
        )
    )
    playground.bases.delete_document("Kitchen", "a.txt")
    found = playground.bases.library.get("Kitchen").search("Tea is hot", top_k=9)
    assert [source.title for source in found] == ["b.txt"]
    with pytest.raises(UnknownName, match=r"no document called 'a\.txt'; there are: b\.txt"):
        playground.bases.delete_document("Kitchen", "a.txt")


def test_the_world_is_added_once(playground):
    assert list(playground.bases.add_world()) != []
    assert list(playground.bases.add_world()) == []
    assert len(playground.bases.library.names()) == 2


def test_a_broken_adapter_fails_its_own_mode_alone(playground, tmp_path):
    (tmp_path / "a" / "broken").mkdir(parents=True)
    (tmp_path / "a" / "broken" / "adapter_config.json").write_text("{}")
    last = ask(playground, modes=["base", "lora"], adapter="broken")
    assert isinstance(last["base"], Answer)
    assert isinstance(last["lora"], Failure)
    assert isinstance(last["lora"].error, AdapterError)


def test_nothing_is_asked_if_the_question_cannot_be(playground):
    with pytest.raises(EmptyQuestion):
        ask(playground, " \n", modes=["base"])
    with pytest.raises(NoModeChosen):
        ask(playground, modes=[])
    with pytest.raises(UnknownName):
        ask(playground, modes=["rag"], knowledge="Atlantis")


def test_the_budget_is_that_of_the_prompt(playground):
    list(playground.bases.add_files("Kitchen", [("a.txt", b"Tea is hot.")]))
    options = AskOptions(max_tokens=10)
    told = playground.budget("Hot?", mode="long-context", knowledge="Kitchen", options=options)
    asked = ask(playground, "Hot?", modes=["long-context"], knowledge="Kitchen", options=options)
    assert told.prompt_tokens == asked["long-context"].metrics.prompt_tokens
    assert told.fits
