"""Does an export still equal the database? Asked before anything is taken away."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.store import schema, whole
from cleangov_plugin.store.whole import Scope

from .exporting import (
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    ExportError,
    Manifest,
    TableFile,
    digest_of,
    lines,
)

_AGAIN: Final = "Export again: cleangov db export DIR --with-identities."
_LARGEST: Final = 1 << 20


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an export.

    :param folder: the folder.
    :return: the manifest.
    :raises ExportError: where there is none that this release can read.
    """
    path = folder / MANIFEST
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(_LARGEST))
        is_known = (said.pop("format"), said.pop("format_version")) == (FORMAT, FORMAT_VERSION)
        files = tuple(map(_file_of, said["tables"])) if is_known else None
        if files is not None:
            return Manifest(**{**said, "tables": files})
        trouble = "another format"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        trouble = type(problem).__name__
    what = f"this is no export of this release ({trouble})."
    raise ExportError(what, where=str(path), remedy=_AGAIN)


def _file_of(said: dict[str, Any]) -> TableFile:
    if not all(isinstance(said[name], str) for name in ("table", "file", "file_sha256")):
        raise TypeError("a name is a text")
    return TableFile(**{**said, "left_out": tuple(said["left_out"])})


def differences(connection: Connection, folder: Path) -> list[str]:
    """Compare an export with the database: files, revision, tables, rows, and each single value.

    :param connection: a connection on which nobody else can change our tables meanwhile.
    :param folder: the export.
    :return: one line for each difference; none is good.
    :raises ExportError: where the export cannot be read.
    """
    made = read_manifest(folder)
    return [*_scope(made), *_files(made, folder), *_contents(connection, made)]


def _scope(made: Manifest) -> Iterator[str]:
    if made.log_id is not None:
        yield f"it holds the ledger {made.log_id} alone"
    if not made.with_identities:
        yield "it was made without --with-identities: names and people's own words are not in it"


def _files(made: Manifest, folder: Path) -> Iterator[str]:
    for file in made.tables:
        path = folder / file.file
        try:
            is_whole = Path(file.file).name == file.file and digest_of(path) == file.file_sha256
        except OSError:
            is_whole = False
        if not is_whole:
            yield f"{file.file}: missing, or changed since it was written"


def _contents(connection: Connection, made: Manifest) -> Iterator[str]:
    revision = schema.examine(connection).revision or ""
    if made.schema != revision:
        yield f"it is of revision {made.schema or '–'}, the tables are at {revision or '–'}"
        return
    scope = Scope(log_id=made.log_id, with_identities=made.with_identities)
    exported = {file.table: file for file in made.tables}
    for table in whole.present(connection):
        file = exported.pop(table.name, None)
        if file is None:
            yield f"{table.name}: not in the export"
            continue
        rows, digest = _sums(lines(connection, table, scope))
        if rows != file.rows:
            yield f"{table.name}: {file.rows} rows exported, {rows} there now"
        elif digest != file.lines_sha256:
            yield f"{table.name}: rows have changed since"
    for name in exported:
        yield f"{name}: in the export, and not in the database"


def _sums(stream: Iterator[bytes]) -> tuple[int, str]:
    rows, found = 0, sha256()
    for line in stream:
        found.update(line)
        rows += 1
    return rows, found.hexdigest()
