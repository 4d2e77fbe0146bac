"""What is said to be cached."""

from __future__ import annotations

from playground.engines.openvino_record import PromptRecord


def read(record, tokens, generated=(1,)):
    return list(record.following(tokens, iter(generated)))


def test_whole_blocks_of_a_shared_beginning_are_cached():
    record = PromptRecord(1000, 4)
    assert record.cached(range(10)) == 0
    assert read(record, list(range(10)), [70, 71]) == [70, 71]
    assert record.cached([*range(10), 99]) == 8
    assert record.cached([*range(10), 70, 71, 99]) == 12
    assert record.cached([0, 1, 2, 3, 4, 99]) == 4


def test_the_last_token_of_a_prompt_is_always_read():
    record = PromptRecord(1000, 4)
    read(record, list(range(8)))
    assert record.cached(list(range(8))) == 4


def test_a_prompt_that_was_left_before_its_first_token_is_not_cached():
    record = PromptRecord(1000, 4)
    read(record, list(range(8)), [])
    assert record.cached(list(range(8))) == 0


def test_the_oldest_prompts_leave_a_full_cache():
    record = PromptRecord(25, 4)
    first, second = list(range(10)), list(range(50, 60))
    for tokens in (first, second, list(range(80, 90))):
        read(record, tokens)
    assert record.cached(first) == 0
    assert record.cached(second) == 8
