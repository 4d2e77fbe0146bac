"""OpenVINO without its telemetry, which would report every import to its maker.

Other modules take `ov` and `genai` from here and never import the packages themselves.
"""

from __future__ import annotations

import sys

# OpenVINO does without the package if it cannot be imported.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino as ov  # noqa: E402
import openvino_genai as genai  # noqa: E402

__all__ = ["genai", "ov"]
