"""The plugin's own schema history: up, down and up again, on both databases, with data."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.store import schema, tables
from cleangov_plugin.store.run import run
from tests.support.ends import OpenEngine


def _ours(connection: sa.Connection) -> set[str]:
    schema = None if connection.dialect.name == "sqlite" else cleangov_migrations.SCHEMA
    return set(sa.inspect(connection).get_table_names(schema=schema))


def test_upgrade_makes_every_table_and_check_finds_no_difference(
    empty_url: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        assert cleangov_migrations.current(connection) is None
        cleangov_migrations.upgrade(connection)
    with engine.connect() as connection:
        wanted = {table.name for table in tables.metadata.sorted_tables}
        assert _ours(connection) == wanted | {cleangov_migrations.VERSION_TABLE}
        assert cleangov_migrations.current(connection) == cleangov_migrations.head()
        assert cleangov_migrations.check(connection) == []


def test_check_names_a_column_that_is_missing(connection: sa.Connection) -> None:
    table = "cleangov_gap" if connection.dialect.name == "sqlite" else "cleangov.cleangov_gap"
    connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN detail")
    assert "detail" in "".join(cleangov_migrations.check(connection))


def test_upgrade_joins_the_callers_transaction_and_commits_nothing(
    empty_url: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(empty_url)
    with engine.connect() as connection:
        transaction = connection.begin()
        cleangov_migrations.upgrade(connection)
        assert "cleangov_entry" in _ours(connection)
        transaction.rollback()
    with engine.connect() as connection:
        assert _ours(connection) == set()


def test_upgrade_on_an_idle_connection_commits(empty_url: str, open_engine: OpenEngine) -> None:
    engine = open_engine(empty_url)
    with engine.connect() as connection:
        cleangov_migrations.upgrade(connection)
        assert not connection.in_transaction()
    with engine.connect() as connection:
        assert "cleangov_entry" in _ours(connection)


def _value(column: sa.Column[Any]) -> Any:
    """A value for a column; keys that refer to other tables are equal there and here."""
    kind = column.type.python_type
    if kind is int:
        return 1
    return {bool: True, bytes: b"\x00\xff", date: date(2026, 3, 10)}.get(kind, f"甲 {column.name}")


def _there(table: sa.Table, revision: str) -> list[sa.Column[Any]]:
    """The columns that a table has at a revision."""
    return [c for c in table.columns if COLUMNS.get((table.name, c.name), "") <= revision]


def _values(table: sa.Table, revision: str) -> dict[str, Any]:
    return {column.name: _value(column) for column in _there(table, revision)}


def _kept(connection: sa.Connection, table: sa.Table, revision: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in run(connection, sa.select(*_there(table, revision)))]


def _fill(connection: sa.Connection) -> None:
    """Write one row into every table of ours."""
    for table in tables.metadata.sorted_tables:
        values = {column.name: _value(column) for column in table.columns}
        run(connection, sa.insert(table).values(values))


def _rows(connection: sa.Connection) -> dict[str, list[Any]]:
    return {
        table.name: [tuple(row) for row in run(connection, sa.select(table))]
        for table in tables.metadata.sorted_tables
    }


def test_upgrading_twice_changes_nothing_of_a_database_with_data(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        _fill(connection)
        before = _rows(connection), schema.fingerprint(connection)
    for _ in range(2):
        with engine.connect() as connection:
            cleangov_migrations.upgrade(connection)
    with engine.connect() as connection:
        assert (_rows(connection), schema.fingerprint(connection)) == before
        assert all(len(rows) == 1 for rows in before[0].values())
        assert cleangov_migrations.check(connection) == []


def test_a_database_with_data_in_every_table_goes_down_and_up_again(engine: sa.Engine) -> None:
    from tests.store.samples import host_table, write_entry

    with engine.begin() as connection:
        host_table(connection)
        _fill(connection)
    with engine.begin() as connection:
        cleangov_migrations.downgrade(connection, "base")
    with engine.begin() as connection:
        assert _ours(connection) - {"host_case"} == {cleangov_migrations.VERSION_TABLE}
        assert connection.exec_driver_sql("SELECT count(*) FROM host_case").scalar() == 1
        cleangov_migrations.upgrade(connection)
        assert cleangov_migrations.check(connection) == []
        assert all(rows == [] for rows in _rows(connection).values())
        write_entry(connection)
        assert len(_rows(connection)["cleangov_entry"]) == 1


def test_an_upgrade_that_fails_half_way_leaves_nothing(
    empty_url: str, database: str, open_engine: OpenEngine
) -> None:
    prefix = "" if database == "sqlite" else "cleangov."
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        if database != "sqlite":
            connection.exec_driver_sql("CREATE SCHEMA cleangov")
        connection.exec_driver_sql(f"CREATE TABLE {prefix}cleangov_prompt_fate (in_the_way TEXT)")
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        cleangov_migrations.upgrade(connection)
    with engine.connect() as connection:
        assert _ours(connection) == {"cleangov_prompt_fate"}
        assert cleangov_migrations.current(connection) is None


#: What each later revision brought.
LATER = {
    "0002": {"cleangov_instrument", "cleangov_instrument_act"},
    "0003": {"cleangov_leaf", "cleangov_tile", "cleangov_tree_head"},
    "0004": {"cleangov_case_index", "cleangov_index_state", "cleangov_index_tile"},
    "0005": {"cleangov_group_state", "cleangov_grouped"},
    "0006": {"cleangov_clock_state", "cleangov_clock_version", "cleangov_running_clock"},
    "0007": {"cleangov_answer_basis", "cleangov_follow_up"},
    "0008": set(),
}
#: Columns that later revisions put into older tables.
COLUMNS = {
    ("cleangov_revision", "passings_until"): "0008",
    ("cleangov_revision", "deputies_until"): "0008",
    ("cleangov_second_request", "instead_of"): "0008",
}


@pytest.mark.parametrize("revision", sorted(LATER))
def test_a_revision_comes_and_goes_without_touching_what_was_there(
    empty_url: str, open_engine: OpenEngine, revision: str
) -> None:
    """Up, down and up again over a database that has data in every older table."""
    below = f"{int(revision) - 1:04d}"
    own = LATER[revision]
    newer = set().union(*(names for number, names in LATER.items() if number >= revision))
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        cleangov_migrations.upgrade(connection, below)
        assert _ours(connection).isdisjoint(newer)
        older = [t for t in tables.metadata.sorted_tables if t.name not in newer]
        for table in older:
            run(connection, sa.insert(table).values(_values(table, below)))
        before = {t.name: _kept(connection, t, below) for t in older}
    for _ in range(2):
        with engine.begin() as connection:
            cleangov_migrations.upgrade(connection, revision)
            for table in tables.metadata.sorted_tables:
                if table.name in own:
                    run(connection, sa.insert(table).values(_values(table, revision)))
            after = {t.name: _kept(connection, t, below) for t in older}
            assert after == before
        with engine.begin() as connection:
            cleangov_migrations.downgrade(connection, below)
            assert cleangov_migrations.current(connection) == below
            assert _ours(connection).isdisjoint(newer)
            after = {t.name: _kept(connection, t, below) for t in older}
            assert after == before
