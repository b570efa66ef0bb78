"""COL: the tables of letters say of each letter, and of each act about one, what its entry says.

Entries of one letter may lie in several lanes and so be sealed in another order than they were
written in. Nothing here depends on their order: a day of answer only ever moves on, and a letter
that was withdrawn is never answered.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cleangov_plugin.desk.checkpoint.attributes import digest_of
from cleangov_plugin.desk.letters.templates import KINDS, TALK, newest, said
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import (
    LETTER_ANSWERED,
    LETTER_EXTENDED,
    LETTER_KINDS,
    LETTER_SENT,
    LETTER_TIME_ASKED,
    LETTER_WITHDRAWN,
    TALK_ACCEPTED,
)
from cleangov_plugin.domain.terms import LetterAct, LetterState
from cleangov_plugin.store import letter_rows
from cleangov_plugin.store.letter_rows import ActNow, LetterNow

from .alarms import Alarm, Unchecked, alarm
from .checks import Seen
from .entries_and_rows import Told, ToldCheck, are_near

_ACTS: Final[Mapping[str, str]] = {
    LETTER_ANSWERED: LetterAct.ANSWER.value,
    LETTER_TIME_ASKED: LetterAct.TIME_ASKED.value,
    LETTER_EXTENDED: LetterAct.EXTENDED.value,
    LETTER_WITHDRAWN: LetterAct.WITHDRAWN.value,
    TALK_ACCEPTED: LetterAct.ACCEPTED.value,
}
#: What an entry on a talk says of it, by whether it says that it was held.
_HELD: Final[Mapping[str, str]] = {
    "true": LetterAct.HELD.value,
    "false": LetterAct.NOT_HELD.value,
}
#: Where a letter stands after an act; of two, the first that is listed.
_STATES: Final[Mapping[str, str]] = {
    LetterState.WITHDRAWN.value: LetterAct.WITHDRAWN.value,
    LetterState.HELD.value: LetterAct.HELD.value,
    LetterState.NOT_HELD.value: LetterAct.NOT_HELD.value,
    LetterState.ANSWERED.value: LetterAct.ANSWER.value,
}


class _Said(NamedTuple):
    """What one entry tells of a letter.

    :param entry: number of its row.
    :param leaf: place of its leaf; None where it is not sealed yet.
    :param subject: the case.
    :param by: pseudonym of who did it.
    :param at: when, as its body says.
    :param finding: the finding the letter is about.
    :param to: to whom it went; of the sending alone.
    :param due: ISO day by which an answer is asked for; None where it says none.
    :param meets: moment of a talk; None where it says none.
    :param words: digest of the words that were sent or said; None where there were none, or what
        discloses them was erased.
    :param reason: why it was sent; None as with the words.
    """

    entry: int
    leaf: int | None
    subject: str
    by: str | None
    at: str
    finding: str | None
    to: str | None
    due: str | None
    meets: str | None
    words: str | None
    reason: str | None


@dataclass(slots=True)
class _Letter:
    """What entries tell of one letter."""

    sent: _Said | None = None
    acts: list[tuple[str, _Said]] = field(default_factory=list)


class Letters(ToldCheck):
    """Compares letters, and what was said and done about them, with their entries.

    :param connection: a reading connection.
    :param log_id: the ledger.
    """

    kinds = LETTER_KINDS

    def __init__(self, connection: Connection, log_id: str) -> None:
        super().__init__(connection, log_id)
        self._told: defaultdict[str, _Letter] = defaultdict(_Letter)
        self._wordless = 0

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Compare letters and acts with what was told of them."""
        if not letter_rows.may_be_read(self._connection):
            if self._told:
                yield Unchecked(code="letters_unread")
            return
        with_words = letter_rows.words_may_be_read(self._connection)
        if self._told and not with_words:
            yield Unchecked(code="letter_words_unread")
        acts: defaultdict[int, list[ActNow]] = defaultdict(list)
        for act in letter_rows.acts(self._connection, self._log_id, with_words=with_words):
            acts[act.letter].append(act)
        left = dict(self._told)
        for row in letter_rows.letters(self._connection, self._log_id, with_words=with_words):
            told = left.pop(_number(row), None)
            yield from self._compared(row, told, acts[row.id])
        for number, told in left.items():
            one = told.sent or told.acts[0][1]
            yield alarm("letter_gone", entry=one.entry, leaf=one.leaf, letter=number)
        if self._wordless and with_words:
            yield Unchecked(code="letter_words", values={"number": self._wordless})

    def _compared(
        self, row: LetterNow, told: _Letter | None, acts: Sequence[ActNow]
    ) -> Iterator[Alarm]:
        number = _number(row)
        if told is None or (told.sent is None and self._is_whole):
            if self._is_whole:
                yield alarm("letter_unsaid", letter=number)
            return
        where = told.sent or told.acts[0][1]
        names = ", ".join(sorted(self._wrong(row, told)))
        if names:
            values = {"letter": number, "names": names}
            yield alarm("letter_changed", entry=where.entry, leaf=where.leaf, **values)
        for kind in (*_ACTS.values(), *_HELD.values()):
            yield from self._acts(number, kind, told, [act for act in acts if act.kind == kind])

    def _wrong(self, row: LetterNow, told: _Letter) -> Iterator[str]:
        """Name the columns that say something else than the entries do."""
        kinds = {kind for kind, _ in told.acts}
        should = next((state for state, kind in _STATES.items() if kind in kinds), None)
        if row.state != (should or LetterState.WAITING.value) and (should or self._is_whole):
            yield "state"
        moved = [one for kind, one in told.acts if kind == LetterAct.EXTENDED.value and one.due]
        sent = told.sent
        due = _last_day(row.kind, moved if sent is None else [sent, *moved])
        if row.due_on != due and (sent is not None or moved):
            yield "due_on"
        if sent is None:
            return
        says = {"finding_id": sent.finding, "addressee": sent.to, "sent_by": sent.by}
        says["subject"] = sent.subject
        yield from (name for name, text in says.items() if str(getattr(row, name)) != text)
        if not are_near(row.sent_at, sent.at):
            yield "sent_at"
        if row.words is not None and digest_of(row.words) != sent.words:
            yield "words"
        if None not in (row.reason, sent.reason) and row.reason != sent.reason:
            yield "reason"
        self._wordless += row.words is None and sent.words is not None

    def _acts(
        self, number: str, kind: str, told: _Letter, rows: Sequence[ActNow]
    ) -> Iterator[Alarm]:
        """Compare acts of one kind with their entries."""
        said_ = [one for name, one in told.acts if name == kind]
        if len(said_) > len(rows):
            lost = said_[-1]
            values = {"letter": number, "kind": kind}
            yield alarm("letter_act_gone", entry=lost.entry, leaf=lost.leaf, **values)
            return
        if not self._is_whole:
            return
        if len(said_) < len(rows):
            yield alarm("letter_act_unsaid", letter=number, kind=kind)
            return
        in_time = sorted(rows, key=lambda act: act.done_at)
        pairs = zip(in_time, sorted(said_, key=lambda one: one.at), strict=True)
        for act, one in pairs:
            if not self._is_same(act, one):
                values = {"letter": number, "kind": kind}
                yield alarm("letter_act_changed", entry=one.entry, leaf=one.leaf, **values)

    def _is_same(self, act: ActNow, one: _Said) -> bool:
        if (act.done_by, act.due_on) != (one.by, one.meets or one.due) or not are_near(
            act.done_at, one.at
        ):
            return False
        if act.words is None or one.words is None:
            self._wordless += one.words is not None
            return True
        return digest_of(act.words) == one.words

    def _take(self, seen: Seen, told: Told) -> None:
        attributes, shown = told.says, told.shown
        number = attributes.get("a.letter")
        if number is None:
            return
        reason, words = shown.get("reason"), attributes.get("a.words")
        is_sent = told.kind == LETTER_SENT
        if not is_sent and told.kind != LETTER_ANSWERED:
            words = digest_of(reason) if reason is not None else None
        one = _Said(
            entry=seen.row.row,
            leaf=seen.leaf,
            subject=told.subject,
            by=attributes.get("e.actor"),
            at=told.at,
            finding=attributes.get("a.finding"),
            to=attributes.get("a.to"),
            due=attributes.get("a.due"),
            meets=attributes.get("a.at"),
            words=words,
            reason=reason,
        )
        if is_sent:
            self._told[number].sent = one
        else:
            act = _ACTS.get(told.kind) or _HELD.get(attributes.get("a.is_held", ""), "")
            self._told[number].acts.append((act, one))


def _number(row: LetterNow) -> str:
    """Write the number of a letter as its entries do."""
    if row.kind not in KINDS:
        return f"{row.kind} {row.year}/{row.no}"
    return said(newest(row.kind).number, "zh", year=row.year, no=row.no)


def _last_day(kind: str, told: Sequence[_Said]) -> str:
    """Answer the day that was named last: of a letter the latest, for it only ever moves on."""
    in_time = sorted(told, key=lambda one: one.at)
    days = [one.due or "" for one in in_time] or [""]
    return days[-1] if kind == TALK else max(days)
