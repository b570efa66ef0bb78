"""Writing a letter: what it would say, to whom it can go, and what stands in its way."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.leads import term_end
from cleangov_plugin.desk.review.findings import record_of
from cleangov_plugin.desk.review.names import may_ask
from cleangov_plugin.desk.review.readers import Reader, open_ledger
from cleangov_plugin.desk.review.rule_words import Teller
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.desk.typed import to_json
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.terms import FindingState, LetterState
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import case_officers, instruments, review_findings
from cleangov_plugin.store.instruments import LetterDraft

from .letter_words import middle_of, paragraphs, tell
from .talks import talk_told
from .templates import INQUIRY, KINDS, TALK, newest
from .views import LetterView

Row: TypeAlias = Mapping[str, Any]

#: Officers of a case to choose from.
_MOST: Final = 20
_SHORTEST_REASON: Final = 4
LONGEST_TERM: Final = 90
#: A case before these is left to them (Order 825 Art 33: no dispute is supervised twice).
_BROUGHT: Final = ("reconsideration.requested", "litigation.filed")
_DECIDED: Final = ("reconsideration.decided", "litigation.decided")
_STREAMS: Final = ("enf", "prm", "prj")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the writer of a letter filled in; hostile until it is checked.

    :param addressee: pseudonym of the person; empty for the officer of the step.
    :param days: working days in which an answer is asked for; 0 for the usual number.
    :param words: the middle part as they wrote it; empty for the template's.
    :param reason: why they write.
    :param kind: kind of instrument.
    :param meets: of a talk, when: a minute of the agency's clock, ``"2026-03-12T10:00"``.
    :param place: of a talk, where.
    """

    addressee: str = ""
    days: int = 0
    words: str = ""
    reason: str = ""
    kind: str = INQUIRY
    meets: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A letter that is being written.

    :param letter: as it would be sent now.
    :param middle: the middle part, to be edited.
    :param officers: to whom it can go: pseudonym and unit.
    :param days: working days in which an answer is asked for.
    :param needs_reason: whether a reason must be given: a signal is tied to nobody until then.
    :param obstacle: key of what stands in the way; empty where nothing does.
    :param title: title of the finding.
    """

    letter: LetterView
    middle: str
    officers: tuple[tuple[str, str], ...]
    days: int
    needs_reason: bool
    obstacle: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything a letter is made of, before it is sent.

    :param teller: tells what the rules said.
    :param finding: row of the finding.
    :param officers: to whom it can go.
    :param draft: the letter.
    """

    teller: Teller
    finding: Row
    officers: tuple[tuple[str, str], ...]
    draft: LetterDraft


