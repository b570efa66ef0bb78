"""Prompts of one officer: found among those of all by index, in a bounded stretch of their own."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import tables
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.own_prompts import OwnPrompts, own_prompts
from cleangov_plugin.store.run import run
from tests.store.test_page_plans import nodes, told

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
MANY = 3_000


def fill(database: Database) -> None:
    """Write a prompt a minute, every hundredth of one officer, each holding a step."""
    attempts, prompts = [], []
    for n in range(MANY):
        at = stamp(NOW - timedelta(minutes=n))
        both = {"log_id": "cg", "attempt_id": f"a{n}", "subject": f"C-{n}", "step": "decide"}
        both |= {"actor": "rare" if n % 100 == 50 else f"p{n % 7}", "digest": "00"}
        both |= {"retention_class": "case"}
        held = {"stream": "permit", "kind": "prm.decided", "state": "held", "reason": ""}
        attempts.append({**both, **held, "ruleset": 1, "calendar": 1, "opened_at": at})
        prompt = {"prompt_id": f"q{n}", "tier": 4, "rules": "[]", "outcomes": "[]"}
        prompts.append({**both, **prompt, "fate": "rendered", "created_at": at})
    with database.own_transaction() as connection:
        run(connection, sa.insert(tables.attempt), attempts)
        run(connection, sa.insert(tables.prompt), prompts)


def found(database: Database, *, size: int = 20, stretch: int = 500, days: int = 30) -> OwnPrompts:
    with database.own_transaction(is_reading=True) as connection:
        since = NOW - timedelta(days=days)
        return own_prompts(
            connection, "cg", "rare", since=since, now=NOW, size=size, stretch=stretch
        )


def test_an_officers_prompts_are_found_in_a_bounded_stretch(ours: Database) -> None:
    fill(ours)
    first = found(ours)
    assert [row["prompt_id"] for row in first.rows] == [f"q{n}" for n in range(50, 2_050, 100)]
    assert {row["attempt_state"] for row in first.rows} == {"held"}
    assert first.is_cut
    few = found(ours, stretch=3)
    assert [row["prompt_id"] for row in few.rows] == ["q50", "q150", "q250"]
    assert few.is_cut
    whole = found(ours, size=40)
    assert (len(whole.rows), whole.is_cut) == (30, False)
    assert found(ours, days=0).rows == ()


def test_no_statement_reads_prompts_or_attempts_whole(ours: Database) -> None:
    fill(ours)
    with ours.own_transaction() as connection:
        connection.exec_driver_sql("ANALYZE")
    with told() as heard:
        found(ours, stretch=20)
    assert len(heard) == 2
    with ours.own_transaction(is_reading=True) as connection:
        for statement, values in heard:
            if connection.dialect.name == "sqlite":
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                steps = [str(row[3]) for row in plan]
                assert not [s for s in steps if s.startswith("SCAN cleangov_")], steps
                own = "log_id=? AND actor=? AND created_at>?"
                assert any(own in s for s in steps), steps
            else:
                plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values)
                every = list(nodes(plan.scalar_one()[0]["Plan"]))
                assert "Seq Scan" not in [
                    node["Node Type"]
                    for node in every
                    if node.get("Relation Name") in ("cleangov_prompt", "cleangov_attempt")
                ], every
