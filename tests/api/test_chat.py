"""POST /chat/completions, as the package openai calls it."""

from __future__ import annotations

import json

import httpx
import pytest
from openai import BadRequestError, NotFoundError

QUESTION = [{"role": "user", "content": "When is tea served?"}]


def ask(client, model="base", messages=QUESTION, **more):
    return client.chat.completions.create(model=model, messages=messages, **more)


def test_an_answer_comes_with_its_cost_and_its_end(client):
    found = ask(client)
    (choice,) = found.choices
    assert choice.message.content == "[base] When is tea served?"
    assert (choice.message.role, choice.finish_reason) == ("assistant", "stop")
    assert (found.usage.prompt_tokens, found.usage.completion_tokens) == (4, 5)
    assert found.usage.total_tokens == 9
    assert found.model == "base"


def test_a_stream_gives_the_same_text_and_every_chunk_but_that_of_the_cost_has_a_choice(client):
    options = {"include_usage": True}
    *chunks, last = ask(client, stream=True, stream_options=options)
    assert all(len(chunk.choices) == 1 for chunk in chunks)
    assert chunks[0].choices[0].delta.role == "assistant"
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == ask(client).choices[0].message.content
    assert [c.choices[0].finish_reason for c in chunks[-2:]] == [None, "stop"]
    assert len({chunk.id for chunk in (*chunks, last)}) == 1
    assert last.choices == []
    assert last.usage.completion_tokens == 5


def test_the_cost_is_not_streamed_unasked(client):
    assert all(chunk.choices for chunk in ask(client, stream=True))


@pytest.mark.parametrize("stream", [False, True])
def test_sources_ride_beside_what_clients_read(client, stream):
    found = ask(client, "rag:Kitchen: tea", stream=stream)
    first = next(iter(found)) if stream else found
    (source,) = first.playground["sources"]
    assert source["title"] == "tea.txt"
    assert source["text"] == "Tea is served at nine."
    assert first.choices[0]


def test_whole_documents_are_named_and_not_sent_back(client):
    found = ask(client, "long-context:Kitchen: tea")
    assert [(s["title"], s["text"]) for s in found.playground["sources"]] == [("tea.txt", None)]


def test_the_built_in_base_of_the_questions_language_is_asked_without_a_name(client):
    english = ask(client, "rag", [{"role": "user", "content": "How wide is the main mirror?"}])
    chinese = ask(client, "rag", [{"role": "user", "content": "天文台的主镜有多宽？"}])
    for found, word in ((english, "Halden"), (chinese, "天文台")):
        assert any(word in source["text"] for source in found.playground["sources"])


def test_nothing_found_is_a_standard_answer_that_says_so(playground, client):
    list(playground.bases.library.create("Empty").search("x", top_k=1))
    found = ask(client, "rag:Empty")
    assert found.choices[0].finish_reason == "stop"
    assert found.choices[0].message.content == "Not in the passages."
    assert found.playground["outcome"] == "not-in-knowledge"


def test_what_was_said_before_is_part_of_the_prompt(client):
    talk = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hi"},
        {
            "role": "user",
            "content": [{"type": "text", "text": "And "}, {"type": "text", "text": "tea?"}],
        },
    ]
    found = ask(client, messages=talk)
    assert found.choices[0].message.content == "[base] And tea?"
    assert found.usage.prompt_tokens == 6


def test_a_short_answer_is_said_to_be_cut(client):
    for limit in ({"max_tokens": 2}, {"max_completion_tokens": 2, "max_tokens": 9}):
        (choice,) = ask(client, **limit).choices
        assert (choice.message.content, choice.finish_reason) == ("[base] When", "length")


def test_a_request_over_the_window_says_both_numbers(client):
    with pytest.raises(BadRequestError) as refused:
        ask(client, max_tokens=9000)
    assert refused.value.code == "context_length_exceeded"
    assert "9,000" in refused.value.message
    assert "8,192" in refused.value.message
    with pytest.raises(BadRequestError):
        ask(client, max_tokens=9000, stream=True)


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"n": 2}, "n"),
        ({"logprobs": True}, "logprobs"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"presence_penalty": 0.5}, "presence_penalty"),
        ({"temperature": 3}, "temperature"),
        ({"top_p": 0}, "top_p"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": "many"}, "max_tokens"),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_name(client, given, param):
    with pytest.raises(BadRequestError) as refused:
        ask(client, **given)
    assert refused.value.param == param
    assert refused.value.type == "invalid_request_error"


@pytest.mark.parametrize(
    "given",
    [
        {"user": "somebody"},
        {"n": 1, "logprobs": False, "presence_penalty": 0, "tools": []},
        {"response_format": {"type": "text"}},
        {"seed": -1},
        {"seed": 2**40},
        {"extra_body": {"nobody_knows": [1, {}]}},
    ],
)
def test_what_changes_nothing_is_passed_over(client, given):
    assert ask(client, **given).choices[0].message.content == "[base] When is tea served?"


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [{"role": "assistant", "content": "Hi"}],
        [{"role": "user", "content": ""}],
        [{"role": "user", "content": " \n"}],
        [{"role": "tool", "content": "x", "tool_call_id": "1"}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}],
    ],
)
def test_messages_that_ask_nothing_are_refused(client, messages):
    with pytest.raises(BadRequestError):
        ask(client, messages=messages)


@pytest.mark.parametrize(
    "model", ["nobody", "rag:nobody", "lora:nobody", "rag+lora:nobody", "lora", "oracle", ""]
)
def test_an_unknown_model_is_not_found(client, model):
    with pytest.raises(NotFoundError) as refused:
        ask(client, model)
    assert refused.value.code == "model_not_found"


@pytest.mark.parametrize("model", ["base", "rag", "\ud800"])
def test_half_a_character_is_refused(address, model):
    kind = {"Content-Type": "application/json"}
    body = {"model": model, "messages": [{"role": "user", "content": "half \ud800"}]}
    found = httpx.post(f"{address}/chat/completions", content=json.dumps(body), headers=kind)
    assert found.status_code == 400
    assert "half a character" in found.json()["error"]["message"]
    texts = {"model": "fake", "input": ["whole", "half \ud800"]}
    found = httpx.post(f"{address}/embeddings", content=json.dumps(texts), headers=kind)
    assert found.status_code == 400


def test_an_error_comes_in_the_clients_language(address):
    found = httpx.post(
        f"{address}/chat/completions",
        json={"model": "nobody", "messages": QUESTION},
        headers={"Accept-Language": "zh-CN,zh;q=0.9"},
    )
    assert "没有名为" in found.json()["error"]["message"]


def test_streamed_text_is_utf8_and_whole(client):
    text = "闫英英😀 退款需要七个工作日"
    chunks = ask(client, messages=[{"role": "user", "content": text}], stream=True)
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks]
    assert "".join(pieces).startswith("[base]")
    assert "闫英英😀" in "".join(pieces)
    assert not any("\ufffd" in piece for piece in pieces)
