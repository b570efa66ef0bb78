"""What all tables share: the metadata, naming of constraints, column types and retention.

Instants are fixed-width UTC text (``2026-03-10T02:00:00.000000Z``) and days ISO text on both
databases. SQLite has no timestamp type, and the same text stands in the sealed bodies: so a
column equals its body byte for byte, sorts in order of time, and reads the same everywhere,
whatever the session's zone.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Text

SCHEMA: Final = "cleangov"

#: From the first revision on: an unnamed constraint cannot be altered later.
NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata: Final = MetaData(schema=SCHEMA, naming_convention=NAMING)

#: Tables of the agency's side: hooks, prompts, rules officers may see, checkpoints.
AGENCY: Final = {"side": "agency"}
#: Tables of the oversight side: no foreign key may cross from one to the other.
OVERSIGHT: Final = {"side": "oversight"}

#: A number that grows for ever. SQLite numbers rows only where the type is INTEGER.
Big: Final = BigInteger().with_variant(Integer(), "sqlite")


def text(name: str, *, null: bool = False, key: bool = False) -> Column[Any]:
    """Make a text column.

    :param name: name of the column.
    :param null: whether it may be empty.
    :param key: whether it is part of the primary key.
    """
    return Column(name, Text(), nullable=null, primary_key=key)


def number(name: str, *, null: bool = False, key: bool = False) -> Column[Any]:
    """Make a column for a number that fits 64 bits.

    :param name: name of the column.
    :param null: whether it may be empty.
    :param key: whether it is part of the primary key.
    """
    return Column(name, BigInteger(), nullable=null, primary_key=key, autoincrement=False)


def small(name: str, *, null: bool = False, key: bool = False) -> Column[Any]:
    """Make a column for a number that fits 32 bits.

    :param name: name of the column.
    :param null: whether it may be empty.
    :param key: whether it is part of the primary key.
    """
    return Column(name, Integer(), nullable=null, primary_key=key, autoincrement=False)


def data(name: str, *, null: bool = False) -> Column[Any]:
    """Make a column for bytes.

    :param name: name of the column.
    :param null: whether it may be empty.
    """
    return Column(name, LargeBinary(), nullable=null)


def retention() -> tuple[Column[Any], Column[Any]]:
    """Make the two columns of every row about a case or a person: class and last day."""
    return text("retention_class"), text("retain_until", null=True)
