"""Figures over other cases, made once a day and never from the day that is judged."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from cleangov_plugin.rules.facts import Fact
from cleangov_plugin.rules.statistics import figures
from cleangov_plugin.store import statistics

from .desk import Desk
from .figures_by_night import NONE_LEFT
from .shelf import Connection, Ledger

_EVER: Final = datetime(1900, 1, 1, tzinfo=UTC)
#: Events from which a figure may be made between two requests; more are left to the night.
FEW: Final = 2_000


def make_figures(desk: Desk, ledger: Ledger, *, most: int | None = None) -> int:
    """Make the figures of today that are not made yet.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param most: leave out figures made from more events than this; None makes all.
    :return: how many facts were brought up to date.
    """
    today = desk.today(ledger)
    made = 0
    for fact in ledger.rules.facts():
        with desk.database.own_transaction(is_reading=True) as connection:
            found = _figures(connection, ledger, fact, today, most)
        if found is None:
            continue
        with desk.database.own_transaction() as connection:
            statistics.write(connection, ledger.log_id, fact.id, today, found)
            statistics.say_made(connection, ledger.log_id, fact.id, today)
        made += 1
    return made


def _figures(
    connection: Connection, ledger: Ledger, fact: Fact, today: date, most: int | None
) -> statistics.Figures | None:
    newest = statistics.newest_day(connection, ledger.log_id, fact.id)
    kinds = fact.spec.kinds
    if newest is not None and newest >= today:
        return None
    if most is not None and not statistics.is_small(connection, ledger.log_id, kinds, most):
        return None
    until = datetime.combine(today, time.min, ledger.zone)
    since = _EVER if fact.days is None else until - timedelta(days=fact.days + 1)
    records = statistics.records(connection, ledger.log_id, kinds, since=since, until=until)
    found = figures(fact, records, ledger.zone, on=today)
    if newest is None:
        return found
    stood = statistics.newest(connection, ledger.log_id, fact.id, newest)
    # Where a window has run empty the last figure must not stand for ever.
    return {**{key: NONE_LEFT for key, one in stood.items() if one.n and key not in found}, **found}
