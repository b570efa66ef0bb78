"""Schema 0008: passings and deputies are looked for, and who is asked in a second person's place.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-30

Three columns, empty in every row there is; importing no model. Going down takes the columns
alone: what was declared stands in the entries, and is looked for again once it is declared anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = (
    ("cleangov_revision", "passings_until"),
    ("cleangov_revision", "deputies_until"),
    ("cleangov_second_request", "instead_of"),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True), schema=_schema())


def downgrade() -> None:
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column, schema=_schema())


def _schema() -> str | None:
    return None if op.get_context().dialect.name == "sqlite" else "cleangov"
