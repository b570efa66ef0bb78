"""A view of a platform that cannot call us: we read it, by number, and never write there.

The columns are the contract of `docs/watch.md`; a view may have more, which nobody reads.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, TextClause, column, create_engine, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql import table
from sqlalchemy.sql.selectable import TableClause

from cleangov_plugin.domain.errors import SettingsError

from .connecting import file_of, refusal
from .database import named
from .run import StoreError

#: Columns that a view must have, and those that it may have.
NEEDED: Final = ("no", "id", "kind", "stream", "case_id", "step", "occurred_at", "recorded_at")
OPTIONAL: Final = (
    "actor_id",
    "actor_unit",
    "actor_roles",
    "amount_minor",
    "currency",
    "parties",
    "supersedes",
    "mode",
    "attributes",
)
#: Seconds that a reader of SQLite waits for a writer of the platform.
_PATIENCE_S: Final = 5
#: Milliseconds after which PostgreSQL ends a question of ours: a slow view must not load a city.
_LONGEST_MS: Final = 60_000
_SEE: Final = "docs/watch.md has the columns."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the view.

    :param no: its number.
    :param values: what stands in the columns of the contract that the view has, as the driver
        gives it.
    """

    no: int
    values: Mapping[str, Any]


class View:
    """A view that is read.

    :param engine: reads the platform's database.
    :param name: its name, with a schema or without.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.name = name
        self._columns: tuple[str, ...] = ()
        self._table: TableClause = table("nothing")

    def open(self) -> None:
        """Look which columns there are.

        :raises SettingsError: where one is missing.
        """
        schema, _, plain = self.name.rpartition(".")
        bare = table(plain, schema=schema or None)
        with self._reading() as connection:
            asked = select(text("*")).select_from(bare).limit(0)
            there = set(connection.execute(asked).keys())
        missing = [name for name in NEEDED if name not in there]
        if missing:
            what = f"the view has no column {missing[0]}."
            raise SettingsError(what, where=self.name, remedy=_SEE)
        self._columns = (*NEEDED, *(name for name in OPTIONAL if name in there))
        self._table = table(plain, *map(column, self._columns), schema=schema or None)

    def after(self, no: int, most: int) -> list[Row]:
        """Read rows by number.

        :param no: number after which to look.
        :param most: rows at the most.
        :return: rows by rising number.
        """
        box = self._table.c
        query = select(*box).where(box["no"] > no).order_by(box["no"]).limit(most)
        return self._rows(query)

    def some(self, numbers: Collection[int]) -> list[Row]:
        """Read some rows again.

        :param numbers: their numbers, some hundreds at the most.
        """
        box = self._table.c
        return self._rows(select(*box).where(box["no"].in_(sorted(numbers))).order_by(box["no"]))

    def highest(self) -> int:
        """Answer the highest number; 0 where there is no row."""
        with self._reading() as connection:
            found = connection.execute(select(func.max(self._table.c["no"]))).scalar_one()
        return 0 if found is None else _number(found, self.name)

    def number_upto(self, no: int) -> int:
        """Count the rows up to a number.

        :param no: the number.
        """
        box = self._table.c
        query = select(func.count()).select_from(self._table).where(box["no"] <= no)
        with self._reading() as connection:
            return int(connection.execute(query).scalar_one())

    def _rows(self, query: Any) -> list[Row]:
        with self._reading() as connection:
            found: Sequence[Any] = connection.execute(query).all()
        rows = [dict(zip(self._columns, each, strict=True)) for each in found]
        return [Row(no=_number(row["no"], self.name), values=row) for row in rows]

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Hold a connection that cannot write; what fails is told without its values."""
        try:
            with self._engine.connect() as connection, connection.begin():
                for statement in _readers(self._engine):
                    connection.execute(statement)
                yield connection
        except SQLAlchemyError as problem:
            own = str(getattr(problem, "orig", None) or type(problem).__name__)
            what = f"the view cannot be read: {own.partition(chr(10))[0][:200]}"
            raise StoreError(what, where=self.name, remedy=_SEE) from None


@contextmanager
def open_view(url: str, name: str) -> Iterator[View]:
    """Hold a view open.

    :param url: SQLAlchemy URL of the platform's database.
    :param name: name of the view; hostile, and quoted.
    :raises SettingsError: where there is no such database, or a column is missing.
    :raises StoreError: where it cannot be read.
    """
    file = file_of(url)
    if file is not None and not Path(file).is_file():
        raise SettingsError("there is no such file.", where="--from", remedy=_SEE)
    try:
        engine = _engine(url)
    except (ArgumentError, NoSuchModuleError, ValueError, ImportError) as problem:
        raise refusal(problem, url, "--from") from None
    try:
        view = View(engine, name)
        view.open()
        yield view
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    """Make an engine that keeps no connection: between two looks we are not there."""
    found, file = named(url), file_of(url)
    arguments: dict[str, Any] = {}
    if file is not None:
        # Opened for reading alone: not even the journal mode of a platform's file is ours to set.
        place = f"file:{quote(str(Path(file).resolve()))}?mode=ro&uri=true"
        found = make_url(f"sqlite:///{place}")
        arguments = {"timeout": _PATIENCE_S}
    return create_engine(found, connect_args=arguments, poolclass=NullPool, hide_parameters=True)


def _readers(engine: Engine) -> list[TextClause]:
    if engine.dialect.name != "postgresql":
        return []
    return [
        text("SET TRANSACTION READ ONLY"),
        text(f"SET LOCAL statement_timeout = {_LONGEST_MS}"),
    ]


def _number(value: Any, where: str) -> int:
    """Answer a number of the view; a text or a fraction would not stand in order."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        what = "the column no must hold whole numbers above 0."
        raise StoreError(what, where=where, remedy=_SEE)
    return value
