"""The OpenVINO engine, beyond what every engine does."""

from __future__ import annotations

import math
import random
import shutil
from dataclasses import replace

import psutil
import pytest
from safetensors.torch import load_file, save_file

from playground.engines.openvino import OpenVinoEngine
from playground.engines.openvino_prepare import make
from playground.engines.openvino_prepared import find
from playground.engines.openvino_processes import Processes
from playground.engines.openvino_record import BLOCK_TOKENS, PromptRecord
from playground.engines.openvino_worker import Server, load
from playground.engines.transformers import TransformersEngine
from playground.errors import AdapterUnsupported, EngineStopped
from playground.models import ModelFiles
from playground.types import Delta, Message, Sampling
from tests.engines.conftest import ask, files_of, open_openvino
from tests.tiny import make_adapter, make_model

QUESTIONS = ("hello", "what is it? " * 9, "你好，世界", "a b c " * 40)


@pytest.fixture
def engine(model, prepared):
    opened = open_openvino(model, prepared)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def reference(model):
    return TransformersEngine(files_of(model), device="cpu", dtype="float32")


def processes(engine):
    return [loaded.process for loaded in engine._processes._loaded.values() if loaded.process]


def test_exact_weights_give_the_answers_of_transformers(model, prepared, reference, tmp_path):
    folder = tmp_path / "exact"
    shutil.copytree(prepared.folder / "graph", folder / "graph")
    shutil.copytree(prepared.folder / "graph", folder / "base")
    engine = open_openvino(model, replace(prepared, folder=folder, int8=False))
    adapter = make_adapter(tmp_path, model, "mine")
    for tuned in (None, adapter):
        for question in QUESTIONS:
            ours, theirs = (
                ask(engine, question, adapter=tuned),
                ask(reference, question, adapter=tuned),
            )
            assert ours[0] == theirs[0]
    engine.close()


def test_a_lora_of_another_kind_is_refused_by_its_option(engine, model, tmp_path):
    adapter = make_adapter(tmp_path, model, "dora")
    config = adapter.path / "adapter_config.json"
    config.write_text(config.read_text().replace('"use_dora": false', '"use_dora": true'))
    with pytest.raises(AdapterUnsupported, match="use_dora"):
        ask(engine, "hello", adapter=adapter)


def test_a_tensor_that_is_no_lora_is_refused(engine, model, tmp_path):
    adapter = make_adapter(tmp_path, model, "more")
    file = adapter.path / "adapter_model.safetensors"
    tensors = load_file(file)
    save_file(
        {**tensors, "base_model.model.lm_head.weight": next(iter(tensors.values())).clone()}, file
    )
    with pytest.raises(AdapterUnsupported, match="lm_head"):
        ask(engine, "hello", adapter=adapter)


def test_a_process_that_was_killed_is_an_error_and_is_started_anew(engine):
    before, _ = ask(engine, "hello")
    stream = engine.stream((Message("user", "hello"),), Sampling(max_tokens=800))
    next(stream)
    psutil.Process(processes(engine)[0].pid).kill()
    with pytest.raises(EngineStopped, match="code"):
        list(stream)
    assert ask(engine, "hello")[0] == before


def test_tuned_weights_that_were_not_used_lately_leave_the_memory(model, prepared, tmp_path):
    engine = open_openvino(model, prepared, adapter_bytes=0)
    first, second = (make_adapter(tmp_path, model, n, seed=s) for s, n in enumerate("ab", 1))
    answers = [ask(engine, "hello", adapter=a)[0] for a in (None, first, second, first, None)]
    assert answers[1] == answers[3] != answers[2]
    assert answers[0] == answers[4]
    assert len(processes(engine)) == 2  # the untuned weights, and the last tuned ones
    engine.close()


def test_an_adapter_is_merged_once_and_found_again_by_its_content(
    engine, model, tmp_path, prepared
):
    adapter = make_adapter(tmp_path, model, "once", seed=7)
    ask(engine, "hello", adapter=adapter)
    merged = set((prepared.folder / "adapters").iterdir())
    copy = replace(adapter, path=shutil.copytree(adapter.path, tmp_path / "copy"), name="copy")
    ask(engine, "hello", adapter=copy)
    assert set((prepared.folder / "adapters").iterdir()) == merged


