"""What an entry says of an erasure is read as it was written, and nothing else is read as one."""

import json
from typing import Any

import pytest

from cleangov_plugin.domain.our_kinds import FIELDS_ERASED, IDENTITY_ERASED
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.erasure import ErasedField, read_erasure, write_field

DIGEST = "A" * 43
AT = "2026-03-10T02:00:00.000000Z"


def body(kind: str = FIELDS_ERASED, **attributes: Any) -> dict[str, Any]:
    attrs = [[f"a.{code}", *value] for code, value in attributes.items()]
    return {"kind": kind, "at": AT, "attrs": [*attrs, ["e.actor", "pseudonym", "abc"]]}


def erased(*items: str) -> list[str]:
    return ["list", json.dumps(items)]


def test_what_was_written_is_read() -> None:
    fields = (ErasedField(0, 1, DIGEST, "statement"), ErasedField(7, 2**52, DIGEST, "a/b 城"))
    written = erased(*map(write_field, fields))
    found = read_erasure(body(erased=written, basis=["text", "PIPL 47"]))
    assert (found.fields, found.basis, found.at, found.actor) == (fields, "PIPL 47", AT, "abc")
    assert found.pseudonym is None
    name = read_erasure(
        body(IDENTITY_ERASED, pseudonym=["text", "mfrgg"], basis=["text", "PIPL 47"])
    )
    assert (name.pseudonym, name.fields) == ("mfrgg", ())


def test_an_item_fits_a_list_of_the_contract() -> None:
    longest = ErasedField(2**31 - 1, 2**53 - 1, DIGEST, "c" * 500)
    assert len(write_field(longest)) <= 200


def test_without_a_basis_it_has_none() -> None:
    item = write_field(ErasedField(0, 1, DIGEST, "statement"))
    assert read_erasure(body(erased=erased(item))).basis == ""
    assert read_erasure(body(erased=erased(item), basis=["text", " "])).basis == ""


@pytest.mark.parametrize(
    "item",
    ["", "1/2", "x/1/d/c", "0/0/d/c", "-1/1/d/c", f"{2**31}/1/d/c", f"0/{2**53}/d/c", "0/1/d/\x07"],
)
def test_a_field_that_no_entry_can_be_is_refused(item: str) -> None:
    with pytest.raises(ProfileError):
        read_erasure(body(erased=erased(item), basis=["text", "PIPL 47"]))


@pytest.mark.parametrize(
    "hostile",
    [
        {},
        {"kind": FIELDS_ERASED},
        {"kind": FIELDS_ERASED, "attrs": 7},
        {"kind": FIELDS_ERASED, "attrs": [[1, 2]]},
        {"kind": FIELDS_ERASED, "attrs": [[[], "text", "x"]]},
        body(),
        body(erased=erased()),
        body(erased=["list", "["]),
        body(erased=["list", "7"]),
        body(erased=["digest", "x"]),
        body(erased=["list", 7]),
        body(erased=erased("0/1/d/c"), basis=["text", "a\nb"]),
        body(erased=erased("0/1/d/c"), basis=["digest", "x"]),
        body(erased=["list", "[" * 100_000]),
        {**body(erased=erased("0/1/d/c")), "at": "yesterday"},
        body(IDENTITY_ERASED, pseudonym=["text", "a\u0000b"]),
        body(IDENTITY_ERASED, pseudonym=["text", ""]),
        body(IDENTITY_ERASED, pseudonym=["text", "城"]),
    ],
)
def test_what_is_none_is_refused_and_is_no_crash(hostile: dict[str, Any]) -> None:
    with pytest.raises(ProfileError):
        read_erasure(hostile)
