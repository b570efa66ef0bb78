"""Shapes of JSON documents: what reads them is what is published of them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NoReturn

from cleangov_plugin.domain.errors import IntakeError

#: Characters of a text, and items of a list, at the most.
LONGEST: Final = 4000
MOST: Final = 100
#: Bytes of a request's body at the most.
LARGEST: Final = 1 << 20
_NO_NUL: Final = r"^[^\u0000]*$"
#: Characters of a number with a point that is looked at closely, and digits of a whole one.
_LONGEST_NUMBER: Final = 60
_DIGITS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of JSON value.

    :param schema: it in JSON Schema 2020-12.
    :param read: makes our value of it, told where it stands; raises `IntakeError`.
    """

    schema: Mapping[str, Any]
    read: Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A member of an object.

    :param name: its name.
    :param kind: what it holds.
    :param about: what it means, one sentence.
    :param is_needed: whether it must be there; else it may be left out or null.
    """

    name: str
    kind: Kind
    about: str = ""
    is_needed: bool = False


def refuse(where: str, what: str) -> NoReturn:
    """Refuse a value.

    :param where: path of the value.
    :param what: what was expected, one sentence.
    :raises IntakeError: always.
    """
    raise IntakeError(what, where=where)


def text(longest: int = 200, *, shortest: int = 1, may_have_nul: bool = False) -> Kind:
    """Answer the kind of texts.

    :param longest: characters at the most.
    :param shortest: characters at the least.
    :param may_have_nul: whether U+0000 may stand in it; columns of PostgreSQL cannot hold that.
    """

    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or not shortest <= len(value) <= longest:
            refuse(where, f"a text of {shortest} to {longest} characters was expected.")
        if "\0" in value and not may_have_nul:
            refuse(where, "a text without U+0000 was expected.")
        return value

    schema = {"type": "string", "minLength": shortest, "maxLength": longest}
    return Kind(schema=schema if may_have_nul else {**schema, "pattern": _NO_NUL}, read=read)


def choice(*values: str) -> Kind:
    """Answer the kind of one of some texts.

    :param values: the texts.
    """

    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or value not in values:
            refuse(where, f"one of {', '.join(values)} was expected.")
        return value

    return Kind(schema={"type": "string", "enum": list(values)}, read=read)


def member_of(enum: Any) -> Kind:
    """Answer the kind of one of an enumeration's values.

    :param enum: the enumeration.
    """
    plain = choice(*(member.value for member in enum))
    return Kind(schema=plain.schema, read=lambda value, where: enum(plain.read(value, where)))


def whole(low: int, high: int) -> Kind:
    """Answer the kind of whole numbers.

    :param low: the least.
    :param high: the greatest.
    """

    def read(value: Any, where: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            refuse(where, f"a whole number from {low} to {high} was expected.")
        return value

    return Kind(schema={"type": "integer", "minimum": low, "maximum": high}, read=read)


def flag() -> Kind:
    """Answer the kind of yes and no."""

    def read(value: Any, where: str) -> bool:
        if not isinstance(value, bool):
            refuse(where, "true or false was expected.")
        return value

    return Kind(schema={"type": "boolean"}, read=read)


def listed(item: Kind, most: int = MOST) -> Kind:
    """Answer the kind of lists.

    :param item: what it lists.
    :param most: items at the most.
    """

    def read(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > most:
            refuse(where, f"a list of at most {most} items was expected.")
        return tuple(item.read(each, f"{where}[{place}]") for place, each in enumerate(value))

    return Kind(schema={"type": "array", "items": item.schema, "maxItems": most}, read=read)


def members(*fields: Field, make: Callable[..., Any] = dict, is_open: bool = False) -> Kind:
    """Answer the kind of objects.

    :param fields: its members.
    :param make: makes our value of the members that are there, by name.
    :param is_open: whether others may stand in it, which nobody reads (CloudEvents extensions).
    """
    known = {field.name: field for field in fields}

    def read(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            refuse(where, "an object was expected.")
        strange = sorted(str(name)[:40] for name in value if name not in known)
        if strange and not is_open:
            refuse(f"{where}.{strange[0]}", "there is no such member.")
        there = {name: value[name] for name in known if value.get(name) is not None}
        for field in fields:
            if field.is_needed and field.name not in there:
                refuse(f"{where}.{field.name}", "this member is missing.")
        return make(**{n: known[n].kind.read(v, f"{where}.{n}") for n, v in there.items()})

    return Kind(schema=_object(fields, is_open=is_open), read=read)


def _object(fields: tuple[Field, ...], *, is_open: bool) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {f.name: _said(f) for f in fields},
        "required": [f.name for f in fields if f.is_needed],
        "additionalProperties": is_open,
    }


def _said(field: Field) -> dict[str, Any]:
    told = {"description": field.about} if field.about else {}
    if field.is_needed:
        return {**field.kind.schema, **told}
    return {"anyOf": [field.kind.schema, {"type": "null"}], **told}


def parse(body: bytes) -> Any:
    """Read JSON from outside: UTF-8, no name twice in an object, no lone surrogates.

    :param body: hostile.
    :raises IntakeError: where it is not that.
    """
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_number,
        )
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as problem:
        what = f"this is not JSON as it is expected here ({type(problem).__name__})."
        raise IntakeError(what, where="body") from None
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _number(text: str) -> int | float:
    """Read 2.0 and 2e3 as the whole numbers that they are (JSON Schema 2020-12, 6.1.1), exactly."""
    try:
        exact = Decimal(text) if len(text) <= _LONGEST_NUMBER else None
    except ArithmeticError:  # an exponent beyond all bounds
        exact = None
    if exact is not None and exact.adjusted() < _DIGITS and exact == int(exact):
        return int(exact)
    return float(text)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
