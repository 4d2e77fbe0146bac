"""Visitors: each asks for themselves; on a public page each has a place apart, for a while."""

from __future__ import annotations

import time

import pytest

from playground import visitors
from playground.app import Playground
from playground.errors import UnknownName
from playground.settings import Settings
from playground.visitors import Visitors


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def host(tmp_path, **given):
    settings = Settings(
        model="fake",
        embedder="fake",
        data_dir=tmp_path / "host",
        adapters_dir=tmp_path / "host" / "adapters",
        **given,
    )
    made = Playground(settings)
    list(made.bases.add_files("Shared", [("tea.txt", b"Tea is served at nine.")]))
    return made


@pytest.fixture
def public(tmp_path, clock):
    return Visitors(host(tmp_path, public=True), clock=clock)


def ask(visitor, question):
    visitor.asking.ask(question, modes=["base"])
    list(visitor.asking.follow())


def test_on_ones_own_machine_all_is_shared_but_what_was_asked(tmp_path):
    here = Visitors(host(tmp_path))
    one, other = here.visitor("one"), here.visitor("other")
    assert one.playground is other.playground is here.host
    ask(one, "Mine?")
    assert other.asking.now.question == ""
    assert here.visitor("one").asking.now.question == "Mine?"


def test_on_a_public_page_a_visitor_changes_their_own_alone(public):
    one, other = public.visitor("one"), public.visitor("other")
    list(one.playground.bases.add_files("Shared", [("tea.txt", b"Tea is served at ten.")]))
    list(one.playground.bases.add_files("Mine", [("a.txt", b"A secret.")]))
    for elsewhere in (other.playground, public.host):
        library = elsewhere.bases.library
        assert library.names() == ("Shared",)
        assert "nine" in library.get("Shared").whole_documents()[0].text
        with pytest.raises(UnknownName):
            library.get("Mine")
    assert "ten" in one.playground.bases.library.get("Shared").whole_documents()[0].text
    assert one.playground.engine is other.playground.engine is public.host.engine
    assert one.playground.bases.embedder is public.host.bases.embedder


def test_who_was_gone_for_an_hour_leaves_nothing(public, clock):
    one = public.visitor("one")
    ask(one, "Mine?")
    folder = one.playground.settings.data_dir
    end = time.monotonic() + 20
    while not one.asking.before() and time.monotonic() < end:
        time.sleep(0.01)
    assert folder.is_dir()
    clock.now = 3000
    public.visitor("one")
    clock.now = 6000
    public.visitor("other")
    assert folder.is_dir()
    clock.now = 6700
    public.visitor("other")
    assert not folder.exists()
    assert public.visitor("one").asking.before() == ()


def test_of_too_many_visitors_the_longest_absent_leaves(public, clock, monkeypatch):
    monkeypatch.setattr(visitors, "_MOST", 2)
    folders = []
    for number in range(3):
        clock.now = number
        folders.append(public.visitor(str(number)).playground.settings.data_dir)
    assert [folder.exists() for folder in folders] == [False, True, True]


def test_trainings_of_all_wait_in_one_queue_and_each_sees_their_own(public, tmp_path):
    one, other = public.visitor("one").playground, public.visitor("other").playground
    assert one.tuning.runs._root == other.tuning.runs._root == public.host.settings.runs_dir
    assert one.settings.trained_dir != other.settings.trained_dir
