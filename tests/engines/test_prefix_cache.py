"""Which part of a prompt is taken from an earlier one."""

from __future__ import annotations

import torch
from transformers import DynamicCache, LlamaConfig

from playground.engines.prefix_cache import LONG_PIECE as LONG
from playground.engines.prefix_cache import SHORT_PIECE as SHORT
from playground.engines.prefix_cache import PrefixCache, piece_ends

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


def test_long_pieces_come_first_and_short_ones_after():
    assert piece_ends(2 * LONG + 2 * SHORT + 7) == (
        LONG,
        2 * LONG,
        2 * LONG + SHORT,
        2 * LONG + 2 * SHORT,
    )


def test_the_last_token_is_in_no_piece():
    assert piece_ends(SHORT) == ()
    assert piece_ends(SHORT + 1) == (SHORT,)
    assert piece_ends(1) == ()


def test_whole_pieces_of_a_known_beginning_are_reused():
    cache = PrefixCache()
    length = LONG + 3 * SHORT + 50
    cache.keep("base", tokens(length), filled(length + 10))
    assert matched(cache, tokens(length)) == LONG + 3 * SHORT
    assert matched(cache, tokens(length, changed_at=LONG + 2 * SHORT + 5)) == LONG + 2 * SHORT
    assert matched(cache, tokens(length, changed_at=LONG + 5)) == LONG
    assert matched(cache, tokens(length, changed_at=LONG - 1)) == 0


def test_pieces_that_a_prompt_would_not_have_had_are_not_reused():
    cache = PrefixCache()
    cache.keep("base", tokens(LONG + 3 * SHORT + 1), filled(LONG + 3 * SHORT + 1))
    assert matched(cache, tokens(2 * LONG + 1)) == LONG  # its second piece is a long one


def test_other_weights_share_nothing():
    cache = PrefixCache()
    cache.keep("base", tokens(3 * SHORT), filled(3 * SHORT))
    assert matched(cache, tokens(3 * SHORT), weights="adapter") == 0


def test_a_match_hands_out_the_kept_values_and_leaves_them_untouched():
    cache = PrefixCache()
    cache.keep("base", tokens(2 * SHORT + 1), filled(2 * SHORT + 1))
    first = cache.match("base", tokens(2 * SHORT + 1), CONFIG)
    assert torch.equal(first.layers[1].keys.flatten(), torch.arange(2 * SHORT).float())
    first.update(torch.full((1, 1, 5, 1), 7.0), torch.full((1, 1, 5, 1), 7.0), 0)
    assert matched(cache, tokens(2 * SHORT + 1)) == 2 * SHORT


def test_a_longer_prompt_replaces_its_own_beginning():
    cache = PrefixCache()
    cache.keep("base", tokens(2 * SHORT + 1), filled(2 * SHORT + 1))
    cache.keep("base", tokens(3 * SHORT + 1), filled(3 * SHORT + 1))
    assert len(cache._prefixes) == 1
    assert matched(cache, tokens(3 * SHORT + 1)) == 3 * SHORT


def test_the_least_recently_used_prefix_goes_first_when_the_budget_is_full():
    one = filled(2 * SHORT)
    size = 2 * 2 * 2 * SHORT * 4  # layers x (keys, values) x tokens x bytes of a float
    cache = PrefixCache(budget_bytes=2 * size)
    prompts = [[n, *tokens(2 * SHORT)] for n in range(3)]
    cache.keep("base", prompts[0], one)
    cache.keep("base", prompts[1], one)
    matched(cache, prompts[0])
    cache.keep("base", prompts[2], one)
    assert [matched(cache, prompt) for prompt in prompts] == [2 * SHORT, 0, 2 * SHORT]


def test_a_prompt_shorter_than_a_piece_is_not_kept():
    cache = PrefixCache()
    cache.keep("base", tokens(SHORT), filled(SHORT))
    assert cache._prefixes == []
