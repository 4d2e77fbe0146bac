"""Where things are and which models answer; the only reader of the environment."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from playground.errors import NotAChoice, WholeNumberOutOfRange

_REPOSITORY = Path(__file__).resolve().parent.parent
_IN_CHECKOUT = (_REPOSITORY / "pyproject.toml").is_file()
_DATA = _REPOSITORY if _IN_CHECKOUT else Path(__file__).resolve().parent / "_data"

DEFAULT_MODEL = "smollm2-135m-reader"
SHIPPED_ADAPTERS = _DATA / "adapters"

# For libgomp and for libomp, before torch is imported: threads that wait go to sleep soon. By
# default they spin for long, and beside another busy process (a chat beside a training) each step
# takes several times as long. Not spinning at all would cost a fifth when the machine is quiet.
SHARED_PROCESSOR = {"GOMP_SPINCOUNT": "2000", "KMP_BLOCKTIME": "1"}

_NUMBERS = {
    "port": 65535,
    "draft_tokens": 16,
    "api_requests_per_minute": 1_000_000,
    "context_window": 100_000_000,
}
_SWITCHES = {"1": True, "true": True, "0": False, "false": False}


@dataclass(frozen=True)
class Settings:
    """Values that hold for one process. Every field has a `PLAYGROUND_<FIELD>` variable.

    `reranker` is the folder or hub id of a cross-encoder that orders the passages found; none by
    default. `device` and `dtype` are torch's names, or "auto" to follow the hardware. `engine` is
    "openvino", "transformers", or "auto" for the fastest that says what the model says.
    `draft_tokens` are tried from the prompt at each token by openvino; 0 is none.

    With `base_url`, an OpenAI-compatible server answers as `model`, and `remote_api_key` is what it
    wants (OPENAI_API_KEY will do, too); `context_window` is that of its model, 0 what it says.

    `api_key` is one key or several with commas; calls to the API need one of them. With
    `allow_lora_paths` they may name a folder of this machine to load an adapter from. Where others
    reach the page, or it is `public`, they may let servers of the public internet answer, and with
    `allow_private_servers` those of this machine and its network, too.

    A `public` page is for anybody: each visitor has a place of their own, for an hour, and may do
    so much (see quota.py).
    """

    model: str = DEFAULT_MODEL
    base_url: str = ""
    remote_api_key: str = field(default="", repr=False)
    context_window: int = 0
    embedder: str = "multilingual-e5-small"
    reranker: str = ""
    engine: str = "auto"
    draft_tokens: int = 0
    device: str = "auto"
    dtype: str = "auto"
    host: str = "127.0.0.1"
    port: int = 7860
    api_key: str = field(default="", repr=False)
    api_requests_per_minute: int = 600
    allow_lora_paths: bool = False
    allow_private_servers: bool = False
    public: bool = False
    cache_dir: Path = Path(platformdirs.user_cache_dir("playground", appauthor=False))
    data_dir: Path = Path(platformdirs.user_data_dir("playground", appauthor=False))
    adapters_dir: Path | None = None
    world_dir: Path = _DATA / "knowledge"

    @property
    def is_shared(self) -> bool:
        """Whether other machines reach the page and the API."""
        return not is_loopback(self.host)

    @property
    def public_servers_only(self) -> bool:
        """Whether a visitor may not let this machine call what the internet cannot."""
        return (self.is_shared or self.public) and not self.allow_private_servers

    @property
    def trained_model(self) -> str:
        """What is trained here, if nobody says: the model that answers, if it is here."""
        return DEFAULT_MODEL if self.base_url else self.model

    @property
    def models_dir(self) -> Path:
        """Converted embedded models; safe to delete, they are made again."""
        return self.cache_dir / "models"

    @property
    def graphs_dir(self) -> Path:
        """Models as the engine openvino wants them; safe to delete, they are made again."""
        return self.cache_dir / "openvino"

    @property
    def bases_dir(self) -> Path:
        """Indexed knowledge bases."""
        return self.data_dir / "knowledge"

    @property
    def runs_dir(self) -> Path:
        """Training runs, one folder each."""
        return self.data_dir / "runs"

    @property
    def files_dir(self) -> Path:
        """Training rows that were uploaded through the API."""
        return self.data_dir / "files"

    @property
    def evaluations_dir(self) -> Path:
        """Evaluations with their answers, and the bases that they ask."""
        return self.data_dir / "evaluations"

    @property
    def comparisons_file(self) -> Path:
        """What visitors asked, and the answers."""
        return self.data_dir / "comparisons.sqlite"

    @property
    def votes_file(self) -> Path:
        """What visitors said of answers."""
        return self.data_dir / "votes.sqlite"

    @property
    def trained_dir(self) -> Path:
        """Where trained adapters go: `adapters/` of a checkout, else the data folder."""
        if self.adapters_dir:
            return self.adapters_dir
        return _REPOSITORY / "adapters" if _IN_CHECKOUT else self.data_dir / "adapters"

    @property
    def adapter_dirs(self) -> tuple[Path, ...]:
        """Where adapters are looked for: the trained ones, and those that an install ships."""
        return tuple(dict.fromkeys((self.trained_dir, SHIPPED_ADAPTERS)))

    @classmethod
    def from_env(cls) -> Settings:
        """The defaults, with what the environment says."""
        given: dict[str, object] = {}
        for name in cls.__dataclass_fields__:
            value = os.environ.get(f"PLAYGROUND_{name.upper()}")
            if not value and name == "remote_api_key":
                value = os.environ.get("OPENAI_API_KEY")
            if not value:
                continue
            if name in _NUMBERS:
                given[name] = _whole_number(name, value)
            elif cls.__dataclass_fields__[name].default in (True, False):
                given[name] = _switch(name, value)
            else:
                given[name] = Path(value) if name.endswith("_dir") else value
        return cls(**given)  # type: ignore[arg-type]


def is_loopback(host: str) -> bool:
    """Whether the name or address `host` is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _whole_number(name: str, value: str) -> int:
    if not value.isdecimal():
        raise WholeNumberOutOfRange(
            field=f"PLAYGROUND_{name.upper()}", value=value, minimum=0, maximum=_NUMBERS[name]
        )
    return int(value)


def _switch(name: str, value: str) -> bool:
    if value.lower() not in _SWITCHES:
        choices = ", ".join(_SWITCHES)
        raise NotAChoice(field=f"PLAYGROUND_{name.upper()}", value=value, choices=choices)
    return _SWITCHES[value.lower()]
