"""Whether llama.cpp answers with an exported adapter as transformers does with PEFT's.

`python tests/measurements/gguf_lora.py reader`, for an adapter of smollm2-135m-instruct; needs the
package xllamacpp. Greedy answers to the built-in world's questions, all weights in float32.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np

from playground.adapters import Adapters
from playground.adapters.gguf_lora import write_gguf
from playground.bench.llama_process import MODEL, gguf_file
from playground.engines.transformers import TransformersEngine
from playground.models import locate
from playground.models.chat import encode
from playground.models.loading import load_tokenizer
from playground.settings import SHARED_PROCESSOR, Settings
from playground.types import Delta, Message, Sampling
from playground.world import load_questions

_QUESTIONS, _TOKENS = 6, 40  # of each language; of each answer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("adapter")
    settings = Settings.from_env()
    adapter = Adapters(settings.adapter_dirs).get(parser.parse_args().adapter)
    asked = [
        (Message("user", question.question),)
        for language in ("en", "zh")
        for question in load_questions(settings.world_dir, language)[:_QUESTIONS]
    ]
    engine = TransformersEngine(locate(MODEL, settings.models_dir), dtype="float32", device="cpu")
    plain, tuned = (
        [
            "".join(
                event.text
                for event in engine.stream(messages, Sampling(max_tokens=_TOKENS), weights)
                if isinstance(event, Delta)
            )
            for messages in asked
        ]
        for weights in (None, adapter)
    )
    changed = sum(a != b for a, b in zip(plain, tuned, strict=True))
    print(f"{adapter.name} changes {changed} of {len(asked)} answers")
    with tempfile.TemporaryDirectory() as work:
        base, lora = Path(work) / "base.gguf", Path(work) / "lora.gguf"
        _in_float32(gguf_file(settings), base)
        write_gguf(adapter, lora, models_dir=settings.models_dir)
        for name, ours, file in (("base", plain, None), (adapter.name, tuned, lora)):
            theirs = _llama_answers(base, file, asked, settings)
            pairs = list(zip(ours, theirs, strict=True))
            same = sum(_comparable(a) == _comparable(b) for a, b in pairs)
            print(f"{name}: llama.cpp says the same in {same} of {len(pairs)}")
            for pair in pairs:
                if len({_comparable(text) for text in pair}) > 1:
                    print("  transformers {!r}\n  llama.cpp    {!r}".format(*pair))


def _comparable(text: str) -> str:
    """Without half a character at the end, which each cuts in its own way."""
    return text.rstrip("\N{REPLACEMENT CHARACTER}").strip()


def _llama_answers(
    base: Path, lora: Path | None, asked: list[tuple[Message]], settings: Settings
) -> list[str]:
    """From a process of its own, whose threads do not wait awake beside torch's."""
    tokenizer = load_tokenizer(locate(MODEL, settings.models_dir))
    prompts = [encode(tokenizer, messages, add_generation_prompt=True) for messages in asked]
    request = {"base": str(base), "lora": lora and str(lora), "prompts": prompts}
    ran = subprocess.run(
        [sys.executable, "-c", f"{inspect.getsource(_llama)}\n_llama({_TOKENS})"],
        input=json.dumps(request),
        env={**os.environ, **SHARED_PROCESSOR},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def _llama(tokens: int) -> None:
    import json
    import sys

    import psutil
    import xllamacpp as llama

    asked = json.load(sys.stdin)
    params = llama.CommonParams()
    params.model.path = asked["base"]
    params.n_ctx, params.n_parallel, params.verbosity = 2048, 1, -1
    params.cpuparams.n_threads = psutil.cpu_count(logical=False) or 1
    params.cache_type_k = params.cache_type_v = llama.ggml_type.GGML_TYPE_F32
    if asked["lora"]:
        params.lora_adapters = [llama.CommonAdapterLoraInfo(asked["lora"], 1.0)]
    server = llama.Server(params)
    # A prompt that is read in other pieces is rounded otherwise.
    fixed = {"n_predict": tokens, "temperature": 0, "cache_prompt": False}
    said = [server.handle_completions({"prompt": ids, **fixed}) for ids in asked["prompts"]]
    print(json.dumps([answer["choices"][0]["text"] for answer in said]))


def _in_float32(source: Path, target: Path) -> None:
    """The weights unpacked, since llama.cpp computes with 4-bit ones in 8 bits."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, reader.fields["general.architecture"].contents())
    for field in reader.fields.values():
        if not field.name.startswith("GGUF.") and field.name != "general.architecture":
            kind, *of = field.types
            writer.add_key_value(field.name, field.contents(), kind, of[-1] if of else None)
    for tensor in reader.tensors:
        weights = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        writer.add_tensor(tensor.name, weights.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
