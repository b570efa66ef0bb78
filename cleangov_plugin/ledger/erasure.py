"""What an entry about an erasure says: which fields of which entries, and on what legal basis."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from cleangov_plugin.domain.our_kinds import FIELDS_ERASED, IDENTITY_ERASED

from .canonical import ProfileError
from .instants import instant

#: Codes of the attributes.
ERASED: Final = "erased"
BASIS: Final = "basis"
PSEUDONYM: Final = "pseudonym"
#: Kinds of entry that tell of an erasure.
KINDS: Final = frozenset({FIELDS_ERASED, IDENTITY_ERASED})
#: Fields that one entry names at the most: a list of the contract has no more.
MOST_FIELDS: Final = 100
#: An item of a list has at most 200 characters; lane, number and digest take 75 of them.
_LONGEST_CODE: Final = 120


class ErasedField(NamedTuple):
    """A field that was erased.

    :param lane: lane of its entry.
    :param no: number of its entry there.
    :param digest: digest of its disclosure, as the entry's body has it.
    :param code: code of the field.
    """

    lane: int
    no: int
    digest: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What an entry about an erasure says.

    :param basis: the legal basis; empty where it names none.
    :param at: when, fixed-width UTC text.
    :param actor: pseudonym of who erased; None where it names nobody.
    :param fields: the fields; none where it was a name.
    :param pseudonym: the pseudonym whose name was erased; None where it was fields.
    """

    basis: str
    at: str
    actor: str | None
    fields: tuple[ErasedField, ...]
    pseudonym: str | None


def write_field(field: ErasedField) -> str:
    """Write a field as one item of the list in the body.

    :param field: the field.
    """
    return f"{field.lane}/{field.no}/{field.digest}/{field.code[:_LONGEST_CODE]}"


def read_erasure(body: Mapping[str, Any]) -> Erasure:
    """Read what the body of an entry says of an erasure.

    :param body: the body of one of `KINDS`, as JSON was read; hostile.
    :return: what it says.
    :raises ProfileError: where it is none, or says it in another way than ours.
    """
    try:
        said = {code: (type_, text) for code, type_, text in body["attrs"]}
        fields: tuple[ErasedField, ...] = ()
        pseudonym = None
        if body["kind"] == FIELDS_ERASED:
            fields = tuple(_field(item) for item in json.loads(_text(said, ERASED, "list")))
        else:
            pseudonym = _name(_text(said, PSEUDONYM, "text"))
        basis = _text(said, BASIS, "text") if f"a.{BASIS}" in said else ""
        _, actor = said.get("e.actor", ("", None))
        at = str(body["at"])
        instant(at)
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        what = f"this tells of no erasure ({type(problem).__name__})."
        raise ProfileError(what, where="attrs") from None
    if not (fields or pseudonym):
        raise ProfileError("this tells of no erasure.", where="attrs")
    return Erasure(basis=basis.strip(), at=at, actor=actor, fields=fields, pseudonym=pseudonym)


def _text(said: Mapping[str, tuple[str, str]], code: str, type_: str) -> str:
    kind, text = said[f"a.{code}"]
    if kind != type_ or not isinstance(text, str) or not text.isprintable():
        raise ValueError(code)
    return text


def _name(text: str) -> str:
    if not (text.isascii() and text.isalnum()):
        raise ValueError(text)
    return text


def _field(item: Any) -> ErasedField:
    lane, no, digest, code = str(item).split("/", 3)
    found = ErasedField(int(lane), int(no), digest, code)
    # Whoever looks the entry up asks a database, whose numbers end.
    if not (0 <= found.lane < 1 << 31 and 0 < found.no < 1 << 53 and code.isprintable()):
        raise ValueError(item)
    return found
