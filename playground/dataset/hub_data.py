"""From a dataset's id on the Hugging Face hub to its rows, as a file of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from playground.dataset.parsing import parse
from playground.dataset.reasons import listed
from playground.errors import (
    HubDatasetIdInvalid,
    HubDatasetMissing,
    HubDatasetTooLarge,
    HubDatasetUnreachable,
    HubDatasetWithoutFiles,
)
from playground.models.quiet import no_progress_bars
from playground.readers.limits import MAX_BYTES
from playground.readers.titles import suffix_of

_ID = re.compile(
    r"(?:https?://[^/]+/datasets/)?([\w][\w.-]*/[\w][\w.-]*)(?::([\w.-]+))?(?::([\w.-]+))?/?",
    re.ASCII,
)
_SUFFIXES = (".jsonl", ".json", ".parquet", ".csv", ".tsv")  # the first that there is is taken
_NO_ROWS = ("dataset_infos.json", "dataset_dict.json", "dataset_info.json", "state.json")
_SPLIT = re.compile(r"(?:^|[/._-])(train|test|validation|valid|val|dev|eval)(?=[/._-]|$)", re.I)
_TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True)
class HubId:
    """Which rows of which dataset; without a `config`, those of the default one."""

    dataset: str
    split: str = "train"
    config: str = ""

    @classmethod
    def of(cls, text: str) -> HubId:
        """From owner/name, owner/name:split, owner/name:config:split, or the page's address.

        Raises:
            HubDatasetIdInvalid: it is none of these.
        """
        match = _ID.fullmatch(text.strip())
        if match is None:
            raise HubDatasetIdInvalid(dataset=text)
        dataset, first, second = match.groups()
        return cls(dataset, second or first or "train", first if second else "")

    @property
    def wanted(self) -> str:
        """What is looked for, in words."""
        return f"{self.config}:{self.split}" if self.config else self.split


class HubFile(NamedTuple):
    """What `load` takes."""

    name: str
    data: bytes


class _Listed(NamedTuple):
    path: str
    size: int


def fetch_dataset(text: str, *, max_bytes: int = MAX_BYTES) -> HubFile:
    """The rows of the dataset that `text` names; several files become one of JSON lines.

    HF_ENDPOINT, HF_TOKEN, HF_HOME and HF_HUB_OFFLINE mean what they always mean.

    Raises:
        DatasetError: there is no such dataset, it is too large, or the hub cannot be reached.
    """
    hub_id = HubId.of(text)
    info = _info(hub_id)
    siblings = tuple(_Listed(file.rfilename, file.size or 0) for file in info.siblings or ())
    files = _chosen(hub_id, siblings, info.card_data.to_dict() if info.card_data else {})
    _check_size(hub_id, sum(file.size for file in files), max_bytes)
    contents: list[HubFile] = []
    for file in files:
        data = _download(hub_id, file.path, info.sha)
        contents.append(HubFile(f"{hub_id.dataset}/{file.path}", data))
        _check_size(hub_id, sum(len(content.data) for content in contents), max_bytes)
    if len(contents) == 1:
        return contents[0]
    lines: list[str] = []
    for content in contents:
        lines += _lines(content)
        _check_size(hub_id, sum(map(len, lines)), 4 * max_bytes)
    return HubFile(f"{hub_id.dataset}:{hub_id.wanted}", "\n".join(lines).encode("utf-8"))


def _check_size(hub_id: HubId, size: int, limit: int) -> None:
    if size > limit:
        megabytes, most = -(-size // 1_000_000), limit // 1_000_000
        raise HubDatasetTooLarge(dataset=hub_id.dataset, megabytes=megabytes, limit=most)


def _info(hub_id: HubId) -> Any:
    # Imported here since it takes a while, and reads HF_ENDPOINT as it is imported.
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError

    api = HfApi()
    try:
        return api.dataset_info(hub_id.dataset, files_metadata=True, timeout=_TIMEOUT_SECONDS)
    except RepositoryNotFoundError as error:
        raise HubDatasetMissing(dataset=hub_id.dataset, endpoint=api.endpoint) from error
    except Exception as error:  # which HTTP library's errors come out depends on the version
        raise _unreachable(hub_id, api.endpoint, error) from error


def _download(hub_id: HubId, path: str, revision: str | None) -> bytes:
    from huggingface_hub import constants, hf_hub_download

    try:
        with no_progress_bars():
            file = hf_hub_download(
                hub_id.dataset, path, repo_type="dataset", revision=revision or "main"
            )
        return Path(file).read_bytes()
    except Exception as error:
        raise _unreachable(hub_id, constants.ENDPOINT, error) from error


def _unreachable(hub_id: HubId, endpoint: str, error: Exception) -> HubDatasetUnreachable:
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return HubDatasetUnreachable(dataset=hub_id.dataset, endpoint=endpoint, reason=reason)


def _chosen(
    hub_id: HubId, siblings: Sequence[_Listed], card: dict[str, Any]
) -> tuple[_Listed, ...]:
    """The files of the split: as the dataset's card says, else as the files are called."""
    data = [file for file in siblings if _may_be_rows(file.path)]
    if configs := [config for config in card.get("configs") or () if isinstance(config, dict)]:
        patterns = tuple(_patterns(hub_id, configs))
        files = [f for f in data if any(fnmatchcase(f.path, pattern) for pattern in patterns)]
    else:
        files = [file for file in data if _is_called(hub_id, file.path, data)]
    for suffix in _SUFFIXES:  # some datasets hold the same rows in several formats
        if of_one := tuple(file for file in files if suffix_of(file.path) == suffix):
            return of_one
    names = listed(file.path for file in data or siblings)
    raise HubDatasetWithoutFiles(dataset=hub_id.dataset, wanted=hub_id.wanted, files=names)


def _may_be_rows(path: str) -> bool:
    parts = path.split("/")
    is_hidden = any(part.startswith(".") for part in parts)
    return suffix_of(parts[-1]) in _SUFFIXES and parts[-1] not in _NO_ROWS and not is_hidden


def _patterns(hub_id: HubId, configs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The paths of the split in the card's YAML: a string, a list of them, or one a split."""
    by_name = {str(config.get("config_name", "default")): config for config in configs}
    default = next((c for c in configs if c.get("default")), by_name.get("default", configs[0]))
    config = by_name.get(hub_id.config, {}) if hub_id.config else default
    entries = config.get("data_files") or ()
    for entry in [entries] if isinstance(entries, str | dict) else entries:
        of_split = entry if isinstance(entry, dict) else {"split": "train", "path": entry}
        if of_split.get("split", "train") == hub_id.split:
            paths = of_split.get("path") or ()
            yield from [paths] if isinstance(paths, str) else map(str, paths)


def _is_called(hub_id: HubId, path: str, data: Sequence[_Listed]) -> bool:
    """Whether the name says the split; where no name says any, all are for training."""
    if hub_id.config and hub_id.config not in re.split(r"[/._]", path):
        return False
    if any(_SPLIT.search(file.path) for file in data):
        word = rf"(?:^|[/._-]){re.escape(hub_id.split)}(?=[/._-]|$)"
        return bool(re.search(word, path, re.IGNORECASE))
    return hub_id.split == "train"


def _lines(file: HubFile) -> Iterator[str]:
    """A broken row is left without fields, and so refused by its number later."""
    for row in parse(file.name, file.data).rows:
        yield json.dumps(row.fields, ensure_ascii=False)
