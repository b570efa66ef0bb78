"""Where an erased value may stand besides its entry: emptied where that is safe, else named."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.store import personal_texts
from cleangov_plugin.store.personal_texts import Held

#: A shorter value stands in many texts by chance.
_SHORTEST: Final = 2
_EVENTS: Final = frozenset({"event", "payload"})
#: Columns of JSON that is made by rules: a value stands there as a text of its own.
_MADE: Final = frozenset({"fact_values", "shown_values", "outcomes", "parameters"})


class Erased(NamedTuple):
    """A value that is erased.

    :param subject: its case.
    :param code: code of the field.
    :param value: the value.
    """

    subject: str
    code: str
    value: str


class Copy(NamedTuple):
    """A place where a value stands once more.

    :param table: the table, or ``"spool"``.
    :param key: key of the row, or name of the file.
    :param is_emptied: whether it is emptied; else it is still there.
    """

    table: str
    key: str
    is_emptied: bool


def copies(
    desk: Desk, connection: Connection, log_id: str, values: Iterable[Erased], *, is_meant: bool
) -> list[Copy]:
    """Look for values in all that is kept of their cases, and empty what may be emptied.

    A text that is the value is emptied; from an event that was given up the attribute is taken. A
    text that holds the value among other words is somebody's own and is named, and so is an event
    that is owed: it is not what was sent any more without the value.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param values: the values that are erased.
    :param is_meant: whether it is done; else it is only told what would be.
    :return: where they were found.
    """
    by_case: dict[str, list[Erased]] = {}
    for value in values:
        by_case.setdefault(value.subject, []).append(value)
    found = []
    gaps = list(personal_texts.of_gaps(connection, log_id))
    for subject, erased in by_case.items():
        for held in (*personal_texts.of_case(connection, log_id, subject), *gaps):
            rest = _rest(held, erased)
            if rest is _SAME:
                continue
            is_emptied = rest is not _LEFT
            if is_meant and is_emptied:
                is_emptied = personal_texts.emptied(connection, held, rest)
            found.append(Copy(held.table.name, str(held.key), is_emptied))
    return [*found, *_spooled(desk, by_case)]


def with_person(connection: Connection, log_id: str, identity: str) -> list[Copy]:
    """Name the events that wait and tell of somebody.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param identity: the host's id of the person.
    """
    return [
        Copy(held.table.name, str(held.key), is_emptied=False)
        for held in personal_texts.of_gaps(connection, log_id)
        if identity in _people(_event(held.text))
    ]


#: Of a text without the value, and of one that keeps it.
_SAME: Final = "\x00same"
_LEFT: Final = "\x00left"


def _rest(held: Held, erased: list[Erased]) -> str | None:
    """Answer what stays of a text; `_SAME` where no value is in it, `_LEFT` where one stays."""
    if held.column in _EVENTS:
        event = _event(held.text)
        if event.get("case_id") != erased[0].subject:
            return _SAME
        if not any(value.code in _attributes(event) for value in erased):
            return _LEFT if _holds(held.text, erased) else _SAME
        if held.waits:
            return _LEFT
        for value in erased:
            event["attributes"].pop(value.code, None)
        return json.dumps(event, ensure_ascii=True, sort_keys=True)
    if held.column in _MADE:
        said = [
            json.dumps(value.value, ensure_ascii=way) for value in erased for way in (False, True)
        ]
        return _LEFT if any(text in held.text for text in said) else _SAME
    if any(held.text == value.value for value in erased):
        return None
    return _LEFT if _holds(held.text, erased) else _SAME


def _holds(text: str, erased: list[Erased]) -> bool:
    values = [value.value for value in erased if len(value.value) >= _SHORTEST]
    return any(value in text or json.dumps(value)[1:-1] in text for value in values)


def _spooled(desk: Desk, by_case: Mapping[str, list[Erased]]) -> Iterator[Copy]:
    for path, text in desk.spool.events():
        event = _event(text)
        erased = by_case.get(str(event.get("case_id")), [])
        if any(value.code in _attributes(event) for value in erased):
            yield Copy("spool", path.name, is_emptied=False)


def _event(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _attributes(event: Mapping[str, Any]) -> Mapping[str, Any]:
    found = event.get("attributes")
    return found if isinstance(found, dict) else {}


def _people(event: Mapping[str, Any]) -> set[str]:
    parties = event.get("parties")
    people = [event.get("actor"), *(parties if isinstance(parties, list) else ())]
    return {str(each.get("id")) for each in people if isinstance(each, dict)}
