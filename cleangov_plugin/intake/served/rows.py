"""A row of a watched view as an event: flat columns become the CloudEvent that they stand for."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from cleangov_hooks import Agency, Event

from .documents import EVENT
from .shapes import parse, refuse

#: Columns that become members of `data`, or of the actor, under another name.
_ACTOR: Final = {"actor_id": "id", "actor_unit": "unit", "actor_roles": "roles"}
_DATA: Final = ("stream", "step", "supersedes", "mode")
_JSON: Final = ("parties", "attributes")
#: Characters of a day without a time of day.
_DAY: Final = len("2026-03-10")


def row_reader(source: str, agency: Agency) -> Callable[[Mapping[str, Any]], Event]:
    """Make what reads the rows of one platform.

    :param source: how the platform is called in the ledger.
    :param agency: the authority; a time without an offset is that of the clock on its wall.
    :return: answers the event of a row; raises `IntakeError` for what is not what was agreed.
    """
    zone = ZoneInfo(agency.zone)

    def read(row: Mapping[str, Any]) -> Event:
        there = {name: value for name, value in row.items() if value is not None}
        event: Event = EVENT.read(_document(there, source, agency.id, zone), "row")
        return event

    return read


def recorded_at(row: Mapping[str, Any], agency: Agency) -> datetime | None:
    """Answer when the platform recorded a row; None where that cannot be read.

    :param row: the row; hostile.
    :param agency: the authority.
    """
    told, _ = _moment(row.get("recorded_at"), ZoneInfo(agency.zone))
    try:
        found = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return found if found is not None and found.utcoffset() is not None else None


def _document(row: dict[str, Any], source: str, agency_id: str, zone: ZoneInfo) -> dict[str, Any]:
    occurred, is_day = _moment(row.get("occurred_at"), zone)
    data: dict[str, Any] = {name: row[name] for name in _DATA if name in row}
    data |= {name: _json(row[name], name) for name in _JSON if name in row}
    data |= {"agency_id": agency_id, "recorded_at": _moment(row.get("recorded_at"), zone)[0]}
    data |= {"precision": "day"} if is_day else {}
    actor = {member: row[name] for name, member in _ACTOR.items() if name in row}
    if actor:
        data["actor"] = actor | ({"roles": _roles(actor["roles"])} if "roles" in actor else {})
    if "amount_minor" in row:
        currency = {"currency": row["currency"]} if "currency" in row else {}
        data["amount"] = {"minor": row["amount_minor"], **currency}
    named = {"id": _text(row.get("id")), "subject": _text(row.get("case_id"))}
    return {
        "specversion": "1.0",
        "source": source,
        "type": row.get("kind"),
        "time": occurred,
        **named,
        "data": data,
    }


def _text(value: Any) -> Any:
    """Write a whole number as text: an old platform numbers its cases."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


def _roles(value: Any) -> Any:
    return value.split() if isinstance(value, str) else value


def _moment(value: Any, zone: ZoneInfo) -> tuple[Any, bool]:
    """Write a time as the contract wants it, and answer whether it is a day alone."""
    if isinstance(value, str):
        try:
            found: Any = datetime.fromisoformat(value)
        except ValueError:
            return value, False
        is_day = len(value) == _DAY
    else:
        found, is_day = value, isinstance(value, date) and not isinstance(value, datetime)
    if is_day and not isinstance(found, datetime):
        found = datetime.combine(found, time())
    if not isinstance(found, datetime):
        return value, False
    whole = found if found.tzinfo is not None else found.replace(tzinfo=zone)
    return whole.isoformat(), is_day


def _json(value: Any, name: str) -> Any:
    """Read a column of JSON: text, or what the driver has read of it already."""
    if isinstance(value, dict | list):
        return value
    if not isinstance(value, str):
        refuse(f"row.{name}", "JSON was expected.")
    return parse(value.encode("utf-8", "surrogatepass"))
