"""How each declared attribute is written: looked up once for a kind, not at each of its events."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Final, NamedTuple, TypeAlias

from cleangov_hooks import AttributeType, EventType, Money, Privacy, ValueType

#: Longest text and longest list that are kept, and that wait, as they are.
LONGEST_CARRIED: Final = 2_000
MOST_CARRIED: Final = 100
_LARGEST: Final = 2**53 - 1
_LONGEST_ITEM: Final = 200
_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")
#: Kinds that are remembered; a host declares some dozens.
_MOST_KINDS: Final = 1_000

#: Writes a value of the host's, hostile, as the text of its declared type; None where it is not of
#: that type. Money is written as ``"CNY:80000"``, instants in UTC with microseconds.
Writer: TypeAlias = Callable[[object], str | None]


class AttributeWriter(NamedTuple):
    """How one attribute of a kind is kept.

    :param code: its code.
    :param name: what it is called in the body.
    :param type: its type as the body names it.
    :param privacy: public, personal or secret.
    :param write: writes its values.
    """

    code: str
    name: str
    type: str
    privacy: Privacy
    write: Writer


_known: dict[int, tuple[EventType, Mapping[str, AttributeWriter]]] = {}


def writers_of(declared: EventType) -> Mapping[str, AttributeWriter]:
    """Answer how the attributes of a kind are kept, by code.

    :param declared: the kind as its module declared it; what is remembered of it holds it, so that
        no other has its number.
    """
    found = _known.get(id(declared))
    if found is None:
        if len(_known) >= _MOST_KINDS:
            _known.clear()
        found = _known[id(declared)] = (
            declared,
            {a.code: _writer_of(a) for a in declared.attributes},
        )
    return found[1]


def _writer_of(attribute: AttributeType) -> AttributeWriter:
    return AttributeWriter(
        code=attribute.code,
        name=body_code(attribute.code),
        type=attribute.type.value,
        privacy=attribute.privacy,
        write=_writer(attribute),
    )


def body_code(code: object) -> str:
    """Name an attribute in the body: its own code, or the code's digest where it is odd.

    :param code: the host's code; hostile.
    """
    text = str(code)
    if 0 < len(text) <= 64 and text.isascii() and text.isprintable():
        return f"a.{text}"
    data = text.encode("utf-8", "backslashreplace")
    return f"a.~{sha256(data).hexdigest()[:32]}"


def _writer(attribute: AttributeType) -> Writer:
    if attribute.type is ValueType.TEXT:
        return _text(min(attribute.max_length, LONGEST_CARRIED))
    if attribute.type is ValueType.CHOICE:
        return _choice(min(attribute.max_length, LONGEST_CARRIED), attribute.choices)
    return _PLAIN.get(attribute.type) or _list(min(attribute.max_length, MOST_CARRIED))


def _text(longest: int) -> Writer:
    return lambda value: (
        str(value)
        if isinstance(value, str) and len(value) <= longest and _is_writable(value)
        else None
    )


def _choice(longest: int, choices: tuple[str, ...]) -> Writer:
    write = _text(longest)
    return lambda value: text if (text := write(value)) is not None and value in choices else None


def _integer(value: object) -> str | None:
    return str(value) if type(value) is int and abs(value) <= _LARGEST else None


def _boolean(value: object) -> str | None:
    return str(value).lower() if isinstance(value, bool) else None


def _money(value: object) -> str | None:
    if not isinstance(value, Money) or type(value.minor) is not int:
        return None
    currency = value.currency
    is_code = isinstance(currency, str) and len(currency) == 3 and currency.isascii()
    fits = abs(value.minor) <= _LARGEST and is_code and currency.isupper()
    return f"{currency}:{value.minor}" if fits else None


def _instant(value: object) -> str | None:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return None
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _date(value: object) -> str | None:
    is_date = isinstance(value, date) and not isinstance(value, datetime)
    return value.isoformat() if is_date and isinstance(value, date) else None


def _list(longest: int) -> Writer:
    return lambda value: (
        json.dumps(list(value), ensure_ascii=False)
        if isinstance(value, tuple | list) and len(value) <= longest and all(map(_is_item, value))
        else None
    )


def _is_item(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_ITEM and _is_writable(value)


def _is_writable(text: str) -> bool:
    """Answer whether a text is free of lone surrogates and NUL, which no database takes."""
    if text.isascii():  # most codes and names are, and a look at them costs nothing
        return "\x00" not in text
    return _UNWRITABLE.search(text) is None


_PLAIN: Final[Mapping[ValueType, Writer]] = {
    ValueType.INTEGER: _integer,
    ValueType.BOOLEAN: _boolean,
    ValueType.MONEY: _money,
    ValueType.DATETIME: _instant,
    ValueType.DATE: _date,
}
