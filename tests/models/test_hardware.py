"""The dtype follows what the processor can do, and never the moment's load."""

from __future__ import annotations

import pytest
import torch

from playground.errors import NotAChoice
from playground.models.hardware import choose_device, choose_dtype

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("capabilities", "dtype"),
    [
        ({"architecture": "x86_64", "avx512_bf16": True, "amx_bf16": False}, torch.bfloat16),
        ({"architecture": "x86_64", "avx512_bf16": False, "amx_bf16": True}, torch.bfloat16),
        ({"architecture": "arm64", "neon": True, "bf16": True}, torch.bfloat16),
        ({"architecture": "x86_64", "avx2": True, "avx512_bf16": False}, torch.float32),
        ({"architecture": "arm64", "neon": True, "bf16": False}, torch.float32),
        ({}, torch.float32),
    ],
)
def test_bfloat16_is_chosen_only_where_the_processor_has_it(monkeypatch, capabilities, dtype):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert choose_dtype(CPU) == dtype


def test_a_wish_is_granted():
    assert choose_dtype(CPU, "float32") == torch.float32
    assert choose_device("cpu") == CPU


def test_float16_is_never_chosen_by_itself():
    assert choose_dtype(choose_device()) != torch.float16


def test_a_dtype_that_is_none_is_said():
    with pytest.raises(NotAChoice, match="dtype is 'int3', but must be one of float32"):
        choose_dtype(CPU, "int3")
