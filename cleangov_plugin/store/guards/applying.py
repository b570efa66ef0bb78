"""Reading the one file of guards, with the names of the roles filled in, and running it."""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import Connection, bindparam, text

from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.store import tables
from cleangov_plugin.store.columns import SCHEMA
from cleangov_plugin.store.run import is_sqlite
from cleangov_plugin.store.schema import VERSION_TABLE

#: Every trigger of ours begins so, and on PostgreSQL every function.
PREFIX: Final = "cleangov_guard_"
#: Parts of the file that put the guards up, in their order, and those that take them down.
UP: Final = {"postgresql": ("roles", "grants", "triggers"), "sqlite": ("clear", "triggers")}
DOWN: Final = {"postgresql": ("remove",), "sqlite": ("clear",)}

_PART: Final = re.compile(r"^-- part: (\w+)\n", re.MULTILINE)
_ROLE: Final = re.compile(r':"(\w+)"')
#: The longest name PostgreSQL keeps whole, in bytes.
_LONGEST_NAME: Final = 63
#: The names that were chosen are told to whoever applies the guards again.
_REMEMBERED: Final = f"{SCHEMA}.{PREFIX}refuse()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Names of the four roles on PostgreSQL.

    :param app: the platform: reads, and adds to the ledger.
    :param sealer: writes the tree over the ledger.
    :param eraser: empties what is personal.
    :param auditor: reads what is not personal.
    """

    app: str = "cleangov_app"
    sealer: str = "cleangov_sealer"
    eraser: str = "cleangov_eraser"
    auditor: str = "cleangov_auditor"

    def __post_init__(self) -> None:
        for field in fields(self):
            name = getattr(self, field.name)
            if not name.strip() or len(name.encode()) > _LONGEST_NAME or "\x00" in name:
                raise SettingsError(
                    f"{name[:80]!r} is no name of a role.",
                    where=f"--role-{field.name}",
                    remedy=f"Give one of at most {_LONGEST_NAME} bytes.",
                )


def whole(dialect: str, roles: Roles) -> str:
    """Answer what puts the guards up, with the names of the roles: to be read, and run by hand.

    :param dialect: ``"sqlite"`` or ``"postgresql"``.
    :param roles: names of the roles.
    """
    head, *found = _PART.split(_file(dialect))
    parts = dict(zip(found[::2], found[1::2], strict=True))
    told = [head, *(f"-- part: {name}\n{parts[name]}" for name in UP[dialect])]
    return _filled("".join(told), roles)


def apply(connection: Connection, roles: Roles) -> None:
    """Put the guards up; those that stand are made anew.

    :param connection: a writing connection of our own, of the owner of the tables.
    :param roles: names of the roles.
    :raises SettingsError: where a role owns the tables: it would take its own rights away.
    """
    if not is_sqlite(connection):
        _check_owner(connection, roles)
    _run(connection, roles, UP)
    if not is_sqlite(connection):
        remembered = json.dumps(asdict(roles)).replace("'", "''")
        statement = f"COMMENT ON FUNCTION {_REMEMBERED} IS '{remembered}'"
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def remove(connection: Connection, roles: Roles) -> None:
    """Take the guards down; roles that are there stay.

    :param connection: a writing connection of our own, of the owner of the tables.
    :param roles: names of the roles.
    """
    _run(connection, roles, DOWN)


def standing(connection: Connection) -> list[str]:
    """List the guards that stand, as ``table.trigger``; whether they are whole is not asked.

    :param connection: any connection.
    """
    if is_sqlite(connection):
        query = "SELECT tbl_name || '.' || name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT c.relname || '.' || t.tgname FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'cleangov' AND NOT t.tgisinternal"
        )
    found = connection.exec_driver_sql(query).scalars()
    return sorted(name for name in found if name.partition(".")[2].startswith(PREFIX))


def remembered(connection: Connection) -> Roles | None:
    """Answer the names the roles had when the guards were put up; None where none stand.

    :param connection: any connection.
    """
    if is_sqlite(connection):
        return Roles() if standing(connection) else None
    query = "SELECT obj_description(to_regprocedure(:name), 'pg_proc')"
    written = connection.execute(text(query), {"name": _REMEMBERED}).scalar()
    try:
        return Roles(**json.loads(written or ""))
    except (ValueError, TypeError, AttributeError):
        return Roles() if standing(connection) else None


def drop_functions(connection: Connection) -> None:
    """Drop the functions of guards whose tables are gone already.

    :param connection: a writing connection of our own to PostgreSQL.
    """
    for statement in _statements(_filled(_parts("postgresql")["remove"], Roles()), "postgresql"):
        if statement.startswith("DROP FUNCTION"):
            connection.exec_driver_sql(statement)


def functions() -> tuple[str, ...]:
    """Name the functions that the guards have on PostgreSQL."""
    found = re.findall(r"CREATE OR REPLACE FUNCTION \w+\.(\w+)\(\)", _file("postgresql"))
    return tuple(found)


def _run(connection: Connection, roles: Roles, parts: Mapping[str, tuple[str, ...]]) -> None:
    dialect = "sqlite" if is_sqlite(connection) else "postgresql"
    there = _there(connection, roles) if dialect == "postgresql" else frozenset()
    written = _parts(dialect)
    for part in parts[dialect]:
        for template in _statements(written[part], dialect):
            named = {getattr(roles, name) for name in _ROLE.findall(template)}
            is_of_no_use = named <= there if part == "roles" else not named <= there
            if named and part != "grants" and is_of_no_use:
                continue  # the role is there already, or gone with all its rights
            statement = _filled(template, roles)
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def _there(connection: Connection, roles: Roles) -> frozenset[str]:
    query: Any = text("SELECT rolname FROM pg_roles WHERE rolname IN :names")
    query = query.bindparams(bindparam("names", expanding=True))
    found = connection.execute(query, {"names": list(asdict(roles).values())})
    return frozenset(found.scalars())


def _check_owner(connection: Connection, roles: Roles) -> None:
    query: Any = text(
        "SELECT DISTINCT pg_get_userbyid(c.relowner) FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = :schema AND c.relname IN :names"
    ).bindparams(bindparam("names", expanding=True))
    names = [*(table.name for table in tables.metadata.sorted_tables), VERSION_TABLE]
    owners = set(connection.execute(query, {"schema": SCHEMA, "names": names}).scalars())
    taken = sorted(owners & set(asdict(roles).values()))
    if taken:
        raise SettingsError(
            f"the role {taken[0]!r} owns the plugin's tables, and an owner may do anything.",
            where="--role-app, --role-sealer, --role-eraser, --role-auditor",
            remedy="Let the platform log in with another account than the one that upgrades.",
        )


def _file(dialect: str) -> str:
    return (files(__package__) / f"{dialect}.sql").read_text(encoding="utf-8")


def _parts(dialect: str) -> dict[str, str]:
    _, *found = _PART.split(_file(dialect))
    return dict(zip(found[::2], found[1::2], strict=True))


def _filled(template: str, roles: Roles) -> str:
    def name(found: re.Match[str]) -> str:
        chosen: str = getattr(roles, found[1])
        return '"' + chosen.replace('"', '""') + '"'

    return _ROLE.sub(name, template)


def _statements(script: str, dialect: str) -> Iterator[str]:
    """Take a script apart: drivers run one statement at a time. It has no comment behind code."""
    lines: list[str] = []
    for line in script.splitlines():
        if not line.strip() or (line.startswith("--") and not lines):
            continue
        lines.append(line)
        if _ends(lines, dialect):
            yield "\n".join(lines)
            lines = []


def _ends(lines: Sequence[str], dialect: str) -> bool:
    if not lines[-1].rstrip().endswith(";"):
        return False
    if dialect == "sqlite":
        return sqlite3.complete_statement("\n".join(lines))
    return "\n".join(lines).count("$$") % 2 == 0
