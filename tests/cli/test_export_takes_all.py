"""``cleangov db export``: a city takes its own along, whole, and no personal word unasked."""

import gzip
import json
import re
import stat
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.desk.leaving import exporting
from cleangov_plugin.desk.leaving.exporting import ExportError, export
from cleangov_plugin.store import tables, whole
from cleangov_plugin.store.connecting import connected
from cleangov_plugin.store.run import run as run_core
from cleangov_plugin.store.whole import Scope
from tests.cli.city_leaving import city, filled, read_back, rows_of, there
from tests.cli.log_replaying import run
from tests.plugin.test_canaries import CANARIES
from tests.support.small_host import SmallHost

__all__ = ("city",)

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
ALL = Scope(with_identities=True)


def quiet(_done: int, _all: int) -> None:
    """Tell nobody how far it is."""


def test_an_export_read_back_equals_every_row(
    city: SmallHost, database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    result = run(database_url, "--json", "db", "export", str(folder), "--with-identities")
    assert result.exit_code == 0, result.output
    expected = there(database_url)
    assert len(expected["cleangov_entry"]) > 20
    assert read_back(folder) == expected
    said = json.loads(result.stdout)
    assert {f["table"]: f["rows"] for f in said["tables"]} == {
        name: len(rows) for name, rows in expected.items()
    }


def test_every_table_with_hostile_text_and_bytes_comes_back(
    database_url: str, tmp_path: Path
) -> None:
    with connected(database_url) as database:
        with database.own_transaction() as connection:
            filled(connection, "cg", 1)
        export(database, tmp_path / "out", NOW, ALL, quiet)
    expected = there(database_url)
    assert all(len(rows) == 1 for rows in expected.values())
    assert read_back(tmp_path / "out") == expected


def test_a_body_is_the_very_text_that_is_stored(
    city: SmallHost, database_url: str, tmp_path: Path
) -> None:
    run(database_url, "db", "export", str(tmp_path / "out"))
    bodies = {
        row["id"]: row["body"].encode() for row in rows_of(tmp_path / "out", "cleangov_entry")
    }
    with city.engine.connect() as connection:
        prefix = "" if connection.dialect.name == "sqlite" else "cleangov."
        stored = connection.exec_driver_sql(f"SELECT id, body FROM {prefix}cleangov_entry")
        assert bodies == {id_: body.encode() for id_, body in stored}


def test_the_manifest_tells_what_the_files_are(
    city: SmallHost, database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    run(database_url, "db", "export", str(folder))
    said = json.loads((folder / "manifest.json").read_text(encoding="ascii"))
    assert (said["format"], said["format_version"]) == ("cleangov-export", 1)
    assert said["schema"] == cleangov_migrations.head()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", said["made_at"])
    assert said["database"] == city.engine.dialect.name
    assert {f["file"] for f in said["tables"]} | {"manifest.json"} == {
        path.name for path in folder.iterdir()
    }
    for file in said["tables"]:
        packed = (folder / file["file"]).read_bytes()
        assert sha256(packed).hexdigest() == file["file_sha256"]
        assert sha256(gzip.decompress(packed)).hexdigest() == file["lines_sha256"]
        assert gzip.decompress(packed).count(b"\n") == file["rows"]


def test_without_identities_no_personal_word_is_in_any_file(
    city: SmallHost, database_url: str, tmp_path: Path
) -> None:
    result = run(database_url, "db", "export", str(tmp_path / "out"))
    assert "--with-identities" in result.stdout
    for path in (tmp_path / "out").iterdir():
        packed = path.read_bytes()
        text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("ascii")
        assert not [word for word in CANARIES if word in text], path.name
    said = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="ascii"))
    left_out = {f["table"]: f["left_out"] for f in said["tables"] if f["left_out"]}
    assert left_out["cleangov_pseudonym"] == ["identity"]
    assert left_out["cleangov_entry"] == ["disc"]
    assert all("identity" not in row for row in rows_of(tmp_path / "out", "cleangov_pseudonym"))


def test_every_column_named_as_personal_is_there() -> None:
    columns = {t.name: {c.name for c in t.columns} for t in tables.metadata.sorted_tables}
    for table, names in whole.PERSONAL.items():
        assert names <= columns[table]


