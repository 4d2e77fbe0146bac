"""Which engine runs a model, and why."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.engines.base import Engine
from playground.engines.openvino_prepared import find
from playground.engines.openvino_processes import Processes
from playground.errors import NotAChoice, NotForOpenVino
from playground.models.names import ModelFiles
from playground.settings import Settings
from playground.types import Language, Progress

Name = Literal["openvino", "transformers", "openai", "fake"]
_NAMES = ("auto", "openvino", "transformers")

_WHY = {
    "set": ("as set", "按设置"),
    "server": ("the server {base_url} answers", "由服务 {base_url} 作答"),
    "parity": (
        "the fast one for processors; {equal} of {of} check answers begin as with transformers "
        "in float32",
        "处理器上更快；{of} 个核对回答中有 {equal} 个开头与 transformers（float32）一致",
    ),
    "unchecked": (
        "the fast one for processors; it is compared with transformers before its first use",
        "处理器上更快；首次使用前会与 transformers 核对",
    ),
    "device": ("the model runs on {device}", "模型运行在 {device} 上"),
    "dtype": ("dtype {dtype} is set", "指定了 dtype {dtype}"),
    "missing": ("openvino-genai is not installed", "未安装 openvino-genai"),
    "unfit": ("OpenVINO cannot run this model: {reason}", "OpenVINO 无法运行该模型：{reason}"),
}


@dataclass(frozen=True)
class Choice:
    """An engine's name, and why it is the one."""

    engine: Name
    why: str
    details: dict[str, Any] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """One line, as "openvino (…)"."""
        english, chinese = _WHY[self.why]
        if language == "zh":
            return f"{self.engine}（{chinese.format(**self.details)}）"
        return f"{self.engine} ({english.format(**self.details)})"


def prepare(files: ModelFiles, settings: Settings) -> Iterator[Progress]:
    """Make what the engine of the model needs, once.

    Raises:
        NotForOpenVino: that engine is set, but there is no room to prepare the model.
    """
    if _ruled_out(settings) or find(files, settings.graphs_dir):
        return
    from playground.engines import openvino_prepare

    try:
        yield from openvino_prepare.make(files, settings.graphs_dir)
    except NotForOpenVino:
        if settings.engine == "openvino":
            raise


def choose(files: ModelFiles, settings: Settings) -> Choice:
    """Which engine it will be, as far as is known before `prepare`."""
    if ruled_out := _ruled_out(settings):
        return ruled_out
    prepared = find(files, settings.graphs_dir)
    if prepared is None:
        from playground.engines import openvino_prepare

        try:
            openvino_prepare.check_memory(files)
        except NotForOpenVino as unfit:
            return Choice("transformers", "unfit", unfit.details)
        return Choice("openvino", "unchecked")
    if prepared.unfit:
        return Choice("transformers", "unfit", {"reason": prepared.unfit})
    return Choice("openvino", "parity", {"equal": prepared.equal, "of": prepared.of})


def open_engine(files: ModelFiles, settings: Settings) -> Engine:
    """The chosen engine, loaded.

    Raises:
        NotForOpenVino: that engine is set, and cannot run the model.
    """
    for _ in prepare(files, settings):
        pass
    choice = choose(files, settings)
    if choice.engine == "openvino":
        prepared = find(files, settings.graphs_dir)
        assert prepared is not None
        drafts = settings.draft_tokens
        processes = Processes(prepared, model=files.name, draft_tokens=drafts)
        processes.begin()  # while this process imports what takes as long
        from playground.engines.openvino import OpenVinoEngine

        return OpenVinoEngine(files, processes)
    if settings.engine == "openvino":
        raise NotForOpenVino(model=files.name, reason=choice.details.get("reason", choice.why))
    from playground.engines.transformers import TransformersEngine

    return TransformersEngine(files, device=settings.device, dtype=settings.dtype)


def _ruled_out(settings: Settings) -> Choice | None:
    """Why OpenVINO is not to be tried at all, None if it is."""
    if settings.engine not in _NAMES:
        raise NotAChoice(field="engine", value=settings.engine, choices=", ".join(_NAMES))
    if settings.engine == "transformers":
        return Choice("transformers", "set")
    if importlib.util.find_spec("openvino_genai") is None:
        return Choice("transformers", "missing")
    if settings.engine == "openvino":
        return None
    from playground.models.hardware import choose_device

    device = choose_device(settings.device)
    if device.type != "cpu":
        return Choice("transformers", "device", {"device": device.type})
    if settings.dtype != "auto":
        return Choice("transformers", "dtype", {"dtype": settings.dtype})
    return None
