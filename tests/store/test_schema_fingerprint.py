"""The fingerprint of the tables: whatever changes how they work changes one thing that is named."""

import pytest
import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.store.schema_fingerprint import (
    LONGEST_NAME,
    digest_of,
    fingerprint,
    revision_of,
)

ENTRY = "cleangov.cleangov_entry"
NULL = (
    "CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NULL; END'; CREATE TRIGGER quiet BEFORE INSERT ON cleangov.cleangov_entry"
    " FOR EACH ROW EXECUTE FUNCTION public.f()"
)
#: What is done, and the things that differ then. Done and undone within a transaction.
ON_POSTGRESQL = [
    (f"ALTER TABLE {ENTRY} ALTER COLUMN kind DROP NOT NULL", ["column cleangov_entry.kind"]),
    (f"ALTER TABLE {ENTRY} ALTER COLUMN kind SET DEFAULT 'x'", ["column cleangov_entry.kind"]),
    (f"ALTER TABLE {ENTRY} ALTER COLUMN marks TYPE bigint", ["column cleangov_entry.marks"]),
    (f"ALTER TABLE {ENTRY} ADD COLUMN more text", ["column cleangov_entry.more"]),
    (f"ALTER TABLE {ENTRY} SET UNLOGGED", ["table cleangov_entry"]),
    ("DROP INDEX cleangov.ix_cleangov_entry_listed", ["index ix_cleangov_entry_listed"]),
    (
        (
            "UPDATE pg_index SET indisvalid = false"
            " WHERE indexrelid = 'cleangov.ix_cleangov_entry_listed'::regclass"
        ),
        ["index ix_cleangov_entry_listed"],
    ),
    (
        f"ALTER TABLE {ENTRY} DROP CONSTRAINT uq_cleangov_entry_log_id_lane_no_part",
        [
            "constraint cleangov_entry.uq_cleangov_entry_log_id_lane_no_part",
            "index uq_cleangov_entry_log_id_lane_no_part",
        ],
    ),
    (
        f"ALTER TABLE {ENTRY} ADD CONSTRAINT small CHECK (marks < 9) NOT VALID",
        ["constraint cleangov_entry.small"],
    ),
    (NULL, ["trigger cleangov_entry.quiet"]),
    (
        f"CREATE RULE quiet AS ON INSERT TO {ENTRY} DO INSTEAD NOTHING",
        ["rule cleangov_entry.quiet"],
    ),
    (f"ALTER TABLE {ENTRY} ENABLE ROW LEVEL SECURITY", ["row security cleangov_entry"]),
    (f"ALTER TABLE {ENTRY} FORCE ROW LEVEL SECURITY", ["row security cleangov_entry"]),
    (f"CREATE POLICY p ON {ENTRY} USING (lane <> 3)", ["policy cleangov_entry.p"]),
    ("ALTER TABLE cleangov.cleangov_answer DISABLE TRIGGER ALL", None),
    (
        f"CREATE TABLE public.heir () INHERITS ({ENTRY}) WITH (autovacuum_enabled = off)",
        ["table public.heir"],
    ),
    (f"GRANT SELECT ON {ENTRY} TO PUBLIC", ["grants cleangov_entry"]),
    (f"GRANT UPDATE (body) ON {ENTRY} TO PUBLIC", ["grants cleangov_entry"]),
    ("GRANT USAGE ON SCHEMA cleangov TO PUBLIC", ["grants the schema"]),
    (
        f"CREATE ROLE other_owner; ALTER TABLE {ENTRY} OWNER TO other_owner",
        ["owner cleangov_entry"],
    ),
    ("CREATE VIEW cleangov.mine AS SELECT 1 AS one", ["view mine"]),
    (f"CREATE VIEW public.cleangov_entry AS TABLE {ENTRY}", ["shadow public.cleangov_entry"]),
    (
        "CREATE FUNCTION cleangov.g() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        ["function g()"],
    ),
    (
        "ALTER SEQUENCE cleangov.cleangov_entry_id_seq INCREMENT BY 2",
        ["sequence cleangov_entry_id_seq"],
    ),
]
ON_SQLITE = [
    ("ALTER TABLE cleangov_entry ADD COLUMN more TEXT", ["table cleangov_entry"]),
    ("DROP INDEX ix_cleangov_entry_listed", ["index ix_cleangov_entry_listed"]),
    (
        "CREATE TRIGGER quiet BEFORE INSERT ON cleangov_entry BEGIN SELECT RAISE(IGNORE); END",
        ["trigger quiet"],
    ),
    (
        (
            "CREATE TABLE theirs (id INTEGER);\nCREATE TRIGGER far AFTER INSERT ON theirs"
            " BEGIN DELETE FROM Cleangov_Entry; END"
        ),
        ["trigger far"],
    ),
    ("CREATE VIEW theirs AS SELECT * FROM cleangov_entry", ["view theirs"]),
    (
        (
            "PRAGMA writable_schema = ON;\nUPDATE sqlite_master SET sql = sql || ' WHERE id <> 5'"
            " WHERE name = 'ix_cleangov_entry_listed'"
        ),
        ["index ix_cleangov_entry_listed"],
    ),
]
CASES = [
    *(pytest.param("postgresql", *case, marks=pytest.mark.postgres) for case in ON_POSTGRESQL),
    *(("sqlite", *case) for case in ON_SQLITE),
]


