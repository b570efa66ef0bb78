"""Reading a clock's document."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules.compiler import bases
from cleangov_plugin.rules.document import Part

from .model import Clock, Decider, Extension, Pause, Roll, Unit

KEYS: Final = (
    "clock", "version", "title", "why", "basis", "starts", "stops", "term", "roll", "hours",
    "pauses", "extensions", "owner", "review_by", "examples", "signed",
)  # fmt: skip
_ID: Final = re.compile(r"[A-Z]{1,4}[0-9]{1,4}[A-Z]?")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_KIND: Final = re.compile(r"[a-z]{3}(\.[a-z][a-z0-9_]*){1,3}")
_WINDOW: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
#: No term of law is longer; it also bounds how far a due day is looked for.
LONGEST: Final = 2_000


def read_clock(document: Mapping[str, Any]) -> Clock:
    """Read a clock.

    :param document: its document; hostile.
    :raises RuleError: where it is none, with the path of what is wrong.
    """
    id_ = document.get("clock")
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        raise RuleError(
            f"'{id_}' is no rule id.", where="clock.clock", remedy="Write capitals and digits: E07."
        )
    part = Part(document, id_)
    part.only(*KEYS)
    term = part.part("term")
    term.only("length", "unit", "range")
    length = term.integer("length", 1, LONGEST)
    clock = Clock(
        id=id_,
        version=part.integer("version", 1, 1_000_000),
        title=part.words("title"),
        why=part.words("why"),
        basis=bases(part),
        starts=_kinds(part, "starts"),
        stops=_kinds(part, "stops"),
        length=length,
        bounds=_bounds(term, length),
        unit=term.choice("unit", Unit),
        roll=part.choice("roll", Roll, default=Roll.NONE),
        hours=_hours(part),
        pauses=tuple(_pause(item) for item in part.listed("pauses")),
        extensions=tuple(_extension(item) for item in part.listed("extensions")),
        owner=part.text("owner"),
        review_by=part.day("review_by"),
    )
    _check_whole(clock, part)
    return clock


def _check_whole(clock: Clock, part: Part) -> None:
    both = clock.starts & clock.stops
    if both:
        raise part.wrong("stops", f"the clock starts with '{min(both)}' as well.")
    if bool(clock.hours) != (clock.unit is Unit.WORKING_HOURS):
        raise part.wrong("hours", "windows of the day belong to a term in working hours.")
    if clock.unit is Unit.WORKING_HOURS and clock.roll is not Roll.NONE:
        raise part.wrong("roll", "a term in working hours always ends on a working day.")
    names = [*(each.id for each in clock.pauses), *(each.id for each in clock.extensions)]
    for name in names:
        if names.count(name) > 1:
            raise part.wrong("pauses", f"the code '{name}' stands twice.", "Give it another code.")


def _kinds(part: Part, key: str) -> frozenset[str]:
    found = part.texts(key)
    for kind in found:
        if not _KIND.fullmatch(kind):
            raise part.wrong(key, f"'{kind}' is no kind of event.")
    if not found:
        raise part.wrong(key, "a kind of event must stand here.")
    return frozenset(found)


def _bounds(term: Part, length: int) -> tuple[int, int]:
    value = term.values.get("range", [length, length])
    is_pair = isinstance(value, list | tuple) and len(value) == 2
    if not is_pair or not all(type(each) is int for each in value):
        raise term.wrong("range", "a least and a greatest whole number must stand here.")
    low, high = value
    if not 1 <= low <= length <= high <= LONGEST:
        raise term.wrong("range", "the term must lie within its range.")
    return low, high


def _hours(part: Part) -> tuple[tuple[time, time], ...]:
    found: list[tuple[time, time]] = []
    for text in part.texts("hours"):
        match = _WINDOW.fullmatch(text)
        numbers = [int(each) for each in match.groups()] if match else [0, 0, 0, 0]
        begins, ends = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
        if begins >= ends or (found and begins < found[-1][1]):
            remedy = "Write 09:00-12:00, in order of the day."
            raise part.wrong("hours", f"'{text}' is no window of a day.", remedy)
        found.append((begins, ends))
    return tuple(found)


def _name(part: Part, key: str) -> str:
    name = part.text(key)
    if not _NAME.fullmatch(name):
        raise part.wrong(key, f"'{name}' is no name.", "Write a_z0_9.")
    return name


def _decider(part: Part) -> Decider | None:
    if "decided_by" not in part.values:
        return None
    inner = part.part("decided_by")
    inner.only("attribute", "roles")
    roles = inner.texts("roles")
    if not roles:
        raise inner.wrong("roles", "a text or a list of texts must stand here.")
    return Decider(_name(inner, "attribute"), frozenset(roles))


def _pause(part: Part) -> Pause:
    part.only("id", "from", "until", "label", "decided_by")
    return Pause(
        id=_name(part, "id"),
        begins=_kinds(part, "from"),
        ends=_kinds(part, "until"),
        label=part.words("label"),
        decider=_decider(part),
    )


def _extension(part: Part) -> Extension:
    part.only("id", "on", "length", "given_in", "times", "decided_by")
    kinds = _kinds(part, "on")
    if len(kinds) != 1:
        raise part.wrong("on", "one kind of event must stand here.")
    return Extension(
        id=_name(part, "id"),
        on=min(kinds),
        length=part.integer("length", 1, LONGEST),
        given_in=_name(part, "given_in") if "given_in" in part.values else None,
        times=part.integer("times", 1, 20, default=1),
        decider=_decider(part),
    )
