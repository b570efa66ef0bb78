"""The entries of a ledger, page by page."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from cleangov_hooks import Precision
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.terms import Mark, Phase, Result, Visibility
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.rules import Binding, Rule
from cleangov_plugin.rules.model import ANY_KIND
from cleangov_plugin.store import review, rulebook, run_counts
from cleangov_plugin.store.review import EntryQuery, Place

from .entry_views import AgencyView, CheckpointsView, EntryView
from .readers import Reader, open_ledger
from .rule_words import Teller

#: Entries of a page.
SIZE: Final = 50
_HITS: Final = Mark.HIT | Mark.HIDDEN_HIT
_UNKNOWNS: Final = Mark.UNKNOWN | Mark.HIDDEN_UNKNOWN
_HIT_RESULTS: Final = (Result.HIT, Result.SUPPRESSED)
#: No event has this kind.
_NO_KIND: Final = ("",)
_UNKNOWN_RESULTS: Final = (Result.CANNOT_BE_CHECKED, Result.ERROR, Result.TIMEOUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reader asks of a list; what is left empty stands for all.

    :param agency: ledger; empty for the platform's own.
    :param stream: business stream.
    :param kind: kind of event.
    :param case: the case.
    :param unit: unit of the officer.
    :param rule: the rule.
    :param outcome: ``"hit"``, ``"unknown"``, or empty for any.
    :param since: first civil day.
    :param until: last civil day.
    :param before: only older ones than this place.
    :param after: only newer ones than this place.
    """

    agency: str = ""
    stream: str = ""
    kind: str = ""
    case: str = ""
    unit: str = ""
    rule: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None
    before: Place | None = None
    after: Place | None = None


def checkpoints(desk: Desk, reader: Reader, wish: Wish) -> CheckpointsView | None:
    """Answer one page of a ledger's entries.

    :param desk: the desk.
    :param reader: who looks.
    :param wish: which entries.
    :return: the page; None where there is no such ledger, or the reader may not look into it.
    """
    log_id = wish.agency or reader.own
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = open_ledger(desk, connection, reader, log_id)
        if ledger is None:
            return None
        teller = Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)
        query = _query(ledger, reader, wish)
        page = review.entries(connection, query, size=SIZE, before=wish.before, after=wish.after)
        chosen = review.choices(connection, query)
        agencies = agencies_of(connection, reader)
        return CheckpointsView(
            agency=agency_view(agencies, log_id),
            agencies=agencies,
            kinds=tuple((kind, teller.kind(kind, kind)) for kind in chosen["kind"]),
            units=chosen["unit"],
            rules=tuple((id_, teller.title(id_)) for id_ in _seen_rules(ledger, reader)),
            entries=tuple(entry_view(teller, row) for row in page.rows),
            older=page.older,
            newer=page.newer,
            searched_to=_local(ledger, page.searched_to) if page.searched_to else None,
        )


def agencies_of(connection: Connection, reader: Reader) -> tuple[AgencyView, ...]:
    """Answer the authorities a reader may look into, the platform's own first.

    :param connection: any connection.
    :param reader: who looks.
    """
    imported = run_counts.replayed(connection)
    found = [
        AgencyView(
            log_id=row["log_id"],
            name=named(row["names"], reader.language) or row["log_id"],
            is_imported=row["log_id"] in imported,
        )
        for row in rulebook.agencies(connection)
        if reader.may_open(row["log_id"])
    ]
    return tuple(sorted(found, key=lambda a: (a.log_id != reader.own, a.name)))


def agency_view(agencies: tuple[AgencyView, ...], log_id: str) -> AgencyView:
    """Choose the authority of a ledger.

    :param agencies: those there are.
    :param log_id: the ledger.
    """
    bare = AgencyView(log_id=log_id, name=log_id, is_imported=False)
    return next((agency for agency in agencies if agency.log_id == log_id), bare)


def named(names: Mapping[str, str], language: str) -> str:
    """Choose a name in a language; another one where it is missing.

    :param names: name by language.
    :param language: BCP 47 tag.
    """
    tongue = "zh" if language.lower().startswith("zh") else "en"
    return names.get(tongue) or next(iter(names.values()), "")


