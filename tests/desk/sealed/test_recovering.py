"""A database that was put back: refused, then declared, and the tree stays the signed one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.sealed.case_tables import index_leaf_covering
from cleangov_plugin.desk.sealed.heads import Recovery
from cleangov_plugin.desk.sealed.recovering import Lost, NothingLost, lost, recover
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.note import open_note
from cleangov_plugin.ledger.tree_head import TreeHead, read_tree_head
from cleangov_plugin.store import case_index, tree
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import NOON


class Restored(Sealer):
    """A ledger of which everything after the first sealing was lost."""

    def head(self) -> TreeHead:
        return read_tree_head(open_note(self.outside.head() or b"", [self.signer.verifier]).text)

    def recover(self, reason: str = "disk failed", by: str = "archive") -> Lost:
        return recover(
            self.database,
            self.outside,
            self.signer,
            lambda: NOON + timedelta(minutes=1_000),
            reason=reason,
            by=by,
        )


@pytest.fixture
def restored(engine: sa.Engine, tmp_path: Path) -> Iterator[Restored]:
    found = Restored(engine, tmp_path)
    found.write(0, 12)
    found.first_size = found.seal().size
    backup = Backup(found)
    found.write(12, 300)
    found.size = found.seal().size
    backup.put_back()
    yield found
    found.database.dispose()


class Backup:
    """All rows of the plugin's tables, as `pg_dump --data-only` or a copied file keeps them."""

    def __init__(self, sealer: Sealer) -> None:
        self.engine = sealer.engine
        schema = None if self.engine.dialect.name == "sqlite" else "cleangov"
        self.metadata = sa.MetaData(schema=schema)
        self.metadata.reflect(self.engine)
        with self.engine.connect() as connection:
            self.rows = {
                table: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
                for table in self.metadata.sorted_tables
                if table.name.startswith("cleangov_") and "alembic" not in table.name
            }

    def put_back(self) -> None:
        with self.engine.begin() as connection:
            for table in reversed(self.rows):
                connection.execute(table.delete())
            for table, rows in self.rows.items():
                if rows:
                    connection.execute(table.insert(), rows)


def test_nothing_is_sealed_until_the_loss_is_declared(restored: Restored) -> None:
    restored.write(400, 402)
    with pytest.raises(Recovery, match="cleangov recover"):
        restored.seal()
    signed = restored.head()
    assert restored.recover() == Lost(first=restored.first_size, end=restored.size)
    done = restored.seal()
    assert done.added == 2
    assert done.size > restored.size
    found = restored.verify()
    assert found.alarms == []
    (said,) = [what.said("en") for what in found.unchecked]
    assert f"leaves {restored.first_size} to {restored.size - 1}: lost" in said
    assert "archive: disk failed" in said
    assert signed.size == restored.size, "what was signed is part of the tree that is signed now"


def test_no_leaf_is_behind_the_index_once_the_loss_is_declared(restored: Restored) -> None:
    restored.recover()
    with restored.database.own_transaction(is_reading=True) as connection:
        size = tree.heads(connection, restored.outside.log_id)[-1].size
        state = case_index.state(connection, restored.outside.log_id)
        covering = index_leaf_covering(connection, restored.outside.log_id, size)
    assert size == restored.size + 2, "the declaration, and what the index is"
    assert state is not None
    assert covering is not None
    assert (state.leaves, covering.leaf) == (size, size - 1)
    assert restored.seal().size == size, "nothing is left to be said"
    assert restored.verify().alarms == []


def test_entries_that_are_gone_without_a_declaration_alarm(restored: Restored) -> None:
    restored.recover()
    restored.seal()
    prefix = "" if restored.engine.dialect.name == "sqlite" else "cleangov."
    with restored.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE {prefix}cleangov_leaf SET lane = NULL, no = NULL WHERE idx = 4"
        )
    codes = {(alarm.code, alarm.leaf) for alarm in restored.verify().alarms}
    assert ("leaf_unnamed", 4) in codes


def test_a_database_that_was_changed_is_no_earlier_state(restored: Restored) -> None:
    prefix = "" if restored.engine.dialect.name == "sqlite" else "cleangov."
    zeros = "zeroblob(32)" if not prefix else r"decode(repeat('00', 32), 'hex')"
    with restored.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE {prefix}cleangov_tree_head SET root = {zeros}"
            f" WHERE size = {restored.first_size}"
        )
    with pytest.raises(CleanGovError, match="not the first ones"):
        restored.recover()


@pytest.mark.parametrize("damage", ["gone", "short", "changed"])
def test_tiles_that_do_not_fit_are_refused_and_nothing_is_changed(
    restored: Restored, damage: str
) -> None:
    path = restored.outside.own / "tile/0/000"
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:-1] if damage == "short" else bytes(32) + data[32:])
    before = Backup(restored).rows
    with pytest.raises(CleanGovError, match="Nothing was changed"):
        restored.recover()
    assert list(Backup(restored).rows.values()) == list(before.values())


@pytest.mark.parametrize(("reason", "by"), [("", "archive"), ("disk", " "), ("x" * 3000, "a")])
def test_a_loss_needs_a_reason_and_an_office(restored: Restored, reason: str, by: str) -> None:
    with pytest.raises(CleanGovError, match="reason"):
        restored.recover(reason, by)


def test_where_nothing_was_lost_nothing_is_declared(engine: sa.Engine, tmp_path: Path) -> None:
    whole = Sealer(engine, tmp_path)
    whole.write(0, 3)
    whole.seal()
    with pytest.raises(NothingLost, match="leaves"):
        lost(whole.database, whole.outside, whole.signer)
    whole.database.dispose()
