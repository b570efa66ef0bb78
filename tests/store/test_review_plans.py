"""No list grows with the log: each page is a bounded walk along an index, on both databases.

SQLite tells its steps (instructions of its machine), PostgreSQL the rows it touched; both are
counted on 100,000 entries, among which most of what is asked for is rare.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
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
)
from cleangov_plugin.store.instruments import LetterQuery
from cleangov_plugin.store.review import EntryQuery, Place, Reach
from cleangov_plugin.store.review_findings import FindingPlace, FindingQuery
from cleangov_plugin.store.schema import fingerprint
from tests.support.ends import opened

ENTRIES = 100_000
FINDINGS = 30_000
LOG = "big"
ALL = Reach(sees_hidden=True)
ONE_UNIT = Reach(unit="u-rare")

#: Entry n: a minute after n-1; every 997th is of a rare kind and unit, every 5,003rd a hit.
ENTRY = """
INSERT INTO {s}cleangov_entry (log_id, part, {id_}lane, no, event_key, stream, kind, subject,
  actor, unit, occurred_at, recorded_at, ingested_at, origin, digest, body, snapshot, marks,
  retention_class)
SELECT CASE WHEN n % 10 = 0 THEN 'other' ELSE 'big' END, 202603, {n}0, n, 'source' || {tab} || n,
  CASE WHEN n % 4 = 0 THEN 'permit' ELSE 'enforcement' END,
  CASE WHEN n % 997 = 0 THEN 'enf.rare' ELSE 'enf.decision.made' END,
  CASE WHEN n % 3 = 0 THEN 'one giant case' ELSE 'case ' || (n / 7) END, 'pseudonym',
  CASE WHEN n % 997 = 0 THEN 'u-rare' ELSE 'u-' || (n % 7) END,
  {at}, {at}, {at}, 'live', {empty}, '{{"outcomes":[]}}', '',
  CASE WHEN n % 5003 = 0 THEN 1 ELSE 0 END, 'case'
FROM {numbers}
"""
FINDING = """
INSERT INTO {s}cleangov_finding (log_id, rule_id, rule_version, binding_id, subject, part,
  is_signal, severity, visibility, state, owner, due_on, stream, step, unit, actor, event_key,
  event_id, shown_values, occurred_at, found_at, retention_class)
SELECT CASE WHEN n % 10 = 0 THEN 'other' ELSE 'big' END,
  CASE WHEN n % 499 = 0 THEN 'RARE' ELSE 'E07' END, 1, 'b', 'case ' || n, '', {signal},
  CASE WHEN n % 997 = 0 THEN 'void' ELSE 'minor' END, 'officer',
  CASE WHEN n % 2 = 0 THEN 'signal' ELSE 'open' END,
  CASE WHEN n % 2 = 0 THEN NULL ELSE 'supervision' END,
  CASE WHEN n % 2 = 0 THEN NULL ELSE '2026-04-' || (10 + n % 20) END,
  'enforcement', 'decide', 'u-' || (n % 7), 'pseudonym', 'k' || n, 'e' || n, '{{}}', {at}, {at},
  'case'
FROM {numbers}
"""
#: A letter about every finding; every 997th to one person, a unit each seventh.
LETTER = """
INSERT INTO {s}cleangov_instrument (log_id, kind, year, no, finding_id, subject, unit, visibility,
  addressee, sent_by, template, template_version, language, parameters, state, sent_at, due_on,
  changed_at, retention_class)
SELECT CASE WHEN n % 10 = 0 THEN 'other' ELSE 'big' END, 'inquiry', 2026, n, n, 'case ' || n,
  CASE WHEN n % 997 = 0 THEN 'u-rare' ELSE 'u-' || (n % 7) END, 'lead',
  CASE WHEN n % 997 = 0 THEN 'rare' ELSE 'p' || n END, 'sender', 'inquiry', 1, 'zh-CN', '{{}}',
  CASE WHEN n % 2 = 0 THEN 'waiting' ELSE 'answered' END, {at}, '2026-04-' || (10 + n % 20), {at},
  'case'
