"""No list grows with the log: each page is a bounded walk along an index, on both databases.

SQLite tells its steps (instructions of its machine), PostgreSQL the rows it touched; both are
counted on 100,000 entries, among which most of what is asked for is rare.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin.domain.terms import FindingState, LetterState, Mark
from cleangov_plugin.store import (
    case_officers,
    instruments,
    review,
    review_cases,
    review_findings,
    review_letters,
)
from cleangov_plugin.store.instruments import LetterQuery
from cleangov_plugin.store.review import Place
from cleangov_plugin.store.review_findings import FindingPlace
from cleangov_plugin.store.review_letters import LetterPlace, LetterSearch
from tests.store.big_ledger import ALL, ENTRIES, LOG, ONE_UNIT, entry, finding


@contextmanager
def counted(connection: sa.Connection) -> Iterator[list[int]]:
    """Count what every statement of this block costs: steps on SQLite, rows on PostgreSQL."""
    found: list[int] = []
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: found.append(1) or 0, 1)
        yield found
        driver.set_progress_handler(None, 0)
        return
    told: list[Any] = []

    def note(_c: Any, cursor: Any, statement: str, values: Any, _x: Any, _m: Any) -> None:
        told.append((statement, values))

    sa.event.listen(connection, "before_cursor_execute", note)
    yield found
    sa.event.remove(connection, "before_cursor_execute", note)
    for statement, values in told:
        plan = connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", values
        ).scalar()
        plan = json.loads(plan) if isinstance(plan, str) else plan
        found.extend(scans(plan[0]["Plan"]))


def scans(node: dict[str, Any]) -> Iterator[int]:
    """Answer the rows that each scan of a plan touched, those it passed over included."""
    if "Relation Name" in node:
        loops = node["Actual Loops"]
        yield int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * loops)
    for inner in node.get("Plans", ()):
        yield from scans(inner)


def letters(**wanted: Any) -> LetterQuery:
    return LetterQuery(**{"log_id": LOG, "reach": ALL, "state": LetterState.WAITING, **wanted})


def sent(**wanted: Any) -> LetterSearch:
    return LetterSearch(**{"log_id": LOG, "reach": ALL, "kind": "inquiry", **wanted})


MIDDLE = Place("2026-04-04T17:20:00.000000Z", 50_000)
Asked = Callable[[sa.Connection], Any]
#: Each list as it is asked for, and the most rows it may touch.
PAGES: dict[str, tuple[Asked, int]] = {
    "newest": (lambda c: review.entries(c, entry(), size=50), 200),
    "older": (lambda c: review.entries(c, entry(), size=50, before=MIDDLE), 200),
    "newer": (lambda c: review.entries(c, entry(), size=50, after=MIDDLE), 200),
    "a day": (
        lambda c: review.entries(
            c,
            entry(since="2026-03-20T00:00:00.000000Z", until="2026-03-21T00:00:00.000000Z"),
            size=50,
        ),
        200,
    ),
    "of a stream": (lambda c: review.entries(c, entry(stream="permit"), size=50), 600),
    "of a rare kind": (lambda c: review.entries(c, entry(kinds=("enf.rare",)), size=50), 32_000),
    "of a kind that is not there": (
        lambda c: review.entries(c, entry(kinds=("enf.none",)), size=50),
        23_000,
    ),
    "of a rare unit": (lambda c: review.entries(c, entry(unit="u-rare"), size=50), 63_000),
    "for somebody of a rare unit": (
        lambda c: review.entries(c, entry(reach=ONE_UNIT), size=50),
        63_000,
    ),
    "hits": (lambda c: review.entries(c, entry(marks=Mark.HIT.value), size=50), 63_000),
    "hits of a rule": (
        lambda c: review.entries(c, entry(marks=Mark.HIT.value, said=('["E07",1,"hit"',)), size=50),
        23_000,
    ),
    "of a case": (lambda c: review.entries(c, entry(subject="case 700"), size=50), 60),
    "of a giant case": (
        lambda c: review.entries(c, entry(subject="one giant case"), size=50),
        13_000,
    ),
    "choices": (lambda c: review.choices(c, entry()), 1_001),
    "choices for one unit": (lambda c: review.choices(c, entry(reach=ONE_UNIT)), 1_001),
    "a case": (lambda c: review_cases.traces(c, LOG, "case 700", ALL), 60),
    "a case for one unit": (lambda c: review_cases.traces(c, LOG, "case 700", ONE_UNIT), 120),
    "a giant case": (lambda c: review_cases.traces(c, LOG, "one giant case", ALL), 9_000),
    "findings of a case": (lambda c: review_cases.findings_of(c, LOG, "case 700", ALL), 10),
    "held": (lambda c: review_cases.held(c, LOG, "case 700", ALL), 10),
    "findings": (lambda c: review_findings.page(c, finding(FindingState.OPEN), size=50), 200),
    "findings after": (
        lambda c: review_findings.page(
            c, finding(FindingState.OPEN), size=50, after=FindingPlace("2026-04-20", 9_000)
        ),
        200,
    ),
    "findings of a rare rule": (
        lambda c: review_findings.page(c, finding(FindingState.OPEN, rule_id="RARE"), size=20),
        15_000,
    ),
    "red findings": (
        lambda c: review_findings.count(c, finding(FindingState.OPEN, severities=("void",))),
        15_000,
    ),
    "findings due": (
        lambda c: review_findings.count(c, finding(FindingState.OPEN, due_until="2026-04-12")),
        3_000,
    ),
    "closed": (lambda c: review_findings.page(c, finding(FindingState.CLOSED), size=50), 10),
    "signals": (lambda c: review_findings.page(c, finding(), size=50), 200),
    "signals of a rare rule": (
        lambda c: review_findings.page(c, finding(rule_id="RARE"), size=20),
        15_000,
    ),
    "signals counted": (lambda c: review_findings.count(c, finding()), 1_001),
    "choices of signals": (lambda c: review_findings.units_and_rules(c, finding()), 1_001),
    "how a rule's findings ended": (lambda c: review_findings.record(c, LOG, "E07"), 10),
    "letters that wait": (lambda c: instruments.page(c, letters(), size=5), 2_100),
    "letters of a rare unit": (
        lambda c: instruments.page(c, letters(reach=ONE_UNIT), size=5),
        2_100,
    ),
    "answered lately": (
        lambda c: instruments.page(
            c,
            letters(state=LetterState.ANSWERED, changed_since="2026-03-20T00:00:00.000000Z"),
            size=5,
        ),
        2_100,
    ),
    "all letters": (lambda c: review_letters.page(c, sent(), size=50), 600),
    "all letters after": (
        lambda c: review_letters.page(c, sent(), size=50, after=LetterPlace(2026, 9_000)),
        600,
    ),
    "overdue letters": (
        lambda c: review_letters.page(
            c, sent(state=LetterState.WAITING, due_until="2026-04-12"), size=50
        ),
        11_000,
    ),
    "all letters of nobody": (
        lambda c: review_letters.page(c, sent(unit="u-none"), size=50),
        22_000,
    ),
    "all letters of a rare unit": (
        lambda c: review_letters.page(c, sent(reach=ONE_UNIT), size=50),
        22_000,
    ),
    "units of letters": (lambda c: review_letters.units(c, sent()), 1_001),
    "letters to one person": (lambda c: instruments.to_person(c, LOG, "rare", 10), 40),
    "one letter to a person": (lambda c: instruments.one_to(c, LOG, 997, "rare"), 5),
    "letters about a page of findings": (
        lambda c: instruments.of_findings(c, list(range(700, 750)), ALL),
        60,
    ),
    "what came of a page of letters": (
        lambda c: instruments.acts_of(c, list(range(700, 750))),
        60,
    ),
    "the next number": (lambda c: instruments.number(c, LOG, "inquiry", 2026), 5),
    "officers of a case": (
        lambda c: case_officers.officers_of(c, LOG, "case 700", ALL, 20),
        60,
    ),
    "officers of a giant case": (
        lambda c: case_officers.officers_of(c, LOG, "one giant case", ALL, 20),
        9_000,
    ),
    "whether a case is before a court": (
        lambda c: case_officers.latest_of(c, LOG, "one giant case", ["enf.litigation.filed"]),
        9_000,
    ),
}
#: Instructions of SQLite's machine for a row at the most: looking, comparing, answering.
STEPS = 60


@pytest.mark.parametrize("name", PAGES)
def test_a_page_touches_a_bounded_stretch(big: sa.Engine, name: str) -> None:
    asked, most = PAGES[name]
    with big.connect() as connection, counted(connection) as found:
        asked(connection)
    cost = len(found) if big.dialect.name == "sqlite" else sum(found)
    limit = most * STEPS + 20_000 if big.dialect.name == "sqlite" else most
    assert cost <= limit, f"{name}: {cost} of {limit}"


@pytest.mark.parametrize(
    "name", ["newest", "older", "a day", "hits", "for somebody of a rare unit"]
)
def test_a_list_goes_along_its_index(big: sa.Engine, name: str) -> None:
    told: list[Any] = []

    def note(_c: Any, cursor: Any, statement: str, values: Any, _x: Any, _m: Any) -> None:
        told.append((statement, values))

    explain = "EXPLAIN QUERY PLAN" if big.dialect.name == "sqlite" else "EXPLAIN"
    with big.connect() as connection:
        sa.event.listen(connection, "before_cursor_execute", note)
        PAGES[name][0](connection)
        sa.event.remove(connection, "before_cursor_execute", note)
        walked = [
            " ".join(str(row) for row in connection.exec_driver_sql(f"{explain} {sql}", values))
            for sql, values in told
        ]
    assert "ix_cleangov_entry_listed" in walked[0]
    assert not any("Seq Scan" in plan or "SCAN cleangov_entry" in plan for plan in walked)


def test_a_query_that_grows_with_the_log_would_be_found(big: sa.Engine) -> None:
    name = "cleangov_entry" if big.dialect.name == "sqlite" else "cleangov.cleangov_entry"
    query = f"SELECT count(*) FROM {name} WHERE snapshot = 'nowhere'"
    with big.connect() as connection, counted(connection) as found:
        connection.exec_driver_sql(query)
    assert (len(found) if big.dialect.name == "sqlite" else sum(found)) >= ENTRIES
