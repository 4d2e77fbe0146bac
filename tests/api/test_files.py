"""/files, and what becomes of names that are not."""

from __future__ import annotations

import httpx
import pytest
from openai import BadRequestError, NotFoundError

ROWS = b'{"messages": []}'


def upload(client, name="rows.jsonl", data=ROWS, purpose="fine-tune"):
    return client.files.create(file=(name, data), purpose=purpose)


def test_a_file_is_kept_listed_read_and_deleted(client):
    file = upload(client)
    assert (file.filename, file.bytes, file.purpose) == ("rows.jsonl", len(ROWS), "fine-tune")
    assert file.status == "processed"
    assert file.id in [one.id for one in client.files.list()]
    assert client.files.retrieve(file.id) == file
    assert client.files.content(file.id).read() == ROWS
    assert client.files.delete(file.id).deleted
    with pytest.raises(NotFoundError):
        client.files.retrieve(file.id)


@pytest.mark.parametrize(
    "name", ["../x.txt", "..\\x.txt", "/etc/x", "a\x00b", "x" * 300, "数据.jsonl"]
)
def test_a_name_is_never_a_path(playground, client, name):
    file = upload(client, name)
    folders = [folder.name for folder in playground.settings.files_dir.iterdir()]
    assert file.id in folders
    assert all(folder.startswith("file-") for folder in folders)
    assert client.files.content(file.id).read() == ROWS


@pytest.mark.parametrize(
    "path", ["file-x", "%2e%2e", "..%2f..%2fx", "file-" + "0" * 24, "file-x/content", "%00"]
)
def test_an_id_of_nothing_is_not_found(address, path):
    found = httpx.get(f"{address}/files/{path}")
    assert found.status_code == 404
    assert "error" in found.json()
    assert httpx.delete(f"{address}/files/{path}").status_code in (404, 405)


def test_files_are_for_fine_tuning(client):
    with pytest.raises(BadRequestError) as refused:
        upload(client, purpose="assistants")
    assert refused.value.param == "purpose"


def test_lists_come_in_pages(client):
    mine = [upload(client).id for _ in range(3)]
    pages = list(client.files.list(limit=2).iter_pages())
    assert len(pages) >= 2
    assert set(mine) <= {file.id for page in pages for file in page.data}
