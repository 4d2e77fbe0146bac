"""What is known of another server."""

from __future__ import annotations

import pytest

from playground.errors import ServerAddressInvalid
from playground.remote import PRESETS, Remote

USUAL = {"SiliconFlow", "OpenAI", "DeepSeek", "vLLM", "SGLang", "Ollama", "LM Studio"}


@pytest.mark.parametrize("address", ["", "api.example.com/v1", "file:///etc/passwd", "http://"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ServerAddressInvalid):
        Remote(address, "m")


def test_usual_servers_have_addresses():
    assert set(PRESETS) == USUAL
    for address in PRESETS.values():
        assert Remote(address, "m").base_url.endswith("/v1")


def test_the_key_is_not_shown():
    assert "sk-1" not in repr(Remote("https://x.example/v1", "m", "sk-1"))


def test_an_answer_costs_its_tokens():
    remote = Remote("https://x.example/v1", "m", input_price=2.0, output_price=8.0)
    assert remote.cost(1_000_000, 500_000) == pytest.approx(6.0)
    assert remote.is_priced
    assert not Remote("https://x.example/v1", "m").is_priced
