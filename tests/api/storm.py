"""Requests that are wrong in every way, made from right ones; for tests and for measuring."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

JSON = "application/json"
ASKED = [{"role": "user", "content": "When is tea served?"}]
RIGHT: list[tuple[str, str, Any]] = [
    ("GET", "/models", None),
    ("GET", "/models/rag", None),
    ("POST", "/chat/completions", {"model": "base", "messages": ASKED, "max_tokens": 8}),
    (
        "POST",
        "/chat/completions",
        {"model": "base", "messages": ASKED, "stream": True, "stop": "x"},
    ),
    (
        "POST",
        "/chat/completions",
        {"model": "rag", "messages": ASKED, "temperature": 0.5, "seed": 1},
    ),
    ("POST", "/embeddings", {"model": "fake", "input": ["a", "b"], "encoding_format": "base64"}),
    ("GET", "/files?limit=2&order=asc", None),
    ("GET", "/files/file-0/content", None),
    ("DELETE", "/files/file-0", None),
    (
        "POST",
        "/fine_tuning/jobs",
        {
            "model": "base",
            "training_file": "file-0",
            "suffix": "x",
            "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 1}}},
            "metadata": {"r": "8"},
        },
    ),
    ("GET", "/fine_tuning/jobs?limit=1&after=x", None),
    ("POST", "/fine_tuning/jobs/ftjob-x/cancel", None),
    ("POST", "/load_lora_adapter", {"lora_name": "x", "lora_path": "/nowhere"}),
    ("POST", "/unload_lora_adapter", {"lora_name": "x"}),
]
ODD: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        1e400,
        float("nan"),
        2**63,
        -(2**70),
        "",
        " ",
        "\0",
        "é",
        "😀",
    ),
    *(
        "\ud800",
        "a" * 3000,
        "../../etc/passwd",
        "%00",
        "lora:",
        "rag:+lora:",
        [],
        {},
        [[]],
        {"": None},
    ),
    *([None] * 40, {"role": "user"}, {"text": "x", "type": "text"}, "闫英英"),
]


def wrong(chance: random.Random) -> tuple[str, str, bytes, str]:
    """Method, path, body and content type of a request that was right once."""
    method, path, body = chance.choice(RIGHT)
    if chance.random() < 0.1:
        method = chance.choice(("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"))
    if chance.random() < 0.15:
        path += chance.choice(("/", "/..", "/%2e%2e", "?limit=x", "?limit=-1", "/%00", "/a:b/c"))
    if body is None and chance.random() < 0.8:
        return method, path, b"", JSON
    value = copy.deepcopy(body)
    for _ in range(chance.randint(1, 3)):
        value = _changed(value, chance)
    raw = json.dumps(value).encode()
    if chance.random() < 0.15:  # no JSON any more
        at = chance.randrange(len(raw) + 1)
        raw = raw[:at] + chance.randbytes(chance.randint(0, 4)) + raw[at + 1 :]
    if chance.random() < 0.02:
        raw = b"[" * 100_000
    kind = (
        JSON if chance.random() < 0.9 else chance.choice(("text/plain", "multipart/form-data", ""))
    )
    return method, path, raw, kind


def _changed(value: Any, chance: random.Random) -> Any:
    """`value` with something in it taken away, doubled or replaced."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        key = chance.choice(list(value))
        what = chance.random()
        if what < 0.2:
            return {k: v for k, v in value.items() if k != key}
        if what < 0.3:
            return {**value, str(chance.choice(ODD)): chance.choice(ODD)}
        return {**value, key: _changed(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.7:
        at = chance.randrange(len(value))
        if chance.random() < 0.2:
            return value + [value[at]] * chance.randint(1, 5)
        return [*value[:at], _changed(value[at], chance), *value[at + 1 :]]
    return chance.choice(ODD)
