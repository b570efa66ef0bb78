"""Tables of clocks: their texts, and which of them run in which case."""

from sqlalchemy import Index, Table

from .columns import AGENCY, metadata, retention, small, text

#: An edition is one text of a clock, as with rules; what was said of a term names its version.
clock_version = Table(
    "cleangov_clock_version",
    metadata,
    text("log_id", key=True),
    text("clock_id", key=True),
    small("edition", key=True),
    small("version"),
    text("hash"),
    text("document"),
    text("from_at"),
    text("to_at", null=True),
    info=AGENCY,
)

#: Clocks that run, or whose end nobody can say yet; made again from the entries. `look_at` is the
#: next moment at which one says something else though nothing happens; empty text is at once.
running_clock = Table(
    "cleangov_running_clock",
    metadata,
    text("log_id", key=True),
    text("subject", key=True),
    text("clock_id", key=True),
    small("part", key=True),
    small("version"),
    text("state"),
    text("unit", null=True),
    text("started_at"),
    small("used"),
    text("due_at", null=True),
    text("due_to", null=True),
    text("look_at", null=True),
    *retention(),
    Index(None, "log_id", "look_at", "subject"),
    Index(None, "log_id", "due_at", "subject"),
    info=AGENCY,
)

#: How far the entries of a ledger were read, by lane (JSON), and by which clocks and calendar.
clock_state = Table(
    "cleangov_clock_state",
    metadata,
    text("log_id", key=True),
    text("clocks"),
    small("calendar"),
    text("places"),
    info=AGENCY,
)
