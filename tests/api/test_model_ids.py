"""GET /models, and what ids mean."""

from __future__ import annotations

import pytest
from openai import NotFoundError

from playground.api.model_ids import Asked, parse
from playground.app import Playground
from playground.errors import UnknownName
from playground.settings import Settings
from tests.tiny import make_adapter, make_model


@pytest.fixture(scope="module")
def tuned(tmp_path_factory):
    """A model whose id has a slash, with an adapter."""
    home = tmp_path_factory.mktemp("tuned")
    model = make_model(home / "model")
    make_adapter(home / "adapters", model, "demo")
    settings = Settings(
        model=str(model), embedder="fake", data_dir=home / "data", adapters_dir=home / "adapters"
    )
    made = Playground(settings)
    list(made.bases.add_files("My base: a+b", [("tea.txt", b"Tea is served at nine.")]))
    return made


def test_modes_bases_and_adapters_are_listed(tuned):
    from playground.api.model_ids import cards

    found = {card["id"]: card for card in cards(tuned)}
    wanted = {"rag", "rag:My base: a+b", "long-context", "lora:demo", tuned.settings.model}
    assert wanted <= found.keys()
    assert found["lora:demo"]["parent"] == tuned.settings.model
    assert all(card["object"] == "model" and card["owned_by"] for card in found.values())


def test_adapters_of_other_models_are_not_listed(tuned, tmp_path_factory):
    from playground.api.model_ids import cards

    other = make_model(tmp_path_factory.mktemp("other") / "model")
    make_adapter(tuned.settings.trained_dir, other, "stranger")
    assert "lora:stranger" not in {card["id"] for card in cards(tuned)}


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("base", Asked("base")),
        ("rag", Asked("rag")),
        ("long-context", Asked("long-context")),
        ("rag:My base: a+b", Asked("rag", "My base: a+b")),
        ("lora:demo", Asked("lora", adapter="demo")),
        ("demo", Asked("lora", adapter="demo")),
        ("rag+lora:demo", Asked("rag+lora", adapter="demo")),
        ("rag:My base: a+b+lora:demo", Asked("rag+lora", "My base: a+b", "demo")),
        ("long-context:My base: a+b+lora:demo", Asked("long-context+lora", "My base: a+b", "demo")),
    ],
)
def test_an_id_says_mode_base_and_adapter(tuned, model, asked):
    assert parse(model, tuned) == asked


def test_the_models_own_name_is_the_base(tuned):
    assert parse(tuned.settings.model, tuned) == Asked("base")


@pytest.mark.parametrize(
    "model", ["lora:nobody", "rag:nobody", "base+lora:demo", "lora", "../demo"]
)
def test_an_id_of_nothing_is_unknown(tuned, model):
    with pytest.raises(UnknownName):
        parse(model, tuned)


def test_the_client_lists_and_retrieves(client):
    ids = [model.id for model in client.models.list()]
    assert "rag:Kitchen: tea" in ids
    assert len(ids) == len(set(ids))
    for id in ids:
        assert client.models.retrieve(id).id == id
    with pytest.raises(NotFoundError):
        client.models.retrieve("org/nobody:1")
