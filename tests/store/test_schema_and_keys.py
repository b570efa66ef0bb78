"""The schema: its revision is examined, and its keys hold to one side and to the partition."""

import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.store import schema, tables
from cleangov_plugin.store.schema import SchemaState
from tests.support.ends import OpenEngine


def test_the_schema_is_examined(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        assert schema.examine(connection).state is SchemaState.RIGHT
        assert schema.examine(connection).revision == schema.WANTED == cleangov_migrations.head()
        before = schema.fingerprint(connection)
        prefix = "" if connection.dialect.name == "sqlite" else "cleangov."
        version = f"{prefix}{schema.VERSION_TABLE}"
        for number, state in (("0001", SchemaState.OLDER), ("9999", SchemaState.NEWER)):
            connection.exec_driver_sql(f"UPDATE {version} SET version_num = '{number}'")
            assert schema.examine(connection).state is state
        assert schema.fingerprint(connection) == before
        connection.exec_driver_sql(f"ALTER TABLE {prefix}cleangov_gap ADD COLUMN more TEXT")
        assert schema.fingerprint(connection) != before


def test_no_tables_at_all_are_missing(empty_url: str, open_engine: OpenEngine) -> None:
    engine = open_engine(empty_url)
    with engine.connect() as connection:
        found = schema.examine(connection)
        assert (found.state, found.revision) == (SchemaState.MISSING, None)
        assert "cleangov_entry" in found.missing


def test_no_foreign_key_crosses_from_one_side_to_the_other() -> None:
    sides = {table.name: table.info["side"] for table in tables.metadata.sorted_tables}
    assert set(sides.values()) == {"agency", "oversight"}
    for table in tables.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            assert sides[key.referred_table.name] == sides[table.name]


def test_every_row_about_a_case_or_a_person_says_how_long_it_is_kept() -> None:
    personal = {"subject", "actor", "identity", "case_id", "event", "words", "prompt_id"}
    about = [t for t in tables.metadata.sorted_tables if personal & set(t.columns.keys())]
    assert len(about) == 17
    for table in about:
        assert {"retention_class", "retain_until"} <= set(table.columns.keys()), table.name


def test_every_unique_key_of_the_ledger_holds_the_partition_key() -> None:
    entry = tables.entry
    keys = [c for c in entry.constraints if isinstance(c, sa.UniqueConstraint)]
    for key in [*keys, entry.primary_key]:
        assert {"log_id", "part"} <= set(key.columns.keys())
