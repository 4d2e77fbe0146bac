"""Which rows are learned when, decided beforehand."""

from __future__ import annotations

import pytest

from playground.errors import BatchTooSmall
from playground.finetune.batching import in_order, plan

LENGTHS = [10, 40, 25, 30, 5, 60, 20, 35, 15, 50, 45]


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("batch_size", [2, 4, 5, 11, 64])
def test_every_epoch_learns_every_row_once(batch_size, processes):
    made = plan(
        LENGTHS, batch_size=batch_size, epochs=3, seed=0, piece_tokens=50, processes=processes
    )
    per_epoch = made.steps_per_epoch * made.pieces_per_step
    assert len(made.pieces) == 3 * per_epoch
    for epoch in range(3):
        pieces = made.pieces[epoch * per_epoch : (epoch + 1) * per_epoch]
        assert sorted(row for piece in pieces for row in piece) == list(range(11))
        assert all(pieces)
    assert made.pieces_per_step % processes == 0


def test_steps_are_alike_and_no_larger_than_asked():
    made = plan(LENGTHS, batch_size=4, epochs=1, seed=0, piece_tokens=10_000)
    assert made.pieces_per_step == 1
    assert sorted(map(len, made.pieces)) == [3, 4, 4]


def test_the_seed_decides_and_epochs_differ():
    first, again, other = (
        plan(LENGTHS, batch_size=4, epochs=2, seed=seed, piece_tokens=100) for seed in (1, 1, 2)
    )
    assert first == again != other
    half = len(first.pieces) // 2
    assert first.pieces[:half] != first.pieces[half:]


def test_a_step_is_cut_into_pieces_of_about_as_many_tokens():
    made = plan([100] * 16, batch_size=8, epochs=1, seed=0, piece_tokens=200)
    assert made.pieces_per_step == 4
    assert {len(piece) for piece in made.pieces} == {2}


def test_more_processes_than_rows_in_a_step_are_refused_with_both_numbers():
    with pytest.raises(BatchTooSmall, match="3 rows, too few for 4"):
        plan([10] * 3, batch_size=8, epochs=1, seed=0, piece_tokens=100, processes=4)


def test_an_exam_keeps_the_order_and_the_limit():
    assert in_order([30, 30, 50, 200, 10], piece_tokens=100) == ((0, 1), (2,), (3,), (4,))
    assert in_order([], piece_tokens=100) == ()
