"""All tables of the plugin, as SQLAlchemy Core tables in one metadata."""

from sqlalchemy import BLANK_SCHEMA, MetaData

from .agency_tables import (
    agency,
    binding,
    calendar_day,
    calendar_version,
    entry,
    gap,
    group_state,
    grouped,
    lane,
    pseudonym,
    replay_run,
    revision,
    rule_version,
    staged_event,
    statistic,
)
from .clock_tables import clock_state, clock_version, running_clock
from .columns import NAMING, SCHEMA, metadata
from .follow_tables import answer_basis, follow_up
from .oversight_tables import finding, instrument, instrument_act
from .prompt_tables import (
    answer,
    attempt,
    pass_,
    prompt,
    prompt_budget,
    prompt_fate,
    second_request,
)
from .tree_tables import case_index, index_state, index_tile, leaf, tile, tree_head

__all__ = (
    "SCHEMA",
    "agency",
    "answer",
    "answer_basis",
    "attempt",
    "binding",
    "calendar_day",
    "calendar_version",
    "case_index",
    "clock_state",
    "clock_version",
    "entry",
    "finding",
    "follow_up",
    "gap",
    "group_state",
    "grouped",
    "index_state",
    "index_tile",
    "instrument",
    "instrument_act",
    "lane",
    "leaf",
    "metadata",
    "metadata_for",
    "pass_",
    "prompt",
    "prompt_budget",
    "prompt_fate",
    "pseudonym",
    "replay_run",
    "revision",
    "rule_version",
    "running_clock",
    "second_request",
    "staged_event",
    "statistic",
    "tile",
    "tree_head",
)


def metadata_for(dialect: str) -> MetaData:
    """Answer the tables as a database of that kind holds them: SQLite has no schemas.

    :param dialect: name of the SQLAlchemy dialect.
    """
    if dialect != "sqlite":
        return metadata
    plain = MetaData(naming_convention=NAMING)
    for table in metadata.sorted_tables:
        table.to_metadata(
            plain,
            schema=None,  # type: ignore[arg-type]  # None is "no schema"
            referred_schema_fn=lambda *_: BLANK_SCHEMA,  # type: ignore[arg-type]
        )
    return plain
