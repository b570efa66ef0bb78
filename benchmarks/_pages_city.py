"""The sample city, its story played and then repeated until its ledger is as large as a city's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from flask import Flask

from sample_host import serve as demo
from sample_host.app import create_app
from sample_host.city import of
from sample_host.story import tell
from tests.sample_host.pressing import Presser, play_on

#: Of how many checkpoints there is a finding: one in that many.
FINDING_IN: Final = 50
#: A repetition of the story stands a day earlier than the one before, for thirty years; then anew.
_DAYS: Final = 10_950
#: Repetitions that one statement writes: a transaction of bounded size.
_AT_ONCE: Final = 200


def large_city(url: str, folder: Path, entries: int) -> Flask:
    """Make the city, play its story by the bar's buttons, and repeat what that left.

    :param url: SQLAlchemy URL of a database with our tables.
    :param folder: for keys and spool.
    :param entries: how many checkpoints there are in the end, at least.
    """
    app = create_app({**demo.config(folder), "DATABASE_URL": url})
    tell(of(app))
    play_on(Presser(app))
    engine = of(app).engine
    with engine.connect() as connection:
        played = connection.execute(sa.text(_named("SELECT count(*) FROM {s}cleangov_entry", url)))
        each = int(played.scalar_one())
    for first in range(1, -(-entries // each), _AT_ONCE):
        last = min(first + _AT_ONCE, -(-entries // each))
        with engine.begin() as connection:
            _repeat(connection, url, first, last)
    with engine.begin() as connection:
        _letters(connection, url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return app


def _named(text: str, url: str) -> str:
    return text.format(s="" if url.startswith("sqlite") else "cleangov.")


def _repeat(connection: sa.Connection, url: str, first: int, last: int) -> None:
    """Write the repetitions numbered from `first` up to `last`."""
    is_sqlite = connection.dialect.name == "sqlite"
    day = (
        f"strftime('%Y-%m-%d', '2026-03-10', '-' || (1 + n % {_DAYS}) || ' days')"
        if is_sqlite
        else f"to_char(date '2026-03-10' - CAST(1 + n % {_DAYS} AS integer), 'YYYY-MM-DD')"
    )
    moved: dict[str, str] = {
        "subject": "subject || '-' || n",
        "event_key": "event_key || '-' || n",
        "lane": "1000 + n",
        "part": f"CAST(substr(replace({day}, '-', ''), 1, 6) AS integer)",
    }
    for name in ("occurred_at", "recorded_at", "ingested_at"):
        moved[name] = f"{day} || substr({name}, 11)"
    numbers = (
        f"(WITH RECURSIVE g(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM g"
        f" WHERE n < {last - 1}) SELECT n FROM g)"
        if is_sqlite
        else f"generate_series({first}, {last - 1}) AS g(n)"
    )
    if is_sqlite:
        moved["id"] = "id + n * 1000000"
    of_story = "WHERE log_id = 'yunting' AND lane < 1000"
    _copy(connection, url, "cleangov_entry", moved, numbers, of_story)
    _findings(connection, url, day, numbers)


def _letters(connection: sa.Connection, url: str) -> None:
    """Write a letter about each finding of one rule: most are answered, some wait."""
    told = (
        '{"rule": "J11", "version": 1, "values": {}, "told": {"closed": 0, "confirmed": 0,'
        ' "days": 7, "due_on": {"date": "2026-03-19"}, "is_provisional": false}}'
    )
    values: dict[str, Any] = {
        "log_id": "log_id",
        "kind": "'inquiry'",
        "year": "2026",
        "no": "id + 1000",
        "finding_id": "id",
        "subject": "subject",
        "unit": "unit",
        "visibility": "visibility",
        "addressee": "'person' || (id % 97)",
        "addressee_unit": "unit",
        "sent_by": "'sender'",
        "template": "'inquiry'",
        "template_version": "1",
        "language": "'zh-CN'",
        "parameters": f"'{told}'",
        "state": "CASE id % 9 WHEN 0 THEN 'waiting' ELSE 'answered' END",
        "sent_at": "found_at",
        "due_on": "substr(found_at, 1, 10)",
        "changed_at": "found_at",
        "retention_class": "'case'",
    }
    text = f"INSERT INTO {{s}}cleangov_instrument ({', '.join(values)})"
    text = _named(text, url) + f" SELECT {', '.join(values.values())} FROM "
    text += _named("{s}cleangov_finding", url) + " WHERE rule_id = 'J11'"
    text += " AND log_id = 'yunting' AND event_key LIKE 'key-%'"
    connection.exec_driver_sql(text if url.startswith("sqlite") else text.replace("%", "%%"))


def _copy(
    connection: sa.Connection,
    url: str,
    table: str,
    moved: Mapping[str, str],
    numbers: str,
    which: str,
) -> None:
    """Copy rows of the story once for each number; what is named is moved."""
    found = sa.inspect(connection)
    schema = None if url.startswith("sqlite") else "cleangov"
    columns = [column["name"] for column in found.get_columns(table, schema=schema)]
    named = [name for name in columns if name != "id" or "id" in moved]
    values = ", ".join(moved.get(name, name) for name in named)
    text = f"INSERT INTO {{s}}{table} ({', '.join(named)}) SELECT {values} FROM {{s}}{table}"
    text = _named(f"{text}, {numbers} {which}", url)
    connection.exec_driver_sql(text if schema is None else text.replace("%", "%%"))


def _findings(connection: sa.Connection, url: str, day: str, numbers: str) -> None:
    """Write findings of every colour and state, among them many that are open."""
    each = 6  # of a repetition of some three hundred checkpoints: one in fifty
    state = "CASE (n + k) % 4 WHEN 0 THEN 'signal' WHEN 1 THEN 'closed' ELSE 'open' END"
    is_signal = "(n + k) % 4 = 0"
    values: dict[str, Any] = {
        "log_id": "'yunting'",
        "rule_id": "CASE k % 3 WHEN 0 THEN 'E07' WHEN 1 THEN 'E08' ELSE 'J11' END",
        "rule_version": "1",
        "binding_id": "'E07-event'",
        "subject": "'YT-CF-2025-' || (1000 + k) || '-' || n",
        "part": "''",
        "is_signal": is_signal,
        "severity": "CASE k % 3 WHEN 0 THEN 'void' WHEN 1 THEN 'revocable' ELSE 'minor' END",
        "visibility": "'officer'",
        "state": state,
        "owner": f"CASE WHEN {is_signal} THEN NULL ELSE 'supervision' END",
        "due_on": f"CASE WHEN {is_signal} THEN NULL ELSE {day} END",
        "stream": "'enforcement'",
        "step": "'decide'",
        "unit": "'squad-' || (n % 7)",
        "event_key": "'key-' || k || '-' || n",
        "event_id": "'id-' || k || '-' || n",
        "shown_values": "'{}'",
        "occurred_at": f"{day} || 'T02:00:00.000000Z'",
        "found_at": f"{day} || 'T02:00:00.000000Z'",
        "retention_class": "'case'",
    }
    kinds = " UNION ALL ".join(f"SELECT {k} AS k" for k in range(each))
    text = f"INSERT INTO {{s}}cleangov_finding ({', '.join(values)})"
    text = text.format(s="" if url.startswith("sqlite") else "cleangov.")
    text += f" SELECT {', '.join(values.values())} FROM ({kinds}) AS kinds, {numbers}"
    connection.exec_driver_sql(text if url.startswith("sqlite") else text.replace("%", "%%"))
