"""What the knowledge base finds, on public question sets; how fast; and the threshold.

Run by hand: python tests/measurements/retrieval.py xquad --data FOLDER
Prints recall by document of each leg alone and of both fused.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np

from playground import world
from playground.bases import Bases
from playground.readers import read_folder
from playground.retrieval import KnowledgeBase, lexical
from playground.retrieval.embedder import to_unit_length
from playground.retrieval.indexing import index_if_due
from playground.retrieval.schema import VECTOR_TYPE, NewChunk
from playground.retrieval.splitter import Chunk
from playground.retrieval.store import records
from playground.retrieval.vectors import Vectors
from playground.settings import Settings
from playground.types import Document

AT = (1, 3, 5, 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("xquad", "docs", "threshold", "speed", "scale"))
    parser.add_argument(
        "--data", type=Path, help="folder with xquad.en.json, anthropic_docs.json …"
    )
    parser.add_argument("--count", type=int, default=1_000_000, help="passages, for scale")
    args = parser.parse_args()
    embedder = Bases(Settings.from_env()).embedder
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        if args.what == "xquad":
            xquad(args.data, folder, embedder)
        elif args.what == "docs":
            docs(args.data, folder, embedder)
        elif args.what == "threshold":
            threshold(folder, embedder)
        elif args.what == "speed":
            speed(args.data, folder, embedder)
        else:
            scale(args.data, folder, embedder, args.count)


# ------------------------------------------------------------ recall


def xquad(data: Path, folder: Path, embedder) -> None:
    """Each paragraph is a document called by its number, so that no title helps."""
    bases, questions = {}, {}
    for language in ("en", "zh"):
        paragraphs, questions[language] = read_xquad(data / f"xquad.{language}.json")
        base = bases[language] = KnowledgeBase.create(folder / language, "xquad", embedder)
        documents = [Document(str(n), text, format="plain") for n, text in enumerate(paragraphs)]
        start = time.perf_counter()
        list(base.add(documents))
        rate = base.chunk_count / (time.perf_counter() - start)
        print(f"{language}: {base.chunk_count} passages, {rate:.1f} a second", flush=True)
    for name, base, asked in (
        ("en", bases["en"], questions["en"]),
        ("zh", bases["zh"], questions["zh"]),
        ("zh -> en", bases["en"], questions["zh"]),
    ):
        report(name, base, embedder, [(q, [gold]) for q, gold in asked])


def read_xquad(file: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """Paragraphs, and (question, number of its paragraph)."""
    paragraphs, questions = [], []
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            number = str(len(paragraphs))
            paragraphs.append(paragraph["context"])
            questions.extend((qa["question"], number) for qa in paragraph["qas"])
    return paragraphs, questions


def docs(data: Path, folder: Path, embedder) -> None:
    """The Anthropic documentation set: each given chunk is a document; ours are mapped back."""
    rows = json.loads((data / "anthropic_docs.json").read_text(encoding="utf-8"))
    asked = json.loads((data / "docs_evaluation_dataset.json").read_text(encoding="utf-8"))
    base = KnowledgeBase.create(folder / "docs", "docs", embedder)
    known = {row["chunk_link"] for row in rows}
    list(base.add(Document(row["chunk_link"], row["text"]) for row in rows))
    questions = [(a["question"], [c for c in a["correct_chunks"] if c in known]) for a in asked]
    report("docs", base, embedder, [(q, gold) for q, gold in questions if gold])


def report(
    name: str, base: KnowledgeBase, embedder, questions: list[tuple[str, list[str]]]
) -> None:
    """recall@k by documents: the mean share of a question's gold documents among the first k."""
    legs: dict[str, list[list[str]]] = {"dense": [], "bm25": [], "fused": []}
    vectors = Vectors(base._folder, embedder.dimension)
    seconds = []
    for question, _ in questions:
        start = time.perf_counter()
        legs["fused"].append(titles(base.search(question, top_k=40)))
        seconds.append(time.perf_counter() - start)
        query = embedder.embed([question], kind="query")[0]
        with records(base._folder) as stored:
            dense = vectors.search(stored, query, limit=50)
            words = dict(lexical.search(stored.connection, question, limit=50))
            for leg, found in (("dense", dense), ("bm25", words)):
                legs[leg].append(titles(stored.chunks(list(found))))
    for leg, rankings in legs.items():
        shares = {
            k: np.mean(
                [
                    len(set(gold) & set(ranking[:k])) / len(gold)
                    for ranking, (_, gold) in zip(rankings, questions, strict=True)
                ]
            )
            for k in AT
        }
        print(f"{name:9} {leg:6}", "  ".join(f"@{k} {share:.3f}" for k, share in shares.items()))
    print(f"{name:9} embedding and search: {spread(seconds)}", flush=True)


