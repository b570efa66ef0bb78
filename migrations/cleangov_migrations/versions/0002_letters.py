"""Schema 0002: letters of supervision, and what is said and done about them.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-25

Written out in full and importing no model. Nothing that 0001 made is changed: going up leaves all
rows as they are, going down takes the letters alone.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    for table in _tables():
        op.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            op.execute(CreateIndex(index))


def downgrade() -> None:
    for table in reversed(_tables()):
        op.execute(DropTable(table))


def _tables() -> list[sa.Table]:
    schema = None if op.get_context().dialect.name == "sqlite" else "cleangov"
    prefix = f"{schema}." if schema else ""
    metadata = sa.MetaData(schema=schema, naming_convention=NAMING)
    sa.Table("cleangov_finding", metadata, sa.Column("id", sa.BigInteger(), primary_key=True))
    return [_instrument(metadata, prefix), _act(metadata, prefix)]


def _instrument(metadata: sa.MetaData, prefix: str) -> sa.Table:
    return sa.Table(
        "cleangov_instrument",
        metadata,
        _id(),
        _text("log_id"),
        _text("kind"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.BigInteger(), nullable=False),
        _text("subject"),
        _text("unit", null=True),
        _text("visibility"),
        _text("addressee"),
        _text("addressee_unit", null=True),
        _text("sent_by"),
        _text("template"),
        sa.Column("template_version", sa.Integer(), nullable=False),
        _text("language"),
        _text("parameters"),
        _text("words", null=True),
        _text("reason", null=True),
        _text("state"),
        _text("sent_at"),
        _text("due_on"),
        _text("changed_at"),
        _text("retention_class"),
        _text("retain_until", null=True),
        sa.UniqueConstraint("log_id", "kind", "year", "no"),
        sa.ForeignKeyConstraint(["finding_id"], [f"{prefix}cleangov_finding.id"]),
        sa.Index(None, "finding_id"),
        sa.Index(None, "log_id", "addressee", "id"),
        sa.Index(None, "log_id", "state", "due_on", "id"),
        sqlite_autoincrement=True,
    )


def _act(metadata: sa.MetaData, prefix: str) -> sa.Table:
    return sa.Table(
        "cleangov_instrument_act",
        metadata,
        _id(),
        sa.Column("instrument_id", sa.BigInteger(), nullable=False),
        _text("kind"),
        _text("done_by"),
        _text("done_at"),
        _text("words", null=True),
        _text("due_on", null=True),
        _text("retention_class"),
        _text("retain_until", null=True),
        sa.ForeignKeyConstraint(["instrument_id"], [f"{prefix}cleangov_instrument.id"]),
        sa.Index(None, "instrument_id", "id"),
        sqlite_autoincrement=True,
    )


def _id() -> sa.Column[Any]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, primary_key=True, autoincrement=True)


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)