def test_drafts_from_the_prompt_change_no_answer(engine, model, prepared):
    drafting = open_openvino(model, prepared, draft_tokens=2)
    for question in QUESTIONS:
        for sampling in (Sampling(max_tokens=40), Sampling(max_tokens=40, temperature=1, seed=5)):
            assert ask(drafting, question, sampling) == ask(engine, question, sampling)
    drafting.close()


def test_a_closed_engine_leaves_no_process_behind(model, prepared):
    engine = open_openvino(model, prepared)
    ask(engine, "hello")
    pids = [process.pid for process in processes(engine)]
    engine.close()
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_cancelled_request_leaves_the_pipeline_and_others_go_on(prepared):
    pipeline = load(prepared.base, kv_tokens=2048, step_tokens=64)
    said: list[dict] = []
    server = Server(pipeline, said.append, step_tokens=64)
    for id_ in (1, 2):
        server._take(request(id_, [id_] * 50, 900 if id_ == 1 else 20))
    pipeline.step()
    server._tell()
    server._take({"cancel": 1})
    while server._handles:
        pipeline.step()
        server._tell()
    assert not pipeline.has_non_finished_requests()
    assert sum(len(message.get("tokens", ())) for message in said if message["id"] == 2) == 20
    assert sum(len(message.get("tokens", ())) for message in said if message["id"] == 1) < 20


def request(id_, tokens, max_tokens):
    asked = {"id": id_, "tokens": tokens, "cached": 0, "max_tokens": max_tokens}
    return {**asked, "temperature": 0, "ends": []}


def test_prompts_that_are_read_together_share_the_steps(prepared):
    pipeline = load(prepared.base, kv_tokens=4096, step_tokens=64)
    said: list[dict] = []
    server = Server(pipeline, said.append, step_tokens=64)
    server._take(request(1, [1] * 20, 900))
    pipeline.step()
    server._tell()
    server._take(request(2, [2] * 150, 2))
    server._take(request(3, [3] * 150, 2))
    while len(server._handles) > 1:
        pipeline.step()
        server._tell()
    told = [(message["id"], message.get("read")) for message in said if message["id"] > 1]
    reading = [one for one in told if one[1]]
    # Each answer takes one of a step's 64 tokens, and the prompt that came first is read first.
    assert reading == [(2, 63), (2, 126), (3, 39), (3, 101)]
    assert told.index((2, None)) == 3  # its first token comes with the step that ended its reading


class Counted:
    """A pipeline that counts its steps."""

    def __init__(self, pipeline):
        self._pipeline = pipeline
        self.steps = 0

    def step(self):
        self.steps += 1
        self._pipeline.step()

    def __getattr__(self, name):
        return getattr(self._pipeline, name)


def test_what_the_record_calls_cached_was_not_read_again(prepared):
    """With steps of one block, the steps to the first token tell how many blocks were read."""
    pipeline = Counted(load(prepared.base, kv_tokens=4096, step_tokens=BLOCK_TOKENS))
    record = PromptRecord(4096, BLOCK_TOKENS)
    rng = random.Random(0)
    start = [rng.randrange(200) for _ in range(320)]
    prompts = [start[:cut] + [rng.randrange(200) for _ in range(90)] for cut in (320, 300, 64, 10)]
    for prompt in [*prompts, *reversed(prompts)]:
        said: list[dict] = []
        server = Server(pipeline, said.append, step_tokens=BLOCK_TOKENS)
        server._take(request(1, prompt, 1))
        before = pipeline.steps
        while not any("tokens" in message for message in said):
            pipeline.step()
            server._tell()
        read = len(prompt) - record.cached(prompt)
        assert abs(pipeline.steps - before - math.ceil(read / BLOCK_TOKENS)) <= 1
        answer = next(message["tokens"] for message in said if "tokens" in message)
        list(record.following(prompt, answer))