def titles(found) -> list[str]:
    return list(dict.fromkeys(source.title for source in found))


def spread(seconds: list[float]) -> str:
    median, p95 = np.percentile(seconds, (50, 95)) * 1000
    return f"median {median:.1f} ms, p95 {p95:.1f} ms, {len(seconds)} times"


# ------------------------------------------------------------ threshold


def threshold(folder: Path, embedder) -> None:
    """The similarity that 2 % of the answerable questions stay below, and who else does."""
    settings = Settings.from_env()
    for language in ("en", "zh"):
        name = world.BASE_NAMES[language]
        base = KnowledgeBase.create(folder / language, name, embedder)
        list(base.add(read_folder(world.documents_dir(settings.world_dir, language))))
        best: dict[str, list[float]] = {}
        for question in world.load_questions(settings.world_dir, language):
            found = base.search(question.question, top_k=3)
            best.setdefault(question.kind, []).append(max(s.dense_score for s in found))
        answerable = [*best["fact"], *best["fresh"], *best["whole-document"]]
        least = float(np.quantile(answerable, 0.02, method="lower"))
        print(
            f"{language}: least {least:.3f}",
            {
                kind: f"{sum(score < least for score in scores)}/{len(scores)} below"
                for kind, scores in best.items()
            },
        )


# ------------------------------------------------------------ speed


def speed(data: Path, folder: Path, embedder) -> None:
    """Indexing beside sentence-transformers as it comes, in turn, the median of three."""
    from sentence_transformers import SentenceTransformer

    from playground.models import locate

    paragraphs, _ = read_xquad(data / "xquad.en.json")
    paragraphs = [text for text in paragraphs if embedder.count_tokens(text) <= 200][:96]
    peer = SentenceTransformer(locate(embedder.identity, Settings.from_env().models_dir).path)
    peer.encode_document(paragraphs[:2])
    embedder.embed(paragraphs[:2], kind="passage")
    rates: dict[str, list[float]] = {"ours": [], "ours, vectors alone": [], "peer": []}
    for number in range(3):
        base = KnowledgeBase.create(folder / str(number), "", embedder)
        documents = [Document(str(n), text, format="plain") for n, text in enumerate(paragraphs)]
        for who, work in (
            ("ours", lambda: list(base.add(documents))),  # noqa: B023
            ("peer", lambda: peer.encode_document(paragraphs)),
            ("ours, vectors alone", lambda: embedder.embed(paragraphs, kind="passage")),
        ):
            start = time.perf_counter()
            work()
            rates[who].append(len(paragraphs) / (time.perf_counter() - start))
    for who, measured in rates.items():
        print(f"{who}: {np.median(measured):.2f} passages/s {np.round(measured, 2)}")


