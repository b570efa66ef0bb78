"""Reading rows: from the city's tables to matters, acts and notes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from cleangov_hooks import AttributeValue, Money, Stream

from . import tables
from .clock import read_stored
from .matter import Act, Matter, Note, PartyRow, Texts, Variation

TABLE_OF: Final[Mapping[Stream, Table]] = {
    Stream.ENFORCEMENT: tables.case,
    Stream.PERMIT: tables.permit,
    Stream.PROJECT: tables.project,
}
_OWN: Final[Mapping[Stream, tuple[str, ...]]] = {
    Stream.ENFORCEMENT: ("violation_code", "tier", "fine_minor"),
    Stream.PERMIT: ("permit_kind", "result"),
    Stream.PROJECT: ("contract_minor", "limit_minor", "paid_minor"),
}


def listed(connection: Connection, stream: Stream, party_id: str | None = None) -> list[Matter]:
    """Read all matters of a stream, the newest first, without their acts and notes.

    :param connection: a connection.
    :param stream: the stream.
    :param party_id: only matters of this party, if given.
    """
    table = TABLE_OF[stream]
    query = _joined(table).order_by(table.c.opened_at.desc(), table.c.no)
    if party_id is not None:
        query = query.where(table.c.party_id == party_id)
    rows = connection.execute(query).mappings().all()
    changes = _variations(connection) if stream is Stream.PROJECT else {}
    return [_matter(stream, row, variations=changes.get(row["no"], ())) for row in rows]


def load(connection: Connection, stream: Stream, no: str) -> Matter | None:
    """Read one matter with everything that belongs to it.

    :param connection: a connection.
    :param stream: the stream.
    :param no: its number.
    """
    table = TABLE_OF[stream]
    row = connection.execute(_joined(table).where(table.c.no == no)).mappings().first()
    if row is None:
        return None
    return _matter(
        stream,
        row,
        acts=acts_of(connection, no),
        variations=_variations(connection).get(no, ()) if stream is Stream.PROJECT else (),
        notes=_notes(connection, no),
    )


def acts_of(connection: Connection, no: str) -> tuple[Act, ...]:
    """Read the acts of a matter, in order.

    :param connection: a connection.
    :param no: its number.
    """
    table = tables.act
    query = select(table).where(table.c.matter_no == no).order_by(table.c.ordinal)
    return tuple(act_from(row) for row in connection.execute(query).mappings())


def titles_of(connection: Connection, numbers: Sequence[str]) -> dict[str, tuple[Stream, Texts]]:
    """Answer stream and title of matters by number.

    :param connection: a connection.
    :param numbers: their numbers.
    """
    found = {}
    for stream, table in TABLE_OF.items():
        query = select(table.c.no, table.c.title_zh, table.c.title_en)
        for no, zh, en in connection.execute(query.where(table.c.no.in_(set(numbers)))):
            found[no] = (stream, Texts(zh=zh, en=en))
    return found


def act_from(row: Mapping[Any, Any]) -> Act:
    """Read an act.

    :param row: a row of city_act.
    """
    minor = row["amount_minor"]
    return Act(
        id=row["id"],
        stream=Stream(row["stream"]),
        matter_no=row["matter_no"],
        ordinal=row["ordinal"],
        kind=row["kind"],
        step=row["step"],
        actor_id=row["actor_id"],
        amount=None if minor is None else Money(minor=minor),
        occurred_at=read_stored(row["occurred_at"]),
        recorded_at=read_stored(row["recorded_at"]),
        details=read_details(row["details"]),
    )


def write_details(details: Mapping[str, AttributeValue]) -> str:
    """Write what was filled in as text, always in the same order.

    :param details: by attribute code.
    """
    plain = {
        code: {"fen": value.minor} if isinstance(value, Money) else value
        for code, value in details.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def read_details(text: str) -> dict[str, AttributeValue]:
    """Read back what `write_details` wrote.

    :param text: JSON.
    """
    return {
        code: Money(minor=value["fen"]) if isinstance(value, dict) else value
        for code, value in json.loads(text).items()
    }


def _joined(table: Table) -> Any:
    party = tables.party
    return select(
        table,
        party.c.name_zh.label("party_zh"),
        party.c.name_en.label("party_en"),
        party.c.is_organisation,
    ).join(party, party.c.id == table.c.party_id)


def _matter(stream: Stream, row: Mapping[Any, Any], **more: Any) -> Matter:
    return Matter(
        stream=stream,
        no=row["no"],
        title=Texts(zh=row["title_zh"], en=row["title_en"]),
        place=Texts(zh=row["place_zh"], en=row["place_en"]),
        party=PartyRow(
            id=row["party_id"],
            name=Texts(zh=row["party_zh"], en=row["party_en"]),
            is_organisation=row["is_organisation"],
        ),
        officer_id=row["officer_id"],
        state=row["state"],
        opened_at=read_stored(row["opened_at"]),
        ordinal=row["ordinal"],
        own={name: row[name] for name in _OWN[stream]},
        **more,
    )


def _variations(connection: Connection) -> dict[str, tuple[Variation, ...]]:
    """Read the changes to all contracts, by project; there are few."""
    table = tables.variation
    query = select(table).order_by(table.c.project_no, table.c.requested_at, table.c.no)
    found: dict[str, tuple[Variation, ...]] = {}
    for row in connection.execute(query).mappings():
        change = Variation(
            no=row["no"],
            amount=row["amount_minor"],
            reason=row["reason"],
            state=row["state"],
            requested_by=row["requested_by"],
            requested_at=read_stored(row["requested_at"]),
            approved_by=row["approved_by"],
            approved_at=read_stored(row["approved_at"]) if row["approved_at"] else None,
        )
        found[row["project_no"]] = (*found.get(row["project_no"], ()), change)
    return found


def _notes(connection: Connection, no: str) -> tuple[Note, ...]:
    table = tables.note
    query = select(table).where(table.c.matter_no == no).order_by(table.c.at, table.c.id)
    return tuple(
        Note(
            author_id=row["author_id"],
            at=read_stored(row["at"]),
            text=Texts(zh=row["text_zh"], en=row["text_en"]),
        )
        for row in connection.execute(query).mappings()
    )
