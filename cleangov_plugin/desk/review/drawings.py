"""What a rule saw of a case, read from the entries themselves, to be drawn beside a finding."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cleangov_hooks import Precision
from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.rules import Rule
from cleangov_plugin.rules.shares import shares
from cleangov_plugin.store import review_cases
from cleangov_plugin.store.review_cases import Trace

from .finding_views import BarsView, BarView
from .rule_words import Teller

#: Bars of one drawing: more are no longer told apart on a telephone.
MOST: Final = 12


def bars(teller: Teller, rule: Rule, finding: Mapping[str, Any]) -> BarsView | None:
    """Answer what a rule saw in the case of a finding, as known when it hit.

    :param teller: tells what the rules said; its reader's reach decides which entries are drawn.
    :param rule: the rule.
    :param finding: row of the finding.
    :return: the drawing; None where the rule asks for none, or its event may not be seen.
    """
    if rule.drawing is None:
        return None
    traces, _ = review_cases.traces(
        teller.connection, finding["log_id"], finding["subject"], teller.reader.reach
    )
    drawn, left_out = _drawn(traces, rule.drawing.kinds, finding["event_key"])
    rows = review_cases.whole(teller.connection, [trace.id for trace in drawn])
    records = [decode_record(rows[trace.id]["body"], trace.id) for trace in drawn]
    found = tuple(
        BarView(
            at=record.occurred_at.astimezone(teller.ledger.zone),
            precision=Precision(record.precision),
            label=teller.kind(record.kind, record.step),
            value=share.value,
            line=share.line,
            share=share.thousandths,
            is_own=trace.event_key == finding["event_key"],
        )
        for trace, record, share in _measured(drawn, records, rule, teller)
    )
    if not found:
        return None
    names = [_called(teller, rule, name) for name in (rule.drawing.bars, rule.drawing.line)]
    return BarsView(value=names[0], line=names[1], bars=found, left_out=left_out)


def _measured(drawn: Sequence[Trace], records: Sequence[Record], rule: Rule, teller: Teller) -> Any:
    return zip(drawn, records, shares(rule, records, teller.ledger.zone), strict=True)


def _drawn(
    traces: Sequence[Trace], kinds: Sequence[str], event_key: str
) -> tuple[list[Trace], int]:
    """Choose what is drawn: what was written before the hit and not corrected by then, and it."""
    own = next((trace for trace in traces if trace.event_key == event_key), None)
    if own is None:
        return [], 0
    known = [trace for trace in traces if trace.id < own.id]
    gone = {trace.supersedes for trace in known}
    earlier = [t for t in known if t.kind in kinds and t.event_key not in gone]
    earlier.sort(key=lambda trace: (trace.occurred_at, trace.id))
    return [*earlier[-(MOST - 1) :], own], max(0, len(earlier) - MOST + 1)


def _called(teller: Teller, rule: Rule, name: str) -> str:
    return teller.field(name, rule.id, rule.version).label
