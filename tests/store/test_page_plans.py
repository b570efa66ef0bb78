"""Every page there is, as it is opened: no statement of it reads a large table whole.

The statements are those the pages of a small city ran; planned they are on a large ledger.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Person
from tests.store.big_ledger import LOG
from tests.support import review_city
from tests.support.review_city import AUDITOR, CASE, LEAD, OPERATOR
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

_LISTED = "since=2026-03-01&until=2026-03-31&unit=u-2"
_ONWARD = "after=2026-03-09T02:00:00.000000Z~3"
_NO_NOTE, _NO_PROMPT = f"/notes/{'0' * 32}", f"/prompts/{'0' * 32}"
_NO_REQUEST = f"/requests/{'0' * 32}"
#: By endpoint: addresses, and who opens them. The inbox is the officer's own.
PAGES: dict[str, list[tuple[str, Person]]] = {
    "overview": [("/", AUDITOR), ("/", LEAD)],
    "checkpoints": [
        *((f"/checkpoints?{query}", AUDITOR) for query in ("", _LISTED, _ONWARD, "outcome=hit")),
        *((f"/checkpoints?{query}", LEAD) for query in ("rule=E07&outcome=hit", "stream=project")),
        *((f"/checkpoints?{query}", AUDITOR) for query in (f"case={CASE}", "kind=prm.decided")),
    ],
    "case": [(f"/cases/cg/{CASE}", AUDITOR), ("/cases/cg/YT-CF-2026-0702", LEAD)],
    "findings": [
        *((f"/findings?{query}", AUDITOR) for query in ("", "state=closed", _LISTED)),
        ("/findings?rule=E07&after=2026-03-09~3", LEAD),
    ],
    "finding": [("/findings/1", AUDITOR), ("/findings/5", LEAD)],
    "signals": [("/signals", AUDITOR), ("/signals?rule=J11&after=~9", AUDITOR)],
    "letters": [
        *((f"/letters?{query}", AUDITOR) for query in ("", _LISTED, "state=overdue")),
        ("/letters?after=2026~9", LEAD),
    ],
    "letter_new": [("/findings/1/letter", AUDITOR)],
    "letter": [("/letters/1", AUDITOR), ("/letters/1", PEOPLE["zhao"])],
    "mine": [("/mine", PEOPLE["zhao"]), ("/mine", AUDITOR)],
    "own_case": [(f"/mine/case?case={CASE}", PEOPLE["chen"])],
    "modes": [("/modes", AUDITOR), ("/modes", PEOPLE["chen"])],
    "exceptions": [("/exceptions", AUDITOR)],
    "real": [("/real", AUDITOR)],
    "doctor": [("/doctor", OPERATOR)],
    "health": [("/health", OPERATOR)],
    "check": [("/check", AUDITOR)],
    "note": [(_NO_NOTE, AUDITOR)],
    "prompt": [(_NO_PROMPT, PEOPLE["zhao"])],
    "request": [(_NO_REQUEST, PEOPLE["zhao"])],
    "terms": [("/terms", AUDITOR), ("/terms", LEAD)],
    "whose": [("/whose", PEOPLE["zhao"])],
    "openapi": [],  # asks nothing of the database
    "static": [],  # a file
}
#: Tables that grow with the log, and are large in the ledger on which the plans are made.
LARGE = ("entry", "finding", "instrument", "instrument_act")


@pytest.fixture
def city(database_url: str, tmp_path: Path) -> Iterator[SmallHost]:
    host = review_city.city(database_url, tmp_path)
    review_city.ask(host)
    yield host
    host.close()


@contextmanager
def told() -> Iterator[list[tuple[str, Any]]]:
    """Hear every statement that any engine of this process runs, each text once."""
    found: dict[str, Any] = {}

    def note(_c: Any, _u: Any, statement: str, values: Any, _x: Any, is_many: bool) -> None:
        if statement.startswith(("SELECT", "WITH")) and not is_many:
            found.setdefault(statement, values)

    heard: list[tuple[str, Any]] = []
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield heard
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    heard.extend(found.items())


def read_whole(connection: sa.Connection, statement: str, values: Any) -> list[str]:
    """Answer the large tables that a statement would read whole."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        steps = [str(row[3]) for row in rows]
        return [name for name in LARGE if f"SCAN cleangov_{name}" in steps]
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    whole = [n["Relation Name"] for n in nodes(plan[0]["Plan"]) if n["Node Type"] == "Seq Scan"]
    return [name for name in LARGE if f"cleangov_{name}" in whole]


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from nodes(inner)


def of_large(values: Any) -> Any:
    """Ask for the large ledger instead of the small one."""
    if isinstance(values, dict):
        return {name: LOG if value == "cg" else value for name, value in values.items()}
    return tuple(LOG if value == "cg" else value for value in values)


def test_every_page_is_opened_here(city: SmallHost) -> None:
    rules = [r for r in city.app.url_map.iter_rules() if r.endpoint.startswith("cleangov.")]
    there = {r.endpoint.partition(".")[2] for r in rules if "GET" in (r.methods or ())}
    assert there == set(PAGES)


def test_no_page_reads_a_large_table_whole(city: SmallHost, big: sa.Engine) -> None:
    opened: dict[str, list[tuple[str, Any]]] = {}
    for path, person in (page for pages in PAGES.values() for page in pages):
        city.who = person
        with told() as opened[f"{path} as {person.id}"]:
            response = city.app.test_client().get(f"/cleangov{path}")
        assert response.status_code == (
            404 if path in (_NO_NOTE, _NO_PROMPT, _NO_REQUEST) else 200
        ), path
    city.who = PEOPLE["zhao"]
    with told() as opened["inbox"]:
        assert "来函" in city.show("person.inbox")
    texts = [statement for heard in opened.values() for statement, _ in heard]
    assert {name for name in LARGE if any(name in text for text in texts)} == set(LARGE)
    with big.connect() as connection:
        bad = {
            (page, statement): whole
            for page, heard in opened.items()
            for statement, values in heard
            if (whole := read_whole(connection, statement, of_large(values)))
        }
    assert bad == {}


def test_a_statement_that_reads_a_large_table_whole_is_found(big: sa.Engine) -> None:
    prefix = "" if big.dialect.name == "sqlite" else "cleangov."
    query = f"SELECT id FROM {prefix}cleangov_finding WHERE shown_values = 'nowhere'"
    with big.connect() as connection:
        assert read_whole(connection, query, ()) == ["finding"]
