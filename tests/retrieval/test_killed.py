"""Killed at any moment: each document is as it was or as it is to be."""

import random
import subprocess
import sys
import time

from playground.retrieval import HashEmbedder, KnowledgeBase
from playground.types import Document

# A process that indexes version after version of the same documents until it is killed.
_CHILD = """
import sys, time
from pathlib import Path
from playground.retrieval import HashEmbedder, KnowledgeBase, preparing
from tests.retrieval.test_killed import documents

class Slow(HashEmbedder):
    def embed(self, texts, *, kind):
        time.sleep(0.002)
        return super().embed(texts, kind=kind)

preparing.GROUP_CHARACTERS = 2000
base = KnowledgeBase.open(Path(sys.argv[1]), Slow())
for version in range(int(sys.argv[2]), 10**9):
    list(base.add(documents(version)))
    print(version, flush=True)
"""
FILES = 200
KILLS = 50


def documents(version):
    """The same titles each time; each text says its number and its version, several times."""
    for number in range(FILES):
        lines = [f"Line {line} of paper {number} in version {version}." for line in range(12)]
        yield Document(f"{number}.txt", "\n\n".join(lines), format="plain")


def _version_of(text):
    return int(text.rpartition(" ")[2].rstrip("."))


def test_killed_fifty_times_nothing_is_lost_or_doubled(tmp_path):
    base = KnowledgeBase.create(tmp_path / "b", "b", HashEmbedder(), chunk_size=30)
    list(base.add(documents(0)))
    chunks = base.chunk_count
    chance = random.Random(0)
    version, began = 1, 0
    for _ in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(tmp_path / "b"), str(version)],
            stdout=subprocess.PIPE,
            text=True,
        )
        time.sleep(chance.uniform(0.35, 1.1))
        child.kill()
        done = child.communicate()[0].split()
        version = int(done[-1]) + 1 if done else version
        began = max(began, version)
        _check_whole(KnowledgeBase.open(tmp_path / "b", HashEmbedder()), began, chunks)
    assert version > 1  # some were finished, and most were not
    list(base.add(documents(version)))
    assert {_version_of(base.document(i.id).text) for i in base.documents()} == {version}
    assert base.chunk_count == chunks


def _check_whole(base, newest, chunks):
    listed = base.documents()
    assert sorted(info.title for info in listed) == sorted(f"{n}.txt" for n in range(FILES))
    assert base.chunk_count == chunks
    number = random.randrange(FILES)
    text = base.document(base.ids_of([f"{number}.txt"])[0]).text
    version = _version_of(text)
    assert 0 <= version <= newest
    assert text == next(d.text for d in documents(version) if d.title == f"{number}.txt")
    found = base.search(
        f"paper {number} version {version}", top_k=50, documents=base.ids_of([f"{number}.txt"])
    )
    assert "\n\n".join(source.text for source in sorted(found, key=lambda s: s.start)) == text
