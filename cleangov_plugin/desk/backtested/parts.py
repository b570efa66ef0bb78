"""One part of a back-test: the cases between two, asked and counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from cleangov_plugin.desk.shelf import Connection, Ledger, Shelf
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.store import judged_entries as store
from cleangov_plugin.store.judged_entries import Horizon

from .asking import Reading, Side, Sides
from .counting import Counts
from .duckdb_first import sift
from .figures_then import FiguresThen
from .groups_then import GroupsThen


class Engine(StrEnum):
    """What asks; the answers are the same to the byte, so a report does not say which it was."""

    AUTO = "auto"
    PYTHON = "python"
    DUCKDB = "duckdb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be tested.

    :param log_id: the agency's ledger.
    :param draft: the draft's document, with its bindings.
    :param against: the document it is compared with; None compares it with nothing.
    :param first: first civil day, in the agency's zone, whose events count; None for all.
    :param last: last civil day whose events count.
    :param base_rate: assumed cases in 100,000 in which something really is wrong.
    :param engine: what asks.
    """

    log_id: str
    draft: Mapping[str, Any]
    against: Mapping[str, Any] | None = None
    first: date | None = None
    last: date | None = None
    base_rate: int = 1_000
    engine: Engine = Engine.PYTHON

    def documents(self) -> dict[Side, Mapping[str, Any]]:
        """Answer the texts by side."""
        found = {Side.DRAFT: self.draft}
        return found if self.against is None else {**found, Side.AGAINST: self.against}


@dataclass(slots=True, kw_only=True)
class Part:
    """What was read and counted of some cases.

    :param counts: what was counted.
    :param entries: how many entries were read.
    :param digests: a digest of each case, in their order.
    """

    counts: Counts
    entries: int
    digests: bytes

    def add(self, later: "Part") -> None:
        """Add the cases that come after these.

        :param later: the part of those cases.
        """
        self.counts.add(later.counts)
        self.entries += later.entries
        self.digests += later.digests


def part_of(
    connection: Connection,
    wanted: Wanted,
    within: Horizon,
    *,
    since: str | None = None,
    until: str | None = None,
    told: Callable[[int], object] = lambda _: None,
) -> Part:
    """Ask about some cases.

    :param connection: a reading connection.
    :param wanted: what is to be tested.
    :param within: up to where to read.
    :param since: the first case; None begins with the first there is.
    :param until: the first case that is left out; None leaves none out.
    :param told: called from time to time with entries read.
    :return: what was counted.
    :raises RuleError: where a text is no rule, or there is no such ledger.
    """
    sides = Sides(wanted.documents())
    ledger = ledger_of(connection, wanted.log_id)
    groups = GroupsThen(sides.ruleset.groups(), ledger.zone)
    figures = FiguresThen(sides.ruleset.facts(), ledger.zone)
    reading = Reading(
        ledger=ledger,
        sides=sides,
        groups=groups.read(connection, wanted.log_id, within),
        figures=figures.read(connection, wanted.log_id, within),
        within=within,
        first=wanted.first,
        last=wanted.last,
        told=told,
    )
    counts = Counts()
    cases = (since, until)
    entries = store.judged_entries(connection, wanted.log_id, sides.kinds(), within, cases)
    if wanted.engine is Engine.DUCKDB:
        sift(reading, counts, entries)
    else:
        for subject, asked in reading.cases(entries):
            counts.case(subject, asked)
    return Part(counts=counts, entries=reading.entries, digests=bytes(reading.digests))


def ledger_of(connection: Connection, log_id: str) -> Ledger:
    """Answer a ledger with its zone and working days.

    :param connection: a reading connection.
    :param log_id: the agency.
    :raises RuleError: where there is no such ledger.
    """
    found = Shelf().ledger(connection, log_id)
    if found is None:
        raise RuleError("there is no such ledger.", where=log_id, remedy="See 'cleangov status'.")
    return found
