"""An export: everything of ours in open formats, whole or not at all, in a folder of its own.

A table is a file of JSON lines, gzipped: one object a row, pure ASCII, with bytes as
``{"hex": "..."}``. The same rows always give the same lines, so their digest says whether an
export still equals the database. ``docs/operating.md`` has the format.
"""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from gzip import GzipFile
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import rulebook, schema, whole
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.whole import Scope

#: Told the rows written so far, and of how many.
Progress = Callable[[int, int], None]

MANIFEST: Final = "manifest.json"
FORMAT: Final = "cleangov-export"
FORMAT_VERSION: Final = 1
_TOLD_EVERY: Final = 1_000


class ExportError(CleanGovError):
    """An export that cannot be written, or is not what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """What a manifest says of one table.

    :param table: its name.
    :param file: name of the file in the folder.
    :param rows: number of rows.
    :param file_sha256: digest of the file as it lies there.
    :param lines_sha256: digest of the lines in it, before they were compressed.
    :param left_out: columns that were left out since they may hold personal text.
    """

    table: str
    file: str
    rows: int
    file_sha256: str
    lines_sha256: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an export says of itself.

    :param made_at: when it was begun, UTC.
    :param plugin: release of the plugin.
    :param schema: revision of the tables.
    :param database: ``"sqlite"`` or ``"postgresql"``.
    :param log_id: the one agency's ledger it holds; None: all of them.
    :param with_identities: whether it holds the columns that may hold personal text.
    :param tables: its files.
    """

    made_at: str
    plugin: str
    schema: str
    database: str
    log_id: str | None
    with_identities: bool
    tables: tuple[TableFile, ...] = field(default_factory=tuple)

    @property
    def rows(self) -> int:
        """Answer the number of all rows."""
        return sum(file.rows for file in self.tables)

    def document(self) -> dict[str, Any]:
        """Answer the manifest as it is written."""
        return {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}


def export(
    database: Database, folder: Path, now: datetime, scope: Scope, progress: Progress
) -> Manifest:
    """Write everything of ours, as it stands at one moment, into a folder.

    :param database: the database.
    :param folder: where to; it must not exist, or be empty.
    :param now: the present time, aware.
    :param scope: what of all rows is written.
    :param progress: told how far it is.
    :return: the manifest, which lies in the folder as well.
    :raises ExportError: where the folder cannot be written, or no such ledger is kept.
    """
    with _drafted(folder) as draft, whole.still(database) as connection:
        _require_ledger(connection, scope.log_id)
        made = Manifest(
            made_at=stamp(now),
            plugin=version("cleangov-plugin"),
            schema=schema.examine(connection).revision or "",
            database="sqlite" if database.is_sqlite else "postgresql",
            log_id=scope.log_id,
            with_identities=scope.with_identities,
            tables=_files(connection, draft, scope, progress),
        )
        with _created(draft / MANIFEST) as file:
            file.write(json.dumps(made.document(), indent=1).encode("ascii") + b"\n")
    return made


def lines(connection: Connection, table: Any, scope: Scope) -> Generator[bytes, None, None]:
    """Write the rows of a table as lines, one after the other.

    :param connection: any connection.
    :param table: one of our tables.
    :param scope: what of it is written.
    """
    with closing(whole.stream(connection, table, scope)) as rows:
        for row in rows:
            yield json.dumps(row, separators=(",", ":"), default=_plain).encode("ascii") + b"\n"


def _require_ledger(connection: Connection, log_id: str | None) -> None:
    if log_id is not None and rulebook.agency(connection, log_id) is None:
        raise ExportError(
            "there is no such ledger.",
            where=f"--log-id {log_id}",
            remedy="'cleangov status' lists the ledgers.",
        )


def _plain(value: object) -> dict[str, str]:
    if isinstance(value, bytes | memoryview):
        return {"hex": bytes(value).hex()}
    raise TypeError(type(value).__name__)


def _files(
    connection: Connection, draft: Path, scope: Scope, progress: Progress
) -> tuple[TableFile, ...]:
    found = whole.present(connection)
    total = sum(whole.number_of(connection, table, scope.log_id) for table in found)
    made: list[TableFile] = []
    for table in found:
        path, done = draft / f"{table.name}.jsonl.gz", sum(file.rows for file in made)
        told = partial(_shifted, progress, done, total)
        with closing(lines(connection, table, scope)) as stream:
            rows, digest = _written(path, _counted(stream, told))
        made.append(
            TableFile(
                table=table.name,
                file=path.name,
                rows=rows,
                file_sha256=digest_of(path),
                lines_sha256=digest,
                left_out=whole.left_out(table, scope),
            )
        )
    return tuple(made)


def _written(path: Path, stream: Iterator[bytes]) -> tuple[int, str]:
    """Write lines into a file, packed; answer how many, and the digest of the lines."""
    rows, plain = 0, sha256()
    with _created(path) as raw, GzipFile("", "wb", 6, raw, mtime=0) as packed:
        for line in stream:
            packed.write(line)
            plain.update(line)
            rows += 1
    return rows, plain.hexdigest()


def _counted(stream: Iterator[bytes], told: Callable[[int], None]) -> Iterator[bytes]:
    number = 0
    for number, line in enumerate(stream, 1):
        yield line
        if number % _TOLD_EVERY == 0:
            told(number)
    told(number)


def _shifted(progress: Progress, done: int, total: int, rows: int) -> None:
    progress(done + rows, total)


def digest_of(path: Path) -> str:
    """Answer the SHA-256 of a file, hexadecimal.

    :param path: the file.
    """
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


@contextmanager
def _created(path: Path) -> Iterator[BinaryIO]:
    """Make a file for its owner alone, and see it on the disk before anybody relies on it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _drafted(folder: Path) -> Iterator[Path]:
    """Hold a folder beside the one that is wanted; it takes its place once all is in it."""
    _require_room(folder)
    draft = folder.absolute().parent / f".{folder.absolute().name}.{secrets.token_hex(6)}.part"
    try:
        draft.mkdir(mode=0o700)
        yield draft
        with suppress(FileNotFoundError):  # an empty folder makes room; Windows renames over none
            folder.rmdir()
        draft.rename(folder)
    except OSError as problem:
        what = f"the export cannot be written ({problem.strerror or type(problem).__name__})."
        remedy = "Name a folder on a disk with room where you may write."
        raise ExportError(what, where=str(folder), remedy=remedy) from problem
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _require_room(folder: Path) -> None:
    remedy = "Name a folder that does not exist yet, or is empty."
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ExportError("this is no folder.", where=str(folder), remedy=remedy)
    try:
        if folder.exists() and any(folder.iterdir()):
            raise ExportError("the folder is not empty.", where=str(folder), remedy=remedy)
    except OSError as problem:
        what = f"the folder cannot be looked into ({problem.strerror})."
        raise ExportError(what, where=str(folder), remedy=remedy) from problem
