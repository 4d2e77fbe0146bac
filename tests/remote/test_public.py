"""Which servers the visitors of a shared page may let this machine call."""

from __future__ import annotations

import socket

import httpx2
import pytest

from playground.errors import RemoteUnreachable, ServerNotPublic
from playground.remote import Remote
from playground.remote.client import explained, model_ids
from playground.remote.public import PublicTransport, public_address

INSIDE = [
    "127.0.0.1",
    "localhost",
    "0.0.0.0",
    "10.1.2.3",
    "192.168.0.1",
    "169.254.169.254",  # a cloud's metadata
    "100.64.0.1",
    "::1",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "2002:7f00:1::",  # 127.0.0.1 in 6to4
    "224.0.0.1",
    "2130706433",  # 127.0.0.1 as a number
    "0x7f.1",
]
OUTSIDE = "93.184.215.14"


def named(monkeypatch, *answers):
    """Let each look-up of a name give the next of `answers`, the last one from then on."""
    left = list(answers)

    def look_up(host, port, *_, **__):
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port or 0)) for a in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("host", INSIDE)
def test_what_the_internet_cannot_call_is_refused(host):
    with pytest.raises(ServerNotPublic):
        public_address(host)


def test_a_public_address_is_taken():
    assert public_address(OUTSIDE) == OUTSIDE


def test_a_name_with_one_inner_address_is_refused(monkeypatch):
    named(monkeypatch, [OUTSIDE, "10.0.0.1"])
    with pytest.raises(ServerNotPublic):
        public_address("two.example")


def test_a_visitors_server_is_refused_before_anything_is_sent():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ServerNotPublic, match="PLAYGROUND_ALLOW_PRIVATE_SERVERS"):
            model_ids(Remote(f"http://127.0.0.1:{port}/v1", "", public_only=True))
        listener.settimeout(0.1)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_name_that_turns_inwards_afterwards_is_not_followed(monkeypatch):
    remote = Remote("http://turning.example/v1", "m", public_only=True)
    named(monkeypatch, [OUTSIDE], ["127.0.0.1"])
    with pytest.raises((ServerNotPublic, RemoteUnreachable)) as caught:
        model_ids(remote)
    assert "127.0.0.1" in str(caught.value)


def test_the_address_that_was_looked_at_is_called_under_the_name(monkeypatch):
    named(monkeypatch, [OUTSIDE], ["127.0.0.1"])
    seen = []
    monkeypatch.setattr(
        httpx2.HTTPTransport,
        "handle_request",
        lambda self, request: seen.append(request) or httpx2.Response(200),
    )
    with httpx2.Client(transport=PublicTransport()) as client:
        client.get("https://api.example/v1/models")
    assert seen[0].url.host == OUTSIDE
    assert seen[0].headers["host"] == "api.example"
    assert seen[0].extensions["sni_hostname"] == "api.example"


def test_an_unknown_name_is_unreachable():
    remote = Remote("http://nowhere.invalid/v1", "m", public_only=True)
    with pytest.raises(RemoteUnreachable), explained(remote):
        model_ids(remote)
