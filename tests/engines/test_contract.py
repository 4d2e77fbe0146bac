"""What every engine with weights does: streaming, stopping, seeds, adapters, reuse of prompts."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from safetensors.torch import load_file, save_file

from playground.errors import AdapterMismatch, AdapterUnreadable, OverWindow
from playground.types import Delta, Finish, Message, Reading, Sampling
from tests.engines.conftest import SHORT, ask
from tests.tiny import make_adapter

_LONG = 256  # tokens, whole pieces for every engine


def test_the_finish_counts_the_tokens(tiny):
    _, finish = ask(tiny, "hello")
    assert finish.prompt_tokens == tiny.count_tokens((Message("user", "hello"),))
    assert finish.completion_tokens == 12
    assert finish.reason == "length"


def test_an_answer_does_not_depend_on_what_was_asked_before(tiny):
    prompt = "the same long beginning " * 20
    cold, first = ask(tiny, prompt + "A")
    ask(tiny, prompt + "something else")
    warm, second = ask(tiny, prompt + "A")
    assert first.cached_tokens == 0
    assert second.cached_tokens >= _LONG
    assert warm == cold


@pytest.mark.parametrize("tuned", [False, True])
def test_documents_of_nearly_a_window_are_kept_while_something_else_is_asked(
    tiny, model, tmp_path, tuned
):
    adapter = make_adapter(tmp_path, model, "keeps") if tuned else None
    documents = "the same documents, whole " * 35
    ask(tiny, documents + "A", adapter=adapter)
    ask(tiny, "a few passages that begin otherwise " * 6, adapter=adapter)
    _, finish = ask(tiny, documents + "B", adapter=adapter)
    assert finish.prompt_tokens > 0.9 * 1024
    assert finish.cached_tokens > 0.8 * finish.prompt_tokens


def test_a_stop_string_ends_the_answer_before_it(tiny):
    whole, _ = ask(tiny, "hello")
    stop = whole[4:6]
    cut, finish = ask(tiny, "hello", Sampling(max_tokens=12, stop=(stop,)))
    assert cut == whole[: whole.index(stop)]
    assert finish.reason == "stop"


def test_the_seed_decides_a_sampled_answer(tiny):
    def sampled(seed):
        return ask(tiny, "hello", Sampling(max_tokens=12, temperature=1.5, seed=seed))[0]

    assert sampled(1) == sampled(1)
    assert len({sampled(seed) for seed in range(4)}) > 1


def test_a_prompt_over_the_window_is_refused_with_both_numbers(tiny):
    with pytest.raises(OverWindow, match=r"holds 1,024"):
        ask(tiny, "x" * 1020)


def test_leaving_an_answer_early_frees_the_engine(tiny):
    stream = tiny.stream((Message("user", "hello"),), Sampling(max_tokens=900))
    next(stream)
    stream.close()
    assert ask(tiny, "hello")[1].completion_tokens == 12


@pytest.mark.parametrize("until", [Delta, Finish])
def test_a_prompt_is_kept_even_if_the_reader_leaves_early(tiny, until):
    prompt = f"a beginning for {until.__name__} " * 20
    stream = tiny.stream((Message("user", prompt),), SHORT)
    next(event for event in stream if isinstance(event, until))
    stream.close()
    assert ask(tiny, prompt)[1].cached_tokens >= _LONG


def test_how_far_a_long_prompt_is_read_is_told_before_the_answer(tiny):
    prompt = "how far is it? " * 45
    first, again = (list(tiny.stream((Message("user", prompt),), SHORT)) for _ in range(2))
    reading = [event for event in first if isinstance(event, Reading)]
    finish = first[-1]
    assert first[: len(reading)] == reading  # before everything else
    told = [event.read_tokens for event in reading]
    assert len(told) >= finish.prompt_tokens // 256
    assert told == sorted(set(told))
    assert told[-1] < finish.prompt_tokens
    assert {event.prompt_tokens for event in reading} == {finish.prompt_tokens}
    assert again[-1].cached_tokens > 0
    read = [event.read_tokens for event in again if isinstance(event, Reading)]
    assert all(tokens > again[-1].cached_tokens for tokens in read)
    assert len(read) < len(reading)


def test_adapters_change_the_answer_and_base_stays_untouched(tiny, model, tmp_path):
    before, _ = ask(tiny, "hello")
    first = make_adapter(tmp_path, model, "first", seed=1)
    second = make_adapter(tmp_path, model, "second", seed=2)
    answers = [ask(tiny, "hello", adapter=a)[0] for a in (first, second, None, first)]
    assert answers[0] == answers[3]
    assert len(set(answers[:3])) == 3
    assert answers[2] == before


def test_interleaved_base_and_tuned_calls_equal_their_serial_answers(tiny, model, tmp_path):
    adapters = [None, make_adapter(tmp_path, model, "a", seed=3)]
    calls = [(f"question {n} " * (n % 3 * 9 + 1), adapters[n % 2]) for n in range(20)]
    serial = [ask(tiny, question, adapter=adapter) for question, adapter in calls]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda call: ask(tiny, call[0], adapter=call[1]), calls))
    assert [text for text, _ in together] == [text for text, _ in serial]


def test_an_adapter_trained_again_under_its_name_is_loaded_again(tiny, model, tmp_path):
    old, _ = ask(tiny, "hello", adapter=make_adapter(tmp_path, model, "mine", seed=1))
    shutil.rmtree(tmp_path / "mine")
    new, _ = ask(tiny, "hello", adapter=make_adapter(tmp_path, model, "mine", seed=2))
    assert new != old


def test_an_adapter_of_another_model_is_refused_by_both_names(tiny, tmp_path, model):
    adapter = make_adapter(tmp_path, model, "stray")
    other = type(adapter)(adapter.name, adapter.path, "org/other-model", adapter.r)
    with pytest.raises(AdapterMismatch, match=r"org/other-model.*model"):
        ask(tiny, "hello", adapter=other)


def test_a_damaged_adapter_that_is_the_first_one_does_not_break_the_model(
    open_tiny, model, tmp_path
):
    engine = open_tiny()
    before, _ = ask(engine, "hello")
    broken, good = (make_adapter(tmp_path, model, name) for name in ("broken", "good"))
    (broken.path / "adapter_model.safetensors").write_bytes(b"no tensors")
    with pytest.raises(AdapterUnreadable, match="broken"):
        ask(engine, "hello", adapter=broken)
    assert ask(engine, "hello")[0] == before
    assert ask(engine, "hello", adapter=good)[0] != before
    assert ask(engine, "hello")[0] == before


@pytest.mark.filterwarnings("ignore:Found missing adapter keys")  # PEFT only warns
@pytest.mark.parametrize("damage", ["truncated", "missing", "other shape", "incomplete", "renamed"])
def test_a_damaged_adapter_is_refused_and_the_engine_goes_on(tiny, model, tmp_path, damage):
    adapter = make_adapter(tmp_path, model, "broken")
    weights = adapter.path / "adapter_model.safetensors"
    if damage == "truncated":
        weights.write_bytes(weights.read_bytes()[:100])
    elif damage == "missing":
        weights.unlink()
    elif damage == "incomplete":
        tensors = load_file(weights)
        save_file(dict(list(tensors.items())[:-2]), weights)
    elif damage == "renamed":
        tensors = load_file(weights)
        save_file({k.replace("layers.0", "layers.9"): t for k, t in tensors.items()}, weights)
    else:
        config = adapter.path / "adapter_config.json"
        config.write_text(config.read_text().replace('"r": 4', '"r": 2'))
    before, _ = ask(tiny, "hello")
    with pytest.raises(AdapterUnreadable, match="broken"):
        ask(tiny, "hello", adapter=adapter)
    assert ask(tiny, "hello")[0] == before


def test_a_pickle_in_an_adapter_folder_is_never_opened(tiny, model, tmp_path):
    adapter = make_adapter(tmp_path, model, "evil")
    (adapter.path / "adapter_model.safetensors").unlink()
    torch.save({"payload": 1}, adapter.path / "adapter_model.bin")
    with pytest.raises(AdapterUnreadable):
        ask(tiny, "hello", adapter=adapter)


def test_an_adapter_that_changes_nothing_is_warned_of(tiny, model, tmp_path, caplog):
    adapter = make_adapter(tmp_path, model, "idle")
    file = adapter.path / "adapter_model.safetensors"
    weights = load_file(file)
    save_file({k: w * ("lora_B" not in k) for k, w in weights.items()}, file)
    ask(tiny, "hello", adapter=adapter)
    assert "'idle' changes nothing" in caplog.text
