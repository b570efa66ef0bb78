"""What an administrator might want to change, and the exact SQL that changes it."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sample_host.events import AGENCY

from .place import Place

_PROJECT: Final = "YT-GC-2025-12"
_CASE: Final = "YT-CF-2026-0417"
_NOTICE: Final = f"{_CASE}-004"
#: The entries that have a leaf, and so cannot be changed unseen.
_SEALED: Final = (
    "SELECT e.id FROM cleangov_entry AS e JOIN cleangov_leaf AS l"
    " ON l.log_id = e.log_id AND l.lane = e.lane AND l.no = e.no WHERE e.log_id = ?"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One statement.

    :param table: the table.
    :param where: which rows.
    :param sets: new value by column, as SQL; none where the rows are deleted.
    """

    table: str
    where: str
    sets: tuple[tuple[str, str], ...] = ()

    @property
    def sql(self) -> str:
        """Answer the statement, as it is run and as it is shown."""
        if not self.sets:
            return f"DELETE FROM {self.table}\n WHERE {self.where};"
        sets = ",\n       ".join(f"{column} = {value}" for column, value in self.sets)
        return f"UPDATE {self.table}\n   SET {sets}\n WHERE {self.where};"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a deed would change now.

    :param state: ``"ready"``, ``"unsealed"`` or, where there is no such record, ``"none"``.
    :param changes: the statements, in order.
    """

    state: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to do as the administrator.

    :param aim: answers what it would change now.
    """

    aim: Callable[[sqlite3.Connection], Aim]


def _amount(connection: sqlite3.Connection) -> Aim:
    """The third variation was 455,000; at 245,000 nothing looks sliced any more."""
    third = f'subject = \'{_PROJECT}\' AND body LIKE \'%["a.variation_no","text","V3"]%\''
    return _aim(
        connection,
        third,
        Change(
            "city_variation",
            f"project_no = '{_PROJECT}' AND no = 'V3'",
            (("amount_minor", "24500000"),),
        ),
        Change(
            "city_act",
            f"matter_no = '{_PROJECT}' AND details LIKE '%\"variation_no\": \"V3\"%'",
            (("amount_minor", "24500000"),),
        ),
        Change(
            "cleangov_entry", third, (("body", "replace(body, 'CNY:45500000', 'CNY:24500000')"),)
        ),
    )


def _held(connection: sqlite3.Connection) -> Aim:
    """The record that a step waited for an answer: that it ever did is gone with it."""
    answered = "body LIKE '%\"e.answer\"%'"
    found = connection.execute(
        f"SELECT id, attempt_id, subject FROM cleangov_entry WHERE log_id = ? AND {answered}"
        " ORDER BY subject = ? DESC, id DESC LIMIT 1",
        (AGENCY, _CASE),
    ).fetchone()
    if found is None or not str(found[1]).replace("-", "").isalnum():
        return Aim("none")
    entry, attempt, _ = found
    asked = f"(SELECT prompt_id FROM cleangov_prompt\n        WHERE attempt_id = '{attempt}')"
    return _aim(
        connection,
        f"id = {int(entry)}",
        Change("cleangov_entry", f"id = {int(entry)}"),
        Change(
            "cleangov_entry",
            "kind = 'int.prompt.answered'\n   AND EXISTS (SELECT 1 FROM cleangov_prompt AS p\n"
            f"        WHERE p.attempt_id = '{attempt}' AND body LIKE '%' || p.prompt_id || '%')",
        ),
        Change("cleangov_answer", f"prompt_id IN\n       {asked}"),
        Change("cleangov_prompt", f"attempt_id = '{attempt}'"),
    )


def _notice(connection: sqlite3.Connection) -> Aim:
    """The owner answered two days after the notice; backdated, she answered too late."""
    notice = f"subject = '{_CASE}' AND kind = 'enf.intent.notified'"

    def earlier(*columns: str) -> tuple[tuple[str, str], ...]:
        return tuple((name, f"replace({name}, '2026-03-02T', '2026-02-24T')") for name in columns)

    return _aim(
        connection,
        notice,
        Change("city_act", f"id = '{_NOTICE}'", earlier("occurred_at", "recorded_at")),
        Change("cleangov_entry", notice, earlier("occurred_at", "recorded_at", "body")),
    )


#: The buttons, in order.
DEEDS: Final[Mapping[str, Deed]] = {
    "amount": Deed(_amount),
    "held": Deed(_held),
    "notice": Deed(_notice),
}


def aim(connection: sqlite3.Connection, name: str) -> Aim:
    """Answer what a deed would change now.

    :param connection: to the database.
    :param name: the deed.
    """
    try:
        return DEEDS[name].aim(connection)
    except sqlite3.OperationalError as problem:
        if "no such table" in str(problem):
            return Aim("none")
        raise


def is_sealing(place: Place) -> bool:
    """Answer whether something of the city's is not sealed yet, or its head not published.

    :param place: where.
    """
    ours = "SELECT count(*) FROM cleangov_entry WHERE log_id = ?"
    head = "SELECT note IS NULL FROM cleangov_tree_head WHERE log_id = ? ORDER BY size DESC LIMIT 1"
    with suppress(sqlite3.Error), place.opened() as connection:
        (there,) = connection.execute(ours, (AGENCY,)).fetchone()
        sealed = len(connection.execute(_SEALED, (AGENCY,)).fetchall())
        last = connection.execute(head, (AGENCY,)).fetchone()
        return bool(there > sealed or (last and last[0]))
    return False


def _aim(connection: sqlite3.Connection, entries: str, *changes: Change) -> Aim:
    """Look whether every entry that a deed is about is sealed.

    :param connection: to the database.
    :param entries: which entries.
    :param changes: what the deed changes.
    """
    ours = f"SELECT id FROM cleangov_entry WHERE log_id = ? AND {entries}"
    there = {row[0] for row in connection.execute(ours, (AGENCY,))}
    if not there:
        return Aim("none")
    sealed = {
        row[0] for row in connection.execute(f"{_SEALED} AND e.id >= ?", (AGENCY, min(there)))
    }
    return Aim("ready" if there <= sealed else "unsealed", changes)
