"""Tables of the oversight side. They name agency rows by their keys, never by foreign key."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, UniqueConstraint

from .columns import OVERSIGHT, Big, metadata, retention, small, text

#: Unique by agency, rule, subject and part, so that catch-up, replay and corrections never
#: double it. A signal has no owner and no clock; everything else has both from the first moment.
finding = Table(
    "cleangov_finding",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    text("log_id"),
    text("rule_id"),
    small("rule_version"),
    text("binding_id"),
    text("subject"),
    text("part"),
    Column("is_signal", Boolean(), nullable=False),
    text("severity"),
    text("visibility"),
    text("state"),
    text("owner", null=True),
    text("due_on", null=True),
    text("stream"),
    text("step"),
    text("unit", null=True),
    text("actor", null=True),
    text("event_key"),
    text("event_id"),
    text("shown_values"),
    text("occurred_at"),
    text("found_at"),
    text("closed_at", null=True),
    text("disposition", null=True),
    *retention(),
    UniqueConstraint("log_id", "subject", "rule_id", "part", "is_signal"),
    CheckConstraint(
        "is_signal OR (owner IS NOT NULL AND due_on IS NOT NULL)", name="owned_and_due"
    ),
    Index(None, "log_id", "state", "due_on", "id"),
    info=OVERSIGHT,
)
