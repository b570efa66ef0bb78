"""Schema 0006: clocks: their texts, those that run, and how far the entries were read for them.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-30

Written out in full and importing no model. Nothing that older revisions made is changed: going up
leaves all rows as they are, going down takes the clocks alone. Which of them run is made again from
the entries by the next ticks.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    for table in _tables():
        op.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            op.execute(CreateIndex(index))


def downgrade() -> None:
    for table in reversed(_tables()):
        op.execute(DropTable(table))


def _tables() -> list[sa.Table]:
    schema = None if op.get_context().dialect.name == "sqlite" else "cleangov"
    metadata = sa.MetaData(schema=schema, naming_convention=NAMING)
    return [_version(metadata), _running(metadata), _state(metadata)]


def _version(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_clock_version",
        metadata,
        _text("log_id", key=True),
        _text("clock_id", key=True),
        _small("edition", key=True),
        _small("version"),
        _text("hash"),
        _text("document"),
        _text("from_at"),
        _text("to_at", null=True),
    )


def _running(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_running_clock",
        metadata,
        _text("log_id", key=True),
        _text("subject", key=True),
        _text("clock_id", key=True),
        _small("part", key=True),
        _small("version"),
        _text("state"),
        _text("unit", null=True),
        _text("started_at"),
        _small("used"),
        _text("due_at", null=True),
        _text("due_to", null=True),
        _text("look_at", null=True),
        _text("retention_class"),
        _text("retain_until", null=True),
        sa.Index(None, "log_id", "look_at", "subject"),
        sa.Index(None, "log_id", "due_at", "subject"),
    )


def _state(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_clock_state",
        metadata,
        _text("log_id", key=True),
        _text("clocks"),
        _small("calendar"),
        _text("places"),
    )


def _small(name: str, *, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False, primary_key=key, autoincrement=False)


def _text(name: str, *, key: bool = False, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null, primary_key=key)
