"""Oversight follows an agency: what it copies, what it refuses, and being killed anywhere."""

from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.followed import following
from cleangov_plugin.desk.followed.believing import Believed
from cleangov_plugin.desk.followed.refusing import Contradiction
from cleangov_plugin.desk.followed.sources import DatabaseSource
from cleangov_plugin.desk.sealed.outside import Outside
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.verifying import verify
from cleangov_plugin.ledger.log_proof import verify_tree_head
from cleangov_plugin.ledger.note import open_note
from cleangov_plugin.ledger.policy import read_policy
from cleangov_plugin.ledger.tree_head import read_tree_head
from cleangov_plugin.store import copying
from cleangov_plugin.store.database import Database
from tests.desk.followed.oversight import Agency, Oversight


def refused(oversight: Oversight) -> Contradiction:
    """Refused, and again, and what is there stays."""
    before = oversight.rows()
    with pytest.raises(Contradiction) as first:
        oversight.follow()
    with pytest.raises(Contradiction) as second:
        oversight.follow()
    assert first.value.code == second.value.code
    assert oversight.rows() == before
    return first.value


def test_the_copy_is_the_same_ledger_and_is_clean(agency: Agency, oversight: Oversight) -> None:
    agency.edit("UPDATE {s}cleangov_entry SET disc = 'abc'")
    done = oversight.follow()
    assert done.added == done.size == len(agency.bodies())
    assert oversight.texts() == agency.bodies()
    assert oversight.found() == ([], [])
    assert oversight.disclosed() == [None], "what was disclosed is never copied"
    size = agency.grow(12, 300)
    assert oversight.follow().added == size - done.size
    again = oversight.follow()
    assert (again.size, again.added) == (size, 0)
    assert oversight.texts() == agency.bodies()
    assert oversight.found() == ([], [])


def test_the_follower_is_a_witness_of_the_agency(agency: Agency, oversight: Oversight) -> None:
    oversight.follow()
    note = oversight.copy.outside.head() or b""
    log, witness = agency.signer.verifier.text, oversight.copy.witness.verifier.text
    policy = read_policy(f"log {log}\nwitness oversight {witness}\nquorum oversight\n".encode())
    assert set(verify_tree_head(note, policy).cosigned) == {"oversight"}
    agency.grow(12, 20)
    evidence = Evidence(outside=agency.outside, key=agency.signer.verifier, seen=[("kept", note)])
    with agency.database.own_transaction(is_reading=True) as connection:
        assert verify(connection, evidence).alarms == []


