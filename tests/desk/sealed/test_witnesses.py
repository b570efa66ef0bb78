"""Witnesses of other offices, over HTTP: who cosigns, who is away, who saw another story."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.sealed.outside import Outside
from cleangov_plugin.desk.sealed.sealing import Sealed, seal
from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.mirror import verify_mirror
from cleangov_plugin.desk.verified.verifying import verify
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.log_proof import verify_tree_head
from cleangov_plugin.ledger.note import sign_note
from cleangov_plugin.ledger.policy import Policy, read_policy
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tree_head import TreeHead, write_tree_head
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import NOON
from tests.support.witness import Witness, witnessing

NAMES = ("archive", "audit", "inspection")


class Witnessed(Sealer):
    """A ledger that three offices witness, two of whom must cosign."""

    def __init__(self, engine: sa.Engine, folder: Path, witnesses: list[Witness]) -> None:
        super().__init__(engine, folder)
        self.witnesses = witnesses

    def policy(self) -> Policy:
        lines = [f"log {self.signer.verifier.text}"]
        for name, witness in zip(NAMES, self.witnesses, strict=True):
            lines.append(f"witness {name} {witness.signer.verifier.text} {witness.address}")
        lines += [f"group two 2 {' '.join(NAMES)}", "quorum two", ""]
        return read_policy("\n".join(lines).encode())

    def seal(self) -> Sealed:
        now = NOON + timedelta(minutes=999)
        return seal(self.database, self.outside, self.signer, lambda: now, policy=self.policy())

    def verified(self, now: datetime | None = None, **more: object) -> Verified:
        evidence = Evidence(
            outside=self.outside,
            key=self.signer.verifier,
            policy=self.policy(),
            now=now,
            **more,  # type: ignore[arg-type]
        )
        with self.database.own_transaction(is_reading=True) as connection:
            return verify(connection, evidence)


@pytest.fixture
def log(engine: sa.Engine, tmp_path: Path) -> Iterator[Witnessed]:
    key = Sealer(engine, tmp_path).signer.verifier
    with ExitStack() as held:
        witnesses = [
            held.enter_context(witnessing(Witness(key, f"witness.example/{name}")))
            for name in NAMES
        ]
        found = Witnessed(engine, tmp_path, witnesses)
        found.write(0, 3)
        yield found
        found.database.dispose()


def codes(found: Verified) -> set[str]:
    return {alarm.code for alarm in found.alarms}


def test_all_cosign_and_anybody_can_check_it_offline(log: Witnessed) -> None:
    assert log.seal().cosigned == NAMES
    log.write(3, 9)
    assert log.seal().cosigned == NAMES
    proven = verify_tree_head(log.outside.head() or b"", log.policy())
    assert set(proven.cosigned) == set(NAMES)
    assert [witness.answers for witness in log.witnesses] == [[200, 200]] * 3
    found = log.verified()
    assert (found.alarms, found.unchecked) == ([], [])


def test_a_mirror_may_be_published_while_it_is_verified(
    log: Witnessed, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.seal()
    log.write(3, 9)
    read = Outside.head

    def before_it_is_published(outside: Outside) -> bytes | None:
        found = read(outside)
        monkeypatch.undo()
        log.seal()
        return found

    monkeypatch.setattr(Outside, "head", before_it_is_published)
    evidence = Evidence(outside=log.outside, key=log.signer.verifier, policy=log.policy())
    found = verify_mirror(evidence)
    assert (found.alarms, found.unchecked) == ([], [])
    assert found.leaves < verify_mirror(evidence).leaves


def test_a_witness_that_saw_less_is_proven_from_there(log: Witnessed) -> None:
    log.seal()
    away, log.witnesses[0].instead = log.witnesses[0], (503, "text/plain", b"away")
    log.write(3, 6)
    assert log.seal().cosigned == NAMES[1:]
    log.write(6, 9)
    away.instead = None
    assert log.seal().cosigned == NAMES
    assert away.answers[-2:] == [409, 200], "it says what it has seen, and is proven from there"


def test_a_witness_that_is_away_stops_nothing_and_is_asked_again(log: Witnessed) -> None:
    for witness in log.witnesses[:2]:
        witness.instead = (500, "text/plain", b"")
    assert log.seal().cosigned == NAMES[2:]
    with pytest.raises(Refused, match="quorum"):
        verify_tree_head(log.outside.head() or b"", log.policy())
    found = log.verified()
    assert [what.code for what in found.unchecked] == ["no_cosigned"]
    assert found.alarms == []
    for witness in log.witnesses[:2]:
        witness.instead = None
    assert log.seal().cosigned == NAMES, "although nothing new was written"
    assert (log.verified().alarms, log.verified().unchecked) == ([], [])


def test_being_away_for_more_than_a_day_is_an_alarm(log: Witnessed) -> None:
    log.seal()
    for witness in log.witnesses[:2]:
        witness.instead = (500, "text/plain", b"")
    log.write(3, 6)
    log.seal()
    at = datetime.fromtimestamp(log.witnesses[0].at, UTC)
    assert log.verified(at + timedelta(hours=23)).alarms == []
    assert codes(log.verified(at + timedelta(hours=25))) == {"cosigned_late"}


@pytest.mark.parametrize(
    "answer",
    [
        (200, "text/plain", b""),
        (200, "text/plain", b"\xff\xfe"),
        (200, "text/plain", "— witness.example/archive AAAA\n".encode()),
        (200, "text/plain", b"x" * 1_000_000),
        (409, "text/x.tlog.size", b"many\n"),
        (409, "text/x.tlog.size", b"99999999999999999999\n"),
        (409, "text/plain", b"3\n"),
        (302, "text/plain", b"http://127.0.0.1:9/elsewhere"),
        (404, "text/plain", b"unknown log"),
    ],
)
def test_whatever_a_witness_answers_the_log_goes_on(
    log: Witnessed, answer: tuple[int, str, bytes]
) -> None:
    log.witnesses[0].instead = answer
    assert log.seal().cosigned == NAMES[1:]
    assert log.verified().alarms == []


def test_a_cosignature_of_another_head_is_not_taken(log: Witnessed) -> None:
    log.seal()
    other = write_tree_head(TreeHead(log.signer.name, 3, bytes(32)))
    line = sign_note(other, [log.witnesses[0].signer], at=log.witnesses[0].at).split(b"\n\n")[1]
    log.witnesses[0].instead = (200, "text/plain", line)
    log.write(3, 6)
    assert log.seal().cosigned == NAMES[1:]


def test_53_a_log_with_two_stories_gets_no_second_cosignature(
    log: Witnessed, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The database and the folder of heads are put back together: the witnesses have seen more."""
    log.seal()
    log.write(3, 9)
    log.seal()
    prefix = "" if log.engine.dialect.name == "sqlite" else "cleangov."
    with log.engine.begin() as connection:
        for table in ("leaf", "tile", "tree_head"):
            connection.exec_driver_sql(f"DELETE FROM {prefix}cleangov_{table}")
        for table in ("case_index", "index_tile", "index_state"):
            if sa.inspect(connection).has_table(f"cleangov_{table}", schema=prefix[:-1] or None):
                connection.exec_driver_sql(f"DELETE FROM {prefix}cleangov_{table}")
        connection.exec_driver_sql(
            f"UPDATE {prefix}cleangov_entry SET body = replace(body, 'U2', 'U9')"
            f" WHERE no = (SELECT max(no) FROM {prefix}cleangov_entry)"
        )
    kept = log.outside.head() or b""
    for name in ("checkpoint", "checkpoint.cosigned"):
        (log.outside.own / name).unlink()
    assert log.seal().cosigned == ()
    assert "two stories" in caplog.text or "status 422" in caplog.text
    seen = [("auditor.note", kept)]
    assert {"seen_root", "seen_size"} & codes(log.verified(seen=seen))


def test_54_a_cosignature_that_was_edited_is_refused(log: Witnessed) -> None:
    log.seal()
    path = log.outside.own / "checkpoint.cosigned"
    text, _, lines = path.read_bytes().partition(b"\n\n")
    first, *rest = lines.splitlines(keepends=True)
    path.write_bytes(text + b"\n\n" + first + b"".join(rest[:1]))
    assert codes(log.verified()) == {"cosigned_note"}


def test_44_entries_written_after_they_were_witnessed_alarm(log: Witnessed) -> None:
    log.seal()
    for witness in log.witnesses:
        witness.at -= 86_400
    log.write(3, 6)
    log.seal()
    assert "after_cosigned" in codes(log.verified())


def test_an_address_that_is_none_is_said(log: Witnessed) -> None:
    log.witnesses[0].address = "file:///etc/passwd"
    with pytest.raises(SettingsError, match="https"):
        log.seal()
