"""Retention: what is past its term is erased on the same path as by hand, a little at a time.

Entries, leaves, findings and letters stay for good. Of entries the personal fields are erased, of
pseudonyms the name, of letters people's own words; rows that are no evidence are deleted. A case
is held while a finding of it is open or a letter about it is unanswered.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.rules.knowledge import Statistic, StatisticKey
from cleangov_plugin.store import retention, statistics
from cleangov_plugin.store.erasures import FieldsRow
from cleangov_plugin.store.retained import DELETED, EMPTIED
from cleangov_plugin.store.wiping import wiping

from .erasing import Doomed, erase_fields
from .erasing_names import forget
from .fields import fields_of

#: Rows of one transaction: on SQLite it keeps the platform's writer waiting.
SLICE: Final = 100
#: Who erases what is past its term: nobody's decision, but the calendar's.
JOB: Final = Person(
    id="cleangov.retention", name="retention", roles=frozenset({"system"}), unit=None
)
#: No setting keeps a record for less than a year.
_SHORTEST: Final = timedelta(days=365)
#: Under this name the day's run is noted, beside the figures of the day.
_NOTED: Final = "~retention"
_PSEUDONYM: Final = re.compile(r'"pseudonym","([a-z2-7]+)"')
_ENTRY: Final = "cleangov_entry"
_NAME: Final = "cleangov_pseudonym"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is past its term in one table.

    :param due: number of rows; of entries those that still disclose something.
    :param held: of them, those whose case is held, or whose name is still needed.
    """

    due: int
    held: int


@dataclass(slots=True, kw_only=True)
class Retained:
    """What a run did.

    :param fields: personal fields of entries that were erased.
    :param names: names behind pseudonyms that were erased.
    :param emptied: rows whose words were emptied, by table.
    :param deleted: rows that were deleted, by table.
    :param is_done: whether nothing was left that may go; else another run goes on.
    """

    fields: int = 0
    names: int = 0
    emptied: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    is_done: bool = True

    def add(self, other: "Retained") -> None:
        """Add what another run did.

        :param other: the run that went on.
        """
        self.fields += other.fields
        self.names += other.names
        for mine, more in ((self.emptied, other.emptied), (self.deleted, other.deleted)):
            for name, number in more.items():
                _count(mine, name, number)
        self.is_done = other.is_done

    @property
    def number(self) -> int:
        """Answer how much was erased, emptied and deleted."""
        return self.fields + self.names + sum((*self.emptied.values(), *self.deleted.values()))


def due(desk: Desk, ledger: Ledger) -> dict[str, Due]:
    """Count what is past its term.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :return: by table; those without any are left out.
    """
    today = desk.today(ledger)
    with desk.database.own_transaction(is_reading=True) as connection:
        found = {
            name: Due(due=number, held=held)
            for name, (number, held) in retention.counts(connection, ledger.log_id, today).items()
        }
        names = retention.due_names(connection, ledger.log_id, today)
        free = _unneeded(desk, connection, ledger, set(names))
    found[_NAME] = Due(due=len(names), held=len(names) - len(free))
    return {name: each for name, each in found.items() if each.due}


def retain(desk: Desk, ledger: Ledger, most: int) -> Retained:
    """Erase and delete what is past its term, in transactions of a few rows each.

    Broken off anywhere, the next run goes on: what was erased is not due any more.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param most: rows that are looked at, at the most.
    :return: what was done.
    """
    done = Retained()
    for work in (_erase_fields, _empty_words, _delete_rows, _erase_names):
        for number in work(desk, ledger, done):
            most -= number
            if most <= 0:
                done.is_done = False
                return done
    return done


def retain_daily(desk: Desk, ledger: Ledger, most: int) -> int:
    """Do the day's run, unless nothing can be due or it was done today.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param most: rows that are looked at, at the most.
    :return: how much was erased, emptied and deleted.
    """
    today, log_id = desk.today(ledger), ledger.log_id
    with desk.database.own_transaction(is_reading=True) as connection:
        first = retention.first_written(connection, log_id)
        noted = statistics.newest_day(connection, log_id, _NOTED)
    is_young = first is None or instant(first) > desk.host.now() - _SHORTEST
    if is_young or (noted is not None and noted >= today):
        return 0
    done = retain(desk, ledger, most)
    if done.is_done:
        figures = {StatisticKey(_NOTED, ""): Statistic(done.number, 1)}
        with desk.database.own_transaction() as connection:
            statistics.write(connection, log_id, _NOTED, today, figures)
    return done.number


def basis_of(retention_class: str, retain_until: str | None) -> str:
    """Write why something is erased whose term is over.

    :param retention_class: its class.
    :param retain_until: ISO day until which it was kept.
    """
    return (
        f"保存期限届满（类别 {retention_class}，至 {retain_until}）"
        f" / term over (class {retention_class}, until {retain_until})"
    )


def _erase_fields(desk: Desk, ledger: Ledger, done: Retained) -> Iterator[int]:
    today = desk.today(ledger)
    after = 0
    while True:
        with wiping(desk.database) as connection:
            rows = retention.due_fields(connection, ledger.log_id, today, SLICE, after)
            by_basis: dict[str, list[Doomed]] = {}
            for row in rows:
                why = basis_of(row.retention_class, row.retain_until)
                by_basis.setdefault(why, []).extend(_doomed(row))
            for why, doomed in by_basis.items():
                erase_fields(desk, connection, ledger.log_id, doomed, why, JOB)
                done.fields += len(doomed)
        yield len(rows)
        if len(rows) < SLICE:
            return
        after = rows[-1].id  # one that holds nothing but forgeries stays, and is passed by


def _doomed(row: FieldsRow) -> list[Doomed]:
    return [Doomed(row, f.code, f.value, f.digest, f.text) for f in fields_of(row).disclosed]


def _empty_words(desk: Desk, ledger: Ledger, done: Retained) -> Iterator[int]:
    for name in EMPTIED:
        number = SLICE
        while number == SLICE:
            with wiping(desk.database) as connection:
                number = retention.empty_due(
                    connection, ledger.log_id, name, desk.today(ledger), SLICE
                )
            _count(done.emptied, name, number)
            yield number


def _delete_rows(desk: Desk, ledger: Ledger, done: Retained) -> Iterator[int]:
    for name, kept in DELETED.items():
        number = SLICE
        while number == SLICE:
            with wiping(desk.database) as connection:
                number = retention.delete_due(
                    connection, ledger.log_id, kept, desk.today(ledger), SLICE
                )
            _count(done.deleted, name, number)
            yield number


def _erase_names(desk: Desk, ledger: Ledger, done: Retained) -> Iterator[int]:
    today, log_id = desk.today(ledger), ledger.log_id
    with desk.database.own_transaction(is_reading=True) as connection:
        names = retention.due_names(connection, log_id, today)
        free = _unneeded(desk, connection, ledger, set(names))
    for name in sorted(free):
        with wiping(desk.database) as connection:
            forget(desk, connection, log_id, name, basis_of(*names[name]), JOB)
        done.names += 1
        yield 1


def _unneeded(desk: Desk, connection: Connection, ledger: Ledger, names: set[str]) -> set[str]:
    """Leave out the pseudonyms that an entry has whose term is not over, or whose case is held."""
    if not names:
        return names
    left = set(names)
    for body in retention.bodies_kept(connection, ledger.log_id, desk.today(ledger)):
        left.difference_update(_PSEUDONYM.findall(body))
        if not left:
            break
    return left


def _count(numbers: dict[str, int], name: str, number: int) -> None:
    if number:
        numbers[name] = numbers.get(name, 0) + number
