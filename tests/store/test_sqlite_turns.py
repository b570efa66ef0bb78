"""Who wants to write stands in line, and nobody waits for a turn that nobody can give back."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from cleangov_plugin.store.sqlite_turns import Turn


def test_a_turn_is_had_by_one_thread_and_given_back_by_that_one() -> None:
    turn = Turn()
    assert turn.take(0)
    assert not turn.take(60), "it is had already: nobody waits for themselves"
    with ThreadPoolExecutor(1) as other:
        assert not other.submit(turn.take, 0.01).result()
        other.submit(turn.leave).result()
        assert not other.submit(turn.take, 0.01).result(), "it was not theirs to give back"
        waiting = other.submit(turn.take, 60)
        turn.leave()
        assert waiting.result()


def test_who_writes_in_short_turns_keeps_nobody_out() -> None:
    turn, ends, had = Turn(), time.monotonic() + 5, [0] * 6

    def work(number: int) -> None:
        while min(had) < 5 and time.monotonic() < ends:
            if turn.take(1):
                had[number] += 1
                time.sleep(0.001)
                turn.leave()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(len(had))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert min(had) >= 5, had


def test_a_forked_process_waits_for_no_turn_of_its_parent() -> None:
    turn = Turn()
    assert turn.take(0)
    child = os.fork()
    if child == 0:
        os._exit(0 if turn.take(0) else 1)
    assert os.waitpid(child, 0)[1] == 0
