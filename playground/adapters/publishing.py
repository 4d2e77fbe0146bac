"""An adapter pushed to the Hugging Face Hub, or to whatever HF_ENDPOINT names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huggingface_hub import CommitOperationAdd, HfApi, get_token
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from playground.adapters.exporting import contents_of
from playground.adapters.renaming import CARD_FILE, RECORD_FILE
from playground.errors import (
    PushError,
    PushForbidden,
    PushRefused,
    PushTokenMissing,
    PushTokenRefused,
    PushUnreachable,
    RepoNameInvalid,
    RepoNameTaken,
)
from playground.models.adapter_files import CONFIG_FILE
from playground.models.quiet import no_progress_bars
from playground.types import Adapter

_REPO = re.compile(r"[A-Za-z0-9][\w-]*(\.[\w-]+)*/[A-Za-z0-9][\w-]*([.][\w-]+)*", re.ASCII)
_LONGEST_REPO = 96
_SEPARATORS = ("/", "\\")
_OF_EVERY_REPO = (".gitattributes",)
_LONGEST_REASON = 300


def push(adapter: Adapter, repo: str, *, private: bool = False, overwrite: bool = False) -> str:
    """Upload `adapter` to the repository `repo` (owner/name), which is made; returns its address.

    With `overwrite`, into one that is there. The token is the one that `hf auth login` keeps, or
    HF_TOKEN. Of a base that is a folder of this machine, only its last name is told.

    Raises:
        PushError: and nothing was uploaded; a repository that was made is empty, and can be
        pushed to again.
    """
    if len(repo) > _LONGEST_REPO or not _REPO.fullmatch(repo):
        raise RepoNameInvalid(repo=repo)
    api = HfApi(token=get_token())
    if not api.token:
        raise PushTokenMissing(hub=api.endpoint)
    files = {file.name: _published(file, adapter) for file in contents_of(adapter).files}
    with _explained(api, repo), no_progress_bars():
        _make(api, repo, private=private, overwrite=overwrite)
        api.create_commit(
            repo,
            [CommitOperationAdd(name, content) for name, content in files.items()],
            commit_message=f"Upload the adapter {adapter.name}",
        )
    return f"{api.endpoint}/{repo}"


def _make(api: HfApi, repo: str, *, private: bool, overwrite: bool) -> None:
    try:
        api.create_repo(repo, private=private)
    except HfHubHTTPError as error:
        if error.response.status_code != 409:
            raise
        # One that is empty may be left from a push that broke off.
        if not overwrite and set(api.list_repo_files(repo)) - set(_OF_EVERY_REPO):
            raise RepoNameTaken(repo=repo) from error


def _published(file: Path, adapter: Adapter) -> bytes | str:
    """What is uploaded of `file`: its content, or its path."""
    if file.name not in (CONFIG_FILE, RECORD_FILE, CARD_FILE):
        return str(file)
    text = file.read_text(encoding="utf-8", errors="replace")
    base = adapter.base_model
    if _is_local(base):
        # Where a folder lies is nobody else's business, and the Hub would refuse the card.
        name = re.split(r"[/\\]", base.rstrip("/\\"))[-1]
        text = text.replace(json.dumps(base, ensure_ascii=False)[1:-1], name).replace(base, name)
        if file.name == CARD_FILE:
            text = re.sub(r"^base_model:.*\n", "", text, count=1, flags=re.M)
    return text.encode()


def _is_local(base: str) -> bool:
    """Whether `base` names a folder or a file of this machine, and more than its last name."""
    is_path = any(separator in base for separator in _SEPARATORS)
    return is_path and (Path(base).expanduser().exists() or not _REPO.fullmatch(base))


@contextmanager
def _explained(api: HfApi, repo: str) -> Iterator[None]:
    try:
        yield
    except PushError:
        raise
    except Exception as error:  # of the Hub's client, of what it speaks HTTP with, and of hf_xet
        raise _meaning(error, api, repo) from None  # a traceback may show headers


def _meaning(error: Exception, api: HfApi, repo: str) -> PushError:
    hub = api.endpoint
    words = " ".join(str(error).replace(str(api.token), "***").split())[:_LONGEST_REASON]
    if isinstance(error, OfflineModeIsEnabled):
        return PushUnreachable(hub=hub, reason="HF_HUB_OFFLINE")
    if isinstance(error, HfHubHTTPError):
        if error.response.status_code == 401:
            return PushTokenRefused(hub=hub)
        if error.response.status_code == 403:
            return PushForbidden(hub=hub, repo=repo)
    if isinstance(error, HfHubHTTPError | ValueError):
        return PushRefused(hub=hub, repo=repo, reason=f"{words.rstrip('.')}.")
    return PushUnreachable(hub=hub, reason=words or type(error).__name__)
