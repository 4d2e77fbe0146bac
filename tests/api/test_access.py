"""Who is let in, how often, and with how much."""

from __future__ import annotations

import asyncio

import pytest
from starlette.testclient import TestClient

from playground.api import Access, access, build
from playground.api.access import Gate
from playground.settings import Settings
from tests.api.conftest import finished

LOCAL = "http://localhost:7860"


def client_of(playground, *, base_url=LOCAL, **given):
    return TestClient(build(playground, Access(**given)), base_url=base_url)


def code_of(response):
    return response.json()["error"]["code"]


def test_this_machine_needs_no_key(playground):
    assert client_of(playground).get("/models").status_code == 200


def test_a_server_that_others_reach_and_that_has_no_key_answers_nobody(playground):
    found = client_of(playground, from_elsewhere=True).get("/models")
    assert (found.status_code, code_of(found)) == (403, "api_key_not_set")
    assert "PLAYGROUND_API_KEY" in found.json()["error"]["message"]


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer wrong", "Basic one", "one", "Bearer ö", "Bearer one,two"]
)
def test_without_the_key_nobody_is_let_in(playground, header):
    client = client_of(playground, keys=("one", "two"), from_elsewhere=True)
    headers = {"Authorization": header.encode()} if header else {}
    found = client.get("/models", headers=headers)
    assert (found.status_code, code_of(found)) == (401, "invalid_api_key")
    assert found.headers["www-authenticate"] == "Bearer"
    assert "one" not in found.text


@pytest.mark.parametrize("key", ["one", "two"])
def test_each_key_opens(playground, key):
    client = client_of(playground, base_url="http://far.example", keys=("one", "two"))
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/models", headers=headers).status_code == 200


def test_a_page_of_another_site_is_refused_and_gets_no_cors_header(playground):
    client = client_of(playground)
    found = client.get("/models", headers={"Origin": "http://evil.example"})
    assert (found.status_code, code_of(found)) == (403, "cross_origin")
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    before = client.options("/chat/completions", headers=asked)
    for response in (found, before):
        assert not [name for name in response.headers if name.startswith("access-control")]
    assert client.get("/models", headers={"Origin": LOCAL}).status_code == 200


def test_without_a_key_a_name_that_only_points_here_is_refused(playground):
    found = client_of(playground, base_url="http://rebound.example").get("/models")
    assert (found.status_code, code_of(found)) == (403, "host_refused")


def test_a_caller_has_so_many_requests_in_a_minute(playground):
    client = client_of(playground, keys=("one", "two"), requests_per_minute=3)
    statuses = [
        client.get("/models", headers={"Authorization": f"Bearer {key}"}).status_code
        for key in ("one", "one", "one", "one", "two")
    ]
    assert statuses == [200, 200, 200, 429, 200]
    found = client.get("/models", headers={"Authorization": "Bearer one"})
    assert code_of(found) == "rate_limit_exceeded"
    assert int(found.headers["retry-after"]) > 0


def test_a_request_may_only_be_so_large(playground):
    client = client_of(playground)
    found = client.post("/chat/completions", content=b" " * 8_000_001)
    assert (found.status_code, code_of(found)) == (413, "request_too_large")

    def undeclared():
        for _ in range(9):
            yield b" " * 1_000_000

    found = client.post("/chat/completions", content=undeclared())
    assert found.status_code == 413
    assert found.json()["error"]["type"] == "invalid_request_error"


def test_a_client_that_sends_no_more_is_given_up(monkeypatch):
    monkeypatch.setattr(access, "_PATIENCE_SECONDS", 0.05)
    heard = []

    async def app(scope, receive, send):
        heard.append(await receive())
        heard.append(await receive())

    async def receive():
        if not heard:
            return {"type": "http.request", "body": b"{", "more_body": True}
        await asyncio.Event().wait()

    async def send(message): ...

    scope = {"type": "http", "path": "/x", "headers": [(b"host", b"localhost")], "client": None}
    finished(Gate(app, Access())(scope, receive, send))
    assert heard[-1] == {"type": "http.disconnect"}


def test_settings_say_who_may_call():
    assert Access.of(Settings(host="0.0.0.0")).is_closed
    assert not Access.of(Settings()).is_closed
    open_one = Access.of(Settings(host="0.0.0.0", api_key="a,b", api_requests_per_minute=7))
    assert not open_one.is_closed
    assert (open_one.keys, open_one.requests_per_minute) == (("a", "b"), 7)


def test_keys_are_not_shown():
    assert "secret" not in repr(Settings(api_key="secret"))
    assert "secret" not in repr(Access(keys=("secret",)))
