"""Guards: what they refuse, what they let pass, and that a day's work goes on under them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

import cleangov_migrations
from cleangov_plugin.desk.leaving.uninstalling import uninstall
from cleangov_plugin.desk.sealed.sealing import seal
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.store.guards import applying
from cleangov_plugin.store.guards.applying import Roles
from cleangov_plugin.store.schema_fingerprint import fingerprint
from tests.desk.sealed.guarded import Guarded, as_role, write
from tests.store.samples import NOON

SAYS = "guard|cleangov: "


@pytest.fixture
def sealed(engine: sa.Engine, tmp_path: Path) -> Iterator[Guarded]:
    found = Guarded(engine, tmp_path, is_guarded=False)
    found.edit("UPDATE {s}cleangov_entry SET disc = 'one~two~three' WHERE no = 7")
    found.guard()
    yield found
    found.database.dispose()


def refused(sealed: Guarded, statement: str) -> None:
    with pytest.raises(DBAPIError, match=SAYS):
        sealed.edit(statement)


#: What nobody may do while the guards stand, the owner included.
FORBIDDEN = [
    "UPDATE {s}cleangov_entry SET body = body || ' ' WHERE no = 7",
    "UPDATE {s}cleangov_entry SET mac = digest WHERE no = 7",
    "UPDATE {s}cleangov_entry SET xid = 7 WHERE no = 7",
    "UPDATE {s}cleangov_entry SET retain_until = '2020-01-01'",
    "UPDATE {s}cleangov_entry SET disc = 'one~two~three~four' WHERE no = 7",
    "UPDATE {s}cleangov_entry SET disc = 'two~other' WHERE no = 7",
    "UPDATE {s}cleangov_entry SET disc = 'tw' WHERE no = 7",
    "UPDATE {s}cleangov_entry SET disc = '' WHERE no = 7",
    "UPDATE {s}cleangov_entry SET disc = 'one' WHERE no = 8",
    "UPDATE {s}cleangov_entry SET disc = 'one', marks = 9 WHERE no = 7",
    "DELETE FROM {s}cleangov_entry WHERE no = 7",
    "UPDATE {s}cleangov_leaf SET idx = 99 WHERE idx = 3",
    "DELETE FROM {s}cleangov_leaf WHERE idx = 3",
    "UPDATE {s}cleangov_tree_head SET root = root || root",
    "UPDATE {s}cleangov_tree_head SET note = NULL WHERE note IS NOT NULL",
    "UPDATE {s}cleangov_tree_head SET note = replace(note, 'cleangov/', 'other/')",
    "DELETE FROM {s}cleangov_tree_head",
    "UPDATE {s}cleangov_tile SET n = n + 1",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_is_recorded_stays_as_it_is(sealed: Guarded, statement: str) -> None:
    """The owner of the tables is refused, too; nothing has changed."""
    refused(sealed, statement)
    assert "ERAS" in sealed.detectors(), "the disclosures that the test made up"
    assert sealed.detectors() <= {"ERAS", "SCHEMA"}


def test_disclosures_may_become_fewer_and_a_head_may_get_more_signatures(sealed: Guarded) -> None:
    for rest in ("'three~one'", "'one'", "NULL", "NULL"):
        sealed.edit(f"UPDATE {{s}}cleangov_entry SET disc = {rest} WHERE no = 7")
    sealed.edit("UPDATE {s}cleangov_tree_head SET note = note || '— other AAAA' WHERE note > ''")
    sealed.seal()
    assert sealed.detectors() == {"SIG"}, "which nobody believes"


def test_a_full_tile_stays_and_the_last_one_grows(sealed: Guarded) -> None:
    full = "x''" if sealed.is_sqlite else "''::bytea"
    wide = "zeroblob(8192)" if sealed.is_sqlite else "decode(repeat('00', 8192), 'hex')"
    sealed.edit(f"INSERT INTO {{s}}cleangov_tile VALUES ('other', 0, 0, {wide})")
    sealed.edit(f"INSERT INTO {{s}}cleangov_tile VALUES ('other', 0, 1, {full})")
    refused(sealed, "DELETE FROM {s}cleangov_tile WHERE log_id = 'other' AND n = 0")
    sealed.edit("DELETE FROM {s}cleangov_tile WHERE log_id = 'other' AND n = 1")


def test_34_replacing_is_deleting(sealed: Guarded) -> None:
    """SQLite asks no trigger of deletion then; on PostgreSQL it is an update or a MERGE."""
    if sealed.is_sqlite:
        for table in ("entry", "leaf", "tree_head", "tile"):
            refused(
                sealed, f"INSERT OR REPLACE INTO cleangov_{table} SELECT * FROM cleangov_{table}"
            )
        refused(sealed, "UPDATE OR REPLACE cleangov_entry SET id = 3 WHERE id = 4")
    else:
        refused(
            sealed,
            "INSERT INTO cleangov.cleangov_leaf SELECT * FROM cleangov.cleangov_leaf"
            " ON CONFLICT (log_id, idx) DO UPDATE SET hash = '\\x00'",
        )
    sealed.unguard()
    if sealed.is_sqlite:
        sealed.edit(
            "INSERT OR REPLACE INTO cleangov_leaf SELECT log_id, idx, lane, no, zeroblob(32), meta"
            " FROM cleangov_leaf WHERE lane IS NOT NULL LIMIT 1"
        )
        assert sealed.detectors() >= {"LEAF", "ROOT"}, "without guards it is found"


def test_33_and_35_on_postgresql_other_ways_are_refused_as_well(sealed: Guarded) -> None:
    if sealed.is_sqlite:
        pytest.skip("PostgreSQL's own ways")
    for table in ("entry", "leaf", "tree_head", "tile"):
        refused(sealed, f"TRUNCATE cleangov.cleangov_{table}")
    with sealed.engine.connect() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        with pytest.raises(DBAPIError, match=SAYS):
            connection.exec_driver_sql("DELETE FROM cleangov.cleangov_entry")


@pytest.mark.parametrize("way", ["DISABLE TRIGGER ALL", "drop"])
def test_33_guards_that_are_switched_off_are_named_with_what_is_done_then(
    sealed: Guarded, way: str
) -> None:
    sealed.edit("UPDATE {s}cleangov_entry SET disc = NULL")
    sealed.seal()
    assert sealed.alarms() == set()
    if sealed.is_sqlite:
        sealed.edit("DROP TRIGGER cleangov_guard_entry_update")
        thing = "trigger cleangov_guard_entry_update"
    elif way == "drop":
        sealed.edit("DROP TRIGGER cleangov_guard_update ON cleangov.cleangov_entry")
        thing = "trigger cleangov_entry.cleangov_guard_update"
    else:
        sealed.edit(f"ALTER TABLE cleangov.cleangov_entry {way}")
        thing = "trigger cleangov_entry.cleangov_guard_update"
    sealed.edit("UPDATE {s}cleangov_entry SET body = replace(body, 'U2', 'U9') WHERE no = 7")
    assert ("SCHEMA", thing) in sealed.alarms()
    assert "LEAF" in sealed.detectors()
    sealed.seal()
    assert "SCHEMA" not in sealed.detectors(), "it is sealed as it is"
    assert thing in sealed.verify().schema_changes[-1]["things"], "and told for ever"
    assert "LEAF" in sealed.detectors()


def test_the_platform_and_the_sealer_go_on_with_their_rights_alone(sealed: Guarded) -> None:
    if sealed.is_sqlite:
        sealed.write(20, 23)
        assert sealed.seal().added == 3
        return
    with as_role(sealed.database, "cleangov_app") as app:
        for number in range(20, 23):
            with app.own_transaction() as connection:
                write(connection, number)
        for statement in (*FORBIDDEN, "SELECT nextval('cleangov.cleangov_entry_id_seq') + x"):
            with pytest.raises(DBAPIError), app.own_transaction() as connection:
                connection.exec_driver_sql(statement.replace("{s}", "cleangov."))
        with pytest.raises(DBAPIError, match="permission"), app.own_transaction() as connection:
            connection.exec_driver_sql(
                "INSERT INTO cleangov.cleangov_leaf VALUES ('other', 0, 0, 0, '\\x00', NULL)"
            )
        with app.own_transaction() as connection:
            if connection.dialect.server_version_info >= (17,):
                query = "SELECT has_table_privilege('cleangov.cleangov_staged_event', 'MAINTAIN')"
                assert connection.exec_driver_sql(query).scalar(), "a replay measures its tables"
    with as_role(sealed.database, "cleangov_sealer") as sealer:
        done = seal(sealer, sealed.outside, sealed.signer, lambda: NOON)
        assert done.added == 3
        for table in ("cleangov_attempt", "cleangov_pseudonym", "cleangov_answer"):
            with (
                pytest.raises(DBAPIError, match="permission"),
                sealer.own_transaction() as connection,
            ):
                connection.exec_driver_sql(f"SELECT * FROM cleangov.{table}")
    sealed.edit("UPDATE {s}cleangov_entry SET disc = NULL")
    found = sealed.verified_as("cleangov_auditor")
    assert (found.alarms, found.unsealed) == ([], 0)
    assert "names" in [what.code for what in found.unchecked]


def test_they_come_and_go_and_leave_nothing_but_roles(engine: sa.Engine, tmp_path: Path) -> None:
    sealed = Guarded(engine, tmp_path, is_guarded=False)
    with sealed.database.own_transaction() as connection:
        before = fingerprint(connection)
        applying.apply(connection, Roles(app="a \"b\" 'c'"))
        once = fingerprint(connection)
        remembered = applying.remembered(connection)
        assert remembered is not None
        applying.apply(connection, remembered)
        assert fingerprint(connection) == once != before
        assert len(applying.standing(connection)) > 10
        applying.remove(connection, remembered)
        assert fingerprint(connection) == before
        assert applying.remembered(connection) is None
        applying.remove(connection, Roles(app="nobody at all"))
        assert fingerprint(connection) == before
    sealed.database.dispose()


def test_the_owner_of_the_tables_is_given_no_role(sealed: Guarded) -> None:
    if sealed.is_sqlite:
        pytest.skip("SQLite has no roles")
    with (
        pytest.raises(SettingsError, match="owns"),
        sealed.database.own_transaction() as connection,
    ):
        applying.apply(connection, Roles(app="postgres"))
    for name in ("", " ", "x" * 64, "a\x00b"):
        with pytest.raises(SettingsError, match="no name of a role"):
            Roles(sealer=name)


def test_under_guards_the_tables_go_down_and_up_and_may_be_taken_away(sealed: Guarded) -> None:
    sealed.edit("UPDATE {s}cleangov_entry SET disc = NULL")
    with sealed.engine.begin() as connection:
        cleangov_migrations.downgrade(connection, "0003")
        cleangov_migrations.upgrade(connection)
    gone = uninstall(sealed.database, None)
    assert gone.rows["cleangov_entry"] == 20
    with sealed.engine.connect() as connection:
        if not sealed.is_sqlite:
            query = "SELECT count(*) FROM pg_namespace WHERE nspname = 'cleangov'"
            assert connection.exec_driver_sql(query).scalar() == 0
        assert sa.inspect(connection).get_table_names() == []
    with sealed.engine.begin() as connection:
        cleangov_migrations.upgrade(connection)
        applying.apply(connection, Roles())
        write(connection, 1)
