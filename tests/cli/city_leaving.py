"""A city that leaves: what it has, what it takes along, and what of ours is there."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.store import tables
from cleangov_plugin.store.run import run as run_core
from tests.cli.log_replaying import dump
from tests.plugin.test_canaries import enforcement, mishaps, project
from tests.support import review_city
from tests.support.small_host import SmallHost


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


def ours_left(engine: sa.Engine) -> set[str]:
    """Answer what of ours is there: tables, and on PostgreSQL the schema."""
    found = sa.inspect(engine)
    names = {name for name in found.get_table_names() if name.startswith("cleangov_")}
    if engine.dialect.name == "postgresql" and "cleangov" in found.get_schema_names():
        names |= {"cleangov", *found.get_table_names(schema="cleangov")}
    return names


def changed(statement: str, folder: Path, url: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    prefix = "" if engine.dialect.name == "sqlite" else "cleangov."
    with engine.begin() as connection:
        connection.exec_driver_sql(statement.format(s=prefix))
