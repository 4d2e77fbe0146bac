"""Files, folders and archives into a base; a base that is kept as a folder is."""

import os
import threading
import zipfile

import pytest

from playground.errors import DocumentError, FileUnreadable
from playground.retrieval import Library, files
from playground.types import Document, Progress


@pytest.fixture
def library(tmp_path, counting):
    return Library(tmp_path / "bases", counting)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "papers"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("Apples are red.")
    (folder / "sub" / "退款.md").write_text("# 退款\n\n退款需要七个工作日。", encoding="utf-8")
    return folder


def _titles(library, name="b"):
    return [info.title for info in library.get(name).documents()]


def _touch(path, text):
    """Change a file as an editor does, a moment later: no clock is finer than a file system's."""
    path.write_text(text)
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000))


def _steps(events):
    return [event.step for event in events if isinstance(event, Progress)]


def test_folders_files_and_archives_are_added(library, folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("inner/b.txt", "Bananas are yellow.")
    list(files.add_paths(library, "b", [folder, tmp_path / "more.zip"]))
    assert _titles(library) == ["a.txt", "more.zip/inner/b.txt", "sub/退款.md"]
    assert library.get("b").search("bananas")[0].title == "more.zip/inner/b.txt"


def test_what_cannot_be_read_is_told_and_the_others_are_added(library, folder):
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "empty.txt").write_bytes(b"")
    events = list(files.add_paths(library, "b", [folder, folder / "missing.txt"]))
    errors = [str(event) for event in events if isinstance(event, DocumentError)]
    assert len(errors) == 3
    for name, error in zip(("broken.pdf", "empty.txt", "missing.txt"), errors, strict=True):
        assert name in error
    assert _titles(library) == ["a.txt", "sub/退款.md"]


def test_a_base_is_not_made_for_nothing(library, tmp_path):
    list(files.add_files(library, "b", [("a.txt", b"")]))
    assert library.names() == ()


def test_unchanged_files_are_not_read_again(library, folder):
    assert "read" in _steps(files.add_paths(library, "b", [folder]))
    assert _steps(files.add_paths(library, "b", [folder])) == []
    (folder / "a.txt").write_text("Apples are green.")
    assert _steps(files.add_paths(library, "b", [folder])).count("read") == 1
    assert "green" in library.get("b").search("apples")[0].text
    assert len(_titles(library)) == 2


def test_same_upload_twice_is_one_document(library):
    for _ in range(2):
        list(files.add_files(library, "b", [("a.txt", b"Apples are red.")]))
    assert library.get("b").chunk_count == 1


class _Mirrored:
    """A mirror of a folder, and what a sync reports."""

    def __init__(self, library, folder):
        self.mirror = files.Mirror(library, "b", folder)

    def sync(self):
        return list(self.mirror.sync())


def test_mirror_follows_changes_and_does_nothing_else(library, folder, counting):
    mirrored = _Mirrored(library, folder)
    assert "store" in _steps(mirrored.sync())
    assert mirrored.sync() == []
    _touch(folder / "a.txt", "Apples are green.")
    (folder / "c.txt").write_text("Cherries are dark.")
    (folder / "sub" / "退款.md").unlink()
    embedded = counting.passages
    mirrored.sync()
    assert _titles(library) == ["a.txt", "c.txt"]
    assert counting.passages - embedded == 2
    assert "green" in library.get("b").search("apples")[0].text


def test_mirror_removes_what_went_while_nobody_looked(library, folder):
    _Mirrored(library, folder).sync()
    list(library.get("b").add([Document("by hand.txt", "Added by hand.")]))
    (folder / "a.txt").unlink()
    _Mirrored(library, folder).sync()
    assert _titles(library) == ["by hand.txt", "sub/退款.md"]


def test_mirror_keeps_the_document_of_a_file_that_cannot_be_read_any_more(library, folder):
    mirrored = _Mirrored(library, folder)
    mirrored.sync()
    _touch(folder / "a.txt", "")
    assert [type(event).__name__ for event in mirrored.sync()] == ["NoText"]
    assert mirrored.sync() == []  # said once
    assert _titles(library) == ["a.txt", "sub/退款.md"]


def test_mirror_keeps_one_of_two_equal_files(library, folder):
    (folder / "copy.txt").write_text("Apples are red.")
    mirrored = _Mirrored(library, folder)
    mirrored.sync()
    (kept,) = {"a.txt", "copy.txt"} & set(_titles(library))
    (folder / kept).unlink()
    mirrored.sync()
    assert {"a.txt", "copy.txt"} & set(_titles(library)) == {"a.txt", "copy.txt"} - {kept}


def test_mirror_follows_what_is_in_archives(library, folder):
    def pack(**contents):
        with zipfile.ZipFile(folder / "sub" / "more.zip", "w") as archive:
            for name, text in contents.items():
                archive.writestr(f"{name}.txt", text)

    mirrored = _Mirrored(library, folder)
    pack(one="The first text.", two="The second text.")
    mirrored.sync()
    pack(two="The second text.", three="The third text of all.")
    mirrored.sync()
    inside = [title for title in _titles(library) if "more.zip" in title]
    assert inside == ["sub/more.zip/three.txt", "sub/more.zip/two.txt"]


def test_missing_folder_is_an_error(library, tmp_path):
    with pytest.raises(FileUnreadable):
        _Mirrored(library, tmp_path / "missing").sync()


def test_saved_change_is_found_by_those_who_have_the_base_open(library, folder, tmp_path, counting):
    stop, synced = threading.Event(), threading.Event()

    def follow():
        for event in files.watch(library, "b", folder, stop=stop):
            if event is None:
                synced.set()

    watching = threading.Thread(target=follow, daemon=True)
    watching.start()
    try:
        assert synced.wait(20)
        reader = Library(tmp_path / "bases", counting).get("b")
        assert "red" in reader.search("apples")[0].text
        synced.clear()
        _touch(folder / "a.txt", "Apples are blue now.")
        assert synced.wait(20)
        assert "blue" in reader.search("apples")[0].text
    finally:
        stop.set()
        watching.join(20)
    assert not watching.is_alive()
