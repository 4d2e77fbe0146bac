"""Which part of a prompt is taken from an earlier one."""

from __future__ import annotations

import torch
from transformers import DynamicCache, LlamaConfig

from playground.engines.prefix_cache import CHUNK, PrefixCache, whole_chunks

CONFIG = LlamaConfig(num_hidden_layers=2)


def filled(length: int, mark: float = 0.0) -> DynamicCache:
    cache = DynamicCache(config=CONFIG)
    for layer in range(2):
        keys = torch.arange(length, dtype=torch.float32).reshape(1, 1, length, 1) + mark
        cache.update(keys, -keys, layer)
    return cache


def tokens(length: int, *, changed_at: int | None = None) -> list[int]:
    made = list(range(length))
    if changed_at is not None:
        made[changed_at] = 999_999
    return made


def matched(cache: PrefixCache, asked: list[int], weights: str = "base") -> int:
    return cache.match(weights, asked, CONFIG).get_seq_length()


def test_whole_chunks_of_a_known_beginning_are_reused():
    cache = PrefixCache()
    cache.keep("base", tokens(3 * CHUNK + 50), filled(3 * CHUNK + 60))
    assert matched(cache, tokens(3 * CHUNK + 50)) == 3 * CHUNK
    assert matched(cache, tokens(3 * CHUNK + 50, changed_at=2 * CHUNK + 5)) == 2 * CHUNK
    assert matched(cache, tokens(3 * CHUNK + 50, changed_at=CHUNK - 1)) == 0


def test_the_last_token_of_a_prompt_is_always_computed():
    cache = PrefixCache()
    cache.keep("base", tokens(4 * CHUNK), filled(4 * CHUNK))
    assert matched(cache, tokens(2 * CHUNK)) == CHUNK
    assert matched(cache, tokens(2 * CHUNK + 1)) == 2 * CHUNK


def test_other_weights_share_nothing():
    cache = PrefixCache()
    cache.keep("base", tokens(3 * CHUNK), filled(3 * CHUNK))
    assert matched(cache, tokens(3 * CHUNK), weights="adapter") == 0


def test_a_match_hands_out_the_kept_values_and_leaves_them_untouched():
    cache = PrefixCache()
    cache.keep("base", tokens(2 * CHUNK + 1), filled(2 * CHUNK + 1))
    first = cache.match("base", tokens(2 * CHUNK + 1), CONFIG)
    assert torch.equal(first.layers[1].keys.flatten(), torch.arange(2 * CHUNK).float())
    first.update(torch.full((1, 1, 5, 1), 7.0), torch.full((1, 1, 5, 1), 7.0), 0)
    assert matched(cache, tokens(2 * CHUNK + 1)) == 2 * CHUNK


def test_a_longer_prompt_replaces_its_own_beginning():
    cache = PrefixCache()
    cache.keep("base", tokens(2 * CHUNK + 1), filled(2 * CHUNK + 1))
    cache.keep("base", tokens(4 * CHUNK + 1), filled(4 * CHUNK + 1))
    assert len(cache._prefixes) == 1
    assert matched(cache, tokens(4 * CHUNK + 1)) == 4 * CHUNK


def test_the_least_recently_used_prefix_goes_first_when_the_budget_is_full():
    one = filled(2 * CHUNK)
    size = 2 * 2 * 2 * CHUNK * 4  # layers x (keys, values) x tokens x bytes of a float
    cache = PrefixCache(budget_bytes=2 * size)
    prompts = [[n, *tokens(2 * CHUNK)] for n in range(3)]
    cache.keep("base", prompts[0], one)
    cache.keep("base", prompts[1], one)
    matched(cache, prompts[0])
    cache.keep("base", prompts[2], one)
    assert [matched(cache, prompt) for prompt in prompts] == [2 * CHUNK, 0, 2 * CHUNK]


def test_a_prompt_shorter_than_a_chunk_is_not_kept():
    cache = PrefixCache()
    cache.keep("base", tokens(CHUNK), filled(CHUNK))
    assert cache._prefixes == []


def test_whole_chunks_rounds_down():
    assert [whole_chunks(n * CHUNK + d) // CHUNK for n, d in ((0, 5), (1, 0), (2, 9))] == [0, 1, 2]
