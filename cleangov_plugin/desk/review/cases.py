"""The story of one case: its entries on both clocks, and what became of each prompt."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.letters.letter_words import with_letters
from cleangov_plugin.domain.our_kinds import OUR_KINDS
from cleangov_plugin.domain.terms import Mark
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store import review_cases
from cleangov_plugin.store.review_cases import Trace

from .answers import told_prompts
from .case_views import CaseStory, PersonView, PointView
from .checkpoints import agencies_of, agency_view, entry_view
from .erased import READ, erasures, looks
from .finding_views import FindingView
from .findings import finding_view
from .readers import Reader, open_ledger
from .rule_words import Teller

#: Entries of a page.
SIZE: Final = 100
_MOST_LOOKS: Final = 50


def case(desk: Desk, reader: Reader, log_id: str, case_id: str, first: int = 1) -> CaseStory | None:
    """Tell the story of a case.

    :param desk: the desk.
    :param reader: who reads it.
    :param log_id: its ledger.
    :param case_id: the case; hostile.
    :param first: number of the first entry to show.
    :return: the story; None where there is no such case, or nothing of it that they may see.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = open_ledger(desk, connection, reader, log_id)
        if ledger is None:
            return None
        traces, is_cut = review_cases.traces(connection, log_id, case_id, reader.reach)
        if not traces:
            return None
        teller = Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)
        return _story(teller, case_id, traces, is_cut=is_cut, first=first)


def _story(
    teller: Teller, case_id: str, traces: Sequence[Trace], *, is_cut: bool, first: int
) -> CaseStory:
    connection, reader, log_id = teller.connection, teller.reader, teller.ledger.log_id
    ordered = sorted(
        (trace for trace in traces if trace.kind not in OUR_KINDS),
        key=lambda trace: (trace.occurred_at, trace.id),
    )
    first = min(max(first, 1), max(len(ordered), 1))
    page = ordered[first - 1 : first - 1 + SIZE]
    looked = [t.id for t in traces if t.kind in READ][-_MOST_LOOKS:]
    rows = review_cases.whole(connection, [*(trace.id for trace in page), *looked])
    gone = {trace.supersedes for trace in traces if trace.supersedes}
    entries = tuple(
        replace(entry_view(teller, rows[trace.id], number), is_corrected=trace.event_key in gone)
        for number, trace in enumerate(page, first)
    )
    told = told_prompts(teller, review_cases.held(connection, log_id, case_id, reader.reach))
    return CaseStory(
        agency=agency_view(agencies_of(connection, reader), log_id),
        case_id=case_id,
        stream=ordered[0].stream if ordered else "",
        is_cut=is_cut,
        is_partial=not reader.is_reviewer,
        points=tuple(_point(teller, number, trace) for number, trace in enumerate(ordered, 1)),
        entries=entries,
        first=first,
        findings=_findings(teller, case_id),
        prompts=told.prompts,
        corrected=told.corrected,
        waiting=told.waiting,
        given_up=told.given_up,
        people=_people([rows[trace.id] for trace in page]),
        looks=looks(teller, [rows[id_] for id_ in looked]),
        erasures=erasures(teller, [rows[id_] for id_ in looked]),
    )


def _findings(teller: Teller, case_id: str) -> tuple[FindingView, ...]:
    rows = review_cases.findings_of(
        teller.connection, teller.ledger.log_id, case_id, teller.reader.reach
    )
    return with_letters(teller, [finding_view(teller, row) for row in rows])


def _point(teller: Teller, number: int, trace: Trace) -> PointView:
    sees_hidden = teller.reader.reach.sees_hidden
    hits = Mark.HIT | (Mark.HIDDEN_HIT if sees_hidden else Mark(0))
    unknowns = Mark.UNKNOWN | (Mark.HIDDEN_UNKNOWN if sees_hidden else Mark(0))
    zone = teller.ledger.zone
    return PointView(
        number=number,
        occurred_at=instant(trace.occurred_at).astimezone(zone),
        recorded_at=instant(trace.recorded_at).astimezone(zone),
        is_hit=bool(trace.marks & hits),
        is_unknown=bool(trace.marks & unknowns),
    )


def _people(rows: Sequence[Mapping[str, Any]]) -> tuple[PersonView, ...]:
    """Count who acts in the entries shown: officers first, each by how much."""
    found: dict[str, Counter[str]] = {"officer": Counter(), "actor": Counter(), "party": Counter()}
    units = {row["actor"] for row in rows if row["unit"]}
    for row in rows:
        if row["actor"]:
            found["officer" if row["actor"] in units else "actor"][row["actor"]] += 1
        found["party"].update(decode_record(row["body"], row["id"]).parties)
    return tuple(
        PersonView(pseudonym=pseudonym, kind=kind, number=number)
        for kind, counted in found.items()
        for pseudonym, number in counted.most_common(20)
    )
