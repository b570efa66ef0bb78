"""Which attributes of an event are kept, and how: typed, as erasable disclosures, or as digests."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Final, NamedTuple

from cleangov_hooks import AttributeType, AttributeValue, Money, Privacy, ValueType

#: Longest text and longest list that are kept, and that wait, as they are.
LONGEST_CARRIED: Final = 2_000
MOST_CARRIED: Final = 100
#: Code under which the attributes of an event that waited have the digest of those left out.
MORE: Final = "~more"
_LARGEST: Final = 2**53 - 1
_MOST: Final = 200
_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")


class Kept(NamedTuple):
    """What is kept of an event's attributes.

    :param typed: declared public values, for rules.
    :param pairs: (code, type, text) of every attribute that goes into the open body.
    :param personal: (code, text) of declared personal values, to be disclosed one by one.
    :param wrong: codes whose value was not of the declared type; kept as digests.
    """

    typed: Mapping[str, AttributeValue]
    pairs: tuple[tuple[str, str, str], ...]
    personal: tuple[tuple[str, str], ...]
    wrong: tuple[str, ...]


def keep(
    attributes: Mapping[str, AttributeValue], schema: Sequence[AttributeType], *, personal: Privacy
) -> Kept:
    """Sort an event's attributes by their schema.

    What is undeclared, secret, too long or not of its type is kept as digest and size: the
    host's step is never refused for an attribute, and nothing of it is lost unnoticed.

    :param attributes: as the host sent them; hostile.
    :param schema: the declared attributes of the kind.
    :param personal: the class that is kept as disclosures.
    :return: what is kept.
    """
    declared = {attribute.code: attribute for attribute in schema}
    typed: dict[str, AttributeValue] = {}
    pairs: list[tuple[str, str, str]] = []
    disclosed: list[tuple[str, str]] = []
    wrong: list[str] = []
    some, rest = within(attributes)
    for code, value in some:
        attribute = declared.get(code) if isinstance(code, str) else None
        text = None if attribute is None else written(value, attribute)
        if attribute is None or attribute.privacy is Privacy.SECRET or text is None:
            pairs.append((_code(code), "digest", digest_of(value)))
            if attribute is not None and text is None and value is not None:
                wrong.append(attribute.code)
        elif attribute.privacy is personal:
            disclosed.append((attribute.code, text))
        else:
            # As it will be read back from the body: live and later, rules see the same.
            typed[attribute.code] = tuple(value) if isinstance(value, list) else value
            pairs.append((_code(code), attribute.type._value_, text))
    if rest is not None:
        pairs.append((f"a.{MORE}", "digest", rest.text))
    return Kept(typed=typed, pairs=tuple(pairs), personal=tuple(disclosed), wrong=tuple(wrong))


def written(value: object, attribute: AttributeType) -> str | None:
    """Write a value as the text of its declared type; None where it is not of that type.

    :param value: the host's value; hostile.
    :param attribute: its declaration.
    :return: text; money as ``"CNY:80000"``, instants in UTC with microseconds.
    """
    kind = attribute.type
    if kind in (ValueType.TEXT, ValueType.CHOICE):
        longest = min(attribute.max_length, LONGEST_CARRIED)
        fits = isinstance(value, str) and len(value) <= longest and _is_writable(value)
        allowed = kind is ValueType.TEXT or value in attribute.choices
        return str(value) if fits and allowed else None
    if kind is ValueType.BOOLEAN:
        return str(value).lower() if isinstance(value, bool) else None
    if kind is ValueType.INTEGER:
        is_number = type(value) is int and abs(value) <= _LARGEST
        return str(value) if is_number else None
    if kind is ValueType.MONEY:
        return _money(value)
    if kind is ValueType.DATETIME:
        is_aware = isinstance(value, datetime) and value.utcoffset() is not None
        return _instant(value) if is_aware and isinstance(value, datetime) else None
    if kind is ValueType.DATE:
        is_date = isinstance(value, date) and not isinstance(value, datetime)
        return value.isoformat() if is_date and isinstance(value, date) else None
    return _list(value, attribute.max_length)


@dataclass(frozen=True, slots=True)
class Digested:
    """A value of which only the digest is left, because its event had to wait.

    :param text: what `digest_of` answered of the value.
    """

    text: str


def within(
    attributes: Mapping[str, AttributeValue],
) -> tuple[list[tuple[str, AttributeValue]], Digested | None]:
    """Divide attributes into those that are looked at, and the digest of all beyond.

    :param attributes: as the host sent them, or as they waited; hostile.
    :return: codes and values; the digest of the rest, None where there is no rest.
    """
    items = list(attributes.items())
    waited: object = attributes.get(MORE)
    if isinstance(waited, Digested):
        return [item for item in items if item[0] != MORE], waited
    if len(items) <= _MOST:
        return items, None
    items.sort(key=lambda item: str(item[0]))  # so that it is the same cut after waiting
    rest = [f"{code} {digest_of(value)}" for code, value in items[_MOST:]]
    return items[:_MOST], Digested(digest_of(rest))


def digest_of(value: object) -> str:
    """Answer digest and size of a value that is not kept itself.

    :param value: anything; of one that waited as its digest, that digest.
    :return: ``"<sha256 in hexadecimal>:<bytes>"``.
    """
    if isinstance(value, Digested):
        return value.text
    data = _told(value).encode("utf-8", "backslashreplace")
    return f"{sha256(data).hexdigest()}:{len(data)}"


def _told(value: object) -> str:
    """Tell a value alike before and after it was written as JSON: there zones and lists differ."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return f"datetime {value.isoformat()}"
    if isinstance(value, list | tuple):
        return repr(tuple(_told(item) if isinstance(item, datetime) else item for item in value))
    return repr(value)


