"""Tables of the agency's side for attempts, prompts, answers and passes."""

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, Table

from .columns import AGENCY, SCHEMA, Big, metadata, retention, small, text


def refers(columns: tuple[str, ...], table: str, *targets: str) -> ForeignKeyConstraint:
    """Make a key that refers to a table of ours.

    :param columns: the columns that refer.
    :param table: the table, without its prefix.
    :param targets: the columns referred to.
    """
    return ForeignKeyConstraint(columns, [f"{SCHEMA}.cleangov_{table}.{name}" for name in targets])


def attempt_key() -> ForeignKeyConstraint:
    """Make the key that refers to an attempt."""
    return refers(("log_id", "attempt_id"), "attempt", "log_id", "attempt_id")


def _counter() -> Column[Any]:
    return Column("id", Big, primary_key=True, autoincrement=True)


#: `event` and `context` (page, form fields) may hold personal text and are erased with it.
attempt = Table(
    "cleangov_attempt",
    metadata,
    text("log_id", key=True),
    text("attempt_id", key=True),
    text("stream"),
    text("subject"),
    text("kind"),
    text("step"),
    text("actor", null=True),
    text("unit", null=True),
    text("digest"),
    text("state"),
    text("decision", null=True),
    text("reason"),
    small("ruleset"),
    small("calendar"),
    text("opened_at"),
    text("decided_at", null=True),
    text("hold_until_at", null=True),
    text("event_key", null=True),
    text("event", null=True),
    text("context", null=True),
    *retention(),
    Index(None, "log_id", "subject"),
    info=AGENCY,
)

#: `outcomes` holds the merged hits with typed values: texts are rendered from them, never stored.
prompt = Table(
    "cleangov_prompt",
    metadata,
    text("prompt_id", key=True),
    text("log_id"),
    text("attempt_id"),
    text("subject"),
    text("step"),
    text("actor", null=True),
    small("tier"),
    text("rules"),
    text("outcomes"),
    text("digest"),
    text("fate"),
    text("created_at"),
    text("expires_at", null=True),
    *retention(),
    attempt_key(),
    Index(None, "log_id", "attempt_id"),
    Index(None, "log_id", "created_at"),
    Index(None, "log_id", "actor", "created_at"),
    info=AGENCY,
)

prompt_fate = Table(
    "cleangov_prompt_fate",
    metadata,
    _counter(),
    text("prompt_id"),
    text("fate"),
    text("at"),
    Column("has_script", Boolean(), nullable=True),
    *retention(),
    refers(("prompt_id",), "prompt", "prompt_id"),
    Index(None, "prompt_id"),
    info=AGENCY,
)

#: `words` are the officer's own: personal, erasable.
answer = Table(
    "cleangov_answer",
    metadata,
    text("answer_id", key=True),
    text("prompt_id"),
    text("choice"),
    text("kind"),
    text("answered_by"),
    text("digest"),
    text("answered_at"),
    text("client_at", null=True),
    text("words", null=True),
    *retention(),
    refers(("prompt_id",), "prompt", "prompt_id"),
    Index(None, "prompt_id"),
    info=AGENCY,
)

pass_ = Table(
    "cleangov_pass",
    metadata,
    text("pass_id", key=True),
    text("log_id"),
    text("attempt_id"),
    text("prompt_id"),
    text("answer_id"),
    text("digest"),
    text("issued_at"),
    text("expires_at"),
    text("used_at", null=True),
    *retention(),
    attempt_key(),
    refers(("prompt_id",), "prompt", "prompt_id"),
    refers(("answer_id",), "answer", "answer_id"),
    Index(None, "log_id", "attempt_id"),
    info=AGENCY,
)

#: `instead_of` is the role that a prompt names, where another one is asked in its place.
second_request = Table(
    "cleangov_second_request",
    metadata,
    text("request_id", key=True),
    text("log_id"),
    text("attempt_id"),
    text("prompt_id"),
    text("digest"),
    text("role"),
    text("requested_by"),
    text("asked", null=True),
    text("state"),
    text("requested_at"),
    text("expires_at"),
    text("decided_by", null=True),
    text("decided_at", null=True),
    text("reason", null=True),
    text("words", null=True),
    *retention(),
    text("instead_of", null=True),
    attempt_key(),
    refers(("prompt_id",), "prompt", "prompt_id"),
    Index(None, "log_id", "attempt_id"),
    Index(None, "log_id", "state", "role"),
    info=AGENCY,
)

#: How many interruptive prompts of tiers 2-3 an officer has seen on a day.
prompt_budget = Table(
    "cleangov_prompt_budget",
    metadata,
    text("log_id", key=True),
    text("actor", key=True),
    text("day_on", key=True),
    small("shown"),
    *retention(),
    info=AGENCY,
)
