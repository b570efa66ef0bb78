"""``cleangov verify`` with what was kept away from the database: the first key and the receipts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cleangov_plugin.cli.main import main
from cleangov_plugin.desk.codes import begin_file
from tests.cli.log_replaying import few_rules, replay
from tests.cli.log_replaying import run as run_on
from tests.support.small_host import SmallHost

LOG = Path(__file__).parents[2] / "sample_host/logs/receipt.xes.gz"


class City:
    """A platform that recorded three steps, and an auditor's command line."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.receipts, self.keys = folder / "receipts", folder / "keys"
        self.host = SmallHost(url, folder, {"CLEANGOV_RECEIPTS": str(self.receipts)})
        self.host.start()
        self.ledger = self.host.authority.id
        for number in range(3):
            self.host.write(self.host.event("enf.intent.notified", 800, case_id=f"C-{number}"))
        self.host.plugin.close()

    def verify(self, *words: str, receipts: bool = True) -> Result:
        places = ["--heads", str(self.folder / "heads"), "--keys", str(self.keys)]
        kept = ["--receipts", str(self.receipts)] if receipts else []
        line = ["--database", self.url, "--lang", "en", "verify", *places, *kept, *words]
        return CliRunner().invoke(main, line)

    def alarms(self, *words: str) -> list[tuple[str, Any]]:
        found = json.loads(self.verify("--json", *words).stdout)
        return [
            (alarm["detector"], alarm["values"].get("no"))
            for ledger in found.values()
            for alarm in ledger["alarms"]
        ]

    def edit(self, statement: str) -> None:
        prefix = "" if self.host.engine.dialect.name == "sqlite" else "cleangov."
        with self.host.engine.begin() as connection:
            connection.exec_driver_sql(statement.replace("{s}", prefix))


@pytest.fixture
def city(database_url: str, tmp_path: Path) -> Iterator[City]:
    found = City(database_url, tmp_path)
    yield found
    found.host.close()


def test_with_both_it_is_clean_and_without_it_is_said(city: City) -> None:
    clean = city.verify()
    assert clean.exit_code == 0, clean.output
    for what in ("the codes of entries", "receipt journal"):
        assert what not in clean.stdout
    begin_file(city.keys, city.ledger).rename(city.folder / "away.key")
    without = city.verify(receipts=False)
    for what in ("the codes of entries", "receipt journal"):
        assert what in without.stdout
    given = city.verify("--code-key", str(city.folder / "away.key"))
    assert "the codes of entries" not in given.stdout
    assert given.exit_code == 0


def test_what_was_changed_or_deleted_by_sql_is_named(city: City) -> None:
    newest = "(SELECT max(id) FROM {s}cleangov_entry)"
    city.edit(f"UPDATE {{s}}cleangov_entry SET mac = NULL WHERE id = {newest}")
    assert [detector for detector, _ in city.alarms()] == ["MAC"]
    city.edit(f"DELETE FROM {{s}}cleangov_entry WHERE id = {newest}")
    assert [detector for detector, _ in city.alarms()] == ["RCPT"]
    said = city.verify()
    assert said.exit_code == 1
    assert "RCPT: an entry with a receipt is not there" in said.stdout


def test_a_ledger_that_is_gone_with_its_authority_is_missed(city: City) -> None:
    for table in ("entry", "lane"):
        city.edit(f"DELETE FROM {{s}}cleangov_{table}")
    before = [no for detector, no in city.alarms() if detector == "RCPT"]
    city.edit("DELETE FROM {s}cleangov_agency")
    assert [no for detector, no in city.alarms() if detector == "RCPT"] == before
    assert len(before) == 3


@pytest.mark.parametrize("option", ["--code-key", "--receipts"])
def test_what_is_not_there_or_something_else_is_refused(city: City, option: str) -> None:
    other = city.folder / "other"
    other.write_text("nonsense")
    for path in (other, city.folder / "none"):
        refused = city.verify(option, str(path))
        assert refused.exit_code == 2, refused.output
        assert path.name in refused.stderr


def test_a_replayed_log_has_codes_and_replaying_it_again_raises_no_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_rules(tmp_path, monkeypatch)
    monkeypatch.setenv("CLEANGOV_RECEIPTS", str(tmp_path / "receipts"))
    (tmp_path / "receipts").mkdir()
    keys = tmp_path / "keys"
    for name in ("one", "two"):  # the same keys, and the log from its first day again
        url = f"sqlite:///{tmp_path / name}.db"
        replay(url, LOG, "receipt", keys)
        found = json.loads(run_on(url, "verify", "--json", "--keys", str(keys)).stdout)
        (ledger,) = found.values()
        assert ledger["unsealed"] > 1_000
        assert ledger["alarms"] == []
        assert "no_code_key" not in {what["code"] for what in ledger["unchecked"]}
    assert list((tmp_path / "receipts").iterdir()) == [], "a log can be replayed again"