def is_carried(value: object) -> bool:
    """Answer whether an attribute can wait as JSON and come back as it was.

    Of what cannot, the digest is carried: see `Digested`.

    :param value: the host's value; hostile.
    """
    if isinstance(value, str):
        return len(value) <= LONGEST_CARRIED
    if isinstance(value, Money):
        return is_carried(value.currency) and type(value.minor) is int and is_carried(value.minor)
    if type(value) is int:
        return abs(value) < 1 << 63
    if isinstance(value, tuple | list):
        are_plain = (is_carried(item) and not isinstance(item, tuple | list) for item in value)
        return type(value) in (tuple, list) and len(value) <= MOST_CARRIED and all(are_plain)
    return value is None or type(value) in (bool, date, datetime)


def _money(value: object) -> str | None:
    if not isinstance(value, Money) or type(value.minor) is not int:
        return None
    currency = value.currency
    is_code = isinstance(currency, str) and len(currency) == 3 and currency.isascii()
    fits = abs(value.minor) <= _LARGEST and is_code and currency.isupper()
    return f"{currency}:{value.minor}" if fits else None


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _list(value: object, longest: int) -> str | None:
    if not isinstance(value, tuple | list) or len(value) > min(longest, 100):
        return None
    if not all(isinstance(item, str) and len(item) <= 200 and _is_writable(item) for item in value):
        return None
    return json.dumps(list(value), ensure_ascii=False)


def _is_writable(text: str) -> bool:
    """Answer whether a text is free of lone surrogates and NUL, which no database takes."""
    if text.isascii():  # most codes and names are, and a look at them costs nothing
        return "\x00" not in text
    return _UNWRITABLE.search(text) is None


def _code(code: object) -> str:
    """Name an attribute in the body: its own code, or the code's digest where it is odd."""
    text = str(code)
    if 0 < len(text) <= 64 and text.isascii() and text.isprintable():
        return f"a.{text}"
    return f"a.~{digest_of(text)[:32]}"
