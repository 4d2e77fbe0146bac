"""Fixtures that several rooms share. Nothing here touches the user's own folders but the cache of
converted models, which is shared since making it takes a download."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from playground.engines.base import Engine
from playground.models import EMBEDDED, locate, pull
from playground.retrieval import Embedder
from playground.settings import SHARED_PROCESSOR, Settings

for _name, _value in SHARED_PROCESSOR.items():  # before torch comes, as the command line does
    os.environ.setdefault(_name, _value)
# Tests that run side by side share the cores: more threads than those wait for one another.
_SIDE_BY_SIDE = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
if _SIDE_BY_SIDE > 1:
    _CORES = max(1, (os.cpu_count() or 1) // _SIDE_BY_SIDE)
    os.environ.setdefault("OMP_NUM_THREADS", str(_CORES))


CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Child processes and the CLI find their data in the test's folder, not the user's."""
    monkeypatch.setenv("PLAYGROUND_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PLAYGROUND_ADAPTERS_DIR", str(tmp_path / "adapters"))


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder of the converted embedded models, which are fetched if they are not there."""
    folder = Settings.from_env().models_dir
    for model in EMBEDDED:
        for _ in pull(model, folder):
            pass
    return folder


@pytest.fixture(scope="session")
def world_data(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the built-in world as the embedded embedder indexes it: to be copied."""
    from playground.bases import Bases

    home = tmp_path_factory.mktemp("world")
    for _ in Bases(Settings(cache_dir=models_dir.parent, data_dir=home)).add_world():
        pass
    return home


@pytest.fixture(scope="session")
def engine(models_dir: Path) -> Engine:
    """The embedded chat model."""
    from playground.engines.transformers import TransformersEngine

    return TransformersEngine(locate("smollm2-135m-instruct", models_dir))


@pytest.fixture(scope="session")
def embedder(models_dir: Path) -> Embedder:
    """The embedded embedding model."""
    from playground.retrieval.embedder import SentenceTransformerEmbedder

    files = locate("multilingual-e5-small", models_dir)
    return SentenceTransformerEmbedder(files.path, name=files.name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
