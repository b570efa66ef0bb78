"""Running ``cleangov replay``, and looking at what it left, by raw SQL that is not ours."""

import csv
import gzip
import json
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from cleangov_plugin.cli.main import main
from cleangov_plugin.intake.rule_files import rulebook_folder

RULE = {"cases", "hits", "cannot_be_checked"}


def few_rules(folder: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Make the plugin load some of the shipped rules only."""
    rules = folder / "rules"
    rules.mkdir()
    for path in rulebook_folder().rglob("*.yaml"):
        if path.stem in (names or ("E07", "X10")):
            shutil.copy(path, rules)
    monkeypatch.setenv("CLEANGOV_RULES", str(rules))


def run(url: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["--database", url, "--lang", "en", *words])


def replay(url: str, log: Path, mapping: str | Path, keys: Path) -> Any:
    """Replay a log and answer its figures."""
    words = ["replay", str(log), "--mapping", str(mapping), "--keys", str(keys), "--json"]
    result = run(url, *words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def query(url: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask a database of either kind; ``{s}`` stands before our tables' names."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    prefix = "" if engine.dialect.name == "sqlite" else "cleangov."
    named = {f"v{n}": value for n, value in enumerate(values)}
    with engine.connect() as connection:
        return [
            tuple(row) for row in connection.execute(sa.text(statement.format(s=prefix)), named)
        ]


def dump(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Answer every row of every table of ours, numbers of rows included."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    schema = None if engine.dialect.name == "sqlite" else "cleangov"
    with engine.connect() as connection:
        metadata = sa.MetaData()
        metadata.reflect(connection, schema=schema)
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name.startswith("cleangov_")
        }


def subjects(url: str, rule: str) -> set[str]:
    """Answer the cases in which a rule opened a signal."""
    statement = "SELECT subject FROM {s}cleangov_finding WHERE rule_id = :v0"
    return {subject for (subject,) in query(url, statement, rule)}


def unknown(url: str, rule: str) -> dict[str, set[str]]:
    """Answer the cases in which a rule could not be checked at an event, with the fields."""
    found: dict[str, set[str]] = {}
    for subject, body in query(url, "SELECT subject, body FROM {s}cleangov_entry"):
        for rule_id, _, result, _, *fields in json.loads(body)["outcomes"]:
            if rule_id == rule and result == "cannot_be_checked":
                found.setdefault(subject, set()).update(fields)
    return found


def flat_rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=1) as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def second_opinion(rows: Iterable[dict[str, str]], statement: str) -> set[str]:
    """Judge the rows of a flat log by a statement in plain SQL; answer the cases it names.

    Nothing of the project is used here: the csv module, and SQLite's own dates. The first ten
    characters of a time are the day on the clock of the place.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE TABLE e (n INTEGER PRIMARY KEY, c TEXT, step TEXT, actor TEXT, day TEXT)"
        )
        connection.executemany(
            "INSERT INTO e (c, step, actor, day) VALUES (?, ?, NULLIF(?, ''), substr(?, 1, 10))",
            ((r["case_id"], r["step"], r["actor"], r["occurred_at"]) for r in rows),
        )
        return {case for (case,) in connection.execute(statement)}


#: Cases with both steps.
BOTH = """SELECT DISTINCT a.c FROM e a JOIN e b ON a.c = b.c
 WHERE a.step LIKE 'T02 %' AND b.step LIKE 'T04 %'"""
#: Cases in which one person did both, in whichever order.
SAME = f"{BOTH} AND a.actor = b.actor"
#: Cases in which a step of a pair was done by nobody known.
NOBODY = f"{BOTH} AND (a.actor IS NULL OR b.actor IS NULL)"
#: Cases with a penalty, and those in which it was not added on day 60 after the latest notice
#: that stands above it.
PENALTY = "SELECT DISTINCT c FROM e WHERE step = 'Add penalty'"
NOT_60 = """SELECT DISTINCT p.c FROM e p JOIN e s ON s.n = (
 SELECT n FROM e WHERE c = p.c AND step = 'Insert Fine Notification' AND day <= p.day
 AND (day < p.day OR n < p.n) ORDER BY day DESC, n DESC LIMIT 1)
 WHERE p.step = 'Add penalty' AND julianday(p.day) - julianday(s.day) <> 60"""
NO_NOTICE = """SELECT DISTINCT p.c FROM e p WHERE p.step = 'Add penalty' AND NOT EXISTS (
 SELECT 1 FROM e s WHERE s.c = p.c AND s.step = 'Insert Fine Notification')"""
#: Cases in which the fine was sent more than so many days after the decision.
SENT_LATE = """SELECT DISTINCT s.c FROM e s JOIN e d ON d.c = s.c AND d.step = 'Create Fine'
 WHERE s.step = 'Send Fine' AND julianday(s.day) - julianday(d.day) > %d"""


def backtest(url: str, draft: Path, *words: str) -> Any:
    """Back-test a rule file and answer the figures."""
    result = run(url, "rules", "backtest", str(draft), *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def excerpt(rows: Sequence[dict[str, str]], cases: int) -> list[dict[str, str]]:
    """Answer the rows of the first cases of a flat log."""
    chosen = list(dict.fromkeys(row["case_id"] for row in rows))[:cases]
    return [row for row in rows if row["case_id"] in set(chosen)]


def xes_excerpt(path: Path, log: Path, cases: int) -> Path:
    """Write the first traces of an XES log, as they stand there."""
    text = gzip.decompress(log.read_bytes()).decode("utf-8")
    head, *traces = text.split("<trace>")
    kept = "".join(f"<trace>{trace}" for trace in traces[:cases])
    end = kept.rindex("</trace>") + len("</trace>")
    path.write_bytes(gzip.compress(f"{head}{kept[:end]}\n</log>\n".encode(), 1))
    return path
