"""What was erased in a case, and who has seen what: told from our own entries of the case."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cleangov_plugin.desk.personal.fields import Place, Told, digests_in
from cleangov_plugin.desk.viewed_kinds import ACCOUNT
from cleangov_plugin.domain.our_kinds import (
    CASE_VIEWED,
    EVIDENCE_EXPORTED,
    FIELD_VIEWED,
    FIELDS_ERASED,
    NAME_VIEWED,
)
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.erasure import Erasure, read_erasure
from cleangov_plugin.ledger.instants import instant

from .case_views import ErasureView, LookView
from .rule_words import Teller

Row = Mapping[str, Any]
#: Kinds of entry that are read here.
READ = frozenset({NAME_VIEWED, FIELD_VIEWED, EVIDENCE_EXPORTED, FIELDS_ERASED})
_LOOKS = frozenset({NAME_VIEWED, FIELD_VIEWED, EVIDENCE_EXPORTED, CASE_VIEWED})


def looks(teller: Teller, rows: Sequence[Row]) -> tuple[LookView, ...]:
    """Tell who has seen a name or a field, taken the evidence away, or opened the case.

    :param teller: tells it.
    :param rows: our own entries of the case.
    """
    told = {
        (field.lane, field.no, field.digest): Told(field.code, found.at, found.basis, row["id"])
        for row, found in _erasures(rows)
        for field in found.fields
    }
    return tuple(_look(teller, row, told) for row in rows if row["kind"] in _LOOKS)


def erasures(teller: Teller, rows: Sequence[Row]) -> tuple[ErasureView, ...]:
    """Tell what was erased; an erasure without a basis is none, and is left to verifying.

    :param teller: tells it.
    :param rows: our own entries of the case.
    """
    return tuple(
        ErasureView(
            at=instant(found.at).astimezone(teller.ledger.zone),
            codes=tuple(sorted({field.code for field in found.fields})),
            number=len({(field.lane, field.no) for field in found.fields}),
            basis=found.basis,
            actor=found.actor,
        )
        for _, found in _erasures(rows)
    )


def _erasures(rows: Sequence[Row]) -> list[tuple[Row, Erasure]]:
    found = []
    for row in rows:
        if row["kind"] != FIELDS_ERASED:
            continue
        try:
            erasure = read_erasure(json.loads(row["body"]))
        except (ValueError, ProfileError, RecursionError):
            continue
        if erasure.basis:
            found.append((row, erasure))
    return found


def _look(teller: Teller, row: Row, told: Mapping[Place, Told]) -> LookView:
    record = decode_record(row["body"], row["id"])
    reason = _disclosed(row["disc"]).get("reason", "")
    places = [(row["lane"], row["no"], digest) for digest in digests_in(row["body"])]
    erased = None if reason else next((told[place] for place in places if place in told), None)
    zone = teller.ledger.zone
    return LookView(
        kind=row["kind"],
        actor=row["actor"],
        viewed=str(record.attributes.get("viewed", "")),
        field=str(record.attributes.get("field", "")),
        reason=reason,
        erased_at=instant(erased.at).astimezone(zone) if erased else None,
        basis=erased.basis if erased else "",
        at=record.occurred_at.astimezone(zone),
        is_account=record.attributes.get("known_as") == ACCOUNT,
    )


def _disclosed(column: str | None) -> dict[str, str]:
    """Read the personal fields of an entry; what was erased or cannot be read is not there."""
    found = {}
    for text in disclosure.split(column):
        try:
            name, value = disclosure.read(text)
        except ProfileError:
            continue
        found[name] = value
    return found
