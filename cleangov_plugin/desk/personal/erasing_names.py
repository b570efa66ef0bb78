"""Erasing the name behind a pseudonym, and doing all erasures of the log once more."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import IDENTITY_ERASED
from cleangov_plugin.ledger.erasure import BASIS, KINDS, PSEUDONYM, ErasedField
from cleangov_plugin.store import erasures, pseudonyms
from cleangov_plugin.store.wiping import wiping

from .copies import Copy, with_person
from .erasing import checked_basis, drop, record
from .fields import erasure_in, fields_of
from .refused import AlreadyErased, ErasureRefused


@dataclass(frozen=True, slots=True)
class DoneName:
    """A name that was erased.

    :param record: number of the entry that tells of it; None where it is only looked at.
    :param copies: where the person is named besides.
    """

    record: int | None
    copies: tuple[Copy, ...]


@dataclass(slots=True)
class Again:
    """What was erased once more.

    :param fields: number of fields.
    :param names: number of names.
    :param texts: the disclosures; told to nobody.
    """

    fields: int = 0
    names: int = 0
    texts: list[str] = field(default_factory=list)


def look_at_name(desk: Desk, log_id: str, pseudonym: str) -> DoneName:
    """Look at what erasing a name would do.

    :param desk: the desk.
    :param log_id: the ledger.
    :param pseudonym: the pseudonym.
    :raises ErasureRefused: where there is no such name, or it was erased before.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        return DoneName(None, _copies(connection, log_id, pseudonym))


def erase_name(desk: Desk, log_id: str, pseudonym: str, basis: str, person: Person) -> DoneName:
    """Erase the name behind a pseudonym, and say so in an entry of our own: both, or neither.

    The entry's case is the pseudonym: so it is found by it. Entries keep the pseudonym.

    :param desk: the desk.
    :param log_id: the ledger.
    :param pseudonym: the pseudonym.
    :param basis: the legal basis; it names no person.
    :param person: who erases.
    :raises ErasureRefused: where it is not made; nothing is changed then.
    """
    why = checked_basis(basis)
    with wiping(desk.database) as connection:
        places = _copies(connection, log_id, pseudonym)
        row = forget(desk, connection, log_id, pseudonym, why, person)
    return DoneName(row, places)


def forget(
    desk: Desk, connection: Connection, log_id: str, pseudonym: str, basis: str, person: Person
) -> int:
    """Write the entry that tells of it, and forget the name.

    :param desk: the desk.
    :param connection: a writing connection of our own, see `store.wiping`.
    :param log_id: the ledger.
    :param pseudonym: the pseudonym.
    :param basis: the legal basis.
    :param person: who erases.
    :return: number of the entry.
    :raises ErasureRefused: where somebody else has erased it meanwhile.
    """
    about = {PSEUDONYM: pseudonym, BASIS: basis}
    row = record(desk, connection, IDENTITY_ERASED, person, (log_id, pseudonym), dict(about))
    if not pseudonyms.erase(connection, log_id, pseudonym, desk.host.now()):
        raise ErasureRefused("name_meanwhile", name=pseudonym)
    return row


def erase_again(desk: Desk, log_id: str) -> Again:
    """Do all erasures of the log once more: for a database that was put back from a backup.

    Nothing new is told: the entries that are there say it. One without a basis is left out.

    :param desk: the desk.
    :param log_id: the ledger.
    :return: what was still there.
    """
    done = Again()
    with desk.database.own_transaction(is_reading=True) as connection:
        found = list(erasures.of_kinds(connection, log_id, KINDS))
    for row in found:
        erasure = erasure_in(row)
        if erasure is None or not erasure.basis:
            continue
        with wiping(desk.database) as connection:
            done.texts += _drop_again(connection, log_id, erasure.fields)
            name = erasure.pseudonym
            if name is not None:
                done.names += pseudonyms.erase(connection, log_id, name, desk.host.now())
    done.fields = len(done.texts)
    return done


def _drop_again(connection: Connection, log_id: str, fields: Iterable[ErasedField]) -> list[str]:
    wanted = {(field.lane, field.no, field.digest) for field in fields}
    gone: list[str] = []
    for row in erasures.by_places(connection, log_id, {place[:2] for place in wanted}):
        texts = [
            each.text
            for each in fields_of(row).disclosed
            if (row.lane, row.no, each.digest) in wanted
        ]
        if texts:
            drop(connection, log_id, row, texts)
            gone += texts
    return gone


def _copies(connection: Connection, log_id: str, pseudonym: str) -> tuple[Copy, ...]:
    row = pseudonyms.found(connection, log_id, pseudonym)
    if row is None:
        raise ErasureRefused("no_name", name=pseudonym)
    if row["identity"] is None:
        basis = next(
            (
                found.basis
                for each in erasures.of_kinds(connection, log_id, KINDS, pseudonym)
                for found in (erasure_in(each),)
                if found is not None
            ),
            "-",
        )
        raise AlreadyErased("name_before", name=pseudonym, at=row["erased_at"], basis=basis)
    return tuple(with_person(connection, log_id, row["identity"]))
