"""Keys change: both sign for a while, the ledger says so, and old heads stay good."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.sealed import rotating
from cleangov_plugin.desk.sealed.heads import Recovery
from cleangov_plugin.desk.sealed.outside import signers_of
from cleangov_plugin.desk.sealed.rotating import rotate
from cleangov_plugin.desk.sealed.sealing import Sealed, seal
from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.verifying import verify
from cleangov_plugin.ledger.note import open_note
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.strict import Refused
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import LOG, NOON


class Rotated(Sealer):
    """A ledger whose key is about to change."""

    def __init__(self, engine: sa.Engine, folder: Path) -> None:
        super().__init__(engine, folder)
        self.keys = folder / "keys"

    @staticmethod
    def now() -> object:
        return NOON + timedelta(minutes=999)

    def rotate(self) -> SignerKey:
        return rotate(self.database, self.outside, self.keys, self.now)

    def seal(self) -> Sealed:
        *older, signer = signers_of(self.keys, LOG, is_made=False)
        return seal(self.database, self.outside, signer, self.now, older=older)

    def verified_with(self, signer: SignerKey) -> Verified:
        with self.database.own_transaction(is_reading=True) as connection:
            return verify(connection, Evidence(outside=self.outside, key=signer.verifier))


@pytest.fixture
def log(engine: sa.Engine, tmp_path: Path) -> Iterator[Rotated]:
    found = Rotated(engine, tmp_path)
    found.write(0, 3)
    found.seal()
    yield found
    found.database.dispose()


def test_during_the_overlap_either_key_verifies_and_afterwards_the_new_one(log: Rotated) -> None:
    old, new = log.signer, log.rotate()
    assert old.verifier.text != new.verifier.text
    log.write(3, 5)
    log.seal()
    assert log.verified_with(new).alarms == []
    note = log.outside.head() or b""
    for key in (old, new):
        open_note(note, [key.verifier])
    (log.keys / "tree-1.key").unlink()
    log.write(5, 7)
    log.seal()
    found = log.verified_with(new)
    assert (found.alarms, found.unchecked) == ([], []), "old heads are those of the old key"
    with pytest.raises(Refused, match="signed"):
        open_note(log.outside.head() or b"", [old.verifier])


def test_the_old_key_signs_nothing_new(log: Rotated) -> None:
    old, new = log.signer, log.rotate()
    (log.keys / "tree-2.key").rename(log.keys / "taken-2.away")
    log.write(3, 5)
    with pytest.raises(Refused):
        open_note(seal_with(log, old), [new.verifier])
    (log.keys / "taken-2.away").rename(log.keys / "tree-2.key")
    detectors = {alarm.detector.value for alarm in log.verified_with(new).alarms}
    assert detectors == {"SIG"}


def seal_with(log: Rotated, signer: SignerKey) -> bytes:
    """Seal with a key that the ledger has replaced; answer the head outside."""
    seal(log.database, log.outside, signer, log.now)
    return log.outside.head() or b""


def test_a_key_that_the_ledger_does_not_name_is_refused_by_verifying(
    log: Rotated, tmp_path: Path
) -> None:
    (stranger,) = signers_of(tmp_path / "other keys", LOG, is_made=True)
    codes = {alarm.code for alarm in log.verified_with(stranger).alarms}
    assert {"no_genesis", "outside_note"} <= codes


def test_killed_in_the_middle_it_is_begun_again_with_the_same_key(
    log: Rotated, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    steps: list[tuple[object, str, Callable[..., None]]] = [
        (rotating, "put_own", dies),
        (rotating, "publish_head", dies),
    ]
    for where, name, instead in steps:
        with monkeypatch.context() as patched:
            patched.setattr(where, name, instead)
            with pytest.raises(KeyboardInterrupt):
                log.rotate()
        assert len(signers_of(log.keys, LOG, is_made=False)) == 2
    log.write(3, 4)
    log.seal()
    assert log.verified_with(signers_of(log.keys, LOG, is_made=False)[-1]).alarms == []


def test_a_ledger_that_was_put_back_gets_no_new_key(log: Rotated) -> None:
    prefix = "" if log.engine.dialect.name == "sqlite" else "cleangov."
    with log.engine.begin() as connection:
        for table in ("leaf", "tree_head"):
            connection.exec_driver_sql(f"DELETE FROM {prefix}cleangov_{table}")
    with pytest.raises(Recovery):
        log.rotate()
    assert len(signers_of(log.keys, LOG, is_made=False)) == 1
