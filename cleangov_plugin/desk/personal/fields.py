"""The personal fields of an entry: which are disclosed, which erased, and which are neither."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.erasure import KINDS, Erasure, read_erasure
from cleangov_plugin.store import erasures
from cleangov_plugin.store.erasures import FieldsRow


class Disclosed(NamedTuple):
    """A field that is disclosed, and whose digest the body has.

    :param code: its code.
    :param value: its text.
    :param digest: digest of the disclosure.
    :param text: the disclosure.
    """

    code: str
    value: str
    digest: str
    text: str


class Told(NamedTuple):
    """An erasure, as the ledger tells it.

    :param code: code of the field.
    :param at: when, fixed-width UTC text.
    :param basis: the legal basis.
    :param row: number of the entry that tells it.
    """

    code: str
    at: str
    basis: str
    row: int


#: Lane, number and digest of a field.
Place = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Fields:
    """The personal fields of one entry.

    :param disclosed: those that can be read.
    :param hidden: digests in the body that nothing is disclosed for.
    :param strange: disclosures whose digest the body does not have, or has once and they twice.
    """

    disclosed: tuple[Disclosed, ...]
    hidden: tuple[str, ...]
    strange: tuple[str, ...]

    def of(self, code: str) -> tuple[Disclosed, ...]:
        """Answer the disclosed fields with a code: one, where the entry is as it was written.

        :param code: the code.
        """
        return tuple(field for field in self.disclosed if field.code == code)


def fields_of(row: FieldsRow) -> Fields:
    """Sort out the personal fields of an entry.

    :param row: the entry; hostile.
    """
    left = list(digests_in(row.body))
    disclosed, strange = [], []
    for text in disclosure.split(row.disc):
        try:
            code, value = disclosure.read(text)
            digest = disclosure.digest(text)
        except (ProfileError, UnicodeEncodeError):
            strange.append(text)
            continue
        if digest in left:
            left.remove(digest)
            disclosed.append(Disclosed(code, value, digest, text))
        else:
            strange.append(text)
    return Fields(tuple(disclosed), tuple(left), tuple(strange))


def digests_in(body: str) -> Sequence[str]:
    """Answer the digests of the personal fields that a body has.

    :param body: text of a body; hostile.
    """
    try:
        found = json.loads(body).get("_sd", [])
    except (ValueError, AttributeError, RecursionError):
        return ()
    are_texts = isinstance(found, list) and all(isinstance(each, str) for each in found)
    return found if are_texts else ()


def told_of_case(connection: Connection, log_id: str, subject: str) -> Mapping[Place, Told]:
    """Answer what was erased in a case, as its own entries tell it.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    """
    return {
        (field.lane, field.no, field.digest): Told(field.code, found.at, found.basis, row.id)
        for row in erasures.of_kinds(connection, log_id, KINDS, subject)
        for found in (erasure_in(row),)
        if found is not None and found.basis
        for field in found.fields
    }


def erasure_in(row: FieldsRow) -> Erasure | None:
    """Read what an entry tells of an erasure; None where it cannot be read.

    :param row: the entry; hostile.
    """
    try:
        return read_erasure(json.loads(row.body))
    except (ValueError, ProfileError, RecursionError):
        return None