def scale(data: Path, folder: Path, embedder, count: int) -> None:
    """Vectors of real passages, mixed by twos with noise, as nobody has a million of them here.

    Their texts are the words of a real paragraph in another order.
    """
    paragraphs, asked = read_xquad(data / "xquad.en.json")
    questions = [question for question, _ in asked][:264]
    real = embedder.embed([text[:500] for text in paragraphs], kind="passage")
    queries = embedder.embed(questions, kind="query")
    base = KnowledgeBase.create(folder / "scale", "scale", embedder)
    chance = np.random.default_rng(0)
    words = [text.split() for text in paragraphs]
    start = time.perf_counter()
    for first in range(0, count, 10_000):
        size = min(10_000, count - first)
        one, two = real[chance.integers(len(real), size=(2, size))]
        share = chance.uniform(0.5, 1, size=(size, 1)).astype(np.float32)
        noise = chance.standard_normal((size, real.shape[1])).astype(np.float32) * 0.015
        rows = to_unit_length(share * one + (1 - share) * two + noise)
        texts = [" ".join(chance.permutation(words[chance.integers(len(words))])) for _ in rows]
        store(folder / "scale", first, rows, texts)
    print(f"stored {count:,} passages in {time.perf_counter() - start:.0f} s", flush=True)
    start = time.perf_counter()
    list(index_if_due(folder / "scale", embedder))
    files = [file.stat().st_size / 1e6 for file in (folder / "scale").glob("*.faiss")]
    print(f"index: {time.perf_counter() - start:.0f} s, MB {files}", flush=True)
    vectors = Vectors(folder / "scale", real.shape[1])
    exact = exact_nearest(folder / "scale", queries[64:], 10)
    times: dict[str, list[float]] = {"vectors": [], "words": [], "embedding and all": []}
    hits, common = 0, {}
    for question in questions[:64]:
        base.search(question)  # warm, and the common words are known
    for question, query, gold in zip(questions[64:], queries[64:], exact, strict=True):
        with records(folder / "scale") as stored:
            vectors.search(stored, chance.permutation(query), limit=50)
            timed(times["vectors"], lambda: vectors.search(stored, query, limit=50))  # noqa: B023
            found = vectors.search(stored, query, limit=10)
            words = partial(lexical.search, stored.connection, question, limit=50, common=common)
            timed(times["words"], words)
        timed(times["embedding and all"], lambda: base.search(question, top_k=3))  # noqa: B023
        hits += len(set(found) & set(gold))
    for what, seconds in times.items():
        print(f"{what}: {spread(seconds)}")
    print(f"recall@10 {hits / (10 * len(exact)):.4f} of exact", flush=True)
    if vectors._nearby:
        print(f"cells searched: {vectors._nearby._index.nprobe} of {vectors._nearby._index.nlist}")


def timed(seconds: list[float], work) -> None:
    start = time.perf_counter()
    work()
    seconds.append(time.perf_counter() - start)


def store(folder: Path, first: int, rows: np.ndarray, texts: list[str]) -> None:
    chunks = [
        NewChunk(Chunk(0, 1, text, 150), text, (first + n).to_bytes(16, "big"), row.tobytes())
        for n, (row, text) in enumerate(zip(rows.astype(VECTOR_TYPE), texts, strict=True))
    ]
    with records(folder, write=True) as stored:
        document = Document(f"{first}", f"x{first}", format="plain")
        stored.insert(str(first), document, chunks, added_at=0.0)
        stored.changed()


def exact_nearest(folder: Path, asked: np.ndarray, limit: int) -> list[list[int]]:
    scores, ids, last = [], [], 0
    while True:
        with records(folder) as stored:
            part, vectors = stored.vectors_after(last, limit=50_000)
        if not part:
            break
        found = asked @ vectors.T
        top = np.argpartition(-found, limit, axis=1)[:, :limit]
        scores.append(np.take_along_axis(found, top, axis=1))
        ids.append(np.asarray(part)[top])
        last = part[-1]
    all_scores, all_ids = np.concatenate(scores, axis=1), np.concatenate(ids, axis=1)
    order = np.argsort(-all_scores, axis=1)[:, :limit]
    return np.take_along_axis(all_ids, order, axis=1).tolist()


if __name__ == "__main__":
    main()
