"""``cleangov db export`` and ``db uninstall``: a city leaves with its own, and nothing is lost."""

import gzip
import json
import re
import stat
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.desk import exporting
from cleangov_plugin.desk.exporting import ExportError, export
from cleangov_plugin.store import tables, whole
from cleangov_plugin.store.connecting import connected
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.run import run as run_core
from cleangov_plugin.store.whole import Scope
from tests.cli.log_replaying import dump, run
from tests.plugin.test_canaries import CANARIES, enforcement, mishaps, project
from tests.store.samples import host_table
from tests.support import review_city
from tests.support.small_host import SmallHost

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
ALL = Scope(with_identities=True)


def quiet(_done: int, _all: int) -> None:
    """Tell nobody how far it is."""


def left(host: SmallHost) -> None:
    """Close all connections of a host and of its plugin, as at the end of its process."""
    if host.plugin and host.plugin.desk:
        host.plugin.desk.database.dispose()
    host.close()


@pytest.fixture
def city(database_url: str, tmp_path: Path) -> Iterator[SmallHost]:
    """A city that has worked, with hostile and with personal text in every field."""
    folder = tmp_path / "host"
    folder.mkdir()
    host = review_city.city(database_url, folder)
    host.who = review_city.OFFICER
    enforcement(host)
    project(host)
    mishaps(host)
    yield host
    left(host)


def filled(connection: sa.Connection, log_id: str, number: int) -> None:
    """Write one row into every table of ours, all of one ledger."""
    for table in tables.metadata.sorted_tables:
        values: dict[str, Any] = {}
        for column in table.columns:
            kind = column.type.python_type
            values[column.name] = {int: number, bool: True, bytes: b"\x00\xff\n"}.get(
                kind, f"{log_id}\r\n甲\u2028\x85\"'\t<&>\U0001f600 {column.name}"
            )
        owner = {"log_id": log_id, "scope": log_id, "names": '{"en": "City"}'}
        values |= {name: value for name, value in owner.items() if name in table.c}
        run_core(connection, sa.insert(table).values(values))


def rows_of(folder: Path, name: str) -> list[dict[str, Any]]:
    """Read a file of an export with nothing but the standard library."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="ascii") as file:
        return [json.loads(line) for line in file]


def value_of(value: Any) -> Any:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


def read_back(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Read an export as `dump` reads a database."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="ascii"))
    return {
        file["table"]: sorted(
            (
                tuple(
                    value_of(row[column.name])
                    for column in tables.metadata.tables[f"cleangov.{file['table']}"].columns
                )
                for row in rows_of(folder, file["table"])
            ),
            key=repr,
        )
        for file in manifest["tables"]
    }


def there(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Answer every row of every table of ours but the one of the migrations."""
    found = dump(url)
    del found[cleangov_migrations.VERSION_TABLE]
    return found


# ---- Export ------------------------------------------------------------------------------------


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
            for start in range(0, 20_000, 1_000):
                rows = [{**template, "ordinal": start + n} for n in range(1_000)]
                run_core(connection, sa.insert(staged), rows)
        export(database, tmp_path / "warm", NOW, Scope(), quiet)
        tracemalloc.start()
        export(database, tmp_path / "out", NOW, ALL, quiet)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 8_000_000, f"{peak} bytes for 40 MB of rows"


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for words in (("export", str(tmp_path / "out")), ("uninstall",)):
        result = run(f"sqlite:///{tmp_path / 'none.db'}", "db", *words)
        assert result.exit_code == 2, result.output
    assert list(tmp_path.iterdir()) == []


# ---- Uninstall ---------------------------------------------------------------------------------


def shape(engine: sa.Engine) -> tuple[Any, ...]:
    """Answer what the host has, byte for byte: its tables, their rows, its own version table."""
    with engine.connect() as connection:
        found = sa.inspect(connection)
        names = [n for n in found.get_table_names() if not n.startswith("cleangov_")]
        rows = {n: connection.exec_driver_sql(f'SELECT * FROM "{n}"').fetchall() for n in names}
        if connection.dialect.name == "sqlite":
            query = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%cleangov_%'"
            return rows, connection.exec_driver_sql(query).fetchall()
        columns = {n: repr(found.get_columns(n)) for n in names}
        return rows, columns, [repr(found.get_indexes(n)) for n in names]


@pytest.fixture
def host_with_own(database_url: str) -> Iterator[sa.Engine]:
    """A host with tables, an index, a view, rows and an Alembic of its own, beside our tables."""
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        host_table(connection)
        for statement in (
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
            "INSERT INTO alembic_version VALUES ('h42')",
            "CREATE TABLE cleaning_rota (id INTEGER PRIMARY KEY, name TEXT)",
            "INSERT INTO cleaning_rota VALUES (1, '陈静')",
            "CREATE INDEX ix_rota ON cleaning_rota (name)",
            "CREATE VIEW rota AS SELECT name FROM cleaning_rota",
        ):
            connection.exec_driver_sql(statement)
    yield engine
    engine.dispose()


def ours_left(engine: sa.Engine) -> set[str]:
    """Answer what of ours is there: tables, and on PostgreSQL the schema."""
    found = sa.inspect(engine)
    names = {name for name in found.get_table_names() if name.startswith("cleangov_")}
    if engine.dialect.name == "postgresql" and "cleangov" in found.get_schema_names():
        names |= {"cleangov", *found.get_table_names(schema="cleangov")}
    return names


