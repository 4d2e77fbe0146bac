"""The fake that ships, and the embedded model behind the same seam."""

import importlib.util
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from playground.errors import ModelNotFound, ModelUnusable, TextTooLong
from playground.models import locate
from playground.retrieval import HashEmbedder, KnowledgeBase, SentenceTransformerEmbedder, split
from playground.retrieval.embedder import _batches
from playground.types import Document
from tests.tiny import make_embedder

needs_openvino = pytest.mark.skipif(
    importlib.util.find_spec("openvino_genai") is None, reason="needs OpenVINO"
)
TEXTS = [
    "?",
    "退款需要七个工作日",
    "The library opens at nine.",
    "Refunds take seven days. " * 9,
    "茶馆里供应绿茶。" * 9,
    "Who wrote it?",
]


def _check_contract(embedder):
    texts = ["退款需要七个工作日", "", "The library opens at nine.", "?"]
    for kind in ("query", "passage"):
        vectors = embedder.embed(texts, kind=kind)
        assert vectors.shape == (4, embedder.dimension)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
        assert embedder.embed([], kind=kind).shape == (0, embedder.dimension)
    assert embedder.count_tokens("") == 0
    assert embedder.count_tokens("two words") >= 2


def test_hash_embedder_keeps_the_contract():
    _check_contract(HashEmbedder())


def test_hash_embedder_is_the_same_in_every_process():
    code = (
        "from playground.retrieval import HashEmbedder;"
        "print(HashEmbedder(dimension=8).embed(['\\u9000 refund'], kind='query').tobytes().hex())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = HashEmbedder(dimension=8).embed(["\u9000 refund"], kind="query")
    assert run.stdout.strip() == here.tobytes().hex()


def test_importing_retrieval_does_not_load_torch():
    code = (
        "import sys, playground.retrieval;"
        "sys.exit(any(name in sys.modules for name in ('torch', 'sentence_transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_folder_without_a_model_is_an_error(tmp_path):
    with pytest.raises((ModelUnusable, ModelNotFound), match="mine"):
        SentenceTransformerEmbedder(tmp_path, name="mine").embed(["text"], kind="query")


def _runs_graph(embedder):
    return type(embedder._loaded.model[0].model).__name__ == "GraphNetwork"


def test_model_keeps_the_contract_on_torch(tmp_path):
    embedder = SentenceTransformerEmbedder(make_embedder(tmp_path / "model"), name="small")
    assert not list(embedder.prepare())
    _check_contract(embedder)
    assert not _runs_graph(embedder)


@needs_openvino
def test_graph_gives_the_vectors_of_torch_and_is_made_before_it_is_needed(tmp_path):
    folder, graphs = make_embedder(tmp_path / "model"), tmp_path / "graphs"
    torch = SentenceTransformerEmbedder(folder, name="small", device="cpu", dtype="float32")
    ours = SentenceTransformerEmbedder(folder, name="small", device="cpu", graphs_dir=graphs)
    assert [progress.done for progress in ours.prepare()] == [0, 1]
    _check_contract(ours)
    assert _runs_graph(ours)
    assert not list(ours.prepare())
    assert ours.identity == torch.identity
    for kind in ("query", "passage"):
        cosines = (ours.embed(TEXTS, kind=kind) * torch.embed(TEXTS, kind=kind)).sum(axis=1)
        assert cosines.min() > 0.9995


@needs_openvino
def test_unfit_graph_and_a_dtype_that_is_set_leave_the_model_on_torch(tmp_path):
    folder, graphs = make_embedder(tmp_path / "model"), tmp_path / "graphs"
    options = {"name": "small", "device": "cpu", "graphs_dir": graphs}
    set_dtype = SentenceTransformerEmbedder(folder, dtype="float32", **options)
    set_dtype.embed(["text"], kind="query")
    assert not graphs.exists()
    list(SentenceTransformerEmbedder(folder, **options).prepare())
    receipt = next(graphs.glob("*/receipt.json"))
    receipt.write_text('{"unfit": "as a test says"}', encoding="utf-8")
    unfit = SentenceTransformerEmbedder(folder, **options)
    _check_contract(unfit)
    assert not _runs_graph(unfit)


@needs_openvino
def test_threads_share_the_graph(tmp_path):
    folder, graphs = make_embedder(tmp_path / "model"), tmp_path / "graphs"
    ours = SentenceTransformerEmbedder(folder, name="small", device="cpu", graphs_dir=graphs)
    with ThreadPoolExecutor(4) as pool:
        alone = list(pool.map(lambda text: ours.embed([text], kind="query"), TEXTS * 4))
    wanted = np.concatenate([ours.embed([text], kind="query") for text in TEXTS])
    assert np.concatenate(alone) == pytest.approx(np.tile(wanted, (4, 1)), abs=1e-5)


@needs_openvino
@pytest.mark.embedded
def test_embedded_model_has_the_vectors_of_torch(models_dir, tmp_path):
    files = locate("multilingual-e5-small", models_dir)
    options = {"name": files.name, "device": "cpu"}
    torch = SentenceTransformerEmbedder(files.path, dtype="float32", **options)
    ours = SentenceTransformerEmbedder(files.path, graphs_dir=tmp_path, **options)
    cosines = (ours.embed(TEXTS, kind="passage") * torch.embed(TEXTS, kind="passage")).sum(axis=1)
    assert _runs_graph(ours)
    assert cosines.min() > 0.9995


@pytest.mark.embedded
def test_embedded_model_keeps_the_contract(embedder):
    _check_contract(embedder)


@pytest.mark.embedded
def test_embedded_model_cuts_nothing_silently(embedder):
    with pytest.raises(TextTooLong, match="512"):
        embedder.embed(["word " * 600], kind="passage")
    chunks = split(Document("t", "退款需要。" * 100), count_tokens=embedder.count_tokens)
    assert embedder.embed([chunk.text for chunk in chunks], kind="passage").shape[0] > 1


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("退款要多久？", ["Refunds take seven working days.", "Opening hours: nine to five."]),
        ("How long do refunds take?", ["退款需要七个工作日。", "茶馆里供应绿茶。"]),
    ],
)
def test_embedded_model_finds_by_meaning_across_languages(embedder, tmp_path, question, texts):
    base = KnowledgeBase.create(tmp_path / "b", "b", embedder)
    list(base.add(Document(f"{i}.txt", text) for i, text in enumerate(texts)))
    assert base.search(question)[0].text == texts[0]


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [
        ([], []),
        ([300], [[0]]),
        ([5, 300, 7, 6, 200], [[0, 3, 2], [4], [1]]),
        ([100, 100, 100], [[0, 1], [2]]),
    ],
)
def test_texts_of_like_length_are_embedded_together(lengths, batches):
    assert list(_batches(lengths, 256)) == batches
