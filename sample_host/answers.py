"""What the city answers when a plugin asks: kinds of event, its records, ties of its people."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, select, tuple_

from cleangov_hooks import (
    AttributeType,
    EventType,
    HostRecord,
    Page,
    Person,
    Privacy,
    Relation,
    Stream,
    Tie,
    ValueType,
    hookimpl,
)

from . import tables
from .clock import read_stored, stored
from .database import reading
from .flow import FLOWS, Field, FieldType, Flow, StepType
from .people import HEADS, PEOPLE, holders
from .words import WORDS

_PAGE: Final = 500
_TYPE: Final = {
    FieldType.MONEY: ValueType.MONEY,
    FieldType.TEXT: ValueType.TEXT,
    FieldType.LONG: ValueType.TEXT,
    FieldType.CHOICE: ValueType.CHOICE,
    FieldType.INTEGER: ValueType.INTEGER,
}
#: Attributes taken from the matter and not from a form.
_TAKEN: Final[dict[str, ValueType]] = {
    "violation_code": ValueType.TEXT,
    "article": ValueType.TEXT,
    "tier_chosen": ValueType.TEXT,
    "band_min": ValueType.MONEY,
    "band_max": ValueType.MONEY,
    "permit_kind": ValueType.TEXT,
    "contract_amount": ValueType.MONEY,
    "approval_limit": ValueType.MONEY,
    "variation_no": ValueType.TEXT,
}
_TAKEN_IN: Final = {
    Stream.ENFORCEMENT: ("violation_code", "article", "tier_chosen", "band_min", "band_max"),
    Stream.PERMIT: ("permit_kind",),
    Stream.PROJECT: ("contract_amount", "approval_limit", "variation_no"),
}


class CityAnswers:
    """The hooks of the contract that a host implements.

    :param engine: the city's database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @hookimpl
    def cleangov_event_types(self) -> Sequence[EventType]:
        """Declare every kind of event this platform sends, with its attributes."""
        return event_types()

    @hookimpl
    def cleangov_host_records(self, kind: str, since: datetime, cursor: str | None) -> Page | None:
        """List the acts of a kind, oldest first, a page at a time.

        :param kind: kind of event.
        :param since: aware; acts at or after it.
        :param cursor: ``"<time>|<id>"`` of the last act of the page before.
        """
        if kind not in {event_type.kind for event_type in event_types()}:
            return None
        act = tables.act
        query = select(act.c.id, act.c.matter_no, act.c.kind, act.c.occurred_at)
        query = query.where(act.c.kind == kind, act.c.occurred_at >= stored(since))
        if cursor is not None:
            at, _, last = cursor.partition("|")
            query = query.where(tuple_(act.c.occurred_at, act.c.id) > tuple_(at, last))
        query = query.order_by(act.c.occurred_at, act.c.id).limit(_PAGE)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        records = tuple(
            HostRecord(id=id_, case_id=no, kind=kind_, occurred_at=read_stored(at))
            for id_, no, kind_, at in rows
        )
        following = f"{rows[-1].occurred_at}|{rows[-1].id}" if len(rows) == _PAGE else None
        return Page(records=records, cursor=following)

    @hookimpl
    def cleangov_relation(self, officer_id: str, party_id: str) -> Relation | None:
        """Answer what officers declared of a tie; None where nothing was declared.

        :param officer_id: the officer.
        :param party_id: the party.
        """
        tie = tables.tie
        query = select(tie).where(tie.c.officer_id == officer_id, tie.c.party_id == party_id)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        return Relation(
            tie=Tie(row["tie"]), degree=row["degree"], source=row["source"], as_of=row["as_of"]
        )

    @hookimpl
    def cleangov_people(self, role: str) -> Sequence[Person]:
        """List who has a role.

        :param role: code of the role.
        """
        return [official.person("zh-CN") for official in holders(role)]

    @hookimpl
    def cleangov_reporting_tie(self, officer_id: str, second_id: str) -> Relation | None:
        """Answer whether a second person reports to the officer whose step waits.

        :param officer_id: the officer.
        :param second_id: the second person.
        """
        officer, second = PEOPLE.get(officer_id), PEOPLE.get(second_id)
        if officer is None or second is None:
            return None
        is_below = HEADS.get(second.unit or "") == officer.id
        return Relation(tie=Tie.YES if is_below else Tie.NO, source="staff register")


def event_types() -> tuple[EventType, ...]:
    """Answer the schema of every kind of event, made from the steps themselves."""
    found: dict[str, EventType] = {}
    for flow, step in _steps():
        found.setdefault(step.kind, _event_type(flow, step))
    return tuple(found.values())


def _steps() -> Iterator[tuple[Flow, StepType]]:
    for flow in FLOWS.values():
        for step in (flow.opening, *flow.steps):
            yield flow, step


def _event_type(flow: Flow, step: StepType) -> EventType:
    zh, en = WORDS[f"step.{flow.stream}.{step.name}"]
    fields = [f for f in step.fields if f.is_sent and f.name != "amount"]
    attributes = {field.name: _asked(field) for field in fields}
    for code in _TAKEN_IN[flow.stream] if step.stream is None else ():
        attributes.setdefault(code, _taken(code))
    return EventType(
        kind=step.kind,
        stream=step.stream or flow.stream,
        labels={"zh": zh, "en": en},
        attributes=tuple(attributes.values()),
    )


def _asked(field: Field) -> AttributeType:
    is_open = field.choices_of is not None
    kind = ValueType.TEXT if is_open else _TYPE[field.type]
    return AttributeType(
        code=field.name,
        type=kind,
        labels=_labels(field.name),
        choices=field.choices,
        privacy=field.privacy,
        max_length=2000 if field.type is FieldType.LONG else 500,
    )


def _taken(code: str) -> AttributeType:
    return AttributeType(code=code, type=_TAKEN[code], labels=_labels(code), privacy=Privacy.PUBLIC)


def _labels(code: str) -> dict[str, str]:
    zh, en = WORDS[f"field.{code}"]
    return {"zh": zh, "en": en}
