"""What a tick knows of the clocks of one ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.rules.clocks import Clock, Days, read_clock
from cleangov_plugin.store import clock_versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Clockwork:
    """The clocks of one ledger.

    :param desk: the desk.
    :param ledger: the ledger.
    :param clocks: those in force.
    :param ids: ids of all, those taken out of force included.
    :param digest: names the texts of those in force.
    :param days: the authority's days.
    """

    desk: Desk
    ledger: Ledger
    clocks: tuple[Clock, ...]
    ids: frozenset[str]
    digest: str
    days: Days

    @property
    def kinds(self) -> frozenset[str]:
        """Answer every kind of event that matters to one of them."""
        return frozenset().union(*(clock.kinds for clock in self.clocks))

    @property
    def edition(self) -> "Edition":
        """Answer by what it is known whether anything has changed."""
        calendar = self.ledger.calendar
        return Edition(self.digest, calendar.version if calendar else 0)


class Edition(NamedTuple):
    """By what terms are counted.

    :param clocks: names the texts of the clocks in force.
    :param calendar: version of the calendar; 0 where there is none.
    """

    clocks: str
    calendar: int


def clockwork_of(desk: Desk, connection: Connection, ledger: Ledger) -> Clockwork | None:
    """Answer the clocks of a ledger; None where it never had one.

    :param desk: the desk.
    :param connection: any connection.
    :param ledger: the ledger.
    """
    found = clock_versions.in_force(connection, ledger.log_id)
    if not found.ids:
        return None
    return Clockwork(
        desk=desk,
        ledger=ledger,
        clocks=tuple(read_clock(document) for document in found.documents),
        ids=found.ids,
        digest=found.digest,
        days=Days(ledger.calendar),
    )


def can_start(work: Clockwork, kinds: Iterable[str]) -> bool:
    """Answer whether one of the clocks can start where these kinds of event are all there are.

    :param work: the clocks.
    :param kinds: kinds of event.
    """
    there = frozenset(kinds)
    return any(clock.starts & there for clock in work.clocks)
