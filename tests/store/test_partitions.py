"""A city may partition the ledger's table later, by the statements of its decision page."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.store import entries, knowledge, schema, tables
from cleangov_plugin.store.run import run
from tests.store.samples import host_table, record, request, write
from tests.support.ends import OpenEngine

PAGE = Path(__file__).parents[2] / "docs" / "decisions" / "0001-partition-keys.md"


def statements() -> list[str]:
    (block,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [statement.strip() for statement in block.split(";") if statement.strip()]


def at(year: int, month: int = 3) -> dict[str, datetime]:
    moment = datetime(year, month, 10, 4, tzinfo=UTC)
    return {"occurred_at": moment, "recorded_at": moment}


@pytest.mark.postgres
def test_the_statements_of_the_page_partition_a_table_with_data(
    pg_database: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(pg_database)
    entry = tables.entry
    with engine.begin() as connection:
        host_table(connection)
        before = [write(connection, record(n, **at(2025 + n))) for n in range(3)]
        whole = run(connection, sa.select(entry).order_by(entry.c.id)).all()
    with engine.begin() as connection:
        for statement in statements():
            connection.exec_driver_sql(statement)
    with engine.begin() as connection:
        assert run(connection, sa.select(entry).order_by(entry.c.id)).all() == whole
        assert cleangov_migrations.check(connection) == []
        assert schema.examine(connection).state is schema.SchemaState.RIGHT
        for year in (2025, 2026, 2031):  # the last one fits no year that was prepared
            assert isinstance(write(connection, record(year, **at(year))), entries.Appended)
        again = write(connection, record(0, **at(2025)))
        assert again == entries.Duplicate(row=before[0].row)
        moved = write(connection, record(0, **at(2026)))
        assert moved == entries.Conflict(row=before[0].row)
        asked = request(record(9), kinds=frozenset({"enf.decision.made"}))
        assert len(knowledge.read(connection, asked).history) == 6
    with engine.begin() as connection:
        parts = connection.exec_driver_sql(
            "SELECT tableoid::regclass::text, count(*) FROM cleangov.cleangov_entry GROUP BY 1"
        ).fetchall()
        assert {name.rpartition("_")[2]: number for name, number in parts} == {
            "2025": 2,
            "2026": 2,
            "rest": 2,
        }
        cleangov_migrations.downgrade(connection, "base")
        assert connection.exec_driver_sql("SELECT count(*) FROM host_case").scalar() == 1
