"""Visitors: each asks for themselves; on a public page each has a place apart, for a while."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from playground import visitors
from playground.app import Playground
from playground.dataset import load
from playground.errors import NotOnPublicPages, OverQuota, UnknownName
from playground.evaluation import Plan
from playground.finetune import TrainConfig
from playground.finetune.recipe import Recipe
from playground.material import Material
from playground.modes import AskOptions
from playground.quota import Quota, bytes_in
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


def test_what_was_asked_before_a_public_page_began_is_gone(tmp_path):
    before = Visitors(host(tmp_path))
    ask(before.visitor("one"), "Mine?")
    end = time.monotonic() + 20
    while not before.visitor("one").asking.before() and time.monotonic() < end:
        time.sleep(0.01)
    assert before.visitor("one").asking.before()
    begun = Visitors(Playground(replace(before.host.settings, public=True)))
    assert begun.visitor("one").asking.before() == ()


def test_of_too_many_visitors_the_longest_absent_leaves(public, clock, monkeypatch):
    monkeypatch.setattr(visitors, "_MOST", 2)
    folders = []
    for number in range(3):
        clock.now = number
        folders.append(public.visitor(str(number)).playground.settings.data_dir)
    assert [folder.exists() for folder in folders] == [False, True, True]


def rows(count):
    pairs = [{"prompt": f"q{n}", "completion": "a"} for n in range(count)]
    return load("rows.json", json.dumps(pairs).encode())


def test_a_visitor_may_do_so_much_and_the_host_whatever_they_like(public):
    visitor = public.visitor("one")
    own = visitor.playground
    big = [("big.txt", b"x" * (Quota.upload_bytes + 1))]
    with pytest.raises(OverQuota, match="5,000,000"):
        own.bases.add_files("Mine", big)
    assert own.bases.library.names() == ("Shared",)
    with pytest.raises(OverQuota, match="answer in tokens"):
        visitor.asking.ask("Why?", modes=["base"], options=AskOptions(max_tokens=4096))
    recipe = Recipe(name="mine", rows="rows.json", config=TrainConfig(epochs=10))
    with pytest.raises(OverQuota, match="600"):
        own.tuning.start(recipe, Material(rows(61)))
    with pytest.raises(NotOnPublicPages):
        own.tuning.start(replace(recipe, model="org/huge"), Material(rows(2)))
    with pytest.raises(NotOnPublicPages):
        own.tuning.start(replace(recipe, processes=2), Material(rows(2)))
    with pytest.raises(NotOnPublicPages):
        own.tuning.fetch("org/rows")
    with pytest.raises(NotOnPublicPages):
        own.tuning.estimate(recipe, Material(rows(2)))
    with pytest.raises(NotOnPublicPages):
        own.adapters.delete("halden-facts")
    plan = Plan(modes=("base",), languages=("en",), per_kind=0)
    with pytest.raises(OverQuota, match="80"):
        own.evaluations.create(plan, own.evaluations.questions(plan))
    assert own.evaluations.records.list() == ()
    assert public.host.quota is None
    list(public.host.bases.add_files("Big", big))


def test_whatever_way_it_comes_a_visitor_adds_only_so_much(public, tmp_path):
    own = public.visitor("one").playground
    file, box = tmp_path / "big.txt", tmp_path / "box.zip"
    half = "words and words " * (Quota.upload_bytes // 32 + 1)
    file.write_text(half + half, encoding="utf-8")
    with pytest.raises(OverQuota, match="5,000,000"):
        own.bases.add_paths("Mine", [file])
    with ZipFile(box, "w", ZIP_DEFLATED) as packed:
        packed.writestr("one.txt", half)
        packed.writestr("two.txt", half + "!")
    with pytest.raises(OverQuota, match="5,000,000"):
        list(own.bases.add_paths("Mine", [box]))
    assert own.bases.library.names() == ("Shared",)


def test_an_imported_base_over_the_quota_is_gone_again(public, tmp_path, monkeypatch):
    exported = tmp_path / "shared.kb.zip"
    public.host.bases.library.export("Shared", exported)
    own = public.visitor("one").playground
    assert own.bases.add_exported(exported, name="Once") == "Once"
    full = Quota(folder_bytes=bytes_in(own.settings.data_dir) + exported.stat().st_size)
    monkeypatch.setattr(own.bases, "_quota", full)
    with pytest.raises(OverQuota, match="one visitor keeps"):
        own.bases.add_exported(exported, name="Twice")
    assert own.bases.library.names() == ("Once", "Shared")


def test_whose_place_is_full_trains_nothing(public, monkeypatch):
    tuning = public.visitor("one").playground.tuning
    monkeypatch.setattr(tuning, "_quota", Quota(folder_bytes=10))
    small = TrainConfig(epochs=1, max_length=64)
    with pytest.raises(OverQuota, match="one visitor keeps"):
        tuning.start(Recipe(name="mine", rows="rows.json", config=small), Material(rows(2)))


def test_a_visitor_asks_so_often_in_a_minute(public, monkeypatch):
    visitor = public.visitor("one")
    for _ in range(Quota.questions_per_minute):
        ask(visitor, "Why?")
    with pytest.raises(OverQuota, match="minute"):
        ask(visitor, "Why?")
    ask(public.visitor("other"), "Why?")
    later = time.monotonic() + 61
    monkeypatch.setattr("playground.asking.time.monotonic", lambda: later)
    ask(visitor, "Why?")


def test_who_sends_anything_is_still_here(public, clock):
    folder = public.visitor("one").playground.settings.data_dir
    for clock.now in (3000, 6000, 9000):
        public.touch("one")
        public.visitor("other")
    assert folder.is_dir()


def test_trainings_of_all_wait_in_one_queue_and_each_sees_their_own(public, tmp_path):
    one, other = public.visitor("one").playground, public.visitor("other").playground
    assert one.tuning.runs._root == other.tuning.runs._root == public.host.settings.runs_dir
    assert one.settings.trained_dir != other.settings.trained_dir
