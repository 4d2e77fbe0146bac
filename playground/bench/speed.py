"""Reading prompts and writing answers: ours, llama.cpp and plain transformers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from playground.bench.figures import Figure, Goal, LeftOut, Limit, Spread, Step
from playground.bench.llama_process import gguf_path
from playground.bench.machine import decode_limits, prefill_limits, size_of
from playground.bench.peers import LLAMA, OURS, TRANSFORMERS, Bench, Contestant, opened
from playground.bench.prompts import CountTokens, explain, long_document
from playground.bench.rounds import Timing, interleaved, timed
from playground.models import locate
from playground.models.chat import count_tokens
from playground.models.loading import load_tokenizer

SHORT_TOKENS, LONG_TOKENS = 64, 32
_FEWEST_TOKENS = 16  # of an answer that tells how fast tokens come

_COLD_GOALS = (Goal("peer/ours", LLAMA, at_least=6),)
_WARM_GOALS = (Goal("peer/ours", LLAMA, at_least=3), Goal("ours", at_most=0.070))
_SHORT_GOALS = (Goal("ours/peer", LLAMA, at_least=1.05),)
_LONG_GOALS = (Goal("ours/peer", LLAMA, at_least=2),)


def measure_decode(bench: Bench) -> Iterator[Step | Figure | LeftOut]:
    """Tokens a second behind a short prompt."""
    yield Step("loading the contestants")
    with opened(bench, LLAMA, TRANSFORMERS) as contestants:
        tasks = {name: partial(_explain, one) for name, one in contestants.items()}
        timings = yield from interleaved(tasks, bench.options.rounds)
    limits = _decode_limits(bench, timings[OURS][0].prompt_tokens)
    yield rate("decode", "decode, short prompt", timings, _SHORT_GOALS, limits)


def _explain(contestant: Contestant, number: int) -> Timing:
    return timed(contestant.stream(explain(number), SHORT_TOKENS, ignore_end=True))


def measure_document(bench: Bench) -> Iterator[Step | Figure | LeftOut]:
    """A long document: the first question about it, the second, and writing behind it."""
    yield Step("loading the contestants")
    counter = _counter(bench)
    with opened(bench, LLAMA, TRANSFORMERS) as contestants:
        tasks = {
            name: partial(_read_twice, bench, counter, one, keeps_prompts=name != TRANSFORMERS)
            for name, one in contestants.items()
        }
        pairs = yield from interleaved(tasks, bench.options.rounds)
    cold = {name: [pair[0] for pair in listed] for name, listed in pairs.items()}
    warm = {name: [pair[-1] for pair in listed] for name, listed in pairs.items()}
    warm.pop(TRANSFORMERS, None)
    tokens = cold[OURS][0].prompt_tokens
    size = size_of(locate(bench.settings.model, bench.settings.models_dir))
    limits = prefill_limits(bench.machine, size, tokens)
    yield first_token("cold first token", cold, _COLD_GOALS, limits)
    yield first_token("warm first token, same document", warm, _WARM_GOALS)
    limits = _decode_limits(bench, tokens)
    both = {name: [timing for pair in listed for timing in pair] for name, listed in pairs.items()}
    yield rate("document", "decode, long prompt", both, _LONG_GOALS, limits)


def _read_twice(
    bench: Bench,
    counter: CountTokens,
    contestant: Contestant,
    number: int,
    *,
    keeps_prompts: bool,
) -> tuple[Timing, ...]:
    """The second question only of those who keep a prompt: the others would read all again."""
    prompts = long_document(bench.settings, number, bench.options.prompt_tokens, counter)
    asked = prompts if keeps_prompts else prompts[:1]
    return tuple(timed(contestant.stream(prompt, LONG_TOKENS, ignore_end=True)) for prompt in asked)


def first_token(
    name: str,
    timings: Mapping[str, Sequence[Timing]],
    goals: tuple[Goal, ...],
    limits: tuple[Limit, ...] = (),
) -> Figure:
    """Seconds to the first token of a document's question."""
    spreads = {who: Spread.of(t.first_seconds for t in listed) for who, listed in timings.items()}
    example = timings[OURS][0]
    kept = ", ".join(f"{who} {listed[-1].cached_tokens:,}" for who, listed in timings.items())
    return Figure(
        "document",
        name,
        "s",
        spreads.pop(OURS),
        spreads,
        goals,
        limits,
        note=f"prompt {example.prompt_tokens:,} tokens, of them kept: {kept}",
    )


def rate(
    group: str,
    name: str,
    timings: Mapping[str, Sequence[Timing]],
    goals: tuple[Goal, ...],
    limits: tuple[Limit, ...] = (),
) -> Figure | LeftOut:
    """Tokens a second of those answers that were long enough to tell."""
    rates = {
        who: [
            t.tokens_per_second
            for t in listed
            if t.tokens_per_second and t.completion_tokens >= _FEWEST_TOKENS
        ]
        for who, listed in timings.items()
    }
    if not rates[OURS]:
        longest = max(t.completion_tokens for t in timings[OURS])
        reason = f"no answer of ours had {_FEWEST_TOKENS} tokens; the longest had {longest}"
        return LeftOut(name, reason)
    spreads = {who: Spread.of(values) for who, values in rates.items() if values}
    lengths = ", ".join(
        f"{who} {max(t.completion_tokens for t in listed)}" for who, listed in timings.items()
    )
    prompt = timings[OURS][0].prompt_tokens
    note = f"prompt {prompt:,} tokens, tokens of the longest answer: {lengths}"
    return Figure(group, name, "tokens/s", spreads.pop(OURS), spreads, goals, limits, note)


def _counter(bench: Bench) -> CountTokens:
    return partial(
        count_tokens, load_tokenizer(locate(bench.settings.model, bench.settings.models_dir))
    )


def _decode_limits(bench: Bench, tokens: int) -> tuple[Limit, ...]:
    size = size_of(locate(bench.settings.model, bench.settings.models_dir))
    llama = any(peer.name == LLAMA for peer in bench.peers)
    return decode_limits(bench.machine, size, tokens, _llama_bytes(bench) if llama else None)


def _llama_bytes(bench: Bench) -> int | None:
    """How large llama.cpp's file is, once it was fetched."""
    file = gguf_path(bench.settings)
    return file.stat().st_size if file.is_file() else None
