"""COL: the table of findings says of each finding what the last entry of its change says."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import FINDING_CHANGED
from cleangov_plugin.domain.terms import FindingState
from cleangov_plugin.store import answer_rows, finding_changes
from cleangov_plugin.store.clock_findings import BY_NOBODY
from cleangov_plugin.store.finding_changes import FindingNow

from .alarms import Alarm, Unchecked, alarm
from .checks import Seen
from .entries_and_rows import Told, ToldCheck

#: Findings that are asked for together.
_AT_ONCE: Final = 400
#: From here on no database has a row of this number.
_NO_ROW: Final = 2**63
_OPEN: Final = {"a.state": "state", "a.owner": "owner", "a.due_day": "due_on"}
#: What is disclosed, and so may have been erased: then nobody compares it.
_DISCLOSED: Final = {"rule": "rule_id", "part": "part", "disposition": "disposition"}


class _Told(NamedTuple):
    """The last change of a finding.

    :param change: its number.
    :param entry: number of the entry's row.
    :param leaf: place of its leaf; None where it is not sealed yet.
    :param says: what each column should have.
    """

    change: int
    entry: int
    leaf: int | None
    says: Mapping[str, str | None]


class Findings(ToldCheck):
    """Compares findings with the entries of their changes.

    :param connection: a reading connection.
    :param log_id: the ledger.
    :param now: the present time, aware; None does not tell which findings are past their time.
    """

    kinds = frozenset({FINDING_CHANGED})

    def __init__(self, connection: Connection, log_id: str, now: datetime | None) -> None:
        super().__init__(connection, log_id)
        self._today = now.date().isoformat() if now else ""
        self._told: dict[int, _Told] = {}
        self._over = 0

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Compare findings with what was told of them last."""
        if not finding_changes.may_be_read(self._connection):
            if self._told:
                yield Unchecked(code="findings_unread")
            return
        told = iter(self._told.items())
        while part := dict(islice(told, _AT_ONCE)):
            yield from self._look_up(part)
        if self._over:
            yield Unchecked(code="findings_over", values={"number": self._over})
        if self._is_whole:
            for id_ in finding_changes.changed(self._connection, self._log_id, BY_NOBODY):
                if id_ not in self._told:
                    yield alarm("finding_unsaid", finding=id_)

    def _look_up(self, part: Mapping[int, _Told]) -> Iterator[Alarm]:
        there = finding_changes.standing(self._connection, part.keys())
        gone = [told.entry for id_, told in part.items() if id_ not in there]
        until = answer_rows.kept_until(self._connection, gone) if gone else {}
        for id_, told in part.items():
            if id_ in there:
                yield from _compared(self._log_id, there[id_], told)
            elif self._is_kept(until.get(told.entry)):
                yield alarm("finding_gone", entry=told.entry, leaf=told.leaf, finding=id_)
            else:
                self._over += 1

    def _is_kept(self, until: str | None) -> bool:
        return until is None or bool(self._today and until >= self._today)

    def _take(self, seen: Seen, told: Told) -> None:
        said, shown = told.says, told.shown
        try:
            id_, change, state = int(said["a.finding"]), int(said["a.change"]), said["a.state"]
        except (ValueError, KeyError):
            return
        if not 0 < id_ < _NO_ROW:
            return
        last = self._told.get(id_)
        if last is None or last.change < change:
            says: dict[str, str | None] = {col: said.get(code) for code, col in _OPEN.items()}
            says |= {col: shown[code] for code, col in _DISCLOSED.items() if code in shown}
            if state != FindingState.CLOSED.value:
                says["disposition"] = None
            says["subject"] = told.subject
            self._told[id_] = _Told(change, seen.row.row, seen.leaf, says)


def _compared(log_id: str, there: FindingNow, told: _Told) -> Iterator[Alarm]:
    found = there._asdict()
    wrong = [name for name, text in told.says.items() if found[name] != text]
    if there.log_id != log_id:
        wrong.append("log_id")
    if wrong:
        names = ", ".join(sorted(wrong))
        yield alarm(
            "finding_changed", entry=told.entry, leaf=told.leaf, finding=there.id, names=names
        )
