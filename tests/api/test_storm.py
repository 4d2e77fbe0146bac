"""Wrong requests, and many clients at once who leave as they like."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from openai import OpenAI, RateLimitError

from playground.app import Playground
from tests.api.conftest import serving, settings_of
from tests.api.storm import wrong
from tests.tiny import make_adapter, make_model

REQUESTS = 600
CLIENTS = 24


def test_no_wrong_request_is_an_error_of_the_server(address):
    chance = random.Random(0)
    seen = set()
    with httpx.Client(timeout=30) as client:
        for number in range(REQUESTS):
            method, path, body, kind = wrong(chance)
            headers = {"Content-Type": kind} if kind else {}
            found = client.request(method, f"{address}{path}", content=body, headers=headers)
            seen.add(found.status_code)
            assert found.status_code < 500, (number, method, path, body[:300], found.text)
    assert {200, 400, 404} <= seen


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    home = tmp_path_factory.mktemp("crowd")
    model = make_model(home / "model")
    for seed in (1, 2, 3):
        make_adapter(home / "adapters", model, f"tuned-{seed}", seed=seed)
    settings = settings_of(home)
    with serving(Playground(settings)) as url:
        yield url


def test_each_of_many_clients_gets_the_answer_that_it_would_get_alone(crowd):
    client = OpenAI(base_url=crowd, api_key="none", max_retries=0)
    models = ["base", "lora:tuned-1", "lora:tuned-2", "lora:tuned-3"]

    def ask(model, number, leave=False):
        message = {"role": "user", "content": f"Question {number % 3}"}
        chunks = client.chat.completions.create(
            model=model, messages=[message], max_tokens=12, stream=True
        )
        text = ""
        for chunk in chunks:
            text += chunk.choices[0].delta.content or ""
            if leave and text:
                chunks.close()
                return None
        return text

    alone = {(model, number): ask(model, number) for model in models for number in range(3)}
    assert len(set(alone.values())) > 6

    def visit(number):
        chance = random.Random(number)
        found = []
        for _ in range(4):
            model, asked = chance.choice(models), chance.randrange(3)
            text = ask(model, asked, leave=chance.random() < 0.3)
            found.append(text is None or text == alone[model, asked])
        return found

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert all(all(found) for found in pool.map(visit, range(CLIENTS)))

    def everybody():
        """As many as there are places; None while those who left are not yet noticed."""
        with ThreadPoolExecutor(72) as pool:
            try:
                return list(pool.map(lambda _: ask("base", 0), range(72)))
            except RateLimitError:
                return None

    answers = next((found for _ in range(20) if (found := everybody())), None)
    assert answers == [alone["base", 0]] * 72  # no place was lost
