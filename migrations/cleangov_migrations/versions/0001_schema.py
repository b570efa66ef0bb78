"""Schema 0001: ledger, rules, calendars, prompts, findings.

Revision ID: 0001
Revises:
Create Date: 2026-11-24

Written out in full and importing no model: history must not change when the code does.
A column is ``name:type`` with ``*`` for a part of the primary key and ``?`` for one that may be
empty; ``id`` is a number that the database gives.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

TABLES = {
    "cleangov_agency": ("log_id:text* names:text zone:text country:text"),
    "cleangov_revision": ("log_id:text* ruleset:int calendar:int"),
    "cleangov_calendar_version": ("scope:text* version:int* made_at:text source:text"),
    "cleangov_calendar_day": (
        "scope:text* version:int* day_on:text* is_working:bool ordinal:int "
        "is_provisional:bool label:text"
    ),
    "cleangov_rule_version": (
        "log_id:text* rule_id:text* edition:int* version:int hash:text document:text "
        "state:text from_at:text to_at:text?"
    ),
    "cleangov_binding": (
        "log_id:text* binding_id:text* version:int* rule_id:text rule_version:int hash:text "
        "document:text effective_from:text? effective_to:text? from_at:text to_at:text?"
    ),
    "cleangov_entry": (
        "log_id:text* part:int* id:id* no:big xid:big? lane:int marks:int event_key:text "
        "stream:text kind:text subject:text actor:text? unit:text? occurred_at:text "
        "recorded_at:text ingested_at:text attempt_id:text? supersedes:text? origin:text "
        "digest:bytes body:text disc:text? mac:bytes? snapshot:text fact_values:text? "
        "retention_class:text retain_until:text?"
    ),
    "cleangov_lane": ("log_id:text* lane:id* no:big head:text pid:int"),
    "cleangov_pseudonym": (
        "log_id:text* pseudonym:text* kind:text identity:text? erased_at:text? "
        "retention_class:text retain_until:text?"
    ),
    "cleangov_gap": (
        "id:id* log_id:text event_key:text? event:text? reason:text detail:text state:text "
        "tries:int owed_at:text tried_at:text? retention_class:text retain_until:text?"
    ),
    "cleangov_statistic": ("log_id:text* fact_id:text* key:text* day_on:text* value:big n:big"),
    "cleangov_replay_run": (
        "run_id:text* log_id:text file_digest:text mapping_digest:text state:text "
        "staged:big fed:big summary:text?"
    ),
    "cleangov_staged_event": (
        "run_id:text* ordinal:big* feed_key:big case_id:text payload:text "
        "retention_class:text retain_until:text?"
    ),
    "cleangov_finding": (
        "id:id* log_id:text rule_id:text rule_version:int binding_id:text subject:text "
        "part:text is_signal:bool severity:text visibility:text state:text owner:text? "
        "due_on:text? stream:text step:text unit:text? actor:text? event_key:text "
        "event_id:text shown_values:text occurred_at:text found_at:text closed_at:text? "
        "disposition:text? retention_class:text retain_until:text?"
    ),
    "cleangov_attempt": (
        "log_id:text* attempt_id:text* stream:text subject:text kind:text step:text "
        "actor:text? unit:text? digest:text state:text decision:text? reason:text "
        "ruleset:int calendar:int opened_at:text decided_at:text? hold_until_at:text? "
        "event_key:text? event:text? context:text? retention_class:text retain_until:text?"
    ),
    "cleangov_prompt": (
        "prompt_id:text* log_id:text attempt_id:text subject:text step:text actor:text? "
        "tier:int rules:text outcomes:text digest:text fate:text created_at:text "
        "expires_at:text? retention_class:text retain_until:text?"
    ),
    "cleangov_prompt_fate": (
        "id:id* prompt_id:text fate:text at:text has_script:bool? retention_class:text "
        "retain_until:text?"
    ),
    "cleangov_answer": (
        "answer_id:text* prompt_id:text choice:text kind:text answered_by:text digest:text "
        "answered_at:text client_at:text? words:text? retention_class:text "
        "retain_until:text?"
    ),
    "cleangov_pass": (
        "pass_id:text* log_id:text attempt_id:text prompt_id:text answer_id:text "
        "digest:text issued_at:text expires_at:text used_at:text? retention_class:text "
        "retain_until:text?"
    ),
    "cleangov_second_request": (
        "request_id:text* log_id:text attempt_id:text prompt_id:text digest:text role:text "
        "requested_by:text asked:text? state:text requested_at:text expires_at:text "
        "decided_by:text? decided_at:text? reason:text? words:text? retention_class:text "
        "retain_until:text?"
    ),
    "cleangov_prompt_budget": (
        "log_id:text* actor:text* day_on:text* shown:int retention_class:text retain_until:text?"
    ),
}

REFERENCES = (
    ("cleangov_answer", "prompt_id", "cleangov_prompt"),
    ("cleangov_calendar_day", "scope version", "cleangov_calendar_version"),
    ("cleangov_pass", "answer_id", "cleangov_answer"),
    ("cleangov_pass", "log_id attempt_id", "cleangov_attempt"),
    ("cleangov_pass", "prompt_id", "cleangov_prompt"),
    ("cleangov_prompt", "log_id attempt_id", "cleangov_attempt"),
    ("cleangov_prompt_fate", "prompt_id", "cleangov_prompt"),
    ("cleangov_second_request", "log_id attempt_id", "cleangov_attempt"),
    ("cleangov_second_request", "prompt_id", "cleangov_prompt"),
)

UNIQUE = (
    ("cleangov_entry", "log_id event_key part"),
    ("cleangov_entry", "log_id lane no part"),
    ("cleangov_finding", "log_id subject rule_id part is_signal"),
)

INDEXES = (
    ("cleangov_answer", "prompt_id"),
    ("cleangov_attempt", "log_id subject"),
    ("cleangov_entry", "log_id subject"),
    ("cleangov_entry", "listed: log_id occurred_at id unit marks"),
    ("cleangov_finding", "log_id state due_on id"),
    ("cleangov_gap", "state id"),
    ("cleangov_lane", "log_id pid lane"),
    ("cleangov_pass", "log_id attempt_id"),
    ("cleangov_prompt", "log_id attempt_id"),
    ("cleangov_prompt", "log_id created_at"),
    ("cleangov_prompt_fate", "prompt_id"),
    ("cleangov_second_request", "log_id attempt_id"),
    ("cleangov_second_request", "log_id state role"),
    ("cleangov_staged_event", "run_id feed_key ordinal"),
)

TYPES: dict[str, Any] = {
    "text": sa.Text(),
    "int": sa.Integer(),
    "big": sa.BigInteger(),
    "id": sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    "bool": sa.Boolean(),
    "bytes": sa.LargeBinary(),
}

#: What a column is filled with where a statement leaves it out.
DEFAULTS = {("cleangov_staged_event", "retention_class"): "replay"}

#: SQLite numbers rows only where the number is the whole primary key; it is never partitioned.
ROW_NUMBERED = {"cleangov_entry"}


def upgrade() -> None:
    is_sqlite = op.get_context().dialect.name == "sqlite"
    tables = _tables(is_sqlite)
    for table in tables.sorted_tables:
        op.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            op.execute(CreateIndex(index))


def downgrade() -> None:
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for table in reversed(_tables(is_sqlite).sorted_tables):
        op.execute(DropTable(table))


def _tables(is_sqlite: bool) -> sa.MetaData:
    metadata = sa.MetaData(schema=None if is_sqlite else "cleangov", naming_convention=NAMING)
    for name, columns in TABLES.items():
        sa.Table(
            name,
            metadata,
            *(_column(name, column, is_sqlite) for column in columns.split()),
            *_constraints(name, "" if is_sqlite else "cleangov."),
            sqlite_autoincrement=":id*" in columns and name != "cleangov_lane",
        )
    return metadata


def _column(table: str, spec: str, is_sqlite: bool) -> sa.Column[Any]:
    name, kind = spec.split(":")
    is_key, is_null = kind.endswith("*"), kind.endswith("?")
    kind = kind.rstrip("*?")
    if is_sqlite and table in ROW_NUMBERED:
        is_key = is_key and kind == "id"
    is_numbered = kind == "id" and not (is_sqlite and table == "cleangov_lane")
    default: Any = DEFAULTS.get((table, name))
    if (table, name) == ("cleangov_entry", "xid") and not is_sqlite:
        default = sa.text("CAST(CAST(pg_current_xact_id() AS text) AS bigint)")
    return sa.Column(
        name,
        TYPES[kind],
        primary_key=is_key,
        nullable=is_null,
        autoincrement=is_numbered,
        server_default=default,
    )


def _constraints(table: str, prefix: str) -> list[Any]:
    found: list[Any] = []
    for name, columns, target in REFERENCES:
        if name == table:
            keys = columns.split()
            found.append(sa.ForeignKeyConstraint(keys, [f"{prefix}{target}.{k}" for k in keys]))
    found.extend(sa.UniqueConstraint(*c.split()) for name, c in UNIQUE if name == table)
    found.extend(_index(table, columns) for name, columns in INDEXES if name == table)
    if table == "cleangov_finding":
        owned = "is_signal OR (owner IS NOT NULL AND due_on IS NOT NULL)"
        found.append(sa.CheckConstraint(owned, name="owned_and_due"))
    return found


def _index(table: str, spec: str) -> sa.Index:
    """Make an index; one of many columns has a name of its own, since names have a limit."""
    name, _, columns = spec.rpartition(": ")
    return sa.Index(f"ix_{table}_{name}" if name else None, *columns.split())
