"""What the form shows before training: the text the model sees, and what of it is learned."""

from __future__ import annotations

import pytest

from playground.dataset import Row
from playground.finetune import preview
from playground.models import ModelFiles
from playground.types import Message
from tests.tiny import TEMPLATE, make_model

ROWS = [Row(1, (Message("user", "Where?"), Message("assistant", "Here."))) for _ in range(5)]
LONG = Row(9, (Message("user", "x" * 500), Message("assistant", "Here.")))


def looked(rows, files, *, max_length=1024, limit=3):
    looking = preview(rows, max_length=max_length, files=files, limit=limit)
    while True:
        try:
            next(looking)
        except StopIteration as end:
            return end.value


@pytest.fixture
def files(tmp_path):
    return ModelFiles("tiny", str(make_model(tmp_path / "model")))


def test_the_preview_marks_what_is_learned_and_counts_it(files):
    seen = looked([*ROWS, LONG], files, max_length=128, limit=2)
    assert len(seen.rows) == 2
    read, answer = seen.rows[0].segments
    assert read.text.endswith("Where?<|im_end|>\n<|im_start|>assistant\n")
    assert (answer.text, answer.is_supervised) == ("Here.<|im_end|>", True)
    assert seen.rows[0].supervised_tokens == len("Here.") + 1
    assert [problem.row for problem in seen.problems] == [9]
    assert not seen.uses_fallback_template


def test_figures_are_of_all_rows(files):
    rows = [Row(number, ROWS[0].messages) for number in range(1, 6)]
    seen = looked(rows, files, limit=1)
    assert seen.usable_rows == 5
    assert seen.tokens == 5 * seen.rows[0].tokens
    assert seen.supervised_tokens == 5 * 6


def test_a_model_without_a_template_is_told_of(tmp_path):
    folder = make_model(tmp_path / "plain", chat_template=None)
    files = ModelFiles("plain", str(folder))
    seen = looked(ROWS, files)
    assert seen.uses_fallback_template
    assert seen.rows[0].segments[-1].text == "Here.<|im_end|>"
    assert TEMPLATE not in seen.rows[0].segments[0].text
