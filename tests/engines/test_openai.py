"""Models of other servers: our own API plays one, and a small server plays all that goes wrong."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from playground.app import Playground
from playground.engines.openai import OpenAiEngine
from playground.errors import (
    RemoteAdapterUnknown,
    RemoteBusy,
    RemoteCannotScore,
    RemoteFailed,
    RemoteKeyRefused,
    RemoteModelUnknown,
    RemoteRefused,
    RemoteUnreachable,
)
from playground.remote import Remote
from playground.remote.client import model_ids
from playground.settings import Settings
from playground.types import Adapter, Answer, Delta, Finish, Message, Sampling
from tests.api.conftest import running, serving
from tests.tiny import make_adapter, make_model

ASKED = (Message("user", "When is tea served?"),)
KEY = "sk-secret-0123456789"


def local(home, **given):
    return Settings(embedder="fake", data_dir=home / "data", adapters_dir=home / "a", **given)


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """A second instance of our server, over a tiny model with an adapter, that wants a key."""
    home = tmp_path_factory.mktemp("other")
    model = make_model(home / "model", window=4096)
    make_adapter(home / "a", model, "demo")
    settings = local(
        home, model=str(model), engine="transformers", api_key=KEY, allow_lora_paths=True
    )
    with serving(Playground(settings)) as url:
        yield url, model


@contextmanager
def engine_of(url, model="base", key=KEY, *, retries=0, **given):
    engine = OpenAiEngine(Remote(url, model, key, **given), retries=retries)
    yield engine
    engine.close()


def said(events):
    *deltas, finish = events
    assert isinstance(finish, Finish)
    assert all(isinstance(event, Delta) for event in deltas)
    return "".join(event.text for event in deltas), finish


# ---------------------------------------------------------------- our own server


def test_it_says_what_the_server_says(other):
    url, model = other
    here = Playground(Settings(model=str(model), engine="transformers", embedder="fake")).engine
    sampling = Sampling(max_tokens=12)
    with engine_of(url) as engine:
        text, finish = said(engine.stream(ASKED, sampling))
    wanted, local_finish = said(here.stream(ASKED, sampling))
    assert text == wanted
    assert finish.prompt_tokens == local_finish.prompt_tokens
    assert finish.completion_tokens == local_finish.completion_tokens
    assert finish.reason == local_finish.reason
    assert not finish.is_estimated


def test_a_tuned_id_answers_as_the_adapter(other):
    url, _ = other
    with engine_of(url) as engine:
        tuned = Adapter("lora:demo", path=None, base_model="base", r=0, is_local=False)
        plain, _ = said(engine.stream(ASKED, Sampling(max_tokens=12)))
        answer, _ = said(engine.stream(ASKED, Sampling(max_tokens=12), tuned))
    assert answer != plain


def test_an_adapter_from_here_is_loaded_into_the_server_once(other, tmp_path):
    url, model = other
    adapter = make_adapter(tmp_path, model, "fresh", seed=5)
    with engine_of(url) as engine:
        assert "lora:fresh" not in model_ids(Remote(url, "base", KEY))
        first, _ = said(engine.stream(ASKED, Sampling(max_tokens=12), adapter))
        again, _ = said(engine.stream(ASKED, Sampling(max_tokens=12), adapter))
        assert "lora:fresh" in model_ids(Remote(url, "base", KEY))
        assert first == again
        broken = Adapter("gone", tmp_path / "gone", str(model), 4)
        with pytest.raises(RemoteAdapterUnknown, match="adapters show"):
            list(engine.stream(ASKED, Sampling(max_tokens=2), broken))


def test_a_wrong_key_a_wrong_model_and_too_long_a_prompt_are_told_apart(other):
    url, _ = other
    with engine_of(url, key="wrong") as engine, pytest.raises(RemoteKeyRefused):
        list(engine.stream(ASKED, Sampling()))
    with engine_of(url, "nobody") as engine, pytest.raises(RemoteModelUnknown, match="nobody"):
        list(engine.stream(ASKED, Sampling()))
    with engine_of(url) as engine, pytest.raises(RemoteRefused, match="4,096"):
        list(engine.stream(ASKED, Sampling(max_tokens=100_000)))


def test_all_modes_work_over_it_with_retrieval_here(other, tmp_path):
    url, _ = other
    settings = local(tmp_path, base_url=url, model="base", remote_api_key=KEY, context_window=4096)
    playground = Playground(settings)
    list(playground.bases.add_files("Kitchen", [("tea.txt", b"Tea is served at nine.")]))
    modes = ["base", "long-context", "rag", "lora", "rag+lora"]
    events = playground.compare(
        "When is tea served?", modes=modes, knowledge="Kitchen", adapter="lora:demo"
    )
    answers = {mode: event for mode, event in events if isinstance(event, Answer)}
    assert list(answers) == modes
    assert [len(answers[mode].sources) for mode in modes] == [0, 1, 1, 0, 1]
    assert answers["rag"].metrics.prompt_tokens > answers["base"].metrics.prompt_tokens
    assert answers["lora"].text != answers["base"].text
    assert playground.engine_choice.engine == "openai"
    assert KEY not in repr(settings)
    with pytest.raises(RemoteCannotScore):
        _ = playground.scorer


# ---------------------------------------------------------------- a server of our making


class Script:
    """A server that answers what it was told, and remembers what it was asked."""

    def __init__(self):
        self.replies, self.asked, self.cards = [], [], []

    async def chat(self, request):
        self.asked.append((await request.json(), dict(request.headers)))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, tuple):
            status, body, headers = reply
            return JSONResponse(body, status, headers)

        async def parts():
            for part in reply:
                yield part if isinstance(part, bytes) else b"data: " + part.encode() + b"\n\n"

        return StreamingResponse(parts(), media_type="text/event-stream")

    async def models(self, request):
        return JSONResponse({"object": "list", "data": self.cards})


@pytest.fixture
def script():
    return Script()


@pytest.fixture
def url(script):
    routes = [
        Route("/v1/chat/completions", script.chat, methods=["POST"]),
        Route("/v1/models", script.models),
    ]
    with running(Starlette(routes=routes)) as address:
        yield address


def chunk(delta, finish_reason=None, **more):
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    head = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    return json.dumps({**head, "choices": [choice], **more}, ensure_ascii=False)


def failure(status, message="no", **headers):
    return status, {"error": {"message": message, "type": "x", "code": None}}, headers


PLAIN = [chunk({"role": "assistant", "content": "Tea"}), chunk({}, "stop"), "[DONE]"]


def ask(url, *, sampling=Sampling(), **given):
    with engine_of(url, "m", **given) as engine:
        return list(engine.stream(ASKED, sampling))


def test_what_is_asked_is_what_the_sampling_says(script, url):
    script.replies = [PLAIN]
    ask(url, sampling=Sampling(max_tokens=7, temperature=0.5, top_p=0.9, seed=3, stop=("!",)))
    body, headers = script.asked[0]
    assert body["max_tokens"] == 7
    assert (body["temperature"], body["top_p"], body["seed"], body["stop"]) == (0.5, 0.9, 3, ["!"])
    assert body["messages"] == [{"role": "user", "content": ASKED[0].content}]
    assert headers["authorization"] == f"Bearer {KEY}"


def test_thoughts_come_apart_from_the_answer(script, url):
    script.replies = [
        [
            chunk({"role": "assistant", "content": None, "reasoning_content": "Let me see. "}),
            chunk({"reasoning_content": "At nine."}),
            chunk({"content": "Nine"}, "stop"),
            "[DONE]",
        ]
    ]
    *deltas, _ = ask(url)
    assert "".join(delta.reasoning for delta in deltas) == "Let me see. At nine."
    assert "".join(delta.text for delta in deltas) == "Nine"


def test_the_servers_count_counts_and_ours_is_said_to_be_an_estimate(script, url):
    usage = {
        "prompt_tokens": 11,
        "completion_tokens": 2,
        "total_tokens": 13,
        "prompt_tokens_details": {"cached_tokens": 8},
    }
    last = json.dumps({"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m",
                       "choices": [], "usage": usage})  # fmt: skip
    script.replies = [[*PLAIN[:2], last, "[DONE]"]]
    assert ask(url)[-1] == Finish("stop", 11, 2, 8)
    script.replies = [PLAIN]
    finish = ask(url)[-1]
    assert finish.is_estimated
    assert finish.prompt_tokens > 0 < finish.completion_tokens


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_for_a_moment_is_asked_again(script, url, status):
    script.replies = [failure(status, **{"Retry-After": "0"}), PLAIN]
    text, _ = said(ask(url, retries=2))
    assert text == "Tea"
    assert len(script.asked) == 2


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RemoteRefused),
        (401, RemoteKeyRefused),
        (403, RemoteKeyRefused),
        (404, RemoteModelUnknown),
        (422, RemoteRefused),
        (429, RemoteBusy),
        (500, RemoteFailed),
        (503, RemoteFailed),
    ],
)
def test_each_refusal_is_told_in_both_languages_and_without_the_key(script, url, status, error):
    script.replies = [failure(status, f"bad key {KEY}, said the server")]
    with pytest.raises(error) as raised:
        ask(url)
    for language in ("en", "zh"):
        told = raised.value.text(language)
        assert "said the server" in told
        assert KEY not in told
    assert raised.value.__cause__ is None


def test_an_error_in_the_middle_is_an_error_and_not_the_end_of_an_answer(script, url):
    script.replies = [[PLAIN[0], json.dumps({"error": {"message": "lost", "code": 500}})]]
    with pytest.raises(RemoteFailed, match="lost"):
        ask(url)


def test_what_is_no_json_is_an_error(script, url):
    script.replies = [[PLAIN[0], "{nonsense"]]
    with pytest.raises(RemoteFailed):
        ask(url)


@pytest.mark.parametrize("part", [None, 7])
def test_a_stream_that_breaks_off_is_an_error(script, url, part):
    """In good order but without an end, or because the server has died (it cannot send a 7)."""
    script.replies = [[PLAIN[0], *([part] if part else [])]]
    with pytest.raises(RemoteFailed, match=r"broke off|closed connection"):
        ask(url)


def test_nobody_there_is_said():
    with pytest.raises(RemoteUnreachable, match=r"127\.0\.0\.1:9"):
        ask("http://127.0.0.1:9/v1")


def test_characters_that_are_cut_between_packets_arrive_whole(script, url):
    whole = f"data: {chunk({'content': '闫英英😀'})}\n\n".encode()
    pieces = [whole[at : at + 5] for at in range(0, len(whole), 5)]
    script.replies = [[*pieces, *PLAIN[1:]]]
    text, _ = said(ask(url))
    assert text == "闫英英😀"


def test_stop_strings_hold_though_the_server_ignores_them(script, url):
    script.replies = [
        [chunk({"content": "Tea E"}), chunk({"content": "ND more"}, "stop"), "[DONE]"]
    ]
    text, _ = said(ask(url, sampling=Sampling(stop=("END",))))
    assert text == "Tea "


@pytest.mark.parametrize(
    ("card", "window"),
    [
        ({"max_model_len": 4096}, 4096),
        ({"context_length": 32768}, 32768),
        ({"max_model_len": None}, 8192),
        ({}, 8192),
    ],
)
def test_the_window_is_what_the_server_says(script, url, card, window):
    script.cards = [{"id": "m", "object": "model", "created": 0, "owned_by": "x", **card}]
    with engine_of(url, "m") as engine:
        assert engine.context_window == window
    with engine_of(url, "m", context_window=99) as engine:
        assert engine.context_window == 99
    assert script.asked == []


def test_leaving_ends_the_request(script, url):
    script.replies = [[PLAIN[0]] * 1000]
    with engine_of(url, "m") as engine:
        events = engine.stream(ASKED, Sampling())
        assert next(events) == Delta("Tea")
        events.close()
