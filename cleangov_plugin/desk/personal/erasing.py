"""Erasing named personal fields on a legal basis: an entry says so, and the values are gone.

Personal Information Protection Law Art. 47 and GDPR Art. 17 give the right, other laws the limits:
so nothing is erased without a basis, and what was erased is told for ever, by digest and code.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from cleangov_hooks import AttributeValue, Person
from cleangov_plugin.desk.checkpoint.entering import Owed, enter
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import own_event
from cleangov_plugin.desk.own_words import cleaned
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import FIELDS_ERASED
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.ledger.erasure import BASIS, ERASED, MOST_FIELDS, ErasedField, write_field
from cleangov_plugin.store import erasures
from cleangov_plugin.store.erasures import FieldsRow
from cleangov_plugin.store.run import Busy
from cleangov_plugin.store.wiping import wiping

from .copies import Copy, Erased, copies
from .fields import Told, fields_of, told_of_case
from .refused import AlreadyErased, ErasureRefused

SHORTEST_BASIS: Final = 4
LONGEST_BASIS: Final = 500
#: Fields that a refusal names.
_MOST_NAMED: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be erased: fields of some entries, of a case, or of all that name somebody.

    :param log_id: the ledger.
    :param codes: codes of the fields.
    :param entries: numbers of rows.
    :param case_id: the case.
    :param person: the pseudonym.
    """

    log_id: str
    codes: tuple[str, ...]
    entries: tuple[int, ...] = ()
    case_id: str | None = None
    person: str | None = None


class Doomed(NamedTuple):
    """A field that is erased.

    :param row: its entry.
    :param code: its code.
    :param value: its text; told to nobody.
    :param digest: digest of its disclosure.
    :param text: the disclosure; told to nobody.
    """

    row: FieldsRow
    code: str
    value: str
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What would be erased.

    :param doomed: the fields.
    :param already: numbers of entries, and what was erased of them before.
    :param copies: where the values stand besides.
    """

    doomed: tuple[Doomed, ...]
    already: tuple[tuple[int, Told], ...]
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What was erased.

    :param planned: the fields, and where the values stood besides.
    :param records: numbers of the entries that tell of it.
    """

    planned: Planned
    records: tuple[int, ...]


