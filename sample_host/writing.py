"""Writing an act: its row, what it changes, and who is told; always inside a transaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from cleangov_hooks import Stream

from . import tables
from .clock import stored
from .flow import Flow, StepType
from .forms import Filled
from .matter import Act, Matter
from .people import holders
from .rows import TABLE_OF, write_details


class Conflict(Exception):
    """The city itself refuses a step: somebody was quicker, or a limit of its own is passed.

    :param key: key of the message.
    """

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def open_matter(connection: Connection, matter: Matter) -> None:
    """Write the row of a new matter, and of its party if it is new.

    :param connection: in a transaction.
    :param matter: with ordinal 0.
    :raises Conflict: where the number has been given to another.
    """
    table = TABLE_OF[matter.stream]
    taken = connection.execute(select(table.c.no).where(table.c.no == matter.no)).first()
    if taken is not None:
        raise Conflict("conflict.number")
    add_party(connection, matter)
    connection.execute(
        insert(table).values(
            no=matter.no,
            title_zh=matter.title.zh,
            title_en=matter.title.en,
            place_zh=matter.place.zh,
            place_en=matter.place.en,
            party_id=matter.party.id,
            officer_id=matter.officer_id,
            state=matter.state,
            opened_at=stored(matter.opened_at),
            ordinal=0,
            **matter.own,
        )
    )


def add_party(connection: Connection, matter: Matter) -> None:
    """Write the row of a matter's party, if there is none.

    :param connection: in a transaction.
    :param matter: the matter.
    """
    table, row = tables.party, matter.party
    if connection.execute(select(table.c.id).where(table.c.id == row.id)).first() is None:
        connection.execute(
            insert(table).values(
                id=row.id,
                name_zh=row.name.zh,
                name_en=row.name.en,
                is_organisation=row.is_organisation,
            )
        )


def own_columns(flow: Flow, filled: Filled) -> dict[str, Any]:
    """Answer the columns that only matters of this stream have, as they begin.

    :param flow: the stream's flow.
    :param filled: the form that opens the matter.
    """
    values = filled.values
    if flow.path == "cases":
        code = values.get("violation_code", "CG-101")
        return {"violation_code": code, "tier": "ordinary", "fine_minor": None}
    if flow.path == "permits":
        return {"permit_kind": values.get("permit_kind", ""), "result": None}
    minor = filled.amount.minor if filled.amount else 0
    return {"contract_minor": minor, "limit_minor": 50_000_000, "paid_minor": 0}


def write_act(
    connection: Connection, flow: Flow, step: StepType, before: Matter, act: Act
) -> Matter:
    """Write one act and everything it changes.

    :param connection: in a transaction.
    :param flow: the stream's flow.
    :param step: the step taken.
    :param before: the matter as it was read.
    :param act: what is done.
    :return: the matter after it, without acts read anew.
    :raises Conflict: where the matter has changed since it was read, or a limit is passed.
    """
    after = replace(before, ordinal=act.ordinal, state=step.state_after(before, act.details))
    table = TABLE_OF[flow.stream]
    moved = connection.execute(
        update(table)
        .where(table.c.no == before.no, table.c.ordinal == before.ordinal)
        .values(ordinal=after.ordinal, state=after.state)
    )
    if moved.rowcount != 1:
        raise Conflict("conflict.changed")
    connection.execute(insert(tables.act).values(**_act_row(act)))
    effect = _EFFECTS.get((flow.stream, step.name))
    if effect is not None:
        effect(connection, before, act)
    _tell(connection, step, before, act)
    return after


def next_number(connection: Connection, flow: Flow, year: int) -> str:
    """Answer the number the next matter of a stream would get.

    :param connection: a connection.
    :param flow: the stream's flow.
    :param year: the year in the number.
    """
    table = TABLE_OF[flow.stream]
    prefix, digits = f"{flow.prefix}-{year}-", flow.digits
    query = select(func.max(table.c.no)).where(table.c.no.like(prefix + "_" * digits))
    latest = connection.execute(query).scalar_one()
    return f"{prefix}{int(latest[-digits:]) + 1 if latest else 1:0{digits}d}"


def _act_row(act: Act) -> Mapping[str, Any]:
    return {
        "id": act.id,
        "stream": act.stream.value,
        "matter_no": act.matter_no,
        "ordinal": act.ordinal,
        "kind": act.kind,
        "step": act.step,
        "actor_id": act.actor_id,
        "amount_minor": act.amount.minor if act.amount else None,
        "occurred_at": stored(act.occurred_at),
        "recorded_at": stored(act.recorded_at),
        "details": write_details(act.details),
    }


def _tell(connection: Connection, step: StepType, matter: Matter, act: Act) -> None:
    """Put the step into inboxes; of several colleagues, the one who has the matter is told."""
    told: set[str] = set()
    for role in step.tells:
        people = {person.id for person in holders(role)}
        told |= people & {matter.officer_id} or people
    at = stored(act.recorded_at)
    for person in sorted(told - {act.actor_id}):
        row = {"act_id": act.id, "person_id": person, "at": at}
        connection.execute(insert(tables.message).values(**row))


# ---- What a step changes besides the state ---------------------------------------------------


def _set(connection: Connection, stream: Stream, no: str, **values: Any) -> None:
    table = TABLE_OF[stream]
    connection.execute(update(table).where(table.c.no == no).values(**values))


def _investigated(connection: Connection, before: Matter, act: Act) -> None:
    _set(connection, Stream.ENFORCEMENT, before.no, tier=act.details["tier"])


def _case_decided(connection: Connection, before: Matter, act: Act) -> None:
    minor = act.amount.minor if act.amount else None
    _set(connection, Stream.ENFORCEMENT, before.no, fine_minor=minor)


def _permit_decided(connection: Connection, before: Matter, act: Act) -> None:
    _set(connection, Stream.PERMIT, before.no, result=act.details["result"])


def _variation_requested(connection: Connection, before: Matter, act: Act) -> None:
    connection.execute(
        insert(tables.variation).values(
            project_no=before.no,
            no=act.details["variation_no"],
            amount_minor=act.amount.minor if act.amount else 0,
            reason=act.details["reason"],
            state="requested",
            requested_by=act.actor_id,
            requested_at=stored(act.recorded_at),
        )
    )


def _variation_approved(connection: Connection, _before: Matter, act: Act) -> None:
    _move_variation(
        connection,
        act,
        state="approved",
        approved_by=act.actor_id,
        approved_at=stored(act.recorded_at),
    )


def _variation_executed(connection: Connection, _before: Matter, act: Act) -> None:
    _move_variation(connection, act, state="executed")


def _move_variation(connection: Connection, act: Act, **values: Any) -> None:
    table = tables.variation
    connection.execute(
        update(table)
        .where(table.c.project_no == act.matter_no, table.c.no == act.details["variation_no"])
        .values(**values)
    )


def _paid(connection: Connection, before: Matter, act: Act) -> None:
    paid = before.own["paid_minor"] + (act.amount.minor if act.amount else 0)
    _set(connection, Stream.PROJECT, before.no, paid_minor=paid)
    if paid > before.own["contract_minor"] + before.approved_minor():
        raise Conflict("conflict.overpaid")


_EFFECTS: Final[Mapping[tuple[Stream, str], Callable[[Connection, Matter, Act], None]]] = {
    (Stream.ENFORCEMENT, "investigate"): _investigated,
    (Stream.ENFORCEMENT, "decide"): _case_decided,
    (Stream.PERMIT, "decide"): _permit_decided,
    (Stream.PROJECT, "request_variation"): _variation_requested,
    (Stream.PROJECT, "approve_variation"): _variation_approved,
    (Stream.PROJECT, "execute_variation"): _variation_executed,
    (Stream.PROJECT, "pay"): _paid,
}
