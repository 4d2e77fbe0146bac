"""Who takes part, who is left out and how to change that."""

from __future__ import annotations

from dataclasses import replace

from playground.bench.figures import Machine
from playground.bench.options import BenchOptions
from playground.bench.peers import OURS, PEERS, Bench, Peer, opened, own_data, present
from playground.settings import Settings
from tests.bench.fakes import FakeContestant

MACHINE = Machine("a processor", 2, 40.0, None, 13.0, 0.5)


def test_a_peer_that_is_not_installed_is_left_out_with_the_command_that_installs_it():
    missing = Peer("llm", "no_such_module", "some-package", lambda _: FakeContestant())
    there, left_out = present(Settings(), [missing])
    assert there == []
    assert left_out[0].name == "llm"
    assert left_out[0].command == "python -m pip install some-package"


def test_llama_cpp_is_not_compared_with_another_model():
    json_as_module = [replace(peer, module="json") for peer in PEERS]
    there, left_out = present(Settings(model="org/other"), json_as_module)
    assert [peer.name for peer in there] == ["transformers"]
    assert "'org/other'" in left_out[0].reason


def test_contestants_are_warmed_and_closed():
    fake, other = FakeContestant(), FakeContestant()
    peers = (
        Peer("fake", "json", "json", lambda _: fake),
        Peer("other", "json", "json", lambda _: other),
    )
    bench = Bench(Settings(model="fake"), BenchOptions(), MACHINE, peers)
    with opened(bench, "fake") as contestants:
        assert list(contestants) == [OURS, "fake"]
        assert len(fake.asked) == 1
        assert not fake.is_closed
    assert fake.is_closed
    assert not other.asked


def test_the_users_knowledge_is_not_touched_and_their_adapters_are_found(tmp_path):
    settings = Settings(data_dir=tmp_path / "data", adapters_dir=tmp_path / "adapters")
    with own_data(settings) as own:
        assert own.data_dir != settings.data_dir
        assert own.trained_dir == settings.trained_dir
        assert own.models_dir == settings.models_dir
    assert not own.data_dir.exists()
