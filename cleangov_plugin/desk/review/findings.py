"""Findings and signals: lists, and one with everything it stands on."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.backtested.differing_words import DIFFERING, differing_why
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.letters.letter_words import with_letters
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.desk.typed import from_json
from cleangov_plugin.domain.terms import NO_BREACH, FindingState, Severity
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.rules import texts
from cleangov_plugin.rules.model import Basis
from cleangov_plugin.store import review, review_findings
from cleangov_plugin.store.clock_findings import REMINDED
from cleangov_plugin.store.review_findings import FindingPlace, FindingQuery

from .checkpoints import agencies_of, agency_view, entry_view, named, starts
from .deciding import how_decided
from .drawings import bars
from .finding_views import BasisView, FindingStory, FindingsView, FindingView, RecordView
from .names import may_ask
from .readers import Reader, open_ledger
from .rule_words import Teller

#: Findings of a page.
SIZE: Final = 50
WAITING: Final = (FindingState.OPEN, FindingState.ANSWERED)
#: Closed findings from which on something may be said of a rule: below, one more or less would
#: move the share by over three points.
NEEDED: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWish:
    """What a reader asks of a list; what is left empty stands for all.

    :param state: where they stand.
    :param agency: ledger; empty for the platform's own.
    :param rule: the rule.
    :param unit: unit of the officer.
    :param stream: business stream.
    :param severity: severity by law.
    :param since: first civil day on which they were found.
    :param until: last such day.
    :param after: only those that come after this place.
    """

    state: FindingState = FindingState.OPEN
    agency: str = ""
    rule: str = ""
    unit: str = ""
    stream: str = ""
    severity: str = ""
    since: date | None = None
    until: date | None = None
    after: FindingPlace | None = None


def findings(desk: Desk, reader: Reader, wish: FindingWish) -> FindingsView | None:
    """Answer one page of findings, or of signals.

    :param desk: the desk.
    :param reader: who looks.
    :param wish: which.
    :return: the page; None where there is no such ledger, or the reader may not look into it.
    """
    log_id = wish.agency or reader.own
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = open_ledger(desk, connection, reader, log_id)
        if ledger is None:
            return None
        teller = Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)
        query = _query(ledger, reader, wish)
        page = review_findings.page(connection, query, size=SIZE, after=wish.after)
        units, rules = review_findings.units_and_rules(connection, query)
        agencies = agencies_of(connection, reader)
        return FindingsView(
            agency=agency_view(agencies, log_id),
            agencies=agencies,
            rules=tuple((rule, teller.title(rule)) for rule in rules),
            units=units,
            findings=with_letters(teller, [finding_view(teller, row) for row in page.rows]),
            onward=page.onward,
            is_broken_off=page.is_broken_off,
        )


def finding(desk: Desk, reader: Reader, id_: int) -> FindingStory | None:
    """Tell one finding with everything it stands on.

    :param desk: the desk.
    :param reader: who looks.
    :param id_: its number.
    :return: the story; None where there is none, or the reader may not see it.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        within = None if reader.is_reviewer else {reader.own}
        row = review_findings.one_for(connection, id_, reader.reach, within)
        if row is None:
            return None
        ledger = open_ledger(desk, connection, reader, row["log_id"])
        if ledger is None:
            return None
        teller = Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)
        return story(teller, row)


def finding_view(teller: Teller, row: Mapping[str, Any]) -> FindingView:
    """Make the view of one finding.

    :param teller: tells what the rules said.
    :param row: row of the finding.
    """
    zone = teller.ledger.zone
    due = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    state = FindingState(row["state"])
    today = teller.desk.today(teller.ledger)
    values = from_json(json.loads(row["shown_values"]))
    waits = state in WAITING
    return FindingView(
        id=row["id"],
        log_id=row["log_id"],
        case_id=row["subject"],
        rule_id=row["rule_id"],
        title=teller.title_of(row, values),
        headline=teller.headline(row["rule_id"], row["rule_version"], values),
        text=teller.body(
            row["rule_id"], row["rule_version"], values, today=today if waits else None
        ),
        severity=Severity(row["severity"]),
        state=state,
        unit=row["unit"],
        stream=row["stream"],
        occurred_at=instant(row["occurred_at"]).astimezone(zone),
        found_at=instant(row["found_at"]).astimezone(zone),
        owner=row["owner"],
        due_on=due,
        is_overdue=waits and due is not None and due < today,
        disposition=row["disposition"],
    )


def _query(ledger: Ledger, reader: Reader, wish: FindingWish) -> FindingQuery:
    return FindingQuery(
        log_id=ledger.log_id,
        reach=reader.reach,
        state=wish.state,
        rule_id=wish.rule,
        unit=wish.unit,
        stream=wish.stream,
        severities=(wish.severity,) if wish.severity else (),
        since=starts(ledger, wish.since) if wish.since else "",
        until=starts(ledger, wish.until + timedelta(days=1)) if wish.until else "",
    )


def story(teller: Teller, row: Mapping[str, Any]) -> FindingStory:
    """Tell a finding with everything it stands on.

    :param teller: tells what the rules said.
    :param row: row of the finding.
    """
    connection, reader, log_id = teller.connection, teller.reader, row["log_id"]
    (view,) = with_letters(teller, [finding_view(teller, row)])
    rule = teller.rule(row["rule_id"], row["rule_version"])
    ground = rule or teller.clock(row["rule_id"], row["rule_version"])
    entry = review.entry_of(connection, log_id, row["event_key"], reader.reach)
    agencies = agencies_of(connection, reader)
    on = civil_day(view.occurred_at, teller.ledger.zone)
    is_allowed = may_ask(teller.desk, connection, reader, log_id)
    own = teller.desk.people.pseudonym(log_id, "officer", reader.person.id)
    return FindingStory(
        finding=view,
        agency=agency_view(agencies, log_id),
        why=named(ground.why, reader.language) if ground else _why(row, reader.language),
        version=row["rule_version"],
        steward=ground.owner if ground else "",
        basis=_basis(ground.basis, on, reader.language) if ground else (),
        record=record_of(connection, log_id, row["rule_id"]),
        entry=entry_view(teller, entry) if entry else None,
        actor=None if view.is_signal else row["actor"],
        bars=bars(teller, rule, row) if rule else None,
        decided=how_decided(teller, rule, entry),
        may_ask=is_allowed,
        may_close=is_allowed and view.state in WAITING and row["actor"] != own,
    )


def _why(row: Mapping[str, Any], language: str) -> str:
    """Say why there is a finding that no rule made."""
    return differing_why(language) if row["rule_id"] == DIFFERING else ""


def _basis(found: Iterable[Basis], on: date, language: str) -> tuple[BasisView, ...]:
    return tuple(
        BasisView(
            citation=texts.cite(basis, language),
            quote=named(basis.quote, language),
            status=basis.status,
            source=basis.source,
        )
        for basis in found
        if basis.is_valid_on(on)
    )


def record_of(connection: Connection, log_id: str, rule_id: str) -> RecordView:
    """Answer how good a rule has been so far.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param rule_id: the rule.
    """
    found = review_findings.record(connection, log_id, rule_id)
    told = {name: n for name, n in found.by_disposition.items() if name not in REMINDED}
    closed = sum(told.values())
    cleared, untold = sum(told.get(end, 0) for end in NO_BREACH), told.get("", 0)
    return RecordView(
        closed=closed,
        confirmed=closed - cleared - untold,
        cleared=cleared,
        is_enough=closed >= NEEDED,
        needed=NEEDED,
    )
