"""Attacks on what the tables are made of, by a superuser or in the file; guards do not matter.

Each is done to a ledger without guards, and to one whose guards were sealed and are taken down
first: what finds it is the same. The numbers are those of the catalogue in the threat model.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.domain.errors import CleanGovError
from tests.desk.sealed.guarded import Guarded, in_file, write

QUIET = (
    "CREATE FUNCTION public.quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
)


@pytest.fixture(params=[False, True], ids=["bare", "guarded"])
def sealed(request: pytest.FixtureRequest, engine: sa.Engine, tmp_path: Path) -> Iterator[Guarded]:
    found = Guarded(engine, tmp_path, is_guarded=request.param)
    if request.param:
        found.unguard()
    yield found
    found.database.dispose()


def copied(sealed: Guarded, table: str = "{s}cleangov_entry", **changes: str) -> str:
    """Write the statement that puts a copy of an entry into a table."""
    schema = None if sealed.is_sqlite else "cleangov"
    columns = sa.inspect(sealed.engine).get_columns("cleangov_entry", schema=schema)
    names = [column["name"] for column in columns]
    values = ", ".join(changes.get(name, name) for name in names)
    source = "FROM {s}cleangov_entry WHERE no = 7"
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} {source}"


def test_13_an_entry_is_doubled_once_its_keys_are_gone(sealed: Guarded) -> None:
    lane, event = "log_id_lane_no_part", "log_id_event_key_part"
    if sealed.is_sqlite:
        in_file(
            sealed,
            "UPDATE sqlite_master SET sql = replace(replace(sql, 'UNIQUE (log_id, lane, no, part)',"
            " 'CHECK (1)'), 'UNIQUE (log_id, event_key, part)', 'CHECK (2)')"
            " WHERE name = 'cleangov_entry'",
            "DELETE FROM sqlite_master WHERE tbl_name = 'cleangov_entry' AND sql IS NULL",
        )
        wanted = {"table cleangov_entry", "index sqlite_autoindex_cleangov_entry_1"}
    else:
        for key in (lane, event):
            sealed.edit(
                f"ALTER TABLE cleangov.cleangov_entry DROP CONSTRAINT uq_cleangov_entry_{key}"
            )
        wanted = {f"constraint cleangov_entry.uq_cleangov_entry_{lane}"}
    sealed.edit(copied(sealed, id="id + 1000"))
    assert wanted <= sealed.things()
    assert sealed.detectors() & {"STRM", "ROOT"}


def test_14_a_column_is_made_to_lie(sealed: Guarded) -> None:
    sealed.edit("UPDATE {s}cleangov_entry SET kind = 'enf.notice.served' WHERE no = 7")
    assert sealed.detectors() >= {"COL"}
    if not sealed.is_sqlite:
        column = "cleangov.cleangov_entry ALTER COLUMN kind"
        sealed.edit(f"ALTER TABLE {column} SET DEFAULT 'enf.notice.served'")
        assert "column cleangov_entry.kind" in sealed.things()


def test_15_an_index_of_the_file_is_made_to_leave_out_a_row(sealed: Guarded) -> None:
    if not sealed.is_sqlite:
        pytest.skip("a schema that can be written is SQLite's own")
    in_file(
        sealed,
        "UPDATE sqlite_master SET sql = sql || ' WHERE no <> 7'"
        " WHERE name = 'ix_cleangov_entry_log_id_subject'",
    )
    sealed.edit("REINDEX ix_cleangov_entry_log_id_subject")
    assert sealed.things() >= {"index ix_cleangov_entry_log_id_subject"}
    in_file(
        sealed,
        "UPDATE sqlite_master SET sql = replace(sql, ' WHERE no <> 7', '')"
        " WHERE name = 'ix_cleangov_entry_log_id_subject'",
    )
    assert "index ix_cleangov_entry_log_id_subject" not in sealed.things()
    assert "COL" in sealed.detectors(), "the index now lies, and says that it does not"


def test_31_a_trigger_swallows_what_is_written(sealed: Guarded) -> None:
    if sealed.is_sqlite:
        sealed.edit(
            "CREATE TRIGGER quiet BEFORE INSERT ON cleangov_entry WHEN NEW.kind LIKE 'enf.%'"
            " BEGIN SELECT RAISE(IGNORE); END"
        )
        name = "trigger quiet"
    else:
        sealed.edit(
            QUIET,
            "CREATE TRIGGER quiet BEFORE INSERT ON cleangov.cleangov_entry FOR EACH ROW"
            " WHEN (NEW.kind LIKE 'enf.%') EXECUTE FUNCTION public.quiet()",
        )
        name = "trigger cleangov_entry.quiet"
    assert name in sealed.things()
    with sealed.engine.connect() as connection, pytest.raises(CleanGovError, match="wrote no row"):
        write(connection, 30)


def test_31_a_rule_swallows_what_is_written(sealed: Guarded) -> None:
    if sealed.is_sqlite:
        pytest.skip("SQLite has no rules")
    sealed.edit("CREATE RULE quiet AS ON INSERT TO cleangov.cleangov_entry DO INSTEAD NOTHING")
    assert "rule cleangov_entry.quiet" in sealed.things()


def test_31_the_function_behind_a_trigger_is_changed_and_nothing_else(sealed: Guarded) -> None:
    if sealed.is_sqlite:
        pytest.skip("the text of a trigger is its own there")
    sealed.edit(
        QUIET,
        "CREATE TRIGGER loud BEFORE INSERT ON cleangov.cleangov_leaf FOR EACH ROW"
        " EXECUTE FUNCTION public.quiet()",
    )
    sealed.edit("ALTER TABLE cleangov.cleangov_leaf DISABLE TRIGGER loud")
    sealed.seal()
    assert sealed.things() == set()
    sealed.edit(QUIET.replace("CREATE", "CREATE OR REPLACE").replace("NULL", "NEW"))
    assert sealed.things() == {"trigger cleangov_leaf.loud"}


def test_35_a_table_is_made_anew_under_its_name(sealed: Guarded) -> None:
    if sealed.is_sqlite:
        sealed.edit(
            "CREATE TABLE other AS SELECT * FROM cleangov_entry WHERE no <> 7",
            "DROP TABLE cleangov_entry",
            "ALTER TABLE other RENAME TO cleangov_entry",
        )
    else:
        sealed.edit(
            "CREATE TABLE cleangov.other (LIKE cleangov.cleangov_entry INCLUDING ALL)",
            "INSERT INTO cleangov.other SELECT * FROM cleangov.cleangov_entry WHERE no <> 7",
            "ALTER SEQUENCE cleangov.cleangov_entry_id_seq OWNED BY NONE",
            "DROP TABLE cleangov.cleangov_entry",
            "ALTER TABLE cleangov.other RENAME TO cleangov_entry",
        )
    assert sealed.detectors() >= {"LEAF", "SCHEMA"}


def test_35_a_table_is_emptied_at_a_stroke(sealed: Guarded) -> None:
    word = "DELETE FROM" if sealed.is_sqlite else "TRUNCATE"
    sealed.edit(f"{word} {{s}}cleangov_entry")
    gone = [alarm for alarm in sealed.verify().alarms if alarm.code == "entry_gone"]
    assert len(gone) == 20


def test_35_a_view_takes_the_place_of_the_table(sealed: Guarded) -> None:
    sealed.edit(
        "ALTER TABLE {s}cleangov_entry RENAME TO before",
        "CREATE VIEW {s}cleangov_entry AS SELECT * FROM {s}before WHERE no <> 7",
    )
    alarms = sealed.alarms()
    assert ("LEAF", "") in alarms
    assert ("SCHEMA", "view cleangov_entry") in alarms
    assert {"table cleangov_entry"} <= sealed.things(), "the table is gone"


def test_36_an_heir_puts_rows_among_the_entries(sealed: Guarded) -> None:
    if sealed.is_sqlite:
        pytest.skip("SQLite has no inheritance")
    sealed.edit("CREATE TABLE public.heir () INHERITS (cleangov.cleangov_entry)")
    sealed.edit(copied(sealed, "public.heir", id="id + 1000", lane="77", event_key="'forged'"))
    with sealed.engine.connect() as connection:
        query = "SELECT count(*) FROM cleangov.cleangov_entry"
        assert connection.exec_driver_sql(query).scalar() == 21, "whoever does not say ONLY"
    assert sealed.detectors() == {"SCHEMA"}
    assert "table public.heir" in sealed.things()
    sealed.write(20, 22)
    assert sealed.seal().added == 2
    assert sealed.verify().unsealed == 0


def test_36_a_view_stands_where_a_careless_query_looks_first(sealed: Guarded) -> None:
    if sealed.is_sqlite:
        pytest.skip("SQLite has no search path")
    sealed.edit(
        "CREATE VIEW public.cleangov_entry AS SELECT * FROM cleangov.cleangov_entry LIMIT 3"
    )
    assert sealed.detectors() == {"SCHEMA"}
    assert "shadow public.cleangov_entry" in sealed.things()


def test_37_a_policy_hides_rows_from_whoever_looks(sealed: Guarded) -> None:
    if sealed.is_sqlite:
        pytest.skip("SQLite has no row security")
    sealed.guard()
    sealed.seal()
    sealed.edit(
        "CREATE POLICY narrow ON cleangov.cleangov_entry USING (no <> 7)",
        "ALTER TABLE cleangov.cleangov_entry ENABLE ROW LEVEL SECURITY",
    )
    wanted = {"policy cleangov_entry.narrow", "row security cleangov_entry"}
    assert sealed.things() == wanted, "the owner sees every row, and what was done"
    found = sealed.verified_as("cleangov_auditor")
    assert {alarm.values.get("thing") for alarm in found.alarms} >= wanted
    assert [alarm.values["no"] for alarm in found.alarms if alarm.code == "entry_gone"] == [7]


def test_a_great_many_things_are_counted_and_never_too_much_for_a_leaf(sealed: Guarded) -> None:
    if not sealed.is_sqlite:
        pytest.skip("the same code; SQLite is quicker at it")
    many = [
        f'CREATE TRIGGER "{"x" * 150}{n}" BEFORE INSERT ON cleangov_gap BEGIN SELECT 1; END'
        for n in range(600)
    ]
    sealed.edit(*many)
    codes = [alarm.code for alarm in sealed.verify().alarms]
    assert len([code for code in codes if code in ("schema_added", "schema_gone")]) == 200
    assert codes.count("schema_more") == 1
    sealed.seal()
    assert sealed.alarms() == set()
    sealed.edit(f"DROP TRIGGER {chr(34)}{chr(120) * 150}7{chr(34)}")
    assert [alarm.code for alarm in sealed.verify().alarms] == ["schema_other"]
