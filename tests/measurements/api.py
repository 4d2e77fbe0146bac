"""What the API bears: `wrong` sends requests that are wrong in every way; `crowd` lets many clients
ask at once, with the embedded model and its adapter, some of whom leave in the middle."""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psutil

from playground.app import Playground
from playground.settings import Settings
from playground.world import load_questions
from tests.api.conftest import serving
from tests.api.storm import wrong as wrong_request

MODELS = ("base", "lora:halden-facts", "rag", "rag+lora:halden-facts")


def wrong(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            model="fake",
            embedder="fake",
            data_dir=Path(folder) / "data",
            adapters_dir=Path(folder) / "adapters",
            api_requests_per_minute=10**6,
        )
        playground = Playground(settings)
        list(playground.bases.add_world())
        with serving(playground) as url:
            asyncio.run(_wrong(url, args.count))


async def _wrong(url: str, count: int) -> None:
    chance = random.Random(0)
    requests = iter([wrong_request(chance) for _ in range(count)])
    statuses: collections.Counter[Any] = collections.Counter()
    slowest = 0.0

    async def send(client: httpx.AsyncClient) -> None:
        nonlocal slowest
        for method, path, body, kind in requests:
            headers = {"Content-Type": kind} if kind else {}
            start = time.perf_counter()
            try:
                found = await client.request(method, url + path, content=body, headers=headers)
                statuses[found.status_code] += 1
                if found.status_code >= 500:
                    print(found.status_code, method, path, body[:200], found.text[:200])
            except httpx.HTTPError as error:
                statuses[type(error).__name__] += 1
                print(type(error).__name__, method, path, body[:200])
            slowest = max(slowest, time.perf_counter() - start)

    async with httpx.AsyncClient(timeout=30) as client:
        await asyncio.gather(*(send(client) for _ in range(16)))
    print(f"{count} requests, statuses {dict(statuses)}, the slowest {slowest:.1f} s")


def crowd(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder) / "data", api_requests_per_minute=10**6)
        playground = Playground(settings)
        for _ in (*playground.pull(), *playground.bases.add_world()):
            pass
        playground.warm_up()
        questions = [
            q.question for q in load_questions(settings.world_dir, "en") if q.kind == "fact"
        ][:6]
        with serving(playground) as url:
            asyncio.run(_crowd(url, questions, args))
        playground.engine.close()


class _Crowd:
    """Clients of one server, and what became of their requests."""

    def __init__(self, client: httpx.AsyncClient, url: str, questions: list[str]) -> None:
        self.counts: collections.Counter[str] = collections.Counter()
        self.different = 0
        self.alone: dict[tuple[str, str], str | None] = {}
        self._client, self._url, self._questions = client, url, questions

    async def ask(self, model: str, question: str, *, leave: bool = False) -> str | None:
        body = {
            "model": model,
            "messages": [{"role": "user", "content": question}],
            "max_tokens": 16,
            "stream": True,
        }
        url = f"{self._url}/chat/completions"
        async with self._client.stream("POST", url, json=body) as found:
            if found.status_code != 200:
                self.counts[str(found.status_code)] += 1
                return None
            return await self._read(found, leave)

    async def _read(self, found: httpx.Response, leave: bool) -> str | None:
        text = ""
        async for line in found.aiter_lines():
            if not line.startswith("data: {"):
                continue
            chunk = json.loads(line[6:])
            if "error" in chunk:
                self.counts["error in a stream"] += 1
                return None
            text += chunk["choices"][0]["delta"].get("content", "")
            if leave and text:
                self.counts["left"] += 1
                return None
        self.counts["answered"] += 1
        return text

    async def alone_first(self) -> None:
        """Each answer without a crowd."""
        for model in MODELS:
            for question in self._questions:
                self.alone[model, question] = await self.ask(model, question)
        self.counts.clear()

    async def visit(self, number: int, end: float) -> None:
        chance = random.Random(number)
        while time.monotonic() < end:
            model, question = chance.choice(MODELS), chance.choice(self._questions)
            text = await self.ask(model, question, leave=chance.random() < 0.3)
            self.different += text is not None and text != self.alone[model, question]
            if text is None:
                await asyncio.sleep(chance.random())


async def _crowd(url: str, questions: list[str], args: argparse.Namespace) -> None:
    limits = httpx.Limits(max_connections=None)
    memory: list[int] = []

    async def watch(end: float) -> None:
        while time.monotonic() < end:
            memory.append(_memory())
            await asyncio.sleep(5)

    async with httpx.AsyncClient(timeout=300, limits=limits) as client:
        crowd = _Crowd(client, url, questions)
        await crowd.alone_first()
        end = time.monotonic() + args.seconds
        visits = (crowd.visit(number, end) for number in range(args.clients))
        await asyncio.gather(watch(end), *visits)
        print(f"{args.clients} clients, {args.seconds} s: {dict(crowd.counts)}")
        print(f"{crowd.different} answers differ from those alone")
        print("memory in MB:", " ".join(f"{m / 1e6:.0f}" for m in memory))
        crowd.counts.clear()
        texts = await asyncio.gather(*(crowd.ask("base", questions[0]) for _ in range(72)))
        lost = sum(text != crowd.alone["base", questions[0]] for text in texts)
        print(f"72 at once, as many as there are places: {dict(crowd.counts)}, {lost} went wrong")


def _memory() -> int:
    """Of this process and all that it started."""
    me = psutil.Process()
    found = 0
    for process in (me, *me.children(recursive=True)):
        try:
            found += process.memory_info().rss
        except psutil.Error:
            continue
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    actions = parser.add_subparsers(required=True)
    wronging = actions.add_parser("wrong")
    wronging.add_argument("--count", type=int, default=10_000)
    wronging.set_defaults(act=wrong)
    crowding = actions.add_parser("crowd")
    crowding.add_argument("--clients", type=int, default=64)
    crowding.add_argument("--seconds", type=int, default=120)
    crowding.set_defaults(act=crowd)
    args = parser.parse_args()
    args.act(args)


if __name__ == "__main__":
    main()