FROM {numbers}
"""
LETTER_ACT = """
INSERT INTO {s}cleangov_instrument_act (instrument_id, kind, done_by, done_at, retention_class)
SELECT n, 'answer', 'p' || n, {at}, 'case' FROM {numbers}
"""


def fill(engine: sa.Engine) -> None:
    is_sqlite = engine.dialect.name == "sqlite"
    clock = "strftime('%Y-%m-%dT%H:%M:00.000000Z', '2026-03-01', '+' || n || ' minutes')"
    if not is_sqlite:
        clock = "to_char(timestamp '2026-03-01' + n * interval '1 minute', {})".format(
            '\'YYYY-MM-DD"T"HH24:MI:00.000000"Z"\''
        )
    words = {
        "s": "" if is_sqlite else "cleangov.",
        "id_": "id, " if is_sqlite else "",
        "n": "n, " if is_sqlite else "",
        "tab": "char(9)" if is_sqlite else "chr(9)",
        "empty": "x''" if is_sqlite else "''::bytea",
        "signal": "n % 2 = 0",
        "at": clock,
    }
    with engine.begin() as connection:
        many = ((ENTRY, ENTRIES), (FINDING, FINDINGS), (LETTER, FINDINGS), (LETTER_ACT, FINDINGS))
        for statement, number in many:
            numbers = f"generate_series(1, {number}) AS g(n)"
            if is_sqlite:
                numbers = (
                    "(WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g"
                    f" WHERE n < {number}) SELECT n FROM g)"
                )
            text = statement.format(**words, numbers=numbers)
            connection.exec_driver_sql(text if is_sqlite else text.replace("%", "%%"))
        if not is_sqlite:
            connection.exec_driver_sql("ANALYZE")


@pytest.fixture(scope="module")
def big_sqlite(
    _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sa.Engine]:
    path = tmp_path_factory.mktemp("big") / "big.db"
    path.write_bytes(_sqlite_template.read_bytes())
    with opened(f"sqlite:///{path}") as engine:
        fill(engine)
        yield engine


@pytest.fixture(scope="module")
def big_postgres(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    url, template = request.getfixturevalue("pg_url"), request.getfixturevalue("_pg_template")
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE cleangov_big TEMPLATE {template}")
    with opened(sa.make_url(url).set(database="cleangov_big")) as engine:
        fill(engine)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")  # as a city's own upkeep does
        yield engine
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE cleangov_big WITH (FORCE)")


@pytest.fixture
def big(database: str, request: pytest.FixtureRequest) -> sa.Engine:
    name = "big_sqlite" if database == "sqlite" else "big_postgres"
    found: sa.Engine = request.getfixturevalue(name)
    return found


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


def entry(**wanted: Any) -> EntryQuery:
    return EntryQuery(**{"log_id": LOG, "reach": ALL, **wanted})


def finding(state: FindingState = FindingState.SIGNAL, **wanted: Any) -> FindingQuery:
    return FindingQuery(**{"log_id": LOG, "reach": ALL, "state": state, **wanted})


def letters(**wanted: Any) -> LetterQuery:
    return LetterQuery(**{"log_id": LOG, "reach": ALL, "state": LetterState.WAITING, **wanted})


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


def test_every_entry_is_met_once_in_both_directions(big: sa.Engine) -> None:
    query = entry(marks=Mark.HIT.value)
    met: list[int] = []
    with big.connect() as connection:
        place: Place | None = None
        while True:
            page = review.entries(connection, query, size=7, before=place)
            met += [row["id"] for row in page.rows]
            if page.older is None:
                break
            place = page.older
        wanted = [n for n in range(5003, ENTRIES + 1, 5003) if n % 10]
        assert len(met) == len(wanted)
        assert len(set(met)) == len(met)
        back: list[int] = []
        place = Place("2026-03-01T00:00:00.000000Z", 0)
        while place is not None:
            page = review.entries(connection, query, size=7, after=place)
            back = [*(row["id"] for row in page.rows), *back]
            place = page.newer
    assert back == met


def test_a_search_that_is_broken_off_says_so_and_goes_on(big: sa.Engine) -> None:
    query = entry(kinds=("enf.none",))
    with big.connect() as connection:
        page, stretches = review.entries(connection, query, size=50), 1
        while page.older is not None:
            assert page.rows == ()
            assert page.searched_to == page.older
            page = review.entries(connection, query, size=50, before=page.older)
            stretches += 1
        assert page.searched_to is None
    assert stretches == ENTRIES * 9 // 10 // review.STRETCH_OF_ROWS


def test_what_is_asked_of_one_case_is_the_same_by_either_index(
    big: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = entry(subject="case 700")
    with big.connect() as connection:
        by_case = review.entries(connection, query, size=50)
        monkeypatch.setattr(review, "_is_large", lambda *_: True)
        walked = review.entries(connection, query, size=50)
        while walked.older is not None and not walked.rows:
            walked = review.entries(connection, query, size=50, before=walked.older)
    assert by_case.rows
    assert [row["id"] for row in by_case.rows] == [row["id"] for row in walked.rows]


def test_findings_are_met_once(big: sa.Engine) -> None:
    for query in (finding(FindingState.OPEN, rule_id="RARE"), finding(rule_id="RARE"), finding()):
        met: list[int] = []
        place: FindingPlace | None = None
        with big.connect() as connection:
            while True:
                page = review_findings.page(connection, query, size=500, after=place)
                met += [row["id"] for row in page.rows]
                place = page.onward
                if place is None:
                    break
        assert len(met) == len(set(met))
        rare = [n for n in range(499, FINDINGS + 1, 499) if n % 10]
        is_signal = query.state is FindingState.SIGNAL
        wanted = [n for n in rare if (n % 2 == 0) is is_signal]
        assert len(met) == (len(wanted) if query.rule_id else FINDINGS // 2 - FINDINGS // 10)


def test_another_ledger_is_never_shown(big: sa.Engine) -> None:
    with big.connect() as connection:
        page = review.entries(connection, replace(entry(), log_id="other"), size=50)
        assert {row["log_id"] for row in page.rows} == {"other"}
        assert review.entries(connection, replace(entry(), log_id="none"), size=50).rows == ()
        assert fingerprint(connection)