def compose(desk: Desk, reader: Reader, finding_id: int, given: Given) -> Writing | None:
    """Answer a letter as it would be sent now.

    :param desk: the desk.
    :param reader: who writes.
    :param finding_id: the finding it is about; hostile.
    :param given: what they filled in so far.
    :return: the letter; None where they may write none.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        sheet = sheet_of(desk, connection, reader, finding_id, given)
        if sheet is None:
            return None
        draft, teller = sheet.draft, sheet.teller
        row = {
            **{name: getattr(draft, name) for name in LetterDraft.__dataclass_fields__},
            "id": 0,
            "no": 0,
            "state": LetterState.WAITING.value,
        }
        finding = sheet.finding
        return Writing(
            letter=tell(teller, row),
            middle=draft.words or middle_of(teller, newest(draft.kind), row),
            officers=sheet.officers,
            days=json.loads(draft.parameters)["told"]["days"],
            needs_reason=is_signal(finding),
            obstacle=obstacle(connection, sheet),
            title=teller.title(finding["rule_id"], finding["rule_version"]),
        )


def sheet_of(
    desk: Desk, connection: Connection, reader: Reader, finding_id: int, given: Given
) -> Sheet | None:
    """Put a letter together.

    :param desk: the desk.
    :param connection: any connection.
    :param reader: who writes.
    :param finding_id: the finding; hostile.
    :param given: what they filled in.
    :return: the sheet; None where they may write none.
    """
    row = review_findings.one_for(connection, finding_id, reader.reach, {reader.own})
    if row is None or not may_ask(desk, connection, reader, row["log_id"]):
        return None
    ledger = open_ledger(desk, connection, reader, row["log_id"])
    if ledger is None:
        return None
    teller = Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)
    officers = _officers(connection, reader, row)
    return Sheet(
        teller=teller,
        finding=row,
        officers=officers,
        draft=_draft(teller, row, officers, given),
    )


def obstacle(connection: Connection, sheet: Sheet) -> str:
    """Answer the key of what stands in the way of a letter; empty where nothing does.

    :param connection: any connection.
    :param sheet: the letter.
    """
    draft, finding = sheet.draft, sheet.finding
    own = {draft.sent_by}
    if not sheet.officers:
        return "error.letter.nobody"
    if own & {draft.addressee, finding["actor"]} or own & {who for who, _ in sheet.officers}:
        return "error.letter.concerned"
    if _is_elsewhere(connection, draft.log_id, draft.subject):
        return "error.letter.elsewhere"
    sent = instruments.of_findings(connection, [draft.finding_id], sheet.teller.reader.reach)
    waiting = [row for row in sent if row["state"] == LetterState.WAITING.value]
    if any((row["addressee"], row["kind"]) == (draft.addressee, draft.kind) for row in waiting):
        return "error.letter.waits"
    return ""


def check_reason(sheet: Sheet) -> None:
    """Refuse a letter about a signal without a reason: it ties the signal to a person.

    :param sheet: the letter.
    :raises AnswerRefused: with the key of a phrase.
    """
    if is_signal(sheet.finding) and len(sheet.draft.reason or "") < _SHORTEST_REASON:
        raise AnswerRefused("error.letter.reason")


def is_signal(finding: Row) -> bool:
    """Answer whether a finding is a signal: of nobody, until somebody writes with a reason.

    :param finding: row of the finding.
    """
    return bool(finding["state"] == FindingState.SIGNAL.value)


def told(teller: Teller, start: date, days: int) -> dict[str, Any]:
    """Answer the term of a letter, and how sure it is.

    :param teller: of the ledger whose calendar counts.
    :param start: the day it begins; not counted.
    :param days: working days.
    """
    ledger: Ledger = teller.ledger
    due = term_end(ledger, start, days)
    is_known = ledger.calendar is not None and bool(ledger.calendar.add_working_days(start, days))
    return {
        "days": days,
        "due_on": due,
        "is_provisional": is_known
        and ledger.calendar is not None
        and ledger.calendar.is_provisional(start, due),
        "is_uncounted": not is_known,
    }


def _draft(
    teller: Teller, finding: Row, officers: tuple[tuple[str, str], ...], given: Given
) -> LetterDraft:
    desk, reader, log_id = teller.desk, teller.reader, finding["log_id"]
    now, today = desk.host.now(), desk.today(teller.ledger)
    days = given.days if 0 < given.days <= LONGEST_TERM else desk.settings.letter_days
    kind = given.kind if given.kind in KINDS else INQUIRY
    is_talk = kind == TALK
    term = talk_told(teller, given.meets, given.place) if is_talk else told(teller, today, days)
    addressee, unit = _addressee(finding, officers, given)
    template = newest(kind)
    kept = _parameters(teller, finding, term)
    written = {"parameters": kept, "subject": finding["subject"]}
    is_edited = paragraphs(given.words) not in (
        (),
        paragraphs(middle_of(teller, template, written)),
    )
    return LetterDraft(
        log_id=log_id,
        kind=kind,
        year=today.year,
        finding_id=finding["id"],
        subject=finding["subject"],
        unit=finding["unit"],
        visibility=finding["visibility"],
        addressee=addressee,
        addressee_unit=unit,
        sent_by=desk.people.pseudonym(log_id, "officer", reader.person.id),
        template=template.kind,
        template_version=template.version,
        language=reader.language,
        parameters=kept,
        words=given.words if is_edited else None,
        reason=given.reason or None,
        sent_at=stamp(now),
        due_on=term["due_on"].isoformat(),
    )


def _parameters(teller: Teller, finding: Row, term: Mapping[str, Any]) -> str:
    """Write the typed values of a letter: facts and record of the rule as they are now."""
    record = record_of(teller.connection, finding["log_id"], finding["rule_id"])
    parameters = {
        "told": to_json({**term, "closed": record.closed, "confirmed": record.confirmed}),
        "rule": finding["rule_id"],
        "version": finding["rule_version"],
        "values": json.loads(finding["shown_values"]),
    }
    return json.dumps(parameters, ensure_ascii=False, sort_keys=True)


def _officers(connection: Connection, reader: Reader, finding: Row) -> tuple[tuple[str, str], ...]:
    """Answer to whom a letter can go, the officer of the step first."""
    found = case_officers.officers_of(
        connection, finding["log_id"], finding["subject"], reader.reach, _MOST
    )
    return tuple(sorted(found, key=lambda officer: officer[0] != finding["actor"]))


def _addressee(
    finding: Row, officers: tuple[tuple[str, str], ...], given: Given
) -> tuple[str, str | None]:
    """Choose the addressee; whoever does not act in the case is nobody to write to."""
    asked = given.addressee or finding["actor"]
    chosen = [officer for officer in officers if officer[0] == asked] or list(officers)
    return chosen[0] if chosen else ("", None)


def _is_elsewhere(connection: Connection, log_id: str, subject: str) -> bool:
    """Answer whether the case is in reconsideration or before a court."""
    kinds = [f"{stream}.{what}" for stream in _STREAMS for what in (*_BROUGHT, *_DECIDED)]
    latest = case_officers.latest_of(connection, log_id, subject, kinds)
    return any(
        latest.get(f"{stream}.{brought}", 0) > latest.get(f"{stream}.{decided}", 0)
        for stream in _STREAMS
        for brought, decided in zip(_BROUGHT, _DECIDED, strict=True)
    )
