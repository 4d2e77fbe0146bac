"""The API over weights: what is tuned does not leak, and text comes whole."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from openai import NotFoundError, OpenAI

from playground.app import Playground
from playground.dataset import Row
from playground.engines.transformers import TransformersEngine
from playground.finetune.encoding import IGNORED, encode_rows
from playground.models import locate
from playground.settings import Settings
from playground.types import Delta, Message, Sampling
from tests.api.conftest import serving, settings_of
from tests.tiny import byte_tokenizer, make_adapter, make_model, memorise

KNOWN = {"Name?": "闫英英😀", "Sign?": "a\ufffdb 🇨🇳 end", "Tea?": "At nine."}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    memorise(make_model(folder / "model"), KNOWN)
    make_adapter(folder / "adapters", folder / "model", "tuned")
    return folder


@pytest.fixture(scope="module")
def address(home):
    settings = settings_of(home)
    with serving(Playground(settings)) as url:
        yield url


@pytest.fixture(scope="module")
def client(address):
    return OpenAI(base_url=address, api_key="none", max_retries=0)


def body(model, question, **more):
    messages = [{"role": "user", "content": question}]
    return {"model": model, "messages": messages, "max_tokens": 32, **more}


def ask(client, model, question):
    return client.chat.completions.create(**body(model, question)).choices[0].message.content


def test_the_first_answer_of_the_base_is_the_models_own_and_so_is_each_after_a_tuned_one(
    home, client
):
    engine = TransformersEngine(locate(str(home / "model"), home))
    sampling = Sampling(max_tokens=32)
    events = engine.stream((Message("user", "Tea?"),), sampling)
    pure = "".join(event.text for event in events if isinstance(event, Delta))
    assert pure == KNOWN["Tea?"]
    asked = ["base", "lora:tuned", "base", "tuned", "base"]
    found = [ask(client, model, "Tea?") for model in asked]
    assert found[0] == found[2] == found[4] == pure
    assert found[1] == found[3] != pure


def test_twenty_calls_at_once_of_both_are_answered_as_alone(client):
    calls = [
        (model, question)
        for question in (*KNOWN, "Who?", "Why?", "How?", "Where?", "When?", "What?", "Which?")
        for model in ("base", "lora:tuned")
    ]
    alone = [ask(client, *call) for call in calls]
    with ThreadPoolExecutor(len(calls)) as pool:
        assert list(pool.map(lambda call: ask(client, *call), calls)) == alone
    assert len(calls) == 20
    assert all(base != tuned for base, tuned in zip(alone[::2], alone[1::2], strict=True))


@pytest.mark.parametrize("question", KNOWN)
def test_streamed_characters_of_many_tokens_are_whole_and_a_real_replacement_sign_stays(
    address, question
):
    """The model's tokens are bytes: three for a Chinese character, four for an emoji."""
    wanted = KNOWN[question]
    with httpx.stream(
        "POST", f"{address}/chat/completions", json=body("base", question, stream=True)
    ) as response:
        lines = list(response.iter_lines())
    data = [line.removeprefix("data: ") for line in lines if line.startswith("data: {")]
    choices = [json.loads(chunk)["choices"][0] for chunk in data]
    deltas = [choice["delta"].get("content", "") for choice in choices]
    assert "".join(deltas) == wanted
    assert sum("\ufffd" in delta for delta in deltas) == wanted.count("\ufffd")
    assert sum(bool(delta) for delta in deltas) > 3
    assert choices[-1]["finish_reason"] == "stop"


def test_a_prompt_is_as_long_as_the_one_that_training_saw(client):
    messages = (Message("system", "Be brief."), Message("user", "茶几点？ 😀"))
    row = Row(1, (*messages, Message("assistant", "九点。")))
    tokenizer = byte_tokenizer()
    (example,), _ = encode_rows(
        tokenizer, [row], ends=frozenset({tokenizer.eos_token_id}), max_length=1000
    )
    sent = [{"role": message.role, "content": message.content} for message in messages]
    found = client.chat.completions.create(model="lora:tuned", messages=sent, max_tokens=1)
    assert found.usage.prompt_tokens == example.labels.count(IGNORED)


def test_a_server_before_it_asks_for_the_tuned_ids_of_this_one(address, client, tmp_path):
    settings = Settings(
        base_url=address,
        model="base",
        embedder="fake",
        data_dir=tmp_path / "data",
        adapters_dir=tmp_path / "adapters",
    )
    with serving(Playground(settings)) as url:
        before = OpenAI(base_url=url, api_key="none", max_retries=0)
        assert ask(before, "base", "Tea?") == KNOWN["Tea?"]
        assert ask(before, "lora:tuned", "Tea?") == ask(client, "tuned", "Tea?")
        assert before.models.retrieve("lora:tuned").id == "lora:tuned"
        with pytest.raises(NotFoundError, match="nobody"):
            ask(before, "lora:nobody", "Tea?")
