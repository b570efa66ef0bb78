"""Showing one personal field without the others, once the question stands in the ledger."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cleangov_hooks import AttributeValue, Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_words import cleaned
from cleangov_plugin.domain.our_kinds import FIELD_VIEWED
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.store import erasures
from cleangov_plugin.store.erasures import FieldsRow

from .erasing import record
from .fields import Fields, Told, fields_of, told_of_case
from .refused import DisclosureRefused

_SHORTEST_REASON: Final = 4
_LONGEST_REASON: Final = 500


class FieldVerdict(StrEnum):
    """What became of a personal field."""

    DISCLOSED = "disclosed"
    ERASED = "erased"
    #: Something of this entry is missing, and no entry tells of an erasure.
    MISSING = "missing"
    #: Something is disclosed under this name that is not what was written.
    FORGED = "forged"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field of an entry.

    :param row: number of the entry.
    :param lane: its lane.
    :param no: its number there.
    :param code: code of the field.
    :param verdict: what became of it.
    :param value: its text; None where it is not disclosed.
    :param text: the disclosure (RFC 9901 section 4.2.1), to be handed on with the body.
    :param digest: its digest, which stands in the body.
    :param body: the entry's body: it has the digests of all fields and the value of none.
    :param leaf: hash of the body as a leaf of the tree, hexadecimal.
    :param told: the erasure; None where it was not erased.
    :param record: number of the entry that says who asked.
    """

    row: int
    lane: int
    no: int
    code: str
    verdict: FieldVerdict
    value: str | None = None
    text: str | None = None
    digest: str | None = None
    body: str = field(repr=False)
    leaf: str
    told: Told | None = None
    record: int | None = None


def disclose(
    desk: Desk, log_id: str, row: int, code: str, reason: str, person: Person
) -> FieldView:
    """Answer one field of an entry: nothing of the others is read out.

    Who asks, and why, is an entry first; the value is read after its commit. Where there is no
    value, nothing was seen and nothing is recorded.

    :param desk: the desk.
    :param log_id: the ledger.
    :param row: number of the entry.
    :param code: code of the field.
    :param reason: why it is asked; kept as a personal field itself.
    :param person: who asks.
    :return: the field.
    :raises DisclosureRefused: where there is no such field, or no reason.
    """
    why = (cleaned(reason) or "")[:_LONGEST_REASON]
    if len(why) < _SHORTEST_REASON:
        raise DisclosureRefused("reason", least=_SHORTEST_REASON)
    found = _look(desk, log_id, row, code)
    if found.verdict is not FieldVerdict.DISCLOSED:
        return found
    about: dict[str, AttributeValue] = {
        "lane": found.lane,
        "no": found.no,
        "field": code,
        "reason": why,
    }
    with desk.database.own_transaction() as connection:
        (entry,) = erasures.by_rows(connection, log_id, [row])
        place = (log_id, entry.subject)
        written = record(desk, connection, FIELD_VIEWED, person, place, about)
    return _look(desk, log_id, row, code, record=written)


def _look(desk: Desk, log_id: str, row: int, code: str, record: int | None = None) -> FieldView:
    with desk.database.own_transaction(is_reading=True) as connection:
        entries = erasures.by_rows(connection, log_id, [row])
        if not entries:
            raise DisclosureRefused("no_entry", rows=row, log_id=log_id)
        told = told_of_case(connection, log_id, entries[0].subject)
    entry, fields = entries[0], fields_of(entries[0])
    before = [told.get((entry.lane, entry.no, digest)) for digest in fields.hidden]
    erased = next((each for each in before if each is not None and each.code == code), None)
    here = fields.of(code)
    verdict = _verdict(fields, code, erased, is_missing=None in before)
    if verdict is None:
        known = sorted({f.code for f in fields.disclosed} | {t.code for t in before if t})
        key = "no_field" if known else "no_fields"
        raise DisclosureRefused(key, row=row, code=code, known=", ".join(known))
    is_shown = verdict is FieldVerdict.DISCLOSED and record is not None
    return FieldView(
        row=row,
        lane=entry.lane,
        no=entry.no,
        code=code,
        verdict=verdict,
        value=here[0].value if is_shown else None,
        text=here[0].text if is_shown else None,
        digest=here[0].digest if here else None,
        body=entry.body,
        leaf=_leaf(entry),
        told=erased,
        record=record,
    )


def _verdict(
    fields: Fields, code: str, erased: Told | None, *, is_missing: bool
) -> FieldVerdict | None:
    """Answer what became of a field; None where the entry never had it."""
    if _is_forged(fields, code):
        return FieldVerdict.FORGED
    if fields.of(code):
        return FieldVerdict.DISCLOSED
    if erased is not None:
        return FieldVerdict.ERASED
    # A digest does not tell its name: it may be this field.
    return FieldVerdict.MISSING if is_missing else None


def _is_forged(fields: Fields, code: str) -> bool:
    for text in fields.strange:
        try:
            name, _ = disclosure.read(text)
        except ProfileError:
            continue
        if name == code:
            return True
    return False


def _leaf(entry: FieldsRow) -> str:
    return leaf_hash(entry.body.encode("utf-8", "surrogateescape")).hex()
