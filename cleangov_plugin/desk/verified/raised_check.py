"""COL: where an entry says that a rule hit, the finding that it raised is there.

A finding is opened in the transaction of its entry, and nothing ever deletes one. It is known by
case, rule, part of the case, and whether it is for study only. The part is not in the body: a hit
is of the whole case, or of the answer by which a step went on that could not wait. No finding is
asked for where the step was put off, or went on in a mode and is looked at when that ends, and
where it is still owed.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple

from cleangov_hooks import Origin
from cleangov_plugin.desk.choice.choosing import DEFERRED
from cleangov_plugin.desk.choice.modes import LOOKED_AT
from cleangov_plugin.desk.choice.settling import part_of_answer
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.store import answer_rows, raised
from cleangov_plugin.store.knowledge import event_key
from cleangov_plugin.store.raised import Stayed

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen
from .waiting import Waiting

#: Entries with hits that are looked up together.
_AT_ONCE: Final = 400
#: Origins of what raises signals alone.
_OLD: Final = frozenset({Origin.IMPORT.value, Origin.HISTORIC.value})


class _Hits(NamedTuple):
    """What an entry says of rules that hit.

    :param seen: the entry.
    :param subject: the case.
    :param rules: ids of the rules.
    :param key: key of the event.
    :param attempt: id of the attempt; None where there was none.
    :param answer: id of the answer; None where there was none.
    :param is_old: whether it was imported, and so raised signals alone.
    """

    seen: Seen
    subject: str
    rules: tuple[str, ...]
    key: str
    attempt: str | None
    answer: str | None
    is_old: bool


class _There(NamedTuple):
    """Findings that are there.

    :param all: all of them.
    :param mild: those whose rule raises nothing but signals.
    :param spent: answers by which a step went on that could not wait.
    """

    all: frozenset[raised.Raised]
    mild: frozenset[raised.Raised]
    spent: frozenset[str]

    def has(self, hits: _Hits, rule: str, part: str) -> bool:
        """Answer whether the finding of a hit is there.

        :param hits: the entry with the hit.
        :param rule: the rule.
        :param part: part of the case.
        """
        signal = raised.Raised(hits.subject, rule, part, True)
        if hits.is_old:
            return signal in self.all
        return signal._replace(is_signal=False) in self.all or signal in self.mild


class Raised:
    """Looks for the findings of entries that say that a rule hit.

    :param connection: a reading connection.
    :param log_id: the ledger.
    :param now: the present time, aware; None takes nothing to be past its time.
    :param waiting: judges events that wait.
    """

    def __init__(
        self, connection: Connection, log_id: str, now: datetime | None, waiting: Waiting
    ) -> None:
        self._connection, self._log_id, self._waiting = connection, log_id, waiting
        self._today = now.date().isoformat() if now else ""
        self._may: bool | None = None
        self._unread = self._unknown = self._owed = 0

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Look the findings up of entries with hits.

        :param slice_: some of them, in their order.
        """
        some: Sequence[Seen | Gone | Meta] = slice_
        if isinstance(slice_, Run):
            some = [slice_[n] for n in slice_.hit]
        told = (hits for each in some if (hits := _hits_of(each)) is not None)
        while part := list(islice(told, _AT_ONCE)):
            if self._may is None:
                self._may = raised.may_be_looked_up(self._connection)
            if self._may:
                yield from self._look_up(part)
            else:
                self._unread += len(part)

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Say of how many entries nobody could look."""
        if self._unread:
            yield Unchecked(code="hits_unread", values={"number": self._unread})
        if self._owed:
            yield Unchecked(code="hits_owed", values={"number": self._owed})
        if self._unknown:
            yield Unchecked(code="hits_over", values={"number": self._unknown})

    def _look_up(self, part: Sequence[_Hits]) -> Iterator[Alarm]:
        subjects = {hits.subject for hits in part}
        answers = {hits.answer for hits in part if hits.answer}
        spent = raised.spent(self._connection, answers)
        there = _There(*raised.raised(self._connection, self._log_id, subjects), spent)
        lost = [hits for hits in part if _lost(hits, there)]
        if not lost:
            return
        stayed = raised.stayed(
            self._connection,
            self._log_id,
            {hits.attempt for hits in lost if hits.attempt},
            {hits.answer for hits in lost if hits.answer},
            {hits.key for hits in lost},
        )
        until = answer_rows.kept_until(self._connection, [hits.seen.row.row for hits in lost])
        for hits in lost:
            seen, last = hits.seen, until.get(hits.seen.row.row)
            if _may_stay(hits, stayed):
                continue
            waits = stayed.owed.get(hits.key, ())
            if None in waits or any(map(self._waiting.is_ours, waits)):
                self._owed += None in waits or not self._waiting.can_tell
                continue
            if _is_forgotten(hits, stayed) and last is not None and last < self._today:
                self._unknown += 1
                continue
            for rule in _lost(hits, there):
                values = {"rule": rule, "case": hits.subject}
                yield alarm("finding_lost", entry=seen.row.row, leaf=seen.leaf, **values)


def _lost(hits: _Hits, there: _There) -> list[str]:
    """Name the rules of which a finding is missing."""
    part = part_of_answer(hits.answer or "")
    reviewed = [rule for rule in hits.rules if there.has(hits, rule, part)]
    if not reviewed and hits.answer in there.spent:
        return list(hits.rules)  # at least one of them is reviewed by itself
    others = (rule for rule in hits.rules if rule not in reviewed)
    return [rule for rule in others if not there.has(hits, rule, "")]


def _may_stay(hits: _Hits, stayed: Stayed) -> bool:
    """Answer whether a hit waits, or what it was about has come since."""
    reason = stayed.reasons.get(hits.attempt or "", "")
    is_later = reason.startswith(DEFERRED) or reason == LOOKED_AT
    return is_later or hits.answer in stayed.put_off


def _is_forgotten(hits: _Hits, stayed: Stayed) -> bool:
    """Answer whether what would say so is gone: attempts and answers go when their time is over."""
    is_lost = hits.attempt is not None and hits.attempt not in stayed.reasons
    return is_lost or (hits.answer is not None and hits.answer not in stayed.answers)


def _hits_of(seen: Seen | Gone | Meta) -> _Hits | None:
    """Answer what an entry says of hits; None where it says of none, or cannot be read."""
    if not isinstance(seen, Seen) or b'"hit"' not in seen.row.body:
        return None
    try:
        document: Any = json.loads(seen.row.body.decode())
        named = [(str(each[0]), each[2]) for each in document["outcomes"]]
        said = {str(code): str(text) for code, _, text in document["attrs"]}
        key = event_key(said["e.source"], str(document["id"]))
        subject = str(document["subject"])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None
    rules = tuple(dict.fromkeys(rule for rule, result in named if result == Result.HIT.value))
    if not rules:
        return None
    is_old = said.get("e.origin") in _OLD
    return _Hits(seen, subject, rules, key, said.get("e.attempt"), said.get("e.answer"), is_old)
