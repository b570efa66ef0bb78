"""An agency that seals, and oversight that follows it into a database of its own."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.desk.followed.believing import Believed
from cleangov_plugin.desk.followed.following import Copy, Followed, follow
from cleangov_plugin.desk.followed.sources import DatabaseSource, FolderSource, Source
from cleangov_plugin.desk.sealed.bundles import bundles_of, publish_bundles
from cleangov_plugin.desk.sealed.outside import Outside
from cleangov_plugin.desk.sealed.recovering import recover
from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.verifying import verify
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.suites import Ed25519Cosignature
from cleangov_plugin.store.database import Database
from tests.desk.sealed.test_recovering import Backup
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import LOG, NOON, write_entry

LATER = NOON + timedelta(minutes=1_000)


class Agency(Sealer):
    """The agency's side, and what somebody there does to it by SQL."""

    def edit(self, *statements: str) -> None:
        prefix = "" if self.engine.dialect.name == "sqlite" else "cleangov."
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(
                    statement.replace("{s}", prefix), execution_options={"no_parameters": True}
                )

    def grow(self, first: int, last: int) -> int:
        self.write(first, last)
        return self.seal().size

    def write_many(self, first: int, last: int) -> None:
        """Write entries at once: they all were written at noon, and no clock is looked at."""
        with self.engine.begin() as connection:
            for number in range(first, last):
                write_entry(connection, number)

    def backup(self) -> Backup:
        return Backup(self)

    def recover(self) -> None:
        recover(
            self.database,
            self.outside,
            self.signer,
            lambda: LATER,
            reason="disk failed",
            by="archive",
        )

    def forget_heads(self) -> None:
        """Take away the head outside, so that another story is signed: the key is theirs."""
        (self.outside.own / "checkpoint").unlink()


class Oversight:
    """The other side."""

    def __init__(self, url: str, folder: Path, agency: Agency) -> None:
        self.agency = agency
        self.database = Database(url, patience_ms=2_000)
        with self.database.own_transaction() as connection:
            cleangov_migrations.upgrade(connection)
        witness = SignerKey(f"cleangov-follower/{LOG}", Ed25519Cosignature(), bytes(range(32)))
        outside = Outside(folder / "theirs", LOG)
        self.copy = Copy(self.database, outside, witness, folder / "private")
        self.believed = Believed(LOG, [agency.signer.verifier])
        self.source: Source = DatabaseSource(agency.database)
        self.bundles = bundles_of(folder / "bundles", folder / "heads", LOG)

    def publish(self) -> FolderSource:
        publish_bundles(self.agency.database, self.agency.outside, self.bundles)
        return FolderSource(self.bundles.folder)

    def follow(self) -> Followed:
        return follow(self.source, self.copy, self.believed, lambda: LATER)

    def verify(self) -> Verified:
        evidence = Evidence(
            outside=self.copy.outside, key=self.agency.signer.verifier, is_copy=True
        )
        with self.database.own_transaction(is_reading=True) as connection:
            return verify(connection, evidence)

    def found(self) -> tuple[list[str], list[str]]:
        """Answer codes of alarms, and of what could not be checked but for what no copy has."""
        found = self.verify()
        unchecked = [each.code for each in found.unchecked]
        assert "copy" in unchecked
        return [each.code for each in found.alarms], [c for c in unchecked if c != "copy"]

    def texts(self) -> list[str | None]:
        """Answer the texts of all leaves, by SQL that is not ours."""
        return [text for _, text, _ in self.rows()]

    def rows(self) -> list[tuple[Any, ...]]:
        prefix = "" if self.database.is_sqlite else "cleangov."
        query = (
            f"SELECT f.idx, COALESCE(f.meta, e.body), f.hash FROM {prefix}cleangov_leaf f"
            f" LEFT JOIN {prefix}cleangov_entry e ON e.log_id = f.log_id AND e.lane = f.lane"
            " AND e.no = f.no ORDER BY f.idx"
        )
        with self.database.engine.connect() as connection:
            found = connection.execute(sa.text(query)).all()
        return [(idx, text, bytes(hash_)) for idx, text, hash_ in found]

    def disclosed(self) -> list[Any]:
        prefix = "" if self.database.is_sqlite else "cleangov."
        query = f"SELECT DISTINCT disc FROM {prefix}cleangov_entry"
        with self.database.engine.connect() as connection:
            return list(connection.execute(sa.text(query)).scalars())
