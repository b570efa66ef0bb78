"""Schema 0005: earlier events of all cases by group, for facts that look beyond their case.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-30

Written out in full and importing no model. Nothing that 0001 to 0004 made is changed: going down
takes the index alone, which a tick makes again from the entries.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateTable, DropTable

revision = "0005"
down_revision = "0004"
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
    return [_grouped(metadata), _group_state(metadata)]


def _grouped(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_grouped",
        metadata,
        _text("log_id"),
        _text("group_id"),
        _text("key"),
        sa.Column("day", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("entry_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    )


def _group_state(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_group_state",
        metadata,
        _text("log_id"),
        _text("group_id"),
        _number("ruleset", null=False),
        _number("upto", null=False),
        _number("after_xid"),
        _number("filled_row"),
        _number("xid"),
    )


def _number(name: str, *, null: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, primary_key=True)
