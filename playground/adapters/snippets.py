"""What to type, and what to write into a program, to be answered by an adapter."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from playground.adapters.store import more_than_lora, read_config
from playground.models.names import locate
from playground.types import Adapter

_LEAST_RANK = 8  # vLLM's --max-lora-rank is a power of two from here on
_TEMPLATE_FILE = "chat_template.jinja"


def vllm_command(adapter: Adapter, *, models_dir: Path) -> str:
    """The lines for a shell that serve `adapter` with vLLM.

    What vLLM cannot add while it runs is merged first.

    Raises:
        ModelNotPulled, ModelNotFound, ModelUnusable: the base is not there.
    """
    files = locate(adapter.base_model, models_dir)
    if files.gguf_file or more_than_lora(adapter):
        folder = f"{adapter.name}-merged"
        merging = ["playground", "adapters", "merge", adapter.name, "--out", folder]
        return f"{shlex.join(merging)}\n{shlex.join(['vllm', 'serve', folder])}"
    base = Path(files.path)
    words = ["vllm", "serve", str(base.absolute()) if base.is_dir() else files.path]
    words += ["--enable-lora", "--max-lora-rank", str(_max_rank(adapter))]
    words += ["--lora-modules", f"{adapter.name}={adapter.path.absolute()}"]
    template = adapter.path / _TEMPLATE_FILE
    if template.is_file():  # the one it was trained under; vLLM would take the base's
        words += ["--chat-template", str(template.absolute())]
    return shlex.join(words)


def client_snippet(model_id: str, base_url: str = "http://127.0.0.1:7860/v1") -> str:
    """A Python program that asks `model_id` at `base_url`, with the package `openai`."""
    return f"""from openai import OpenAI  # pip install openai

client = OpenAI(base_url={_quoted(base_url)}, api_key="none")
stream = client.chat.completions.create(
    model={_quoted(model_id)},
    messages=[{{"role": "user", "content": "Hello!"}}],
    max_tokens=4096,
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
"""


def _max_rank(adapter: Adapter) -> int:
    ranks = read_config(adapter).get("rank_pattern") or {}
    most = max([_LEAST_RANK, adapter.r, *ranks.values()])
    return 1 << (most - 1).bit_length()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # which Python reads alike
