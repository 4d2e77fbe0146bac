"""Pushing to a small server that imitates the Hub: what arrives, what is refused, what is told."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from playground.adapters.publishing import push
from playground.errors import RepoNameInvalid
from tests.tiny import byte_tokenizer, make_adapter, make_model

TOKEN = "hf_thistokenisasecret"
# One call after another in one process, since importing takes seconds.
RUN = """
import json, sys
from playground.cli.main import main
for argv in json.loads(sys.argv[1]):
    print("code", main(argv), flush=True)
"""


class Hub(ThreadingHTTPServer):
    """The endpoints that huggingface_hub calls to make a repository and commit files to it."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.made = {}  # what each repository was asked to be
        self.repos = {}  # name -> file -> content
        self.large = {}  # SHA-256 -> content
        self.tokens = set()


class Answers(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, *_):
        pass

    def answer(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def do_GET(self):
        repo = "/".join(self.path.split("/")[3:5])
        files = self.server.repos[repo]
        self.answer([{"type": "file", "path": n, "size": 1, "oid": "0"} for n in files])

    def do_PUT(self):
        self.server.large[self.path.rpartition("/")[2]] = self.body()
        self.answer({})

    def do_POST(self):
        hub, body, parts = self.server, self.body(), self.path.split("/")
        hub.tokens.add(self.headers["Authorization"])
        if self.path == "/api/repos/create":
            self.create(json.loads(body))
        elif self.path == "/api/validate-yaml":
            bad = "no licence" in json.loads(body)["content"]
            self.answer({"errors": [{"message": "no licence"}]} if bad else {}, 400 if bad else 200)
        elif "/preupload/" in self.path:
            kinds = {True: "lfs", False: "regular"}
            self.answer(
                {
                    "files": [
                        {"path": name, "uploadMode": kinds[large], "shouldIgnore": False}
                        for name in (file["path"] for file in json.loads(body)["files"])
                        for large in [name.endswith(".safetensors")]
                    ]
                }
            )
        elif self.path.endswith("/info/lfs/objects/batch"):
            objects = json.loads(body)["objects"]
            actions = [
                {**one, "actions": {"upload": {"href": f"{hub.address}/large/{one['oid']}"}}}
                for one in objects
            ]
            self.answer({"transfer": "basic", "objects": actions})
        elif "/commit/" in self.path:
            repo = "/".join(parts[3:5])
            self.commit(hub.repos[repo], [json.loads(line) for line in body.splitlines()])
            self.answer({"commitUrl": f"{hub.address}/{repo}/commit/1", "commitOid": "1" * 40})

    def create(self, asked):
        repo = f"{asked['organization']}/{asked['name']}"
        if asked["name"] == "expired":  # and says what it was sent
            self.answer({"error": f"Bad {self.headers['Authorization']}"}, 401)
        elif asked["name"] == "broken":
            self.answer({"error": f"Down. {self.headers['Authorization']}"}, 500)
        elif asked["organization"] == "them":
            self.answer({"error": "You are not a member"}, 403)
        elif repo in self.server.repos:
            self.answer({"error": "You already created this model repo"}, 409)
        else:
            self.server.made[repo] = asked
            self.server.repos[repo] = {".gitattributes": b""}
            self.answer({"url": f"{self.server.address}/{repo}"})

    def commit(self, files, lines):
        for line in lines:
            value = line["value"]
            if line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                files[value["path"]] = self.server.large[value["oid"]]


@pytest.fixture
def hub():
    with Hub() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def adapter(tmp_path):
    adapter = make_adapter(tmp_path / "adapters", make_model(tmp_path / "base"), "mine")
    byte_tokenizer().save_pretrained(adapter.path)
    base = json.dumps(adapter.base_model)
    card = f"---\nbase_model: {base}\nlibrary_name: peft\n---\n\n# mine\n\nFor {base}.\n"
    (adapter.path / "README.md").write_text(card)
    (adapter.path / "training.json").write_text(json.dumps({"base_model": adapter.base_model}))
    return adapter


def run(tmp_path, endpoint, *calls, **env):
    """(exit codes, all that was printed) of `playground adapters` with each of `calls`."""
    own = {name: v for name, v in os.environ.items() if not name.startswith(("HF_", "HUGGING"))}
    own |= {"HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "hf"), "HF_TOKEN": TOKEN}
    own |= {"HF_HUB_DISABLE_XET": "1", "PLAYGROUND_LOG_LEVEL": "DEBUG", "LC_ALL": "C", **env}
    argv = json.dumps([["adapters", *call] for call in calls])
    ran = subprocess.run(
        [sys.executable, "-c", RUN, argv],
        env=own,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    said = ran.stdout + ran.stderr
    assert TOKEN not in said
    assert "Traceback (most recent call last)" not in ran.stdout
    codes = [int(line[5:]) for line in ran.stdout.splitlines() if line.startswith("code ")]
    assert len(codes) == len(calls), said
    return codes, said


def test_an_adapter_arrives_with_its_card_and_without_the_places_of_this_machine(
    hub, adapter, tmp_path
):
    (adapter.path / "optimizer.pt").touch()
    codes, said = run(tmp_path, hub.address, ["push", "mine", "me/my-facts", "--private"])
    assert codes == [0]
    assert f"{hub.address}/me/my-facts" in said
    assert "optimizer.pt" in said
    assert hub.made["me/my-facts"]["visibility"] == "private"
    assert hub.tokens == {f"Bearer {TOKEN}"}
    files = hub.repos["me/my-facts"]
    there = {file.name for file in adapter.path.iterdir()} - {"optimizer.pt"}
    assert set(files) == there | {".gitattributes"}
    weights = adapter.path / "adapter_model.safetensors"
    assert files[weights.name] == weights.read_bytes()
    assert hashlib.sha256(weights.read_bytes()).hexdigest() in hub.large
    assert not [name for name, content in files.items() if str(tmp_path).encode() in content]
    assert json.loads(files["adapter_config.json"])["base_model_name_or_path"] == "base"
    # The Hub takes an id of its own as base_model, and nothing else.
    assert files["README.md"] == b'---\nlibrary_name: peft\n---\n\n# mine\n\nFor "base".\n'
    assert not (tmp_path / "hf" / "token").exists()
    assert load_file(weights)


def test_a_repository_that_is_there_is_kept_unless_asked_or_empty(hub, adapter, tmp_path):
    hub.repos |= {"me/full": {"README.md": b"mine"}, "me/empty": {".gitattributes": b""}}
    calls = (
        ["push", "mine", "me/full"],
        ["push", "mine", "me/empty"],  # a push that broke off is begun again
        ["push", "mine", "me/full", "--overwrite"],
    )
    codes, said = run(tmp_path, hub.address, *calls)
    assert codes == [1, 0, 0]
    assert "'me/full' already; choose another name, or add to it with `--overwrite`" in said
    assert "adapter_config.json" in hub.repos["me/empty"]
    assert hub.repos["me/full"]["README.md"] != b"mine"


def test_a_refusal_says_what_to_do_and_never_the_token(hub, adapter, tmp_path):
    calls = (
        ["push", "mine", "me/expired"],
        ["push", "mine", "them/mine"],
        ["push", "mine", "me/broken"],
    )
    codes, said = run(tmp_path, hub.address, *calls)
    assert codes == [1, 1, 1]
    assert f"{hub.address} does not accept the token" in said
    assert "may not write to 'them/mine'" in said
    assert "did not take 'me/broken'" in said
    assert "Down. Bearer ***" in said
    assert not hub.repos


def test_a_card_that_the_hub_refuses_is_told_and_the_name_stays_free(hub, adapter, tmp_path):
    card = (adapter.path / "README.md").read_text()
    (adapter.path / "README.md").write_text(card + "no licence")
    codes, said = run(tmp_path, hub.address, ["push", "mine", "me/mine"])
    assert codes == [1]
    assert "did not take 'me/mine': Invalid metadata in README.md. - no licence." in said
    (adapter.path / "README.md").write_text(card)
    assert run(tmp_path, hub.address, ["push", "mine", "me/mine"])[0] == [0]


def test_without_a_token_or_a_network_it_says_so(adapter, tmp_path, hub):
    call = ["push", "mine", "me/mine"]
    _, said = run(tmp_path, hub.address, call, HF_TOKEN="")
    assert "run `hf auth login` or set HF_TOKEN" in said
    _, said = run(tmp_path, hub.address, call, HF_HUB_OFFLINE="1")
    assert "cannot be reached (HF_HUB_OFFLINE)" in said
    _, said = run(tmp_path, "http://127.0.0.1:9", call, LC_ALL="zh_CN.UTF-8")
    assert "无法连接 http://127.0.0.1:9" in said
    assert not hub.tokens


@pytest.mark.parametrize("repo", ["mine", "me/", "me/a/b", "me/a b", "../x", "me/" + "x" * 99])
def test_a_name_that_the_hub_cannot_have_is_refused_before_anything_is_sent(adapter, repo):
    with pytest.raises(RepoNameInvalid):
        push(adapter, repo)
