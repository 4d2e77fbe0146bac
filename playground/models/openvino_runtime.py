"""OpenVINO without its telemetry, which would report every import to its maker.

Other modules take `ov` and `genai` from here and never import the packages themselves.
"""

from __future__ import annotations

import logging
import sys
import warnings
from typing import Any

# OpenVINO does without the package if it cannot be imported.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino as ov  # noqa: E402
import openvino_genai as genai  # noqa: E402

__all__ = ["genai", "ov", "trace"]


def trace(module: Any, example: dict[str, Any]) -> Any:
    """A graph of what the torch `module` does with the inputs in `example`."""
    # Only here, for an engine's process needs neither this nor torch.
    from transformers.utils import logging as transformers_logging

    verbosity = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()
    root = logging.getLogger()
    level, filters, handlers = root.level, list(root.filters), list(root.handlers)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tracing warns of every shape that it looks at
            return ov.convert_model(module, example_input=example)
    finally:
        transformers_logging.set_verbosity(verbosity)
        # The converter lets nothing but errors be heard from then on, of any program.
        root.setLevel(level)
        root.filters, root.handlers = filters, handlers
