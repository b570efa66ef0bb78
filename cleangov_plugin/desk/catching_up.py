"""Catching up: events that are owed, requests that ran out, figures of the day."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from cleangov_hooks import Event, Status, guarded_call
from cleangov_plugin.domain.errors import InvalidEvent
from cleangov_plugin.domain.terms import AttemptState, Fate, GapReason, Tier
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store import gaps, prompts, second_requests
from cleangov_plugin.store.gaps import Gap

from .answers.asking import bound, run_out
from .answers.put_off import close_put_off
from .budget import Budget
from .checkpoint.entering import Owed, enter
from .checkpoint.grouping import fill_groups
from .checkpoint.recording import record
from .choice.modes import look_again
from .choice.weighing import make_weights
from .clocks.ticking import tick_clocks
from .desk import Desk
from .figures import FEW, make_figures
from .leads import reopen_leads
from .personal.retaining import retain_daily
from .shelf import Ledger
from .wire import declared_in, from_text

logger = logging.getLogger("cleangov")

_MOST_TRIES: Final = 10
#: Rows that a tick looks at whose term may be over: the rest waits for the next.
_MOST_RETAINED: Final = 2_000
_ABANDONED: Final = timedelta(days=1)
_FAILED: Final = frozenset({Status.RAISED, Status.WRONG_TYPE, Status.SKIPPED})
#: Gaps settled between two requests.
_FEW_GAPS: Final = 5
#: Slices of older entries that a group gets between two requests, and to see that it is whole.
_FEW_SLICES: Final = 2
#: Milliseconds after which no further gap is begun between two requests.
_LIGHT_MS: Final = 20
#: Seconds for which requests leave catching up alone after it has failed.
PAUSE: Final = 2.0
#: Seconds after which a transaction of the host that is still open is none any more.
_LONGEST_TRANSACTION: Final = 3_600.0


@dataclass(slots=True, kw_only=True)
class Ticked:
    """What a tick did.

    :param settled: events that were owed and have their entry now.
    :param waiting: events that are still owed.
    :param given_up: events that somebody must look at.
    :param withdrawn: spooled events of steps that the host has undone.
    :param expired: requests and prompts that ran out.
    :param reviewed: steps of a mode that has ended, which were looked at.
    :param figures: facts whose figures were made.
    :param retained: what was past its term, and was erased or deleted.
    :param terms: findings of terms that were opened, told anew or closed.
    """

    settled: int = 0
    waiting: int = 0
    given_up: int = 0
    withdrawn: int = 0
    expired: int = 0
    reviewed: int = 0
    figures: int = 0
    retained: int = 0
    terms: int = 0


def tick(desk: Desk, ledger: Ledger, *, with_spool: bool = True) -> Ticked:
    """Do all that is owed, each in a transaction of its own.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param with_spool: whether spooled events are taken, too. A command line without the host
        leaves them to the platform's own process, which can tell what it has undone.
    :return: what was done.
    """
    done = Ticked()
    _settle_gaps(desk, done, limit=None)
    if with_spool:
        _empty_spool(desk, done)
    done.expired = _expire(desk, ledger)
    done.reviewed = _tried("modes", lambda: look_again(desk, ledger))
    done.reviewed += _tried("put off", lambda: close_put_off(desk, ledger))
    done.figures = make_figures(desk, ledger) + make_weights(desk, ledger)
    fill_groups(desk, ledger)
    done.retained = _tried("retention", lambda: retain_daily(desk, ledger, _MOST_RETAINED))
    done.terms = _tried("clocks", lambda: tick_clocks(desk, ledger))
    return done


def _tried(what: str, work: Callable[[], int]) -> int:
    try:
        return work()
    except Exception as problem:  # what is due waits for the next tick
        logger.warning("%s: %s", what, type(problem).__name__)
        return 0


def catch_up_lightly(desk: Desk) -> None:
    """Settle a few gaps of this process between two requests, before the host writes anything.

    :param desk: the desk.
    """
    now = time.monotonic()
    if now < desk.catch_up_at or not desk.counters.take("owed"):
        return
    done, number = Ticked(), _FEW_GAPS
    try:
        number = _settle_gaps(desk, done, limit=_FEW_GAPS)
    except Exception as problem:  # what is owed stays owed; the next tick tries again
        logger.info("catch-up: %s", type(problem).__name__)
        done.waiting += 1
    _count(desk, done)
    if done.waiting:
        desk.catch_up_at = now + PAUSE
    if done.waiting or number == _FEW_GAPS:
        desk.counters.add("owed")


def empty_spool_lightly(desk: Desk) -> None:
    """Take a few events out of the spool: here the platform can say what it has undone.

    :param desk: the desk.
    """
    done = Ticked()
    _empty_spool(desk, done, limit=_FEW_GAPS)
    _count(desk, done)


def _count(desk: Desk, done: Ticked) -> None:
    for name in ("settled", "given_up", "withdrawn"):
        number = getattr(done, name)
        if number:
            desk.counters.add(f"caught_up.{name}", number)


def make_few_figures(desk: Desk, ledger: Ledger) -> bool:
    """Make the day's figures where few events are behind them, for cities without a night job.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :return: whether nothing is left of what can be made between requests.
    """
    make_figures(desk, ledger, most=FEW)
    return fill_groups(desk, ledger, most=_FEW_SLICES)


def _settle_gaps(desk: Desk, done: Ticked, limit: int | None) -> int:
    """Settle all gaps, or some; answer how many were looked at."""
    number, after, budget = 0, 0, Budget(_LIGHT_MS)
    while True:
        with desk.database.own_transaction(is_reading=True) as connection:
            found = gaps.owed(connection, limit=limit or 500, after=after)
        for gap in found:
            if limit is not None and number and budget.is_over():
                return limit  # somebody waits for a page: the rest comes with the next request
            _settle(desk, gap, done, is_light=limit is not None)
            number += 1
        if not found or limit is not None:
            return number
        after = found[-1].id


def _settle(desk: Desk, gap: Gap, done: Ticked, *, is_light: bool) -> None:
    """Settle one gap; entry and gap change together or not at all.

    Only a tick counts tries: during a disturbance, many requests would soon use them all up.
    """
    gives_up = not is_light and gap.tries + 1 >= _MOST_TRIES
    try:
        event = from_text(gap.event)
        with desk.database.own_transaction() as connection:
            declared = declared_in(gap.event)
            entered = enter(desk, connection, event, is_late=True, declared=declared)
            record(desk, entered.ended, connection)
            is_whole = entered.is_whole and (
                entered.is_new or reopen_leads(desk, connection, event.agency_id, entered.row)
            )
            if is_whole:
                gaps.settle(connection, gap.id, desk.host.now())
                done.settled += 1
                return
    except InvalidEvent:
        gives_up = True  # it will be no better tomorrow: somebody must look
    except Owed as problem:
        gives_up = gives_up or problem.reason is GapReason.CONFLICT
    except Exception as problem:
        logger.warning("gap %d: %s", gap.id, type(problem).__name__)
    if gives_up or not is_light:
        with desk.database.own_transaction() as connection:
            gaps.tried(connection, gap.id, desk.host.now(), gives_up=gives_up)
    done.given_up += gives_up
    done.waiting += not gives_up


def _empty_spool(desk: Desk, done: Ticked, limit: int | None = None) -> None:
    for path, text in islice(desk.spool.events(), limit):
        try:
            event = from_text(text)
            if not _is_undone(desk, event):
                with desk.database.own_transaction() as connection:
                    declared = declared_in(text)
                    entered = enter(desk, connection, event, is_late=True, declared=declared)
                    record(desk, entered.ended, connection)
                done.settled += 1
            elif desk.spool.age(path) > _LONGEST_TRANSACTION:
                done.withdrawn += 1
            else:  # its transaction may still be open, and so not be seen from here
                done.waiting += 1
                continue
            path.unlink(missing_ok=True)
        except InvalidEvent:
            _put_aside(path)
            done.given_up += 1
        except Owed as problem:
            is_final = problem.reason is GapReason.CONFLICT  # another event has the id for good
            if is_final:
                _put_aside(path)
            done.given_up += is_final
            done.waiting += not is_final
        except Exception as problem:
            logger.warning("spool %s: %s", path.name, type(problem).__name__)
            done.waiting += 1


def _is_undone(desk: Desk, event: Event) -> bool:
    """Answer whether the host says it has no such record: its transaction was rolled back."""
    cursor: str | None = None
    was_asked = False
    for _ in range(1_000):
        report = guarded_call(
            desk.host.plugins,
            "cleangov_host_records",
            kind=event.kind,
            since=event.occurred_at,
            cursor=cursor,
        )
        answers = report.values
        if any(outcome.status in _FAILED for outcome in report.outcomes):
            raise Owed(GapReason.ERROR, "cleangov_host_records")  # it cannot say what it holds
        if not answers:
            return False
        was_asked = True
        if any(record.id == event.id for page in answers for record in page.records):
            return False
        cursor = next((page.cursor for page in answers if page.cursor), None)
        if cursor is None:
            break
    return was_asked


def _put_aside(path: Path) -> None:
    """Keep what can never be read where somebody can look at it, out of the spool's way."""
    with suppress(FileNotFoundError):  # another process was quicker
        path.rename(path.with_name(path.name.replace(".event.json", ".unreadable.json")))


def _expire(desk: Desk, ledger: Ledger) -> int:
    """End what ran out: requests nobody answered, prompts of steps nobody came back to."""
    now, number = desk.host.now(), 0
    with desk.database.own_transaction() as connection:
        for request in second_requests.waiting(connection, ledger.log_id, roles=None):
            if instant(request["expires_at"]) < now:
                number += run_out(desk, connection, ledger, request)
            else:
                bound(desk, connection, ledger, request)
        for prompt in prompts.standing(connection, ledger.log_id, now - _ABANDONED):
            is_waited_for = prompt["attempt_state"] == AttemptState.WAITING
            # What a second person agreed to stands until it is taken; a hint stands for nothing.
            is_agreed = prompt["attempt_state"] == AttemptState.PASSED
            if is_waited_for or (is_agreed and prompt["tier"] >= Tier.CONFIRM):
                continue
            was_shown = prompt["fate"] != Fate.CREATED
            fate = Fate.EXPIRED if was_shown else Fate.UNDELIVERED
            number += prompts.set_fate(connection, prompt["prompt_id"], fate, now)
    return number
