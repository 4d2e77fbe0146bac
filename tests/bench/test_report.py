"""The table, the remarks and the JSON."""

from __future__ import annotations

import json

from playground.bench.figures import Failed, Figure, Goal, LeftOut, Limit, Machine, Spread, Step
from playground.bench.options import BenchOptions
from playground.bench.report import HEADER, Report, as_json, failures, head, remarks, rows
from playground.errors import Unexpected

COLD = Figure(
    "document",
    "cold first token",
    "s",
    Spread.of([5.0, 4.0, 6.0]),
    {"llama.cpp": Spread.of([31.0, 30.0, 32.0]), "transformers": Spread.of([42.0])},
    (Goal("peer/ours", "llama.cpp", at_least=6), Goal("ours", at_most=4.5)),
    (Limit(3.2, "s at least: so it is"),),
    "prompt 4,391 tokens",
)
MACHINE = Machine("a processor", 2, 40.0, None, 13.0, 0.5)
REPORT = Report("a model", "an engine", BenchOptions(), MACHINE).with_events(
    [
        COLD,
        Step("passed over"),
        LeftOut("llama.cpp", "not installed", "pip install it"),
        Failed("rag", Unexpected(reason="it broke")),
    ]
)


def test_a_figure_has_a_row_for_each_comparison():
    assert rows([COLD]) == [
        (
            *("cold first token", "5 s (4..6)", "llama.cpp 31 s (30..32)"),
            *("llama.cpp/ours 6.2", ">= 6", "yes"),
        ),
        ("", "", "", "", "<= 4.5", "NO"),
        ("", "", "transformers 42 s", "transformers/ours 8.4", "", ""),
    ]
    assert all(len(row) == len(HEADER) for row in rows([COLD]))


def test_a_figure_of_ours_alone_is_one_row():
    figure = Figure("parity", "right", "share", Spread.of([0.9]))
    assert rows([figure]) == [("right", "0.9", "", "", "", "")]


def test_a_missing_peer_is_said_in_its_row_and_below():
    figure = Figure("g", "n", "s", Spread.of([1]), goals=(Goal("peer/ours", "them", at_least=2),))
    assert rows([figure])[0][2:] == ("them left out", "them/ours", ">= 2", "")
    assert remarks(REPORT)[-1] == "Left out: llama.cpp (not installed): pip install it"


def test_notes_limits_and_failures_have_a_line_each():
    assert remarks(REPORT)[:2] == [
        "cold first token: prompt 4,391 tokens",
        "cold first token: 3.2 s at least: so it is",
    ]
    assert "a model, an engine" in head(REPORT)[0]
    assert failures(REPORT)[0].startswith("rag: ")


def test_json_holds_every_value_and_every_comparison():
    value = json.loads(json.dumps(as_json(REPORT)))
    assert set(value) == {
        *("model", "engine", "options", "machine", "figures", "left_out", "failed"),
    }
    (figure,) = value["figures"]
    assert figure["ours"] == {"median": 5.0, "low": 4.0, "high": 6.0, "values": [5.0, 4.0, 6.0]}
    assert set(figure["peers"]) == {"llama.cpp", "transformers"}
    assert figure["compared"][0] == {
        "comparison": "llama.cpp/ours",
        "value": 6.2,
        "at_least": 6,
        "at_most": None,
        "met": True,
    }
    assert figure["limits"][0]["value"] == 3.2
    assert value["left_out"][0]["command"] == "pip install it"
    assert value["failed"][0]["group"] == "rag"