def entry_view(teller: Teller, row: Mapping[str, Any], number: int = 0) -> EntryView:
    """Make the view of one entry.

    :param teller: tells what the rules said.
    :param row: row of the entry.
    :param number: its place in the case's story; 0 in lists over cases.
    """
    record = decode_record(row["body"], row["id"])
    return EntryView(
        id=row["id"],
        number=number,
        log_id=row["log_id"],
        case_id=row["subject"],
        kind=row["kind"],
        label=teller.kind(row["kind"], record.step),
        step=record.step,
        stream=row["stream"],
        actor=row["actor"],
        unit=row["unit"],
        occurred_at=_moment(teller.ledger, row["occurred_at"]),
        recorded_at=_moment(teller.ledger, row["recorded_at"]),
        precision=Precision(record.precision),
        amount=record.amount,
        origin=row["origin"],
        outcomes=teller.outcomes(row),
    )


def starts(ledger: Ledger, day: date) -> str:
    """Answer the first instant of a civil day, as fixed-width UTC text.

    :param ledger: the ledger, whose zone counts.
    :param day: the day.
    """
    return stamp(datetime.combine(day, time.min, ledger.zone))


def _seen_bindings(ledger: Ledger, reader: Reader) -> list[tuple[Rule, Binding]]:
    """Answer the rules in force of which the reader may see what they say of an event."""
    sees_hidden = reader.reach.sees_hidden
    return [
        (rule, binding)
        for rule, binding in ledger.rules.bound
        if Phase.EVENT in binding.phases
        and (sees_hidden or binding.visibility is not Visibility.OVERSIGHT)
    ]


def _query(ledger: Ledger, reader: Reader, wish: Wish) -> EntryQuery:
    marks = {"hit": _HITS, "unknown": _UNKNOWNS}.get(wish.outcome, Mark(0))
    if not reader.reach.sees_hidden:
        marks &= Mark.HIT | Mark.UNKNOWN
    query = EntryQuery(
        log_id=ledger.log_id,
        reach=reader.reach,
        stream=wish.stream,
        kinds=(wish.kind,) if wish.kind else (),
        subject=wish.case,
        unit=wish.unit,
        since=starts(ledger, wish.since) if wish.since else "",
        until=starts(ledger, wish.until + timedelta(days=1)) if wish.until else "",
        marks=marks.value,
    )
    return _of_rule(ledger, reader, query, wish) if wish.rule else query


def _of_rule(ledger: Ledger, reader: Reader, query: EntryQuery, wish: Wish) -> EntryQuery:
    """Ask for what one rule said, as it stands in the bodies; or for all it looks at."""
    results = {"hit": _HIT_RESULTS, "unknown": _UNKNOWN_RESULTS}.get(wish.outcome, ())
    seen = [pair for pair in _seen_bindings(ledger, reader) if pair[0].id == wish.rule]
    looked_at = {kind for rule, _ in seen for kind in rule.on}
    if not seen and not reader.reach.sees_hidden:
        return replace(query, kinds=_NO_KIND)
    if results:
        return replace(query, said=tuple(_pieces(reader, wish.rule, seen, results)))
    if query.kinds or ANY_KIND in looked_at:
        return query
    return replace(query, kinds=tuple(sorted(looked_at)) or _NO_KIND)


def _pieces(
    reader: Reader,
    rule_id: str,
    seen: Sequence[tuple[Rule, Binding]],
    results: Sequence[Result],
) -> Iterator[str]:
    """Write the beginnings of outcomes exactly as the canonical body has them.

    Who may not see everything is told only what they may see: so the binding is named as well.
    """
    for result in results:
        for rule, binding in seen:
            named = [] if reader.reach.sees_hidden else [binding.id]
            outcome = [rule_id, rule.version, result.value, *named]
            yield json.dumps(outcome, separators=(",", ":"), ensure_ascii=False)[:-1]
        if not seen:
            yield json.dumps([rule_id, 1, result.value], separators=(",", ":"))[:-1]


def _seen_rules(ledger: Ledger, reader: Reader) -> list[str]:
    return sorted({rule.id for rule, _ in _seen_bindings(ledger, reader)})


def _local(ledger: Ledger, place: Place) -> datetime:
    return _moment(ledger, place.occurred_at)


def _moment(ledger: Ledger, text: str) -> datetime:
    return instant(text).astimezone(ledger.zone)
