"""Entries that were lost before anybody sealed them: declared, named, and verifying is clean."""

import itertools
import json
from contextlib import closing
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from cleangov_plugin import plugin
from cleangov_plugin.desk.checkpoint import entering
from tests.attacks.scene import Scene
from tests.attacks.test_threat_model import Steps, steps
from tests.desk.sealed.test_recovering import Backup
from tests.support.small_host import SmallHost


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time."""
    monkeypatch.setattr(entering, "EVENT_MS", 10_000)
    monkeypatch.setattr(plugin, "_USUAL_MS", 10_000)


@pytest.fixture
def cut(scene: Scene) -> Scene:
    """A ledger that was put back to its last sealing; three entries came after it."""
    scene.seal()
    engine = sa.create_engine(scene.url, poolclass=sa.pool.NullPool)
    backup = Backup(SimpleNamespace(engine=engine))  # type: ignore[arg-type]
    write(scene, 5_000, hours=4)
    assert scene.verify() == (0, [])
    backup.put_back()
    engine.dispose()
    return scene


def write(scene: Scene, first: int, hours: int) -> None:
    """Have the platform write three entries."""
    settings = {"CLEANGOV_RECEIPTS": str(scene.folder / "receipts")}
    with closing(SmallHost(scene.url, scene.folder, settings)) as host:
        host._numbers = itertools.count(first)
        host.move(hours=hours)
        host.start()
        for _ in range(3):
            host.write(host.event("enf.notice.served"))
        host.move(minutes=1)


def test_what_was_lost_before_it_was_sealed_is_declared_and_named(cut: Scene) -> None:
    status, alarms = cut.verify()
    assert (status, {each["code"] for each in alarms}) == (1, {"receipt_gone"})
    lost = {each["values"]["hash"] for each in alarms}
    assert len(lost) == 3
    words = ["recover", "--log-id", "cg", "--reason", "disk failed", "--by", "archive", "--json"]
    would = json.loads(cut.run(*words).stdout)
    assert (would["is_done"], set(would["tail"]["hashes"])) == (False, lost)
    assert cut.verify()[0] == 1, "nothing was done yet"
    done = cut.run(*words, "--yes")
    assert done.exit_code == 0, done.output
    assert cut.run(*words).exit_code == 2, "nothing is lost any more"
    write(cut, 6_000, hours=5)  # which takes the numbers of the lost ones again
    cut.seal()
    assert cut.verify() == (0, [])
    said = cut.told["cg"]["unchecked"]
    (told,) = [what["values"] for what in said if what["code"] == "lost_tail"]
    assert (told["number"], told["by"], told["reason"]) == (3, "archive", "disk failed")
    numbers = [each["values"]["no"] for each in alarms]
    assert f"{min(numbers)}–{max(numbers)}" in told["lanes"]
    leaves = cut.ask("SELECT meta FROM {s}cleangov_leaf WHERE meta LIKE '%incarnation%'")
    assert set(json.loads(leaves[0])["tail"]["hashes"]) == lost


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_steps_of_the_page_lead_out_of_it(cut: Scene) -> None:
    steps_ = Steps(cut)
    steps_.names["KEY"] = cut.given["key"]
    for words, status in steps("restore-tail"):
        steps_.do(words, status)
    assert "no change was found" in steps_.answers[-1]
    assert "3 entries that were not sealed yet" in steps_.answers[-1]
    assert "city archive: disk failed on 3 December" in steps_.answers[-1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_its_receipts_nobody_can_say_what_was_lost(cut: Scene) -> None:
    (cut.folder / "receipts").rename(cut.folder / "elsewhere")
    refused = cut.run("recover", "--log-id", "cg", "--reason", "disk", "--by", "archive", "--yes")
    assert refused.exit_code == 2
    assert "found with --receipts FOLDER alone" in refused.stderr


def test_where_another_entry_stands_at_a_lost_place_it_is_said(cut: Scene) -> None:
    lost = {each["values"]["no"] for each in cut.verify()[1]}
    write(cut, 6_000, hours=5)  # before anybody declared anything
    words = ["recover", "--log-id", "cg", "--reason", "disk failed", "--by", "archive"]
    would = json.loads(cut.run(*words, "--json").stdout)
    assert {no for _, no in would["held"]} == lost
    said = "at 3 of these places another entry stands"
    assert said in cut.run(*words).stdout
    assert "其中 3 处现有另一条记录" in cut.run("--lang", "zh-CN", *words).stdout
    assert cut.run(*words, "--yes").exit_code == 0
    cut.seal()
    assert cut.verify() == (0, [])
    held = [what for what in cut.told["cg"]["unchecked"] if what["code"] == "lost_held"]
    (told,) = held
    assert told["values"]["number"] == 3
    assert f"{min(lost)}–{max(lost)}" in told["values"]["lanes"]