def test_without_yes_it_shows_what_would_go_and_changes_nothing(
    host_with_own: sa.Engine, database_url: str
) -> None:
    before, ours = shape(host_with_own), ours_left(host_with_own)
    result = run(database_url, "db", "uninstall")
    assert result.exit_code == 0, result.output
    assert "cleangov_entry, 0 rows" in result.stdout
    assert "Nothing was changed" in result.stdout
    assert ("schema cleangov" in result.stdout) == (host_with_own.dialect.name == "postgresql")
    assert "cleaning_rota" not in result.stdout
    assert (shape(host_with_own), ours_left(host_with_own)) == (before, ours)


def test_it_takes_ours_and_the_host_stays_byte_for_byte(
    host_with_own: sa.Engine, database_url: str
) -> None:
    before = shape(host_with_own)
    result = run(database_url, "--json", "db", "uninstall", "--yes")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["done"] is True
    assert ours_left(host_with_own) == set()
    assert shape(host_with_own) == before
    again = run(database_url, "db", "uninstall", "--yes")
    assert "there is no table of the plugin" in again.stdout
    assert run(database_url, "db", "upgrade").exit_code == 0  # and it may come back


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


def changed(statement: str, folder: Path, url: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    prefix = "" if engine.dialect.name == "sqlite" else "cleangov."
    with engine.begin() as connection:
        connection.exec_driver_sql(statement.format(s=prefix))


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


def test_a_view_of_the_host_on_our_table_is_named_and_nothing_goes(
    host_with_own: sa.Engine, database_url: str
) -> None:
    prefix = "" if host_with_own.dialect.name == "sqlite" else "cleangov."
    with host_with_own.begin() as connection:
        connection.exec_driver_sql(f"CREATE VIEW board AS SELECT kind FROM {prefix}cleangov_entry")
    before, ours = shape(host_with_own), ours_left(host_with_own)
    assert run(database_url, "db", "uninstall").exit_code == 1
    refused = run(database_url, "db", "uninstall", "--yes")
    assert refused.exit_code == 2
    assert "board" in refused.output
    assert (shape(host_with_own), ours_left(host_with_own)) == (before, ours)


def test_a_table_of_the_host_that_refers_to_ours_is_named(
    host_with_own: sa.Engine, database_url: str
) -> None:
    prefix = "" if host_with_own.dialect.name == "sqlite" else "cleangov."
    with host_with_own.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE desk (id INTEGER PRIMARY KEY, log_id TEXT"
            f" REFERENCES {prefix}cleangov_agency (log_id))"
        )
    refused = run(database_url, "db", "uninstall", "--yes")
    assert refused.exit_code == 2
    assert "desk" in refused.output
    assert "cleangov_entry" in ours_left(host_with_own)


def test_tables_of_a_newer_release_are_left_to_it(
    host_with_own: sa.Engine, database_url: str
) -> None:
    changed("UPDATE {s}cleangov_alembic_version SET version_num = '9999'", Path(), database_url)
    refused = run(database_url, "db", "uninstall", "--yes")
    assert refused.exit_code == 2
    assert "newer" in refused.output
    assert "cleangov_entry" in ours_left(host_with_own)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("strange", "name"),
    [
        ("CREATE TABLE cleangov.theirs (id INTEGER)", "theirs"),
        ("CREATE FUNCTION cleangov.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "f()"),
        ("CREATE TYPE cleangov.mood AS ENUM ('calm')", "mood"),
    ],
)
def test_our_schema_stays_while_it_holds_anything_else(
    pg_database: str, strange: str, name: str
) -> None:
    engine = sa.create_engine(pg_database)
    with engine.begin() as connection:
        connection.exec_driver_sql(strange)
    shown = run(pg_database, "db", "uninstall")
    assert f"schema cleangov stays: it holds {name} as well" in shown.stdout
    assert run(pg_database, "db", "uninstall", "--yes").exit_code == 0
    assert ours_left(engine) == {"cleangov"} | ({"theirs"} if name == "theirs" else set())
    engine.dispose()


@pytest.mark.postgres
def test_a_partitioned_ledger_goes_with_its_partitions(pg_database: str) -> None:
    from tests.store.test_partitions import statements

    engine = sa.create_engine(pg_database)
    with engine.begin() as connection:
        for statement in statements():
            connection.exec_driver_sql(statement)
    result = run(pg_database, "db", "uninstall", "--yes")
    assert result.exit_code == 0, result.output
    assert ours_left(engine) == set()
    engine.dispose()


@pytest.mark.postgres
def test_a_schema_of_another_account_stays_empty(pg_database: str) -> None:
    admin = sa.create_engine(pg_database, isolation_level="AUTOCOMMIT")
    name = f"city_{sa.make_url(pg_database).database}"
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA cleangov CASCADE")
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
        connection.exec_driver_sql("CREATE SCHEMA cleangov")
        connection.exec_driver_sql(f"GRANT USAGE, CREATE ON SCHEMA cleangov TO {name}")
    url = sa.make_url(pg_database).set(username=name).render_as_string(hide_password=False)
    assert run(url, "db", "upgrade").exit_code == 0
    result = run(url, "db", "uninstall", "--yes")
    assert "stays: it belongs to another account" in result.stdout, result.output
    assert ours_left(admin) == {"cleangov"}
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {name}")
        connection.exec_driver_sql(f"DROP ROLE {name}")
    admin.dispose()


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
