"""Schema 0003: the tree over the entries: its leaves, its hash tiles and its signed heads.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-25

Written out in full and importing no model. Nothing that 0001 and 0002 made is changed: going up
leaves all rows as they are, going down takes the tree alone, which is made again from the entries.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateTable, DropTable

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAMING = {
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
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
    return [_leaf(metadata), _tile(metadata), _tree_head(metadata)]


def _leaf(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_leaf",
        metadata,
        _text("log_id", key=True),
        _number("idx", key=True),
        sa.Column("lane", sa.Integer(), nullable=True),
        sa.Column("no", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        _text("meta", null=True),
        sa.UniqueConstraint("log_id", "lane", "no"),
    )


def _tile(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_tile",
        metadata,
        _text("log_id", key=True),
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        _number("n", key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )


def _tree_head(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_tree_head",
        metadata,
        _text("log_id", key=True),
        _number("size", key=True),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        _text("integrated_at"),
        _text("note", null=True),
        _text("published_at", null=True),
    )


def _number(name: str, *, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False, primary_key=key, autoincrement=False)


def _text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null, primary_key=key)
