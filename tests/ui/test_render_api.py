"""The API tab as HTML."""

from __future__ import annotations

import pytest

from playground.remote import Remote
from playground.settings import Settings
from playground.ui import render, render_api
from tests.ui.test_render import EVIL, METRICS

REMOTE = Remote("https://api.example.com/v1", "big", "sk-secret", 0, 2.0, 6.0)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(), "no key"),
        (Settings(api_key="k1"), "PLAYGROUND_API_KEY"),
        (Settings(host="0.0.0.0"), "It is off"),
        (Settings(host="0.0.0.0", api_key="k1"), "needs a key"),
    ],
)
def test_the_address_says_whether_it_wants_a_key(settings, said):
    html = render_api.address(settings, "http://127.0.0.1:7860/v1", "en")
    assert said in html
    assert "http://127.0.0.1:7860/v1" in html
    assert "k1" not in html


def test_what_answers_is_said_without_the_key():
    assert "this machine" in render_api.remote_state(None, "en")
    for language in ("en", "zh"):
        html = render_api.remote_state(REMOTE, language)
        assert "big" in html
        assert "sk-secret" not in html


def test_nothing_from_outside_becomes_markup():
    remote = Remote("https://api.example.com/<script>", EVIL)
    cards = [{"id": EVIL, "parent": EVIL}]
    for html in (render_api.remote_state(remote, "en"), render_api.model_ids(cards, "en")):
        assert "<script>" not in html


def test_an_answer_costs_what_the_prices_say():
    html = render.costs(METRICS, render.Scale(1.0, 2294), "en", remote=REMOTE)
    cost = (METRICS.prompt_tokens * 2 + METRICS.completion_tokens * 6) / 1e6
    assert f"{cost:.6f}" in html
    assert "Price" not in render.costs(METRICS, render.Scale(1.0, 2294), "en")