def test_one_ledger_alone_is_exported_from_every_table(database_url: str, tmp_path: Path) -> None:
    with connected(database_url) as database:
        with database.own_transaction() as connection:
            filled(connection, "cg", 1)
            filled(connection, "other", 2)
        made = export(database, tmp_path / "out", NOW, Scope(log_id="cg"), quiet)
    assert {file.table: file.rows for file in made.tables} == {
        table.name: 1 for table in tables.metadata.sorted_tables
    }
    assert "other" not in json.dumps([rows_of(tmp_path / "out", f.table) for f in made.tables])


def test_a_ledger_that_is_not_kept_is_refused(database_url: str, tmp_path: Path) -> None:
    result = run(database_url, "db", "export", str(tmp_path / "out"), "--log-id", "nobody")
    assert result.exit_code == 2
    assert "cleangov status" in result.output
    assert list(tmp_path.glob("*out*")) == []


def test_folder_and_files_are_for_their_owner_alone(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o755)
    assert run(database_url, "db", "export", str(tmp_path / "out")).exit_code == 0
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


@pytest.mark.parametrize("kind", ["full", "file", "link", "nowhere"])
def test_a_place_that_is_taken_is_refused_and_stays_as_it_is(
    database_url: str, tmp_path: Path, kind: str
) -> None:
    place = tmp_path / "out"
    if kind == "full":
        place.mkdir()
        (place / "mine").write_text("mine")
    elif kind == "file":
        place.write_text("mine")
    elif kind == "link":
        (tmp_path / "elsewhere").mkdir()
        place.symlink_to(tmp_path / "elsewhere")
    else:
        place = tmp_path / "no" / "such" / "out"
    before = sorted(str(path) for path in tmp_path.rglob("*") if "cleangov.db" not in path.name)
    result = run(database_url, "db", "export", str(place))
    assert result.exit_code == 2
    assert "Name a folder" in result.output
    after = sorted(str(path) for path in tmp_path.rglob("*") if "cleangov.db" not in path.name)
    assert after == before


def test_an_export_that_fails_half_way_leaves_nothing(
    city: SmallHost, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = exporting._written

    def full(path: Path, stream: Iterator[bytes]) -> tuple[int, str]:
        if path.name.startswith("cleangov_finding"):
            next(stream)
            raise OSError(28, "No space left on device")
        return written(path, stream)

    monkeypatch.setattr(exporting, "_written", full)
    target = tmp_path / "exports"
    target.mkdir()
    with connected(database_url) as database, pytest.raises(ExportError, match="No space left"):
        export(database, target / "out", NOW, ALL, quiet)
    assert list(target.iterdir()) == []


def test_all_tables_are_of_one_moment(city: SmallHost, database_url: str, tmp_path: Path) -> None:
    before = there(database_url)
    told: list[tuple[int, int]] = []

    def meanwhile(done: int, all_: int) -> None:
        told.append((done, all_))
        if len(told) == 2:
            city.write(city.event("enf.intent.notified", 800))

    with connected(database_url) as database:
        export(database, tmp_path / "out", NOW, ALL, meanwhile)
    assert read_back(tmp_path / "out") == before
    assert len(there(database_url)["cleangov_entry"]) == len(before["cleangov_entry"]) + 1
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == sum(map(len, before.values()))


def test_the_same_rows_give_the_same_files(
    city: SmallHost, database_url: str, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        run(database_url, "db", "export", str(tmp_path / name), "--with-identities")
    for path in (tmp_path / "one").glob("*.gz"):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_memory_does_not_grow_with_the_ledger(database_url: str, tmp_path: Path) -> None:
    staged = tables.staged_event
    template = {"run_id": "r", "case_id": "c", "payload": "x" * 2_000, "feed_key": 1}
    with connected(database_url) as database:
        with database.own_transaction() as connection:
            for start in range(0, 8_000, 1_000):
                rows = [{**template, "ordinal": start + n} for n in range(1_000)]
                run_core(connection, sa.insert(staged), rows)
        export(database, tmp_path / "warm", NOW, Scope(), quiet)
        tracemalloc.start()
        export(database, tmp_path / "out", NOW, ALL, quiet)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 8_000_000, f"{peak} bytes for 16 MB of rows"


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for words in (("export", str(tmp_path / "out")), ("uninstall",)):
        result = run(f"sqlite:///{tmp_path / 'none.db'}", "db", *words)
        assert result.exit_code == 2, result.output
    assert list(tmp_path.iterdir()) == []
