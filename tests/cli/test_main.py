"""The command line: quick help, one clear line an error, JSON for programs."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys

import pytest

from playground.cli.main import COMMANDS, build_parser, main
from playground.engines.fake import FakeEngine
from playground.types import Reading


@pytest.fixture(autouse=True)
def _fakes(monkeypatch):
    monkeypatch.setenv("PLAYGROUND_MODEL", "fake")
    monkeypatch.setenv("PLAYGROUND_EMBEDDER", "fake")
    monkeypatch.setenv("LC_ALL", "C")


def ask(capsys, *arguments):
    code = main(["ask", *arguments, "--json"])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err


def test_ask_prints_one_object_a_mode_with_text_sources_and_every_number(capsys):
    question = "What is the cat of Halden Observatory called?"
    code, rows, _ = ask(capsys, question, "--modes", "base,long-context,rag")
    assert code == 0
    assert [row["mode"] for row in rows] == ["base", "long-context", "rag"]
    for row in rows:
        assert row["text"]
        assert row["finish_reason"] == "stop"
        assert {
            "prompt_tokens",
            "completion_tokens",
            "cached_tokens",
            "left_out_tokens",
            "prepare_seconds",
            "time_to_first_token",
            "tokens_per_second",
            "total_seconds",
        } <= row.keys()
    base, long_context, rag = rows
    assert base["sources"] == []
    assert len(long_context["sources"]) == 16
    assert len(rag["sources"]) == 3
    assert "Thimble" in " ".join(source["text"] for source in rag["sources"])
    assert all(source["score"] > 0 for source in rag["sources"])


def test_on_a_terminal_it_is_shown_how_far_a_long_prompt_is_read(capsys, monkeypatch):
    stream = FakeEngine.stream

    def slow(self, *asked):
        yield Reading(512, 2048)
        yield from stream(self, *asked)

    monkeypatch.setattr(FakeEngine, "stream", slow)
    assert main(["ask", "Hi", "--modes", "base"]) == 0
    assert "512" not in capsys.readouterr().err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["ask", "Hi", "--modes", "base"]) == 0
    out, err = capsys.readouterr()
    assert "\rreading 512 of 2,048 tokens\x1b[K\r\x1b[K" in err  # and gone as the answer comes
    assert "[base] Hi" in out


def test_a_chinese_question_is_asked_of_the_chinese_world(capsys):
    _, rows, _ = ask(capsys, "哈尔登天文台的猫叫什么名字？", "--modes", "rag")
    assert any("顶针" in source["text"] for source in rows[0]["sources"])


def test_a_mode_that_fails_is_an_error_object_and_the_exit_code_says_so(capsys):
    code, rows, _ = ask(capsys, "Hi", "--modes", "base,lora")
    assert code == 1
    assert rows[0]["text"] == "[base] Hi"
    assert rows[1]["type"] == "NoAdapterChosen"
    assert "text" not in rows[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "  "], "question is empty"),
        (["ask", "Hi", "--modes", "psychic"], "no mode called 'psychic'; there are: base,"),
        (["ask", "Hi", "--knowledge", "Atlantis"], "no knowledge base called 'Atlantis'"),
        (["ask", "Hi", "--top-k", "0"], "top_k is 0, but must be a whole number from 1 to 50"),
        (["ask", "Hi", "--modes", "lora", "--adapter", "none"], "no adapter called 'none'"),
        (["adapters", "delete", "../x"], "no adapter called '../x'"),
        (["models", "pull", "gpt-9"], "no embedded model called 'gpt-9'"),
        (["index", "--knowledge", "New", "no/such/file"], "no such file"),
        (["index", "--knowledge", "New", "--watch"], "name that folder"),
        (["index", "--knowledge", "New", "--watch", "no/such/folder"], "not a folder"),
        (["knowledge", "rename", "Atlantis", "Mu"], "no knowledge base called 'Atlantis'"),
        (["knowledge", "rebuild", "Atlantis"], "no knowledge base called 'Atlantis'"),
        (["knowledge", "export", "Atlantis", "x.kb.zip"], "no knowledge base called 'Atlantis'"),
        (["knowledge", "import", "pyproject.toml"], "not a knowledge base that this program"),
        (["ask", "Hi", "--modes", "rag", "--document", "x"], "no document called 'x'"),
        (["ask", "Hi", "--min-score", "7"], "min_score is 7"),
        (["serve", "--port", "99999"], "cannot listen on 127.0.0.1, port 99999"),
        (["serve", "--host", "no.such.host.invalid"], "cannot listen on no.such.host.invalid"),
    ],
)
def test_bad_input_gets_one_clear_line_and_no_traceback(capsys, arguments, message):
    code = main(arguments)
    err = capsys.readouterr().err
    assert code == 1
    assert message.lower() in err.lower()
    assert "Traceback" not in err


def test_errors_come_in_chinese_where_the_system_is_chinese(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["ask", " "]) == 1
    assert "问题是空的" in capsys.readouterr().err
    assert main(["ask", "Hi", "--modes", "lora"]) == 1
    assert "lora: 模式 'lora' 需要" in capsys.readouterr().err


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_imports_nothing_heavy(command):
    heavy = ["torch", "transformers", "gradio", "faiss", "numpy", "peft"]
    script = (
        "import sys, contextlib\n"
        "from playground.cli.main import main\n"
        f"with contextlib.suppress(SystemExit): main({[*command, '--help']!r})\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.startswith("usage: playground")
    assert done.stderr.strip() == "[]"


def test_every_command_has_help():
    assert all(name in build_parser().format_help() for name in COMMANDS)


def test_index_adds_lists_and_deletes(capsys, tmp_path):
    (tmp_path / "notes.md").write_text("# Notes\n\nThe kettle is orange.\n", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    assert main(["index", str(tmp_path), "--knowledge", "厨房", "--json"]) == 1
    out, err = capsys.readouterr()
    assert [json.loads(line)["title"] for line in out.splitlines()] == ["notes.md"]
    assert "empty.txt" in err
    _, rows, _ = ask(capsys, "What colour is the kettle?", "--modes", "rag", "--knowledge", "厨房")
    assert "orange" in rows[0]["sources"][0]["text"]
    assert main(["index", "--knowledge", "厨房", "--delete", "notes.md", "--json"]) == 0
    assert capsys.readouterr().out == ""


def test_knowledge_bases_are_listed_renamed_exported_imported_and_deleted(capsys, tmp_path):
    (tmp_path / "notes.md").write_text("The kettle is orange.\n", encoding="utf-8")
    file = str(tmp_path / "kitchen.kb.zip")
    for command in (
        ["index", str(tmp_path / "notes.md"), "--knowledge", "kitchen"],
        ["knowledge", "export", "kitchen", file],
        ["knowledge", "rename", "kitchen", "厨房"],
        ["knowledge", "import", file],
        ["knowledge", "import", file, "--name", "third"],
        ["knowledge", "rebuild", "third"],
        ["knowledge", "delete", "kitchen"],
    ):
        assert main(command) == 0
    capsys.readouterr()
    assert main(["knowledge", "list", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["name"] for row in rows if "天文台" not in row["name"]] == ["third", "厨房"]
    assert all(row["documents"] == row["passages"] == 1 for row in rows if row["name"] == "third")
    _, rows, _ = ask(capsys, "Which kettle?", "--modes", "rag", "--knowledge", "third")
    assert "orange" in rows[0]["sources"][0]["text"]


def test_rag_looks_in_the_named_documents_alone(capsys, tmp_path):
    for name, text in (("a", "The kettle is orange."), ("b", "The kettle is blue.")):
        (tmp_path / f"{name}.txt").write_text(text)
    assert main(["index", str(tmp_path), "--knowledge", "two"]) == 0
    capsys.readouterr()
    question = ("Which kettle?", "--modes", "rag", "--knowledge", "two")
    _, rows, _ = ask(capsys, *question, "--document", "b.txt")
    assert [source["title"] for source in rows[0]["sources"]] == ["b.txt"]


def test_nothing_found_is_an_outcome_with_a_normal_finish_reason(capsys, tmp_path):
    (tmp_path / "a.txt").write_text("The kettle is orange.")
    assert main(["index", str(tmp_path), "--knowledge", "one"]) == 0
    capsys.readouterr()
    question = ("Zebra?", "--modes", "rag", "--knowledge", "one", "--min-score", "0.9")
    code, rows, _ = ask(capsys, *question)
    assert code == 0
    assert (rows[0]["outcome"], rows[0]["finish_reason"]) == ("not-in-knowledge", "stop")
    assert rows[0]["sources"] == []


def test_chinese_names_survive_a_system_that_cannot_read_them(tmp_path):
    papers = tmp_path / "papers"
    papers.mkdir()
    name = os.fsencode(papers) + "/退款.txt".encode()
    with open(name, "wb") as file:
        file.write("退款需要七个工作日。".encode("gb18030"))
    blind = {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    question = ["ask", "退款几天", "--modes", "rag", "--knowledge", "知识库", "--json"]
    for command in (["index", str(papers), "--knowledge", "知识库", "--json"], question):
        done = subprocess.run(
            [sys.executable, "-m", "playground", *command],
            env={**os.environ, **blind},
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        row = json.loads(done.stdout)
    assert row["sources"][0]["title"] == "退款.txt"
    assert row["sources"][0]["text"] == "退款需要七个工作日。"


def test_a_watched_folder_is_followed_until_interrupted(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.txt").write_text("Apples are red.")
    command = [sys.executable, "-m", "playground", "index", str(folder)]
    watching = subprocess.Popen(
        [*command, "--knowledge", "watched", "--watch"],
        stderr=subprocess.PIPE,
        text=True,
        # A suite that runs in the background ignores ^C, and its children would.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert watching.stderr is not None
        assert "is as the folder is" in _line_with(watching.stderr, "as the folder is")
        (folder / "b.txt").write_text("Bananas are yellow.")
        assert _line_with(watching.stderr, "as the folder is")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(20) == 0
    finally:
        watching.kill()
        watching.communicate()
    listed = [sys.executable, "-m", "playground", "knowledge", "list", "--json"]
    rows = subprocess.run(listed, capture_output=True, text=True).stdout.splitlines()
    assert {"name": "watched", "documents": 2, "passages": 2} in map(json.loads, rows)


def _line_with(stream, words):
    return next(line for line in stream if words in line)


def test_files_that_are_all_refused_make_no_base(capsys, tmp_path):
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)))
    assert main(["index", str(tmp_path / "noise.bin"), "--knowledge", "New"]) == 1
    err = capsys.readouterr().err
    assert "noise.bin" in err
    assert "no knowledge base" not in err


def test_a_port_in_use_is_said_before_anything_slow(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    assert f"Port {port} on 127.0.0.1 is in use" in capsys.readouterr().err


def test_a_port_in_the_environment_that_is_no_number_is_said(capsys, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_PORT", "http")
    assert main(["models", "list"]) == 1
    assert "PLAYGROUND_PORT is 'http'" in capsys.readouterr().err
