"""Datasets of the Hugging Face hub, from a server of our own that speaks as the hub does."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pytest
from pyarrow import parquet

from playground.dataset.hub_data import HubId
from playground.errors import HubDatasetIdInvalid

ROOT = Path(__file__).resolve().parents[2]
REVISION = "0123456789abcdef0123456789abcdef01234567"
CODE = """
import sys
from playground.errors import DatasetError
from playground.dataset.rows import load
from playground.dataset.hub_data import fetch_dataset
for text in sys.argv[2:]:
    try:
        file = fetch_dataset(text, max_bytes=int(sys.argv[1]))
        dataset = load(*file)
        print(ascii((file.name, [m.content for row in dataset.rows for m in row.messages])))
    except DatasetError as error:
        print(ascii((type(error).__name__, error.text("en") + error.text("zh"))))
"""


def row(text):
    return json.dumps({"question": "退款？", "answer": text}, ensure_ascii=False).encode() + b"\n"


def parquet_row(text):
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist([{"question": "退款？", "answer": text}]), file)
    return file.getvalue()


CARD = {
    "configs": [
        {
            "config_name": "small",
            "data_files": [
                {"split": "train", "path": "few/*.jsonl"},
                {"split": "test", "path": ["few/exam.json"]},
            ],
            "default": True,
        },
        {"config_name": "zh", "data_files": "zh/**"},
    ]
}
DATASETS = {
    "someone/plain": ({}, {"rows.jsonl": row("alone"), "README.md": b"# Words"}),
    "someone/splits": (
        {},
        {
            "data/train-00000-of-00002.parquet": parquet_row("one"),
            "data/train-00001-of-00002.parquet": parquet_row("two"),
            "data/test-00000-of-00001.parquet": parquet_row("exam"),
            "dataset_infos.json": b"{}",
        },
    ),
    "someone/configs": (
        CARD,
        {
            "few/a.jsonl": row("few"),
            "few/exam.json": row("exam"),
            "zh/all.jsonl": row("中文"),
            "other.jsonl": row("other"),
        },
    ),
    "someone/code": ({}, {"loader.py": b"print()", "README.md": b""}),
}


class _Hub(BaseHTTPRequestHandler):
    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        if path.startswith("/api/datasets/"):
            self._answer_info(path.removeprefix("/api/datasets/"))
            return
        dataset, found, file = path.removeprefix("/datasets/").partition(f"/resolve/{REVISION}/")
        if not found:  # the hub's library asks for more than we do
            self._answer(404, b"", {})
            return
        data = DATASETS[dataset][1][file]
        etag = hashlib.sha256(data).hexdigest()
        self._answer(200, data, {"ETag": f'"{etag}"', "X-Repo-Commit": REVISION})

    do_HEAD = do_GET

    def _answer_info(self, dataset):
        if dataset not in DATASETS:
            self._answer(404, b"{}", {"X-Error-Code": "RepoNotFound"})
            return
        card, files = DATASETS[dataset]
        siblings = [{"rfilename": name, "size": len(data)} for name, data in files.items()]
        info = {"id": dataset, "sha": REVISION, "siblings": siblings, "cardData": card}
        self._answer(200, json.dumps(info).encode(), {"Content-Type": "application/json"})

    def _answer(self, status, data, headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def endpoint():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hub) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def fetched(endpoint, tmp_path):
    """What a process of its own gets, since the hub's library reads its settings once."""

    def fetch(*texts, max_bytes=1_000_000, **settings):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        own = {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "hf"), "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(
            [sys.executable, "-c", CODE, str(max_bytes), *texts],
            env={**clean, **own, **settings},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert "%|" not in done.stderr  # no progress bar
        return [ast.literal_eval(line) for line in done.stdout.splitlines()]

    return fetch


@pytest.mark.parametrize(
    ("text", "hub_id"),
    [
        ("owner/name", HubId("owner/name")),
        ("owner/na-me.v2:test", HubId("owner/na-me.v2", "test")),
        ("owner/name:zh:train", HubId("owner/name", "train", "zh")),
        (" https://huggingface.co/datasets/owner/name ", HubId("owner/name")),
    ],
)
def test_an_id_names_dataset_split_and_config(text, hub_id):
    assert HubId.of(text) == hub_id


@pytest.mark.parametrize("text", ["", "name", "../x/y", "a/b/c", "a/b:c:d:e", "a/b c", "owner/"])
def test_what_is_no_id_is_told_how_one_is_written(text):
    with pytest.raises(HubDatasetIdInvalid, match="owner/name:config:split"):
        HubId.of(text)


def test_the_files_of_the_split_become_rows(fetched):
    wanted = {
        "someone/plain": ("someone/plain/rows.jsonl", ["alone"]),
        "someone/splits": ("someone/splits:train", ["one", "two"]),
        "someone/splits:test": ("someone/splits/data/test-00000-of-00001.parquet", ["exam"]),
        "someone/configs": ("someone/configs/few/a.jsonl", ["few"]),
        "someone/configs:small:test": ("someone/configs/few/exam.json", ["exam"]),
        "someone/configs:zh:train": ("someone/configs/zh/all.jsonl", ["中文"]),
    }
    assert fetched(*wanted) == [
        (name, [text for answer in answers for text in ("退款？", answer)])
        for name, answers in wanted.values()
    ]


def test_what_is_not_there_is_told_with_what_is(fetched):
    wanted = {
        "someone/nothing": ("HubDatasetMissing", "check its name"),
        "someone/code": ("HubDatasetWithoutFiles", "loader.py, README.md"),
        "someone/splits:dev": ("HubDatasetWithoutFiles", "'dev'"),
        "someone/configs:fr:train": ("HubDatasetWithoutFiles", "'fr:train'"),
    }
    for (kind, message), (error, said) in zip(fetched(*wanted), wanted.values(), strict=True):
        assert kind == error
        assert said in message


def test_a_dataset_that_is_too_large_is_not_downloaded(fetched, tmp_path):
    ((kind, message),) = fetched("someone/plain", max_bytes=10)
    assert kind == "HubDatasetTooLarge"
    assert "smaller split" in message
    assert not list(tmp_path.rglob("*.jsonl"))


@pytest.mark.parametrize(
    "settings", [{"HF_HUB_OFFLINE": "1"}, {"HF_ENDPOINT": "http://127.0.0.1:9"}]
)
def test_without_a_network_the_ways_out_are_told(fetched, settings):
    ((kind, message),) = fetched("someone/plain", **settings)
    assert kind == "HubDatasetUnreachable"
    assert "https://hf-mirror.com" in message
    assert "HF_HUB_OFFLINE" in message
