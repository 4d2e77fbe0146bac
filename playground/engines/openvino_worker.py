"""The process that runs one OpenVINO model: JSON lines in, JSON lines out.

A process of its own, since a step of the pipeline holds Python's global lock: inside the app it
would stop the page. Requests of several readers are computed together (continuous batching).

    in   {"load": "folder"} once
         {"id": 1, "tokens": [...], "cached": 0, "max_tokens": 64, ..., "ends": [2]}
         {"cancel": 1}
    out  {"ready": true} once, or {"failed": "why"}
         {"id": 1, "read": 512, "cached": 0} ...  {"id": 1, "tokens": [198]} ...
         {"id": 1, "end": true}
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from playground.engines.openvino_record import BLOCK_TOKENS
from playground.models.openvino_runtime import genai, ov

_MATCHED_TOKENS = 3  # at most, before a draft; the library falls back to fewer
_NEVER = 2**31 - 1  # no token: it does without an end, but not without being told one
Send = Callable[[dict[str, Any]], None]


def load(folder: Path, *, kv_tokens: int, step_tokens: int, draft_tokens: int = 0) -> Any:
    """The pipeline of the graph in `folder`.

    It keeps the keys and values of up to `kv_tokens` tokens, and reads prompts in steps of
    `step_tokens`: between two steps it hears of readers who left. With `draft_tokens`, what
    followed the last tokens earlier in the text is tried next; what the model does not confirm is
    dropped, so that answers stay the same.
    """
    scheduler = genai.SchedulerConfig()
    scheduler.enable_prefix_caching = True
    scheduler.cache_size = 0
    scheduler.num_kv_blocks = -(-kv_tokens // BLOCK_TOKENS)
    scheduler.max_num_batched_tokens = step_tokens
    properties: dict[str, Any] = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",  # by default bfloat16 where there is
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0,  # by default inputs are rounded where there is VNNI
        "KV_CACHE_PRECISION": "f16",  # by default 8 bits on CPUs, which changes answers
    }
    if draft_tokens:
        properties["prompt_lookup"] = True
    return genai.ContinuousBatchingPipeline(folder, scheduler, "CPU", properties)


@dataclass
class _Prompt:
    """One that is read; the steps since it came had `room` for so many of its tokens.

    The pipeline does not say how many it had in its cache. They are taken to be `claimed`, until
    the first token of the answer comes at another time than that makes it.
    """

    tokens: int
    claimed: int
    room: int = 0
    is_lost: bool = False

    @property
    def cached(self) -> int:
        return 0 if self.is_lost else self.claimed

    @property
    def read(self) -> int:
        return min(self.tokens, self.cached + self.room)

    def step(self, room: int, size: int) -> int:
        """How many of its tokens a step of `size` has read, which had `room` for it."""
        taken = min(room, self.tokens - self.read)
        self.room += room
        self.is_lost = self.is_lost or self._late > 2 * size
        return taken

    def found(self, size: int) -> int:
        """What was cached, now that the answer begins; to a step where it was not as claimed."""
        if -BLOCK_TOKENS <= self._late <= 2 * size:
            return self.claimed
        return max(0, self.tokens - self.room) // BLOCK_TOKENS * BLOCK_TOKENS

    @property
    def _late(self) -> int:
        return self.room - (self.tokens - self.claimed)


class Server:
    """Steps the pipeline while there are requests, and says what came out."""

    def __init__(
        self, pipeline: Any, send: Send, *, step_tokens: int, draft_tokens: int = 0
    ) -> None:
        self._pipeline = pipeline
        self._step_tokens = step_tokens
        self._draft_tokens = draft_tokens
        self._send = send
        self._handles: dict[int, Any] = {}
        self._prompts: dict[int, _Prompt] = {}  # while there is no answer

    def run(self, inbox: queue.SimpleQueue[dict[str, Any] | None]) -> None:
        """Until `inbox` brings None."""
        while True:
            waiting = not self._handles
            while waiting or not inbox.empty():
                message = inbox.get()
                if message is None:
                    return
                self._take(message)
                waiting = not self._handles
            self._pipeline.step()
            self._tell()

    def _take(self, message: dict[str, Any]) -> None:
        if "cancel" in message:
            self._prompts.pop(message["cancel"], None)
            if handle := self._handles.pop(message["cancel"], None):
                handle.cancel()
                self._drain()
            return
        tokens = ov.Tensor(np.array([message["tokens"]], dtype=np.int64))
        config = _config(message)
        if self._draft_tokens:
            config.num_assistant_tokens = self._draft_tokens
            config.max_ngram_size = _MATCHED_TOKENS
        handle = self._pipeline.add_request(message["id"], tokens, config)
        self._handles[message["id"]] = handle
        self._prompts[message["id"]] = _Prompt(len(message["tokens"]), message["cached"])

    def _drain(self) -> None:
        """A cancelled request leaves the pipeline with its next step."""
        if not self._handles and self._pipeline.has_non_finished_requests():
            self._pipeline.step()

    def _tell(self) -> None:
        self._tell_reading()
        for id_, handle in list(self._handles.items()):
            ended = handle.get_status() != genai.GenerationStatus.RUNNING
            if handle.can_read():
                tokens = [token for out in handle.read().values() for token in out.generated_ids]
                if tokens:
                    if prompt := self._prompts.pop(id_, None):
                        self._correct(id_, prompt)
                    self._send({"id": id_, "tokens": tokens})
            if ended:
                del self._handles[id_]
                self._prompts.pop(id_, None)
                self._send({"id": id_, "end": True})

    def _tell_reading(self) -> None:
        """How far prompts are, which the pipeline does not say.

        It takes a token of the step for each answer that is being written, and reads as many of the
        prompts as are left, the first ones first.
        """
        left = max(0, self._step_tokens - (len(self._handles) - len(self._prompts)))
        for id_, prompt in self._prompts.items():
            taken = prompt.step(left, self._step_tokens)
            left -= taken
            if taken and prompt.read < prompt.tokens:
                self._send({"id": id_, "read": prompt.read, "cached": prompt.cached})

    def _correct(self, id_: int, prompt: _Prompt) -> None:
        found = prompt.found(self._step_tokens)
        if found != prompt.claimed:
            self._send({"id": id_, "read": prompt.tokens, "cached": found})


def _config(request: dict[str, Any]) -> Any:
    config = genai.GenerationConfig()
    config.max_new_tokens = request["max_tokens"]
    ends = request["ends"] or [_NEVER]
    config.stop_token_ids = set(ends)
    config.eos_token_id = ends[0]
    config.do_sample = request["temperature"] > 0
    if config.do_sample:
        config.temperature = request["temperature"]
        config.top_p = request["top_p"]
        config.top_k = 2**31 - 1
        config.rng_seed = request["seed"]
    return config


def main(arguments: list[str]) -> None:
    """Load the graph that is named and serve it until standard input ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # what libraries print is no message

    def send(message: dict[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")

    kv_tokens, step_tokens, draft_tokens = map(int, arguments)
    try:
        folder = Path(json.loads(sys.stdin.readline())["load"])
        pipeline = load(
            folder, kv_tokens=kv_tokens, step_tokens=step_tokens, draft_tokens=draft_tokens
        )
    except Exception as error:
        send({"failed": " ".join(str(error).split())[:300]})
        return
    send({"ready": True})
    inbox: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin, inbox), daemon=True).start()
    with contextlib.suppress(BrokenPipeError):  # the app is gone
        server = Server(pipeline, send, step_tokens=step_tokens, draft_tokens=draft_tokens)
        server.run(inbox)
    os._exit(0)  # the thread still reads


def _listen(lines: Iterable[str], inbox: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    for line in lines:
        inbox.put(json.loads(line))
    inbox.put(None)


if __name__ == "__main__":
    main(sys.argv[1:])
