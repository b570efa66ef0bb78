"""One event becomes one entry: judged, written, its findings opened, its attempt closed."""

import hmac
import secrets
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Final, NamedTuple

from cleangov_hooks import Event, EventType, Origin
from cleangov_plugin.desk.budget import Budget
from cleangov_plugin.desk.choice.choosing import left_now
from cleangov_plugin.desk.choice.settling import agreed, due_now
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.leads import kept_values, marks_of, open_leads, settled
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.terms import AttemptState, GapReason, Phase, Result
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.ledger.body import Place, Shown, Versions, encode_body
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.ledger.receipt_line import Receipt
from cleangov_plugin.store import entries, groups, pseudonyms, trails
from cleangov_plugin.store.entries import Appended, Conflict, Duplicate, EntryDraft, Seen
from cleangov_plugin.store.outcomes import Written

from .attributes import digest_of
from .checked import Checked, check_event
from .ending import end_attempt
from .grouping import members
from .judging import Judged, judge

#: Milliseconds that the rules may take over one event; what is not judged by then is owed.
EVENT_MS: Final = 100
_OLD: Final = frozenset({Origin.IMPORT, Origin.HISTORIC})


class Owed(Exception):
    """An event that could not be judged now.

    :param reason: why.
    :param detail: name of the field or type of error; never personal text.
    """

    def __init__(self, reason: GapReason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


class Entered(NamedTuple):
    """An event that has its entry.

    :param row: number of the row.
    :param is_new: whether it was written now.
    :param is_whole: whether all its findings are open; False where another transaction held one.
    :param ended: what tells of requests that ended with its attempt: to be recorded behind it.
    """

    row: int
    is_new: bool
    is_whole: bool = True
    ended: tuple[Event, ...] = ()


def enter(
    desk: Desk,
    connection: Connection,
    event: object,
    *,
    is_late: bool = False,
    declared: EventType | None = None,
) -> Entered:
    """Judge one event and write its entry, findings and what became of its attempt.

    :param desk: the desk.
    :param connection: the host's connection, or one of our own in catch-up.
    :param event: what the host sent; hostile.
    :param is_late: whether the event waited as a gap.
    :param declared: how its kind was declared when it began to wait.
    :return: the entry.
    :raises InvalidEvent: where it is not what the contract says.
    :raises Owed: where it has to wait.
    """
    types = {**desk.types(), declared.kind: declared} if declared else desk.types()
    checked = check_event(event, types, desk.people)
    budget = Budget(EVENT_MS)
    nobody_waits = is_late or checked.record.origin in _OLD
    judged = judge(
        desk,
        connection,
        checked,
        Phase.EVENT,
        out_of_time=_never if nobody_waits else budget.is_over,
        is_late=is_late,
    )
    known = judged.known
    if known.digest is not None and known.row is not None:
        entered = _resent(entries.resent(checked.digest, known.digest, known.row))
        if is_late:
            entered = entered._replace(ended=_make_whole(desk, connection, checked, judged))
        return entered
    if known.level == "SERIALIZABLE":
        raise Owed(GapReason.ISOLATION)
    if known.place is None:
        raise Owed(GapReason.BUSY)
    if judged.said and any(outcome.result is Result.TIMEOUT for outcome in judged.said):
        raise Owed(GapReason.TIMEOUT)
    return _write(desk, connection, checked, judged, known.place)


def _never() -> bool:
    return False


def _resent(found: Duplicate | Conflict) -> Entered:
    if isinstance(found, Conflict):
        raise Owed(GapReason.CONFLICT, "digest")
    return Entered(row=found.row, is_new=False)


def _write(
    desk: Desk, connection: Connection, checked: Checked, judged: Judged, place: Place
) -> Entered:
    record, now = checked.record, desk.host.now()
    trail, earned = stood = _trail(connection, checked)
    if judged.known.level == "REPEATABLE READ" and record.attempt_id and trail.state is None:
        # The host had read before the gate was asked: what we wrote there is not seen from here.
        raise Owed(GapReason.ISOLATION, "attempt_id")
    on = (desk.shelf, connection, judged.ledger)
    answered = agreed(*on, (record, judged.evaluation), stood)
    outcomes = settled(judged.said, answered.named)
    disclosed = [disclosure.make(c, t, _salt(desk, checked, c)) for c, t in checked.kept.personal]
    shown = Shown(prompts=tuple(p.prompt_id for p in trail.prompts), answer=answered.answer)
    body = _body(checked, judged, place, outcomes, shown, [digest for _, digest in disclosed])
    marks, values = marks_of(record.kind, outcomes), kept_values(outcomes)
    draft = entries.draft(
        record,
        place,
        body,
        digest=checked.digest,
        now=now,
        seen=Seen(snapshot=judged.known.snapshot, fact_values=values, marks=marks),
        retention=desk.retention("case"),
        disc=disclosure.join([text for text, _ in disclosed]),
    )
    written = entries.append(connection, draft, partial(desk.codes.code, record.log_id, now))
    if not isinstance(written, Appended):
        return _resent(written)
    _group(desk, connection, checked, judged, written.row)
    _note(desk, draft, written)
    _name(desk, connection, checked, judged)
    now_due = left_now(due_now(outcomes, answered), trail, checked.payload.hex())
    days = answered.taken.days if answered.is_reviewed and answered.taken else None
    found = open_leads(desk, connection, judged.ledger, record, now_due, review_days=days)
    ended = end_attempt(desk, connection, checked.record, trail, earned)
    return Entered(row=written.row, is_new=True, is_whole=not found.busy, ended=ended)


def _note(desk: Desk, draft: EntryDraft, written: Appended) -> None:
    """Keep a receipt of what was written, once it is committed."""
    if not desk.receipts.is_kept:
        return
    receipt = Receipt(
        log_id=draft.log_id,
        lane=draft.lane,
        no=draft.no,
        leaf=written.leaf_hash,
        at=draft.ingested_at,
    )
    desk.receipts.note(Written(written.row, written.xid, written.leaf_hash), receipt)


def _trail(
    connection: Connection, checked: Checked
) -> tuple[trails.Trail, trails.TrailPass | None]:
    """Read what stood before the officer, and the pass that is good for this very event."""
    record = checked.record
    if record.attempt_id is None:
        return trails.Trail(), None
    trail = trails.trail(connection, record.log_id, record.attempt_id)
    if trail.is_foreign(record.actor, record.case_id):
        return trails.Trail(), None  # an id from somebody else's page names nothing of this event
    # A pass counts if it was good when the step was done, however late the event is judged.
    return trail, trail.pass_for(checked.payload.hex(), stamp(record.recorded_at))


def _group(desk: Desk, connection: Connection, checked: Checked, judged: Judged, row: int) -> None:
    """Put the entry where facts over all cases find it; most rules ask for none."""
    if judged.ledger.rules.groups_of(checked.record.kind):
        found = members(desk, judged.ledger, checked.record)
        groups.put(connection, checked.record.log_id, row, found)


def _name(desk: Desk, connection: Connection, checked: Checked, judged: Judged) -> None:
    """Keep who stands behind the entry's pseudonyms."""
    log_id, known = checked.record.log_id, judged.known.pseudonyms
    if all(name in known for name, _, _ in checked.people):
        return
    pseudonyms.add_missing(connection, log_id, checked.people, known, desk.retention("case"))


def _make_whole(
    desk: Desk, connection: Connection, checked: Checked, judged: Judged
) -> tuple[Event, ...]:
    """Do what an entry still needs: on SQLite, a failure after it was written undoes nothing."""
    _name(desk, connection, checked, judged)
    if judged.known.row is not None:
        _group(desk, connection, checked, judged, judged.known.row)
    trail, earned = _trail(connection, checked)
    if trail.state in (AttemptState.DONE, AttemptState.ABORTED):
        return ()
    return end_attempt(desk, connection, checked.record, trail, earned)


def _salt(desk: Desk, checked: Checked, code: str) -> bytes:
    """Answer the salt of a personal field.

    Fresh and random, as RFC 9901 asks. For a log of the past it is derived with our key, so that
    a replay that was killed and begun again ends in the very same bytes.
    """
    record = checked.record
    if record.origin not in _OLD:
        return secrets.token_bytes(disclosure.SALT_BYTES)
    message = "\x1f".join((record.log_id, record.source, record.event_id, code)).encode()
    return hmac.new(desk.keys.key("pseudonym"), message, sha256).digest()[:16]


def _body(
    checked: Checked,
    judged: Judged,
    place: Place,
    outcomes: Sequence[RuleOutcome],
    shown: Shown,
    digests: Sequence[str],
) -> bytes:
    versions = Versions(
        ruleset=judged.evaluation.ruleset,
        calendar=judged.evaluation.calendar,
        contract=checked.event.contract,
        schema=checked.event.schema,
    )

    def encoded(pairs: Sequence[tuple[str, str, str]]) -> bytes:
        return encode_body(
            checked.record,
            place,
            versions,
            outcomes=outcomes,
            pairs=pairs,
            digests=digests,
            shown=shown,
        )

    try:
        return encoded(checked.kept.pairs)
    except ProfileError:  # too long together: then each is kept as digest and size
        return encoded(
            [(c, "digest", t if k == "digest" else digest_of(t)) for c, k, t in checked.kept.pairs]
        )
