"""Tables of the oversight side. They name agency rows by their keys, never by foreign key."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
)

from .columns import OVERSIGHT, SCHEMA, Big, metadata, number, retention, small, text

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

#: A letter of supervision. Its text is a template with its version and typed `parameters`;
#: `words` is what its writer wrote instead of the middle part, in `language`. `words` and
#: `reason` are people's own: erasable. `unit` and `visibility` repeat the finding's: readers are
#: kept apart by them.
instrument = Table(
    "cleangov_instrument",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    text("log_id"),
    text("kind"),
    small("year"),
    small("no"),
    number("finding_id"),
    text("subject"),
    text("unit", null=True),
    text("visibility"),
    text("addressee"),
    text("addressee_unit", null=True),
    text("sent_by"),
    text("template"),
    small("template_version"),
    text("language"),
    text("parameters"),
    text("words", null=True),
    text("reason", null=True),
    text("state"),
    text("sent_at"),
    text("due_on"),
    text("changed_at"),
    *retention(),
    UniqueConstraint("log_id", "kind", "year", "no"),
    ForeignKeyConstraint(["finding_id"], [f"{SCHEMA}.cleangov_finding.id"]),
    Index(None, "finding_id"),
    Index(None, "log_id", "addressee", "id"),
    Index(None, "log_id", "state", "due_on", "id"),
    info=OVERSIGHT,
)

#: What was said and done about a letter after it was sent, in order; nothing of it is changed.
instrument_act = Table(
    "cleangov_instrument_act",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    number("instrument_id"),
    text("kind"),
    text("done_by"),
    text("done_at"),
    text("words", null=True),
    text("due_on", null=True),
    *retention(),
    ForeignKeyConstraint(["instrument_id"], [f"{SCHEMA}.cleangov_instrument.id"]),
    Index(None, "instrument_id", "id"),
    info=OVERSIGHT,
)
