"""Who may be answered at the same time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from playground.turns import FairLock, Turns


def test_nobody_else_has_a_turn_while_one_is_alone():
    turns, inside, together = Turns(), [], []

    def take(n):
        with turns.alone() if n % 2 else turns.together():
            inside.append(n)
            time.sleep(0.002)
            together.append((n % 2, len(inside)))
            inside.remove(n)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(40)))
    assert all(count == 1 for alone, count in together if alone)
    assert inside == []


def test_sharers_are_inside_at_the_same_time():
    turns, meeting = Turns(), threading.Barrier(3)

    def take(_):
        with turns.together():
            return meeting.wait(timeout=10)

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(take, range(3))) == [0, 1, 2]


def test_a_turn_may_end_in_another_thread():
    turns = Turns()
    turn = turns.alone()
    turn.__enter__()
    thread = threading.Thread(target=turn.__exit__, args=(None, None, None))
    thread.start()
    thread.join()
    with turns.alone():
        pass


def test_a_lock_is_had_in_turn_though_one_thread_takes_it_again_and_again():
    lock, taken = FairLock(), []
    indexing, asked = threading.Event(), threading.Event()

    def index():
        for number in range(200):
            with lock:
                taken.append(number)
                indexing.set()
                time.sleep(0.005)
            if asked.is_set():
                return

    thread = threading.Thread(target=index)
    thread.start()
    assert indexing.wait(10)
    before = len(taken)
    with lock:
        waited = len(taken) - before
        asked.set()
    thread.join(10)
    assert waited <= 2
