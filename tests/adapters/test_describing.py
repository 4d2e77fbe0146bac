"""What is known of an adapter, in lines that can be shown wherever it comes from."""

from __future__ import annotations

import json

from playground.adapters import Adapters
from playground.adapters.describing import describe
from playground.adapters.store import read_adapter
from playground.settings import SHIPPED_ADAPTERS
from tests.tiny import make_adapter, make_model


def test_the_lora_and_its_training_are_told():
    facts = dict(describe(Adapters([SHIPPED_ADAPTERS]).get("halden-facts")))
    assert facts["base_model"] == "smollm2-135m-reader"
    assert facts["target_modules"].startswith("down_proj, gate_proj, k_proj")
    assert (facts["r"], facts["lora_alpha"]) == ("8", "16")
    assert (facts["training_rows"], facts["file"]) == ("1462", "halden-train.jsonl")
    assert facts["epochs"] == "4"  # of its settings
    assert facts["learning_rate"] == "0.001"


def test_of_an_adapter_from_elsewhere_the_lora_is_told(tmp_path):
    adapter = make_adapter(tmp_path, make_model(tmp_path / "model"), "stray")
    facts = dict(describe(read_adapter(adapter.path)))
    assert (facts["r"], facts["base_model"]) == ("4", str(tmp_path / "model"))
    assert "training_rows" not in facts


def test_a_value_is_one_line_that_can_be_shown(tmp_path):
    adapter = make_adapter(tmp_path, make_model(tmp_path / "model"), "odd")
    record = {"file": "\x1b[2J\nrows", "shape": "x" * 999, "a\nb": [{"c": 1}]}
    (adapter.path / "training.json").write_text(json.dumps(record))
    facts = dict(describe(adapter))
    assert facts["file"] == "�[2J�rows"
    assert len(facts["shape"]) < 250
    assert facts["a�b"] == '[{"c": 1}]'