def test_killed_at_any_step_it_goes_on(
    agency: Agency, oversight: Oversight, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    oversight.follow()
    steps = (
        (copying, "add_entries"),
        (following.tree, "add_leaves"),
        (following.tree, "add_head"),
        (Outside, "save"),
        (Outside, "publish"),
        (following.tree, "published"),
    )
    for n, (place, step) in enumerate(steps):
        agency.grow(20 * n + 20, 20 * n + 40)
        with monkeypatch.context() as patched:
            patched.setattr(place, step, dies)
            with pytest.raises(KeyboardInterrupt):
                oversight.follow()
        oversight.follow()
        assert oversight.texts() == agency.bodies(), step
        assert oversight.found() == ([], []), step
        key = agency.signer.verifier
        head = read_tree_head(open_note(oversight.copy.outside.head() or b"", [key]).text)
        assert head.size == len(agency.bodies()), step


def test_a_database_that_was_put_back_is_refused(agency: Agency, oversight: Oversight) -> None:
    backup, early = agency.backup(), len(agency.bodies())
    size = agency.grow(12, 20)
    oversight.follow()
    backup.put_back()
    problem = refused(oversight)
    assert (problem.code, problem.values["there"], problem.values["size"]) == (
        "put_back",
        early,
        size,
    )
    assert str(early) in problem.said("zh-CN")
    assert problem.values["root"] in problem.said("en")
    assert oversight.found() == ([], [])


@pytest.mark.parametrize("last", [18, 20, 60])
def test_a_story_told_anew_with_the_key_is_a_fork(
    agency: Agency, oversight: Oversight, last: int
) -> None:
    backup = agency.backup()
    agency.grow(12, 20)
    oversight.follow()
    backup.put_back()
    agency.forget_heads()
    agency.grow(100, 100 + last - 12)
    problem = refused(oversight)
    assert problem.code == "fork"
    key = agency.signer.verifier
    (kept,) = (oversight.copy.private / "contradicting").iterdir()
    theirs = read_tree_head(open_note(kept.read_bytes(), [key]).text)
    ours = read_tree_head(open_note(oversight.copy.outside.head() or b"", [key]).text)
    assert theirs.origin == ours.origin
    assert theirs.root.hex() == problem.values["there_root"]
    assert ours.root.hex() == problem.values["root"]


@pytest.mark.parametrize("how", ["DELETE FROM {s}", "DROP TABLE {s}"])
def test_a_database_that_was_wiped_is_refused(
    agency: Agency, oversight: Oversight, how: str
) -> None:
    oversight.follow()
    tables = ("leaf", "tile", "tree_head", "entry", "agency")
    agency.edit(*(f"{how}cleangov_{name}" for name in tables))
    assert refused(oversight).code == "wiped"
    assert oversight.found() == ([], [])


def test_the_head_that_was_cosigned_counts_where_the_copy_was_put_back(
    agency: Agency, oversight: Oversight
) -> None:
    backup = agency.backup()
    agency.grow(12, 20)
    oversight.follow()
    backup.put_back()
    for table in ("leaf", "tile", "tree_head", "entry", "case_index", "index_tile", "index_state"):
        prefix = "" if oversight.database.is_sqlite else "cleangov."
        with oversight.database.engine.begin() as connection:
            connection.exec_driver_sql(f"DELETE FROM {prefix}cleangov_{table}")
    assert refused(oversight).code == "fork"


def test_a_head_of_another_key_is_refused(agency: Agency, oversight: Oversight) -> None:
    from cleangov_plugin.ledger.note_key import SignerKey
    from cleangov_plugin.ledger.suites import Ed25519

    oversight.follow()
    agency.signer = SignerKey(agency.signer.name, Ed25519(), bytes(32))
    agency.forget_heads()
    agency.grow(12, 20)
    problem = refused(oversight)
    assert (problem.code, problem.values["why"]) == ("head", "note.unverified")


def test_a_head_that_waits_for_witnesses_is_not_copied_yet(
    agency: Agency, oversight: Oversight
) -> None:
    log, witness = agency.signer.verifier.text, oversight.copy.witness.verifier.text
    policy = read_policy(f"log {log}\nwitness w {witness}\nquorum w\n".encode())
    oversight.believed = Believed(agency.outside.log_id, policy=policy)
    problem = refused(oversight)
    assert (problem.code, problem.values["why"]) == ("head", "policy.quorum-unmet")


def test_tables_of_the_copy_that_were_changed_are_not_built_on(
    agency: Agency, oversight: Oversight
) -> None:
    oversight.follow()
    prefix = "" if oversight.database.is_sqlite else "cleangov."
    with oversight.database.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM {prefix}cleangov_tile")
    agency.grow(12, 20)
    assert refused(oversight).code == "own"


def test_an_account_that_only_reads_is_enough_and_sees_no_personal_field(
    agency: Agency, oversight: Oversight
) -> None:
    if agency.database.is_sqlite:
        pytest.skip("SQLite has no accounts")
    name = "cleangov_follower_test"
    agency.edit(
        f"DROP ROLE IF EXISTS {name}",
        f"CREATE ROLE {name} LOGIN PASSWORD 'reader'",
        f"GRANT USAGE ON SCHEMA cleangov TO {name}",
        *(
            f"GRANT SELECT ON {{s}}cleangov_{table} TO {name}"
            for table in ("agency", "leaf", "tile", "tree_head")
        ),
        f"GRANT SELECT (log_id, lane, no, body) ON {{s}}cleangov_entry TO {name}",
    )
    url = sa.make_url(agency.engine.url).set(username=name, password="reader")
    reader = Database(url, patience_ms=2_000)
    try:
        oversight.source = DatabaseSource(reader)
        assert oversight.source.agencies() == [], "the table can be read, and is empty"
        assert oversight.follow().size == len(agency.bodies())
        with reader.own_transaction() as connection, pytest.raises(sa.exc.ProgrammingError):
            connection.exec_driver_sql("SELECT disc FROM cleangov.cleangov_entry")
    finally:
        reader.dispose()
        agency.edit(f"DROP OWNED BY {name}", f"DROP ROLE {name}")
