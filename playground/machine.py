"""What this runs on, in words, for whoever reads a measurement later."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

from playground import __version__

_PACKAGES = ("torch", "transformers", "peft", "openvino-genai", "faiss-cpu")


def described_machine() -> dict[str, str]:
    """Processor, cores, system, and the versions of what the figures depend on."""
    return {
        "processor": processor(),
        "cores": str(os.cpu_count() or 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "context-playground": __version__,
        **{package: _version(package) for package in _PACKAGES},
    }


def processor() -> str:
    """Its name, as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except Exception:  # not every system has every engine
        return "-"
