"""COL: the tables of requests to a second person and of follow-ups say what entries say of them.

Each row begins with an entry that names it and has the digest of all that is never changed of it,
and ends with an entry of its own. Nothing here depends on the order in which these are sealed.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final, NamedTuple

from cleangov_hooks import AnswerKind
from cleangov_plugin.desk.answers.asked_entries import OPENS, begins, digest_of_row
from cleangov_plugin.desk.checkpoint.attributes import digest_of
from cleangov_plugin.desk.own_kinds import SOURCE
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import (
    ASKED_KINDS,
    DOUBT_SETTLED,
    FOLLOW_UP_DECIDED,
    PROMPT_ANSWERED,
)
from cleangov_plugin.store import answer_rows, asked_rows, second_requests
from cleangov_plugin.store.asked_rows import AskedNow

from .alarms import Alarm, Unchecked, alarm
from .checks import Seen
from .entries_and_rows import Told, ToldCheck, are_near
from .waiting import Waiting

_AT_ONCE: Final = 400
_DECIDED: Final[Mapping[str | None, str]] = {
    AnswerKind.SECOND_PERSON_APPROVED.value: second_requests.APPROVED,
    AnswerKind.SECOND_PERSON_REFUSED.value: second_requests.REFUSED,
}


class _Opening(NamedTuple):
    """The entry that opens a row: its number, its leaf, and the digest of the row."""

    entry: int
    leaf: int | None
    digest: str


class _Ending(NamedTuple):
    """The entry that ends a row.

    :param entry: number of the entry's row.
    :param leaf: place of its leaf; None where it is not sealed yet.
    :param state: how it ended; None where what says so was erased.
    :param by: pseudonym of who decided; None where nobody did.
    :param at: when.
    :param words: digest of their words; None where there were none.
    """

    entry: int
    leaf: int | None
    state: str | None
    by: str | None
    at: str
    words: str | None


class Asked(ToldCheck):
    """Compares requests and follow-ups with the entries that open and end them.

    :param connection: a reading connection.
    :param log_id: the ledger.
    :param now: the present time, aware; None does not tell which rows are past their time.
    :param waiting: judges events that wait.
    """

    kinds = ASKED_KINDS

    def __init__(
        self, connection: Connection, log_id: str, now: datetime | None, waiting: Waiting
    ) -> None:
        super().__init__(connection, log_id)
        self._waiting = waiting
        self._today = now.date().isoformat() if now else ""
        self._opened: dict[str, _Opening] = {}
        self._ended: dict[str, _Ending] = {}
        self._wordless = 0

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Compare the rows with what was told of them."""
        if not asked_rows.may_be_read(self._connection):
            if self._opened or self._ended:
                yield Unchecked(code="asked_unread")
            return
        with_words = asked_rows.words_may_be_read(self._connection)
        left = dict(self._opened)
        unsaid: dict[str, Alarm] = {}
        for row in asked_rows.asked(self._connection, self._log_id, with_words=with_words):
            opening, ending = left.pop(row.id, None), self._ended.get(row.id)
            if opening is None and self._is_whole:
                unsaid[row.id] = alarm("asked_unsaid", asked=row.id)
            else:
                yield from self._wrong(row, opening, ending)
                has_moved = row.state != begins(row.state) and ending is None
                if has_moved and opening is not None:
                    unsaid[row.id] = _moved(row, opening)
        believed = self._waiting.is_ours
        waiting = asked_rows.owed(self._connection, self._log_id, unsaid, SOURCE, believed)
        yield from (found for id_, found in unsaid.items() if id_ not in waiting)
        if waiting:
            is_read = asked_rows.events_may_be_read(self._connection)
            code = "asked_owed" if is_read else "asked_owed_unread"
            yield Unchecked(code=code, values={"number": len(waiting)})
        yield from self._gone(left)
        if self._wordless and with_words:
            yield Unchecked(code="asked_words", values={"number": self._wordless})

    def _wrong(
        self, row: AskedNow, opening: _Opening | None, ending: _Ending | None
    ) -> Iterator[Alarm]:
        """Say where a row differs from the entry that opened it, and from the one that ended it."""
        if opening is not None and digest_of_row(row.fixed, row.state) != opening.digest:
            yield alarm("asked_changed", entry=opening.entry, leaf=opening.leaf, asked=row.id)
        if ending is None:
            return
        names = [] if ending.state in (None, row.state) else ["state"]
        if row.decided_by != ending.by:
            names.append("decided_by")
        if not are_near(row.decided_at, ending.at):
            names.append("decided_at")
        if row.words is not None and digest_of(row.words) != ending.words:
            names.append("words")
        self._wordless += row.words is None and ending.words is not None
        if names:
            values = {"asked": row.id, "names": ", ".join(names)}
            yield alarm("asked_decided", entry=ending.entry, leaf=ending.leaf, **values)

    def _gone(self, left: Mapping[str, _Opening]) -> Iterator[Alarm | Unchecked]:
        """Name what entries opened and what is not there, though its time is not over."""
        over, all_ = 0, list(left.items())
        for first in range(0, len(all_), _AT_ONCE):
            part = all_[first : first + _AT_ONCE]
            until = answer_rows.kept_until(self._connection, [one.entry for _, one in part])
            for id_, one in part:
                last = until.get(one.entry)
                if last is None or (self._today and last >= self._today):
                    yield alarm("asked_gone", entry=one.entry, leaf=one.leaf, asked=id_)
                else:
                    over += 1
        if over:
            yield Unchecked(code="asked_over", values={"number": over})

    def _take(self, seen: Seen, told: Told) -> None:
        says, shown = told.says, told.shown
        with suppress(ValueError, TypeError, RecursionError):  # no list of ours: it names nothing
            for item in json.loads(says.get(f"a.{OPENS}", "[]")):
                id_, _, digest = str(item).partition(" ")
                self._opened[id_] = _Opening(seen.row.row, seen.leaf, digest)
        ended = says.get("a.follow_up" if told.kind == FOLLOW_UP_DECIDED else "a.request")
        if told.kind in (FOLLOW_UP_DECIDED, DOUBT_SETTLED):
            state = shown.get("choice")
        elif told.kind == PROMPT_ANSWERED:
            state = _DECIDED.get(shown.get("answer_kind"))
        else:
            state = says.get("a.state", second_requests.EXPIRED)
        if ended is not None:
            by, words = says.get("e.actor"), says.get("a.words")
            self._ended[ended] = _Ending(seen.row.row, seen.leaf, state, by, told.at, words)


def _moved(row: AskedNow, opening: _Opening) -> Alarm:
    told = {"asked": row.id, "state": row.state}
    return alarm("asked_moved", entry=opening.entry, leaf=opening.leaf, **told)
