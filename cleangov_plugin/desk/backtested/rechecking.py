"""Live = replayed: what the rules said in the flow, worked out again from the entries themselves.

The flow reads a case by one statement, in the host's transaction, and facts as they are then. Here
whole cases are read by another statement, and what an evaluation could see is worked out from its
snapshot. Where the two differ, one of them is wrong; the share that is the same must be 100.00 %.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from cleangov_plugin.desk.checkpoint.planned import planned
from cleangov_plugin.desk.leads import kept_values
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.our_kinds import OUR_KINDS
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.ledger.later_record import document_of, later_record
from cleangov_plugin.rules import evaluate
from cleangov_plugin.store import judged_entries as store
from cleangov_plugin.store.judged_entries import Horizon, JudgedEntry

from .knowing import KnownThen
from .sight import Past

#: Differences that are named one by one.
SHOWN: Final = 20
_STEP: Final = 1_000
_IMPLIED: Final = frozenset({Result.CLEAR, Result.NOT_APPLICABLE})
#: Hits that were settled at the gate, or passed over: to the rule they are hits.
_PASSED: Final = frozenset({Result.SUPPRESSED.value, Result.EXEMPT.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One entry of which the rules say something else now.

    :param case: its case.
    :param row: number of its row.
    :param event: key of its event.
    :param then: what its entry says: rule, version, result, binding, missing fields.
    :param now: what comes out now; equal to `then` where only values differ.
    :param values_then: JSON of the values that hits and unknowns were made from.
    :param values_now: JSON of those that come out now.
    """

    case: str
    row: int
    event: str
    then: tuple[tuple[str, ...], ...]
    now: tuple[tuple[str, ...], ...]
    values_then: str
    values_now: str


@dataclass(slots=True, kw_only=True)
class Rechecked:
    """What came of it.

    :param same: entries of which the same comes out.
    :param different: entries of which something else comes out.
    :param older: entries judged by rules or working days that are no longer in force: what they
        said cannot be worked out from what is in force.
    :param unseen: entries of which nobody kept what their evaluation could see, as in a copy of
        the ledger for oversight: they cannot be checked.
    :param shown: the first differences.
    """

    same: int = 0
    different: int = 0
    older: int = 0
    unseen: int = 0
    shown: list[Difference] = field(default_factory=list)

    @property
    def share(self) -> str:
        """Answer the share that is the same, in percent with two places, never rounded up."""
        asked = self.same + self.different
        if not asked:
            return "—"
        hundredths = self.same * 10_000 // asked
        return f"{hundredths // 100}.{hundredths % 100:02} %"


def recheck(
    connection: Connection,
    ledger: Ledger,
    told: Callable[[int, int], object] = lambda *_: None,
    met: Callable[[Difference, Record], object] = lambda *_: None,
) -> Rechecked:
    """Work out again what the rules in force said of every entry of a ledger.

    :param connection: a reading connection.
    :param ledger: the ledger, with its rules in force.
    :param told: called from time to time with entries read, and entries there are.
    :param met: called with each difference, and with the event it is about.
    :return: how many are the same, and which are not.
    """
    within = store.horizon(connection, ledger.log_id)
    number = store.number_within(connection, ledger.log_id, within)
    asking = _Asking(ledger, KnownThen(connection, ledger, within), within)
    found, done = Rechecked(), 0
    entries = store.judged_entries(connection, ledger.log_id, None, within)
    for _, of_case in groupby(entries, lambda entry: entry.subject):
        for difference, record in asking.case(of_case, found):
            found.different += 1
            met(difference, record)
            if len(found.shown) < SHOWN:
                found.shown.append(difference)
        before, done = done, asking.done
        if before // _STEP != done // _STEP:
            told(done, number)
    told(number, number)
    return found


class _Asking:
    """One pass over a ledger.

    :param ledger: the ledger.
    :param known: what each evaluation knew.
    :param within: up to where entries are looked at.
    """

    def __init__(self, ledger: Ledger, known: KnownThen, within: Horizon) -> None:
        self.ledger, self.known, self.within, self.done = ledger, known, within, 0

    def case(
        self, entries: Iterable[JudgedEntry], found: Rechecked
    ) -> Iterator[tuple[Difference, Record]]:
        """Go through one case; answer what differs, and count the rest."""
        past: list[Past] = []
        for entry in entries:
            body = document_of(entry.body)
            record = later_record(body, entry.row, entry.body)
            is_held = self.within.holds(entry)
            self.done += is_held
            if is_held and record.kind not in OUR_KINDS:
                if (body["ruleset"], body["calendar"]) != self.ledger.revisions:
                    found.older += 1
                elif not entry.snapshot:
                    found.unseen += 1
                else:
                    difference = self._compared(entry, body, record, past)
                    found.same += difference is None
                    if difference is not None:
                        yield difference, record
            past.append(Past(record, entry.row, entry.xid))

    def _compared(
        self, entry: JudgedEntry, body: Any, record: Record, past: list[Past]
    ) -> Difference | None:
        outcomes = self._outcomes(entry, record, past)
        then = _told(tuple(map(str, named)) for named in body["outcomes"])
        now = _told(_named(each) for each in outcomes if each.result not in _IMPLIED)
        values_then, values_now = entry.fact_values or "{}", kept_values(outcomes) or "{}"
        if then == now and json.loads(values_then) == json.loads(values_now):
            return None
        return Difference(
            case=entry.subject,
            row=entry.row,
            event=entry.key,
            then=then,
            now=now,
            values_then=values_then,
            values_now=values_now,
        )

    def _outcomes(
        self, entry: JudgedEntry, record: Record, past: list[Past]
    ) -> tuple[RuleOutcome, ...]:
        asked = planned(self.ledger.rules, record, self.ledger.zone)
        known = self.known.of(entry, record, past, asked)
        return evaluate(asked, record, known, is_brief=True).outcomes


def _named(outcome: RuleOutcome) -> tuple[str, ...]:
    named = (outcome.rule_id, str(outcome.version), outcome.result.value, outcome.binding_id)
    return (*named, *outcome.fields)


def _told(outcomes: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Write outcomes so that they compare: a hit that was settled or passed over is a hit."""
    hit = Result.HIT.value
    return tuple(sorted((*o[:2], hit, *o[3:]) if o[2] in _PASSED else o for o in outcomes))