def look(desk: Desk, wish: Wish) -> Planned:
    """Look at what would be erased.

    :param desk: the desk.
    :param wish: what is to be erased.
    :raises ErasureRefused: where a field is not there, or all of it was erased before.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        found = _planned(connection, wish)
        places = copies(desk, connection, wish.log_id, _values(found.doomed), is_meant=False)
    return Planned(found.doomed, found.already, tuple(places))


def erase(desk: Desk, wish: Wish, basis: str, person: Person) -> Done:
    """Erase fields, and say so in entries of our own: both in one transaction, or neither.

    :param desk: the desk.
    :param wish: what is to be erased.
    :param basis: the legal basis; it names no person.
    :param person: who erases.
    :return: what was erased.
    :raises ErasureRefused: where it is not made; nothing is changed then.
    """
    why = checked_basis(basis)
    with wiping(desk.database) as connection:
        found = _planned(connection, wish)
        records = erase_fields(desk, connection, wish.log_id, found.doomed, why, person)
        places = copies(desk, connection, wish.log_id, _values(found.doomed), is_meant=True)
    return Done(Planned(found.doomed, found.already, tuple(places)), tuple(records))


def checked_basis(basis: str) -> str:
    """Answer a legal basis as it is written down.

    :param basis: what was given; hostile.
    :raises ErasureRefused: where it is too short or too long to name a law.
    """
    found = " ".join((cleaned(basis) or "").split())
    if not SHORTEST_BASIS <= len(found) <= LONGEST_BASIS:
        raise ErasureRefused("basis", least=SHORTEST_BASIS, most=LONGEST_BASIS)
    return found


def erase_fields(
    desk: Desk,
    connection: Connection,
    log_id: str,
    doomed: Iterable[Doomed],
    basis: str,
    person: Person,
) -> list[int]:
    """Write the entries that tell of an erasure, and drop the disclosures.

    :param desk: the desk.
    :param connection: a writing connection of our own, see `store.wiping`.
    :param log_id: the ledger.
    :param doomed: the fields.
    :param basis: the legal basis.
    :param person: who erases.
    :return: numbers of the entries.
    :raises ErasureRefused: where one cannot be written, or an entry was changed meanwhile.
    """
    records = []
    ordered = sorted(doomed, key=lambda field: (field.row.subject, field.row.id))
    for subject, of_case in groupby(ordered, key=attrgetter("row.subject")):
        fields = list(of_case)
        for first in range(0, len(fields), MOST_FIELDS):
            some = fields[first : first + MOST_FIELDS]
            items = tuple(
                write_field(ErasedField(f.row.lane, f.row.no, f.digest, f.code)) for f in some
            )
            about: dict[str, AttributeValue] = {ERASED: items, BASIS: basis}
            place = (log_id, subject)
            records.append(record(desk, connection, FIELDS_ERASED, person, place, about))
    for _, of_row in groupby(ordered, key=attrgetter("row.id")):
        gone = list(of_row)
        drop(connection, log_id, gone[0].row, {field.text for field in gone})
    return records


def record(
    desk: Desk,
    connection: Connection,
    kind: str,
    person: Person,
    place: tuple[str, str],
    about: dict[str, AttributeValue],
) -> int:
    """Write the entry of what somebody did, on the connection on which it is done.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param kind: kind of event, one of our own.
    :param person: who does it.
    :param place: ledger and case.
    :param about: what is told of it.
    :return: number of the entry.
    :raises ErasureRefused: where it cannot be written just now.
    """
    event = own_event(kind, person, desk.host.now(), place, step="erase", attributes=about)
    try:
        return enter(desk, connection, event).row
    except (Owed, Busy) as problem:
        raise ErasureRefused("not_written", log_id=place[0], case=place[1]) from problem


def drop(connection: Connection, log_id: str, row: FieldsRow, texts: Iterable[str]) -> None:
    """Drop disclosures of an entry.

    :param connection: a writing connection of our own, see `store.wiping`.
    :param log_id: the ledger.
    :param row: the entry as it was read.
    :param texts: the disclosures.
    :raises ErasureRefused: where somebody has changed the entry since.
    """
    gone = frozenset(texts)
    rest = disclosure.join([text for text in disclosure.split(row.disc) if text not in gone])
    if not erasures.shrink(connection, log_id, row, rest):
        raise ErasureRefused("changed", row=row.id)


def _values(doomed: Iterable[Doomed]) -> Iterator[Erased]:
    return (Erased(field.row.subject, field.code, field.value) for field in doomed)


def _planned(connection: Connection, wish: Wish) -> Planned:
    rows = _rows(connection, wish)
    told = {
        subject: told_of_case(connection, wish.log_id, subject)
        for subject in {row.subject for row in rows}
    }
    doomed: list[Doomed] = []
    already: list[tuple[int, Told]] = []
    absent: list[tuple[int, str]] = []
    for row in rows:
        fields = fields_of(row)
        erased = [told[row.subject].get((row.lane, row.no, digest)) for digest in fields.hidden]
        for code in wish.codes:
            here = fields.of(code)
            doomed += [Doomed(row, f.code, f.value, f.digest, f.text) for f in here]
            before = [(row.id, each) for each in erased if each is not None and each.code == code]
            already += before
            if not here and not before:
                absent.append((row.id, code))
    _check(wish, doomed, already, absent)
    return Planned(tuple(doomed), tuple(already))


def _rows(connection: Connection, wish: Wish) -> list[FieldsRow]:
    if wish.case_id is not None:
        return erasures.of_case(connection, wish.log_id, wish.case_id)
    if wish.person is not None:
        return list(erasures.of_person(connection, wish.log_id, wish.person))
    rows = erasures.by_rows(connection, wish.log_id, wish.entries)
    gone = sorted(set(wish.entries) - {row.id for row in rows})
    if gone:
        raise ErasureRefused("no_entry", rows=", ".join(map(str, gone)), log_id=wish.log_id)
    return rows


def _check(
    wish: Wish,
    doomed: Sequence[Doomed],
    already: Sequence[tuple[int, Told]],
    absent: Sequence[tuple[int, str]],
) -> None:
    known = {field.code for field in doomed} | {told.code for _, told in already}
    unknown = [code for code in wish.codes if code not in known]
    if wish.entries and absent:
        zh = "；".join(f"记录 {row} 没有字段 {code}" for row, code in absent[:_MOST_NAMED])
        en = "; ".join(f"entry {row} has no field {code}" for row, code in absent[:_MOST_NAMED])
        raise ErasureRefused("absent", zh=zh, en=en)
    if unknown:
        raise ErasureRefused("nowhere", codes=", ".join(unknown))
    if not doomed:
        row, told = already[-1]
        said = {"at": told.at, "basis": told.basis}
        raise AlreadyErased("field_before", row=row, code=told.code, **said)
