"""A small city whose entries have personal fields, sealed; and raw SQL against it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Person
from cleangov_plugin import plugin
from cleangov_plugin.desk.checkpoint import entering
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.personal.erasing import Done, Wish, erase
from cleangov_plugin.desk.sealed.outside import Outside, signer_of
from cleangov_plugin.desk.sealed.sealing import seal
from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.verifying import verify
from cleangov_plugin.ledger.disclosure import split
from tests.support.ends import opened
from tests.support.small_host import SmallHost

LOG = "cg"
CASE = "C-0417"
#: What citizens said; ASCII, so that no encoding hides it in a file.
SAID = ("CANARY-first-statement", "CANARY-second-statement", "CANARY-third-statement")
BASIS = "个人信息保护法第四十七条第一款第三项"
CLERK = Person(id="wu", name="吴敏", roles=frozenset({"auditor"}), unit="oversight")


class City:
    """A host with the plugin, and what is kept away from its database.

    :param url: SQLAlchemy URL of a database with our tables.
    :param folder: an empty folder.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.host = SmallHost(url, folder)
        self.host.start()
        self.prefix = "" if url.startswith("sqlite") else "cleangov."
        self.outside = Outside(folder / "heads", LOG)
        signer = signer_of(folder / "keys", LOG, is_made=True)
        assert signer is not None
        self.signer = signer

    @property
    def desk(self) -> Desk:
        """Answer the desk of the plugin."""
        desk: Desk | None = self.host.plugin.desk
        assert desk is not None, self.host.plugin.inert.reason
        return desk

    def seal(self) -> None:
        """Seal what there is."""
        seal(self.desk.database, self.outside, self.signer, self.host.now)

    def verify(self) -> Verified:
        """Verify the ledger whole."""
        with self.desk.database.own_transaction(is_reading=True) as connection:
            return verify(connection, Evidence(outside=self.outside, key=self.signer.verifier))

    def alarms(self) -> list[tuple[str, int | None]]:
        """Answer code and entry of what verifying finds."""
        return [(alarm.code, alarm.entry) for alarm in self.verify().alarms]

    def ask(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Ask by raw SQL; ``{s}`` stands before the names of our tables."""
        with opened(self.url) as engine, engine.connect() as connection:
            found = connection.execute(sa.text(statement.format(s=self.prefix)), values)
            return [tuple(row) for row in found]

    def edit(self, statement: str, **values: Any) -> int:
        """Change something by raw SQL; answer how many rows."""
        with opened(self.url) as engine, engine.begin() as connection:
            return connection.execute(sa.text(statement.format(s=self.prefix)), values).rowcount

    def rows(self) -> list[int]:
        """Answer the numbers of the entries that disclose something or did."""
        query = "SELECT id, body FROM {s}cleangov_entry ORDER BY id"
        return [row for row, body in self.ask(query) if '"_sd":[' in body]

    def disc(self, row: int) -> str | None:
        """Answer the disclosures of an entry."""
        ((found,),) = self.ask("SELECT disc FROM {s}cleangov_entry WHERE id = :row", row=row)
        return str(found) if found is not None else None

    def set_disc(self, row: int, disc: str | None) -> None:
        """Write disclosures of an entry, as somebody with the database would."""
        assert self.edit("UPDATE {s}cleangov_entry SET disc = :d WHERE id = :row", d=disc, row=row)

    def erase(self, *rows: int, basis: str = BASIS) -> Done:
        """Erase the statements of entries, as an officer of the oversight side does."""
        return erase(self.desk, Wish(log_id=LOG, codes=("statement",), entries=rows), basis, CLERK)

    def close(self) -> None:
        """Close all connections."""
        self.host.close()


def texts(disc: str | None) -> tuple[str, ...]:
    """Split a column of disclosures."""
    return split(disc)


@pytest.fixture
def erasing_city(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[City]:
    """Three entries with a statement each, and one without; sealed and clean."""
    monkeypatch.setattr(entering, "EVENT_MS", 10_000)  # a busy machine may take its time
    monkeypatch.setattr(plugin, "_USUAL_MS", 10_000)
    folder = tmp_path / "host"
    folder.mkdir()
    city = City(database_url, folder)
    host = city.host
    for number, said in enumerate(SAID):
        host.case = CASE if number < 2 else "C-0500"
        host.write(host.event("enf.defence.received", statement=said))
    host.write(host.event("enf.notice.served"))
    city.seal()
    assert city.alarms() == []
    assert len(city.rows()) == 3, city.desk.counters
    yield city
    city.close()
