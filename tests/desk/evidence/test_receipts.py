"""Receipts on both databases: whose proof they are, and what is said where there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.evidence.proving import NotProven
from cleangov_plugin.desk.evidence.receipts import Receipt, finder, read_paper, receipt
from cleangov_plugin.desk.evidence.words import NOT_PROVEN, why_not
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.log_proof import verify_log_proof
from cleangov_plugin.ledger.policy import NONE, Policy
from tests.desk.sealed.test_sealing import Sealer


@pytest.fixture
def sealer(engine: sa.Engine, tmp_path: Path) -> Iterator[Sealer]:
    found = Sealer(engine, tmp_path)
    yield found
    found.database.dispose()


def made(sealer: Sealer, *, from_outside: bool = False, **asked: object) -> Receipt:
    named = {"row": None, "event": None, "lane": None, "no": None, **asked}
    find = finder(**named)  # type: ignore[arg-type]
    assert find is not None
    folder = sealer.outside.folder
    return receipt(sealer.database, folder, find, asked="it", from_outside=from_outside)


def policy(sealer: Sealer) -> Policy:
    return Policy((sealer.signer.verifier,), {}, {}, NONE)


@pytest.mark.parametrize("from_outside", [False, True])
def test_every_entry_has_a_receipt_that_proves_it_and_holds_nothing_of_it(
    sealer: Sealer, from_outside: bool
) -> None:
    sealer.write(0, 5)
    sealer.seal()
    sealer.write(5, 270)
    size = sealer.seal().size
    bodies = [body for body in sealer.bodies() if '"subject":' in body]
    for number in (0, 4, 254, 255, 256, 269):
        found = made(sealer, from_outside=from_outside, event=f"E{number}")
        leaf = leaf_hash(bodies[number].encode())
        assert (found.hash, found.head.head.size) == (leaf, size)
        assert verify_log_proof(found.proof, leaf, policy(sealer)).head.size == size
        assert found.key == sealer.signer.verifier.text
        paper = found.paper()
        assert "2026-0117" not in paper
        assert "decide" not in paper
        assert read_paper(paper) == (found.proof, leaf)
        assert read_paper(paper.replace("\n", "\r\n").rstrip()) == (found.proof, leaf)


def test_an_entry_is_named_by_its_row_its_event_or_its_place(sealer: Sealer) -> None:
    sealer.write(0, 3)
    sealer.seal()
    by_event = made(sealer, event="E1")
    place = by_event.place
    assert made(sealer, row=place.row).proof == by_event.proof
    assert made(sealer, lane=place.lane, no=place.no).proof == by_event.proof
    for words in ({"row": 1, "event": "E1"}, {"lane": 1}, {"lane": 0, "row": 1}, {}):
        assert finder(**{"row": None, "event": None, "lane": None, "no": None, **words}) is None


def test_what_is_not_sealed_yet_says_until_when_it_must_be(sealer: Sealer) -> None:
    sealer.write(0, 1)
    with pytest.raises(NotProven) as found:
        made(sealer, event="E0")
    assert found.value.code == "not_sealed"
    assert found.value.values["until"] == "2026-03-10T04:01:03.000000Z"
    assert "2026-03-10T04:01:03" in why_not(found.value, "zh-CN")


def test_without_a_signed_head_nothing_is_proven(
    sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleangov_plugin.desk.sealed.outside import Outside

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    sealer.write(0, 3)
    with monkeypatch.context() as patched:
        patched.setattr(Outside, "publish", dies)
        with pytest.raises(KeyboardInterrupt):
            sealer.seal()
    with pytest.raises(NotProven, match="no_head"):
        made(sealer, event="E0")
    sealer.seal()
    sealer.write(3, 4)
    with monkeypatch.context() as patched:
        patched.setattr(Outside, "publish", dies)
        with pytest.raises(KeyboardInterrupt):
            sealer.seal()
    with pytest.raises(NotProven, match="not_signed"):
        made(sealer, event="E3")
    assert made(sealer, event="E0").proof


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {s}cleangov_entry SET body = replace(body, 'U2', 'U9')",
        "DELETE FROM {s}cleangov_tile",
        "UPDATE {s}cleangov_leaf SET idx = idx + 1000 WHERE lane IS NOT NULL",
    ],
)
def test_what_was_changed_has_no_receipt(sealer: Sealer, change: str) -> None:
    sealer.write(0, 3)
    sealer.seal()
    prefix = "" if sealer.engine.dialect.name == "sqlite" else "cleangov."
    with sealer.engine.begin() as connection:
        connection.exec_driver_sql(change.format(s=prefix))
    with pytest.raises(NotProven, match=r"not_in_tree|not_signed"):
        made(sealer, event="E1")


def test_no_entry_and_several_are_told_apart(sealer: Sealer) -> None:
    from tests.store.samples import write_entry

    with sealer.engine.begin() as connection:
        write_entry(connection, 1)
        write_entry(connection, 1, source="other", case_id="another")
    with pytest.raises(NotProven, match="no_entry"):
        made(sealer, event="E7")
    with pytest.raises(NotProven, match="ambiguous"):
        made(sealer, event="E1")


def test_without_a_folder_the_head_of_the_database_is_taken(sealer: Sealer) -> None:
    sealer.write(0, 3)
    sealer.seal()
    find = finder(row=None, event="E1", lane=None, no=None)
    assert find is not None
    found = receipt(sealer.database, None, find, asked="it")
    assert found.proof == made(sealer, event="E1").proof
    assert found.head.at


def test_every_reason_is_said_in_both_languages() -> None:
    names = ("asked", "found", "most", "row", "until", "leaf", "size", "log_id", "why", "code")
    for code in NOT_PROVEN:
        problem = NotProven(code, **dict.fromkeys(names, 7))
        zh, en = why_not(problem, "zh-CN"), why_not(problem, "en")
        assert zh.endswith("。")
        assert en.endswith(".")


@pytest.mark.parametrize("text", ["", "hello", "hash: 00", "c2sp.org/tlog-proof@v2\nindex 1\n"])
def test_what_is_no_paper_gives_no_proof(text: str) -> None:
    assert read_paper(text) == (None, None)
