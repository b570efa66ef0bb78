"""Schema 0007: what an answer rests on, what has to follow on it, and an officer's own prompts.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-30

Written out in full and importing no model. Nothing that older revisions made is changed but for one
more index: going up leaves all rows as they are, going down takes the two tables and the index.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
OWN_PROMPTS = "ix_cleangov_prompt_log_id_actor_created_at"


def upgrade() -> None:
    for table in _tables():
        op.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            op.execute(CreateIndex(index))
    columns = ["log_id", "actor", "created_at"]
    op.create_index(OWN_PROMPTS, "cleangov_prompt", columns, schema=_schema())


def downgrade() -> None:
    op.drop_index(OWN_PROMPTS, "cleangov_prompt", schema=_schema())
    for table in reversed(_tables()):
        op.execute(DropTable(table))


def _schema() -> str | None:
    return None if op.get_context().dialect.name == "sqlite" else "cleangov"


def _tables() -> list[sa.Table]:
    metadata = sa.MetaData(schema=_schema(), naming_convention=NAMING)
    for name, keys in (
        ("attempt", ("log_id", "attempt_id")),
        ("prompt", ("prompt_id",)),
        ("answer", ("answer_id",)),
    ):  # only what the new tables refer to: older revisions made them
        sa.Table(f"cleangov_{name}", metadata, *(_text(key, key=True) for key in keys))
    return [_basis(metadata), _follow_up(metadata)]


def _basis(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_answer_basis",
        metadata,
        _text("answer_id", key=True),
        _text("prompt_id"),
        _text("reason", null=True),
        _text("evidence", null=True),
        _text("evidence_hash", null=True),
        _text("approver", null=True),
        _text("until_on", null=True),
        *_retention(),
        _refers(("answer_id",), "answer"),
        _refers(("prompt_id",), "prompt"),
        sa.Index(None, "prompt_id"),
    )


def _follow_up(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cleangov_follow_up",
        metadata,
        _text("follow_id", key=True),
        *(_text(name) for name in ("log_id", "kind", "state", "attempt_id", "prompt_id")),
        *(_text(name) for name in ("answer_id", "subject", "actor")),
        *(_text(name, null=True) for name in ("role", "asked", "awaits")),
        *(_text(name) for name in ("asked_at", "due_at")),
        *(_text(name, null=True) for name in ("decided_by", "decided_at", "words")),
        *_retention(),
        _refers(("log_id", "attempt_id"), "attempt"),
        _refers(("prompt_id",), "prompt"),
        _refers(("answer_id",), "answer"),
        sa.Index(None, "prompt_id"),
        sa.Index(None, "log_id", "state", "due_at"),
        sa.Index(None, "log_id", "subject", "actor"),
    )


def _refers(columns: tuple[str, ...], table: str) -> sa.ForeignKeyConstraint:
    schema = _schema()
    target = f"{schema}.cleangov_{table}" if schema else f"cleangov_{table}"
    return sa.ForeignKeyConstraint(columns, [f"{target}.{name}" for name in columns])


def _retention() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return _text("retention_class"), _text("retain_until", null=True)


def _text(name: str, *, key: bool = False, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null, primary_key=key)
