"""The process in which llama.cpp runs: `llama_server.py GGUF THREADS`, requests on stdin.

A request is a line of JSON. Its answer is a line for each token, then one with `finish`.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

_CONTEXT = 8192


def main(path: str, threads: int) -> None:
    """Answer requests until stdin ends."""
    xllamacpp: Any = importlib.import_module("xllamacpp")  # whose stubs name nothing
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.n_ctx = _CONTEXT
    params.n_parallel = 1
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.verbosity = -1
    server = xllamacpp.Server(params)
    _say({"ready": True})
    for line in sys.stdin:
        fixed = {"temperature": 0, "stream": True, "cache_prompt": True}
        server.handle_completions({**json.loads(line), **fixed}, _pass_on)


def _pass_on(chunk: Any) -> bool:
    """One chunk of llama.cpp's stream; False lets it go on."""
    if "choices" not in chunk:
        raise SystemExit(str(chunk))
    choice = chunk["choices"][0]
    if choice["finish_reason"] is None:
        _say({"text": choice["text"]})
        return False
    usage = chunk["usage"]
    cached = usage.get("prompt_tokens_details", {}).get("cached_tokens", 0)
    counts = {name: usage[name] for name in ("prompt_tokens", "completion_tokens")}
    _say({"finish": choice["finish_reason"], **counts, "cached_tokens": cached})
    return False


def _say(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
