"""The tables of the city platform; all names begin with city_."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData()

party = Table(
    "city_party",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("is_organisation", Boolean, nullable=False),
)


def _matter(name: str, *own: SchemaItem) -> Table:
    """Make the table of one stream's matters: the columns they share, then their own."""
    return Table(
        name,
        metadata,
        Column("no", Text, primary_key=True),
        Column("title_zh", Text, nullable=False),
        Column("title_en", Text, nullable=False),
        Column("place_zh", Text, nullable=False),
        Column("place_en", Text, nullable=False),
        Column("party_id", Text, ForeignKey("city_party.id"), nullable=False),
        Column("officer_id", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("opened_at", Text, nullable=False),
        Column("ordinal", Integer, nullable=False),
        *own,
    )


case = _matter(
    "city_case",
    Column("violation_code", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("fine_minor", BigInteger),
)
permit = _matter(
    "city_permit",
    Column("permit_kind", Text, nullable=False),
    Column("result", Text),
)
project = _matter(
    "city_project",
    Column("contract_minor", BigInteger, nullable=False),
    Column("limit_minor", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False),
)

variation = Table(
    "city_variation",
    metadata,
    Column("project_no", Text, ForeignKey("city_project.no"), primary_key=True),
    Column("no", Text, primary_key=True),
    Column("amount_minor", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", Text, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", Text),
)

#: One row for each step taken, in order; its id is the id of the event that announced it.
act = Table(
    "city_act",
    metadata,
    Column("id", Text, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("matter_no", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("kind", Text, nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("amount_minor", BigInteger),
    Column("occurred_at", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("details", Text, nullable=False),
    UniqueConstraint("stream", "matter_no", "ordinal", name="uq_city_act_order"),
)

#: Notes in the file: what was written down beside the steps.
note = Table(
    "city_note",
    metadata,
    Column("id", Text, primary_key=True),
    Column("matter_no", Text, nullable=False, index=True),
    Column("author_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("text_zh", Text, nullable=False),
    Column("text_en", Text, nullable=False),
)

#: A person's inbox: one row for each step that somebody should know of.
message = Table(
    "city_message",
    metadata,
    Column("act_id", Text, ForeignKey("city_act.id"), primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("at", Text, nullable=False),
)

#: The register of ties between officers and parties, as the officers declared them.
tie = Table(
    "city_tie",
    metadata,
    Column("officer_id", Text, primary_key=True),
    Column("party_id", Text, primary_key=True),
    Column("tie", Text, nullable=False),
    Column("degree", Integer),
    Column("source", Text, nullable=False),
    Column("as_of", Date, nullable=False),
)
