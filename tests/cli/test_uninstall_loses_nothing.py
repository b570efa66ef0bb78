"""``cleangov db uninstall``: what is neither sealed nor exported as it stands is not taken away."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin.store.connecting import connected
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.run import run as run_core
from tests.cli.city_leaving import changed, city, filled, left, ours_left, read_back, shape, there
from tests.cli.log_replaying import run
from tests.support.small_host import SmallHost

__all__ = ("city",)


def test_entries_that_are_not_sealed_stay(city: SmallHost, database_url: str) -> None:
    before = there(database_url)
    shown = run(database_url, "--json", "db", "uninstall")
    assert shown.exit_code == 1
    assert json.loads(shown.stdout)["unsealed"] == len(before["cleangov_entry"])
    refused = run(database_url, "db", "uninstall", "--yes")
    assert refused.exit_code == 2
    assert "not sealed" in refused.output
    assert "cleangov db export DIR --with-identities" in refused.output
    assert there(database_url) == before


def test_after_an_export_that_equals_the_database_it_goes(
    city: SmallHost, database_url: str, tmp_path: Path
) -> None:
    engine = sa.create_engine(database_url)
    before, entries = shape(engine), there(database_url)
    out = str(tmp_path / "out")
    run(database_url, "db", "export", out, "--with-identities")
    left(city)
    shown = run(database_url, "db", "uninstall", "--after-export", out)
    assert shown.exit_code == 0, shown.output
    assert run(database_url, "db", "uninstall", "--yes", "--after-export", out).exit_code == 0
    assert ours_left(engine) == set()
    assert shape(engine) == before
    assert read_back(tmp_path / "out") == entries
    engine.dispose()


def resaid(folder: Path, **changes: Any) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("UPDATE {s}cleangov_entry SET body = body || ' ' WHERE id = 1", "rows have changed"),
        ("DELETE FROM {s}cleangov_entry WHERE id = 1", "rows exported"),
        ("UPDATE {s}cleangov_answer SET words = NULL", "cleangov_answer: rows have changed"),
        ("file", "cleangov_gap.jsonl.gz: missing, or changed"),
        ("gone", "cleangov_gap.jsonl.gz: missing, or changed"),
        ("no table", "cleangov_gap: not in the export"),
        ("one ledger", "holds the ledger cg alone"),
        ("names", "without --with-identities"),
        ("revision", "of revision 0000"),
        ("no manifest", "no export of this release"),
        ("another format", "no export of this release"),
        ("elsewhere", "missing, or changed"),
    ],
)
def test_an_export_that_is_not_what_is_there_is_refused(
    database_url: str, tmp_path: Path, what: str, said: str
) -> None:
    with connected(database_url) as database, database.own_transaction() as connection:
        filled(connection, "cg", 1)
    folder = tmp_path / "out"
    made = run(database_url, "--json", "db", "export", str(folder), "--with-identities")
    files = json.loads(made.stdout)["tables"]
    gap = folder / "cleangov_gap.jsonl.gz"
    match what:
        case "file":
            gap.write_bytes(gap.read_bytes() + b"\0")
        case "gone":
            gap.unlink()
        case "no table":
            resaid(folder, tables=[f for f in files if f["table"] != "cleangov_gap"])
        case "one ledger":
            resaid(folder, log_id="cg")
        case "names":
            resaid(folder, with_identities=False)
        case "revision":
            resaid(folder, schema="0000")
        case "no manifest":
            (folder / "manifest.json").unlink()
        case "another format":
            resaid(folder, format_version=2)
        case "elsewhere":
            (tmp_path / gap.name).write_bytes(gap.read_bytes())
            moved = [{**f, "file": f"../{f['file']}"} for f in files if "gap" in f["file"]]
            resaid(folder, tables=[*(f for f in files if "gap" not in f["file"]), *moved])
        case statement:
            changed(statement, folder, database_url)
    before = there(database_url)
    result = run(database_url, "db", "uninstall", "--yes", "--after-export", str(folder))
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert "Traceback" not in result.output
    assert there(database_url) == before


def test_it_is_one_transaction(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleangov_plugin.store import removal

    def torn(connection: Any, statement: Any) -> Any:
        if "entry" in str(statement):
            raise sa.exc.OperationalError("DROP", {}, Exception("the power failed"))
        return run_core(connection, statement)

    monkeypatch.setattr(removal, "run", torn)
    before = there(database_url)
    assert run(database_url, "db", "uninstall", "--yes").exit_code == 2
    assert there(database_url) == before


def test_what_is_written_after_the_look_is_not_lost(database_url: str) -> None:
    database = Database(database_url)
    assert run(database_url, "db", "uninstall").exit_code == 0
    with database.own_transaction() as connection:
        filled(connection, "cg", 1)
    assert run(database_url, "db", "uninstall", "--yes").exit_code == 2
    assert len(there(database_url)["cleangov_entry"]) == 1
    database.dispose()
