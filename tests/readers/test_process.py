"""The process that reads: it starts when needed, and is replaced when a file is too much for it."""

import subprocess
import sys
import threading
import time

import psutil
import pytest

from playground.errors import (
    DamagedFile,
    FileTooComplex,
    ReadingTookTooLong,
    UnsupportedFormat,
)
from playground.readers import ReadingProcess
from playground.types import Document

HANGS = ("-c", "import time; time.sleep(60)")
DIES = ("-c", "import sys; sys.stdin.buffer.readline(); sys.exit(1)")
SWELLS = ("-c", "import time; x = bytearray(400_000_000); time.sleep(60)")


def children() -> int:
    return len(psutil.Process().children())


def test_every_format_is_read(samples, words, process):
    for name, data in samples.items():
        for document in process.read(name, data):
            assert isinstance(document, Document), (name, document)
            assert (words in document.text) or name == "a.pdf"


def test_answers_come_over_unchanged(samples, process, make_pdf):
    from playground.readers import read

    for name in ("a.docx", "a.pptx", "a.epub"):
        assert list(process.read(name, samples[name])) == [read(name, samples[name])]
    (error,) = process.read("x\\broken.docx", b"PK\3\4 not a zip")
    assert isinstance(error, DamagedFile)
    assert "'broken.docx' is damaged" in str(error)
    assert "已损坏" in error.text("zh")


def test_text_needs_no_process(samples):
    before = children()
    with ReadingProcess(worker=HANGS) as process:
        assert len([*process.read("a.md", samples["a.md"]), *process.read("x", b"\0\1")]) == 2
        assert children() == before


def test_binary_is_refused_without_a_process():
    with ReadingProcess(worker=HANGS) as process:
        (error,) = process.read("x.exe", bytes(range(256)))
    assert isinstance(error, UnsupportedFormat)


def test_the_process_ends_with_the_block(samples):
    before = children()
    with ReadingProcess() as process:
        list(process.read("a.html", samples["a.html"]))
        assert children() == before + 1
    assert children() == before


@pytest.mark.parametrize("size", [100, 5_000_000])  # a pipe takes the smaller one unread
def test_a_reader_that_hangs_is_ended(size):
    before = children()
    with ReadingProcess(seconds=0.5, worker=HANGS) as process:
        start = time.monotonic()
        (error,) = process.read("slow.html", b"<html>" + b"x" * size)
        assert time.monotonic() - start < 5
        assert children() == before
    assert isinstance(error, ReadingTookTooLong)
    assert "'slow.html' could not be read within 0.5 seconds" in str(error)


def test_a_file_that_takes_too_long_costs_no_other(samples):
    with ReadingProcess(seconds=3) as process:
        (slow,) = process.read("slow.html", b"<html>" + b"<p><b>x</b>" * 2_000_000)
        (next_,) = process.read("a.docx", samples["a.docx"])
    assert isinstance(slow, ReadingTookTooLong)
    assert isinstance(next_, Document)


@pytest.mark.parametrize("worker", [DIES, SWELLS])
def test_a_reader_that_dies_or_swells_is_an_error(worker):
    with ReadingProcess(seconds=20, memory_bytes=200_000_000, worker=worker) as process:
        (error,) = process.read("bad.html", b"<html>x")
    assert isinstance(error, FileTooComplex)
    assert "'bad.html' needed more than 200 MB" in str(error)


def test_a_process_that_died_between_two_files_is_replaced(samples):
    with ReadingProcess() as process:
        list(process.read("a.html", samples["a.html"]))
        for child in psutil.Process().children():
            child.kill()
            child.wait()
        (document,) = process.read("a.html", samples["a.html"])
    assert isinstance(document, Document)


def test_one_bad_file_of_an_archive_costs_no_other(make_zip):
    data = make_zip({"a.txt": b"first", "slow.html": b"<html>x", "z.txt": b"last"})
    with ReadingProcess(seconds=0.5, worker=HANGS) as process:
        found = list(process.read("a.zip", data))
    assert [type(item) for item in found] == [Document, ReadingTookTooLong, Document]


def test_the_process_dies_with_its_parent():
    script = (
        "import os, psutil; from playground.readers import ReadingProcess\n"
        "process = ReadingProcess(); list(process.read('a.html', b'<html>x'))\n"
        "print(psutil.Process().children()[0].pid, flush=True); os._exit(1)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    deadline = time.monotonic() + 10
    while psutil.pid_exists(int(ran.stdout)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(int(ran.stdout))


def test_importing_the_readers_imports_no_library():
    libraries = ("bs4", "lxml", "docx", "pptx", "pypdfium2", "python_calamine")
    script = f"import sys, playground.readers; sys.exit(any(m in sys.modules for m in {libraries}))"
    assert subprocess.run([sys.executable, "-c", script], timeout=60).returncode == 0


def test_no_thread_stays_behind(samples):
    before = threading.active_count()
    with ReadingProcess(seconds=0.3, worker=HANGS) as process:
        list(process.read("a.html", samples["a.html"]))
    assert threading.active_count() == before
