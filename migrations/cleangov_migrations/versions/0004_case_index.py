"""Schema 0004: the case index: how many entries every case has, in buckets with a tree over them.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-29

Written out in full and importing no model. Nothing that 0001 to 0003 made is changed: going up
leaves all rows as they are, going down takes the index alone, which is made again from the leaves
when the ledger is sealed next.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateTable, DropTable

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAMING = {
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    for table in _tables():
        op.execute(CreateTable(table))


def downgrade() -> None:
    for table in reversed(_tables()):
        op.execute(DropTable(table))


def _tables() -> list[sa.Table]:
    schema = None if op.get_context().dialect.name == "sqlite" else "cleangov"
    metadata = sa.MetaData(schema=schema, naming_convention=NAMING)
    return [_case_index(metadata), _index_tile(metadata), _index_state(metadata)]


def _case_index(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_case_index",
        metadata,
        _text("log_id", key=True),
        sa.Column("bucket", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("items", sa.LargeBinary(), nullable=False),
    )


def _index_tile(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_index_tile",
        metadata,
        _text("log_id", key=True),
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )


def _index_state(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_index_state",
        metadata,
        _text("log_id", key=True),
        _number("leaves"),
        _number("cases"),
        _number("entries"),
    )


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _text(name: str, *, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, primary_key=key)
