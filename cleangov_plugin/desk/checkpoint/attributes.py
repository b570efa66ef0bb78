"""Which attributes of an event are kept, and how: typed, as erasable disclosures, or as digests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final, NamedTuple, TypeAlias

from cleangov_hooks import AttributeValue, EventType, Money, Privacy

from .attribute_writers import LONGEST_CARRIED, MOST_CARRIED, AttributeWriter, body_code, writers_of

#: Code under which the attributes of an event that waited have the digest of those left out.
MORE: Final = "~more"
_MOST: Final = 200


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


@dataclass(frozen=True, slots=True)
class Digested:
    """A value of which only the digest is left, because its event had to wait.

    :param text: what `digest_of` answered of the value.
    """

    text: str


#: Codes and values that are looked at; the digest of the rest, None where there is no rest.
Divided: TypeAlias = tuple[list[tuple[str, AttributeValue]], Digested | None]


def keep(divided: Divided, declared: EventType | None, *, personal: Privacy) -> Kept:
    """Sort an event's attributes by the schema of its kind.

    What is undeclared, secret, too long or not of its type is kept as digest and size: the
    host's step is never refused for an attribute, and nothing of it is lost unnoticed.

    :param divided: the attributes as `within` divided them; hostile.
    :param declared: the kind as its module declared it; None where none did.
    :param personal: the class that is kept as disclosures.
    :return: what is kept.
    """
    writers: Mapping[str, AttributeWriter] = {} if declared is None else writers_of(declared)
    typed: dict[str, AttributeValue] = {}
    pairs: list[tuple[str, str, str]] = []
    disclosed: list[tuple[str, str]] = []
    wrong: list[str] = []
    some, rest = divided
    for code, value in some:
        writer = writers.get(code) if isinstance(code, str) else None
        text = None if writer is None else writer.write(value)
        if writer is None or text is None or writer.privacy is Privacy.SECRET:
            pairs.append((body_code(code), "digest", digest_of(value)))
            if writer is not None and text is None and value is not None:
                wrong.append(writer.code)
        elif writer.privacy is personal:
            disclosed.append((writer.code, text))
        else:
            # As it will be read back from the body: live and later, rules see the same.
            typed[writer.code] = tuple(value) if isinstance(value, list) else value
            pairs.append((writer.name, writer.type, text))
    if rest is not None:
        pairs.append((f"a.{MORE}", "digest", rest.text))
    return Kept(typed=typed, pairs=tuple(pairs), personal=tuple(disclosed), wrong=tuple(wrong))


def within(attributes: Mapping[str, AttributeValue]) -> Divided:
    """Divide attributes into those that are looked at, and the digest of all beyond.

    :param attributes: as the host sent them, or as they waited; hostile.
    :return: both parts.
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
