"""Tables of the agency's side that are configuration, evidence or figures."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    UniqueConstraint,
)

from .columns import AGENCY, SCHEMA, Big, data, metadata, number, retention, small, text

agency = Table(
    "cleangov_agency",
    metadata,
    text("log_id", key=True),
    text("names"),
    text("zone"),
    text("country"),
    info=AGENCY,
)

#: One row a ledger, read in every request: has a rule or a calendar changed, and up to when may
#: something be passed over, or somebody stand in, that two people declared so?
revision = Table(
    "cleangov_revision",
    metadata,
    text("log_id", key=True),
    small("ruleset"),
    small("calendar"),
    text("passings_until", null=True),
    text("deputies_until", null=True),
    info=AGENCY,
)

calendar_version = Table(
    "cleangov_calendar_version",
    metadata,
    text("scope", key=True),
    small("version", key=True),
    text("made_at"),
    text("source"),
    info=AGENCY,
)

calendar_day = Table(
    "cleangov_calendar_day",
    metadata,
    text("scope", key=True),
    small("version", key=True),
    text("day_on", key=True),
    Column("is_working", Boolean(), nullable=False),
    small("ordinal"),
    Column("is_provisional", Boolean(), nullable=False),
    text("label"),
    ForeignKeyConstraint(
        ["scope", "version"],
        [
            f"{SCHEMA}.cleangov_calendar_version.scope",
            f"{SCHEMA}.cleangov_calendar_version.version",
        ],
    ),
    info=AGENCY,
)

#: An edition is one text of a rule: a file changed without a new version is a new edition.
rule_version = Table(
    "cleangov_rule_version",
    metadata,
    text("log_id", key=True),
    text("rule_id", key=True),
    small("edition", key=True),
    small("version"),
    text("hash"),
    text("document"),
    text("state"),
    text("from_at"),
    text("to_at", null=True),
    info=AGENCY,
)

binding = Table(
    "cleangov_binding",
    metadata,
    text("log_id", key=True),
    text("binding_id", key=True),
    small("version", key=True),
    text("rule_id"),
    small("rule_version"),
    text("hash"),
    text("document"),
    text("effective_from", null=True),
    text("effective_to", null=True),
    text("from_at"),
    text("to_at", null=True),
    info=AGENCY,
)

#: Append only, but for `disc`. `body` holds the exact bytes; the other columns repeat of it what
#: is searched or sorted by, and are checked against it. Numbers stand together and first: behind
#: texts each would be filled up to its length. Every unique key holds (log_id, part): see
#: docs/decisions/0001-partition-keys.md.
entry = Table(
    "cleangov_entry",
    metadata,
    text("log_id", key=True),
    small("part", key=True),
    Column("id", Big, primary_key=True, autoincrement=True),
    number("no"),
    number("xid", null=True),
    small("lane"),
    small("marks"),
    text("event_key"),
    text("stream"),
    text("kind"),
    text("subject"),
    text("actor", null=True),
    text("unit", null=True),
    text("occurred_at"),
    text("recorded_at"),
    text("ingested_at"),
    text("attempt_id", null=True),
    text("supersedes", null=True),
    text("origin"),
    data("digest"),
    text("body"),
    text("disc", null=True),
    data("mac", null=True),
    text("snapshot"),
    text("fact_values", null=True),
    *retention(),
    UniqueConstraint("log_id", "event_key", "part"),
    UniqueConstraint("log_id", "lane", "no", "part"),
    Index(None, "log_id", "subject"),
    # One index for all lists: in order of time, and what most are filtered by stands in it.
    Index("ix_cleangov_entry_listed", "log_id", "occurred_at", "id", "unit", "marks"),
    info=AGENCY,
)

#: PostgreSQL only: the writer that holds the row's lock holds the lane. `pid` 0: anybody's; else
#: the server process whose transactions alone may take it. SQLite has one writer and so one lane,
#: whose head is its last entry.
lane = Table(
    "cleangov_lane",
    metadata,
    text("log_id", key=True),
    Column("lane", Big, primary_key=True, autoincrement=True),
    number("no"),
    text("head"),
    small("pid"),
    Index(None, "log_id", "pid", "lane"),
    info=AGENCY,
)

pseudonym = Table(
    "cleangov_pseudonym",
    metadata,
    text("log_id", key=True),
    text("pseudonym", key=True),
    text("kind"),
    text("identity", null=True),
    text("erased_at", null=True),
    *retention(),
    info=AGENCY,
)

#: An event whose evaluation is owed, with the event's text.
gap = Table(
    "cleangov_gap",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    text("log_id"),
    text("event_key", null=True),
    text("event", null=True),
    text("reason"),
    text("detail"),
    text("state"),
    small("tries"),
    text("owed_at"),
    text("tried_at", null=True),
    *retention(),
    Index(None, "state", "id"),
    info=AGENCY,
)

#: Figures over other cases, made at night, never from the case that is judged.
statistic = Table(
    "cleangov_statistic",
    metadata,
    text("log_id", key=True),
    text("fact_id", key=True),
    text("key", key=True),
    text("day_on", key=True),
    number("value"),
    number("n"),
    info=AGENCY,
)

#: Entries by what facts over all cases group them by: `key` is a keyed hash, `day` a civil day's
#: ordinal. One row for each group an event belongs to; what is asked of the events is not in it.
grouped = Table(
    "cleangov_grouped",
    metadata,
    text("log_id", key=True),
    text("group_id", key=True),
    text("key", key=True),
    small("day", key=True),
    number("entry_id", key=True),
    info=AGENCY,
)

#: How far a group is filled; it can be asked under the revision of rules it was filled for.
group_state = Table(
    "cleangov_group_state",
    metadata,
    text("log_id", key=True),
    text("group_id", key=True),
    number("ruleset"),
    number("upto"),
    number("after_xid", null=True),
    number("filled_row", null=True),
    number("xid", null=True),
    info=AGENCY,
)

#: `summary` is JSON: what was read, once the file is read whole; it outlives the staged rows.
replay_run = Table(
    "cleangov_replay_run",
    metadata,
    text("run_id", key=True),
    text("log_id"),
    text("file_digest"),
    text("mapping_digest"),
    text("state"),
    number("staged"),
    number("fed"),
    text("summary", null=True),
    info=AGENCY,
)

staged_event = Table(
    "cleangov_staged_event",
    metadata,
    text("run_id", key=True),
    number("ordinal", key=True),
    number("feed_key"),
    text("case_id"),
    text("payload"),
    Column("retention_class", Text(), nullable=False, server_default="replay"),
    text("retain_until", null=True),
    Index(None, "run_id", "feed_key", "ordinal"),
    info=AGENCY,
)
