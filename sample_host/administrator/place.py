"""Where the scene is played: a database file, and a file that keeps what was there before."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from sample_host.settings import HostSettings

#: How an administrator takes what refers to a row out of the way.
NO_KEYS: Final = "PRAGMA foreign_keys = OFF;"
#: Milliseconds that another writer is waited for.
_PATIENCE: Final = 3_000


@dataclass(frozen=True, slots=True)
class Place:
    """The database, opened as its administrator opens it: with every right.

    :param database: the SQLite file.
    :param file: what was changed and what was there before.
    """

    database: Path
    file: Path

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Open the database; nothing is checked on the way, foreign keys neither."""
        address = f"{self.database.resolve().as_uri()}?mode=rw"  # never makes a new one
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
            connection.execute(NO_KEYS)
            yield connection


def place_of(settings: HostSettings) -> Place | None:
    """Answer where the scene is played; None where the settings do not have it.

    :param settings: the city's; the scene is played on SQLite alone.
    """
    url = make_url(settings.database_url)
    if settings.administrator is None or url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Place(database=Path(url.database), file=settings.administrator)