def test_what_is_said_to_be_cached_was_not_read_again_though_the_library_forgot(prepared):
    """After a change of the documents it drops what it has just read, before what is older."""
    pipeline = Counted(load(prepared.base, kv_tokens=1456, step_tokens=BLOCK_TOKENS))
    record = PromptRecord(1456, BLOCK_TOKENS)
    rng = random.Random(0)

    def text(length):
        return [rng.randrange(200) for _ in range(length)]

    def asked(prompt):
        """What the record says, what is told in the end, and what was there by the steps."""
        said: list[dict] = []
        server = Server(pipeline, said.append, step_tokens=BLOCK_TOKENS)
        claimed, before = record.cached(prompt), pipeline.steps
        server._take({**request(1, prompt, 1), "cached": claimed})
        while server._handles:
            pipeline.step()
            server._tell()
        answer = next(message["tokens"] for message in said if "tokens" in message)
        list(record.following(prompt, answer))
        told = [claimed, *(message["cached"] for message in said if "read" in message)][-1]
        return claimed, told, max(0, len(prompt) - BLOCK_TOKENS * (pipeline.steps - before))

    head = text(5)
    start, old, new = head + text(92), text(878), text(878)
    first, second = text(5), text(6)
    passages, others = head + text(110), head + text(23)
    found = [
        *map(asked, (head, start + old + first, passages)),
        *map(asked, (start + old + second, others + text(133))),
        *map(asked, (start + new + second, others + text(133))),
        *map(asked, (start + new + first, passages)),
    ]
    for _, told, there in found:
        assert -BLOCK_TOKENS < told - there <= 2 * BLOCK_TOKENS
    assert any(claimed - told > 500 for claimed, told, _ in found)  # else it forgets no more


def test_a_model_whose_layers_forget_is_unfit_and_is_not_tried_again(tmp_path, monkeypatch):
    from transformers import AutoConfig

    folder = make_model(tmp_path / "sliding")
    config = AutoConfig.from_pretrained(folder).to_dict()
    assert config["model_type"] == "llama"
    text = (folder / "config.json").read_text().replace('"llama"', '"mistral"')
    text = text.replace("LlamaForCausalLM", "MistralForCausalLM")
    (folder / "config.json").write_text(text.replace("{", '{"sliding_window": 64,', 1))
    files = ModelFiles("sliding", str(folder))
    assert len(list(make(files, tmp_path / "cache"))) == 2
    found = find(files, tmp_path / "cache")
    assert found is not None
    assert "keep all keys and values" in str(found.unfit)
    assert list(make(files, tmp_path / "cache")) == []


def test_a_changed_model_is_prepared_again(tmp_path):
    folder = make_model(tmp_path / "model")
    files, cache = ModelFiles("mine", str(folder)), tmp_path / "cache"
    for _ in make(files, cache):
        pass
    (folder / "config.json").touch()
    assert find(files, cache) is None
    for _ in make(files, cache):
        pass
    assert find(files, cache) is not None
    assert len([entry for entry in cache.iterdir() if entry.is_dir()]) == 1


@pytest.mark.embedded
def test_the_embedded_model_reads_and_stops(models_dir, tmp_path_factory):
    from playground.models import locate
    from playground.settings import Settings

    files = locate("smollm2-135m-reader", models_dir)
    cache = Settings.from_env().graphs_dir
    for _ in make(files, cache):
        pass
    found = find(files, cache)
    assert found is not None
    assert found.unfit is None
    engine = OpenVinoEngine(files, Processes(found, model=files.name))
    text, finish = ask(engine, "What is the capital of France?", Sampling(max_tokens=24))
    assert "Paris" in text
    assert finish.reason == "stop"
    *deltas, _ = engine.stream((Message("user", "请重复：闫英英😀"),), Sampling(max_tokens=40))
    assert not any("\ufffd" in delta.text for delta in deltas if isinstance(delta, Delta))
    engine.close()