def things_after(connection: sa.Connection, statements: str) -> tuple[dict[str, str], set[str]]:
    """Answer the things before, and the names of those that differ afterwards."""
    before = fingerprint(connection)
    whole = connection.dialect.name == "postgresql"
    for statement in [statements] if whole else statements.split("\n"):
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    after = fingerprint(connection)
    names = before.keys() | after.keys()
    return before, {name for name in names if before.get(name) != after.get(name)}


@pytest.mark.parametrize(("database", "statements", "things"), CASES)
def test_a_change_is_one_thing_that_is_named(
    database: str, engine: sa.Engine, statements: str, things: list[str] | None
) -> None:
    """What somebody does to the tables, and undoes again."""
    with engine.connect() as connection:
        if database == "sqlite":
            connection.exec_driver_sql("BEGIN")
        before, differing = things_after(connection, statements)
        if things is None:
            assert differing
            assert all(name.startswith("trigger cleangov_answer.fk_") for name in differing)
        else:
            assert differing == set(things)
        connection.rollback()
        assert fingerprint(connection) == before
        assert digest_of(fingerprint(connection)) == digest_of(before)


def test_it_does_not_depend_on_who_reads_from_where(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        before = fingerprint(connection)
        assert len(before) > 60
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("CREATE TABLE theirs (id INTEGER)")
        else:
            connection.exec_driver_sql("CREATE TABLE public.theirs (id INTEGER)")
            connection.exec_driver_sql("SET search_path = cleangov, public")
            assert fingerprint(connection) == before
            path = connection.exec_driver_sql("SHOW search_path").scalar()
            assert path == "cleangov, public", "the host's own setting is as it was"
            connection.exec_driver_sql("CREATE ROLE nobody_much")
            connection.exec_driver_sql("SET ROLE nobody_much")
        assert fingerprint(connection) == before


def test_one_digest_tells_names_and_digests_apart() -> None:
    assert digest_of({"a": "1", "b": "2"}) == digest_of({"b": "2", "a": "1"})
    others = [{"a": "1"}, {"a": "2", "b": "1"}, {"a": "1\n1 'b'"}, {"a": "1", "ü": "2"}, {}]
    digests = {digest_of(other) for other in [{"a": "1", "b": "2"}, *others]}
    assert len(digests) == 6


def test_a_name_that_is_no_text_or_very_long_is_read_and_bounded(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                f'CREATE TRIGGER "{"x" * 5_000}" BEFORE INSERT ON cleangov_entry'
                " BEGIN SELECT 1; END"
            )
            connection.exec_driver_sql("PRAGMA writable_schema = ON")
            connection.exec_driver_sql(
                "INSERT INTO sqlite_master VALUES ('trigger', CAST(x'ff27' AS TEXT),"
                " 'cleangov_entry', 0, CAST(x'fe' AS TEXT))"
            )
            found = fingerprint(connection)
            assert "trigger \\xff'" in found
            assert max(map(len, found)) == LONGEST_NAME
        else:
            connection.exec_driver_sql(f'CREATE VIEW cleangov."{"长" * 21}\x1b" AS SELECT 1 AS one')
            assert f"view {'长' * 20}" in "".join(fingerprint(connection))
        connection.rollback()


def test_the_revision_is_asked_only_where_it_can_be(engine: sa.Engine) -> None:
    prefix = "" if engine.dialect.name == "sqlite" else "cleangov."
    with engine.connect() as connection:
        assert revision_of(connection, fingerprint(connection)) == cleangov_migrations.head()
        connection.exec_driver_sql(
            f"ALTER TABLE {prefix}cleangov_alembic_version RENAME COLUMN version_num TO other"
        )
        assert revision_of(connection, fingerprint(connection)) is None
        connection.exec_driver_sql(f"DROP TABLE {prefix}cleangov_alembic_version")
        assert revision_of(connection, fingerprint(connection)) is None
        connection.rollback()
