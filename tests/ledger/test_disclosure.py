"""Erasable fields: the disclosure of RFC 9901, and everything hostile in their column."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.disclosure import SALT_BYTES, digest, join, make, read, split

VECTORS = json.loads(
    (Path(__file__).parent / "vectors" / "rfc9901_disclosure.json").read_text(encoding="utf-8")
)
SALT = bytes(range(SALT_BYTES))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["source"][:24])
def test_the_disclosure_of_the_rfc(vector: dict[str, Any]) -> None:
    _, name, value = vector["decoded"]
    assert read(vector["disclosure"]) == (name, value)
    assert digest(vector["disclosure"]) == vector["sha256_b64url"]


def test_the_rfcs_salt_gives_the_same_array_and_so_the_same_reading() -> None:
    (vector,) = VECTORS
    salt, name, value = vector["decoded"]
    made, _ = make(name, value, base64.urlsafe_b64decode(salt + "=="))
    padded = made + "=" * (-len(made) % 4)
    assert json.loads(base64.urlsafe_b64decode(padded)) == vector["decoded"]


def test_the_same_value_under_another_salt_has_another_digest() -> None:
    one, other = make("note", "教训一下他", SALT), make("note", "教训一下他", SALT[::-1])
    assert one[1] != other[1]
    assert one[1] == digest(one[0])


def test_a_digest_says_nothing_of_the_length_of_a_value() -> None:
    assert len(make("note", "", SALT)[1]) == len(make("note", "x" * 2000, SALT)[1]) == 43


@pytest.mark.parametrize("salt", [b"", b"short", bytes(SALT_BYTES - 1)])
def test_a_salt_that_could_be_guessed_is_refused(salt: bytes) -> None:
    with pytest.raises(ProfileError) as problem:
        make("note", "x", salt)
    assert problem.value.where == "note"


@given(st.text(max_size=20), st.text(max_size=40), st.binary(min_size=SALT_BYTES, max_size=40))
def test_name_and_value_come_back(name: str, value: str, salt: bytes) -> None:
    if any("\ud800" <= char <= "\udfff" for char in name + value):
        return  # texts are checked before they come here
    made, _ = make(name, value, salt)
    assert read(made) == (name, value)
    assert "~" not in made
    assert made.isascii()


@given(st.lists(st.text(max_size=8).filter(str.isprintable), max_size=6))
def test_the_disclosures_of_an_entry_share_one_column(values: list[str]) -> None:
    made = [make(f"f{n}", value, SALT)[0] for n, value in enumerate(values)]
    assert split(join(made)) == tuple(made)


def test_an_entry_without_personal_fields_has_an_empty_column() -> None:
    assert join([]) is None
    assert split(None) == split("") == ()


def as_text(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "é",
        "A",
        "AAAAA",
        "A===",
        "not base64!",
        "=" * 1000,
        as_text("text"),
        as_text([]),
        as_text(["salt", "value"]),
        as_text(["salt", "name", "value", "more"]),
        as_text(["salt", "name", 5]),
        as_text(["salt", None, "value"]),
        as_text({"0": "salt", "1": "name", "2": "value"}),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
        base64.urlsafe_b64encode(b"\xff\xff\xff").decode(),
        base64.urlsafe_b64encode(b"9" * 6_000).decode(),
    ],
    ids=lambda text: repr(text[:24]),
)
def test_rubbish_is_no_disclosure(text: str) -> None:
    with pytest.raises(ProfileError) as problem:
        read(text)
    assert problem.value.rule == "disclosure.form"


@pytest.mark.parametrize("text", ["é", "\ufeffWyJ", "\udcff"])
def test_no_text_beyond_ascii_has_a_digest(text: str) -> None:
    with pytest.raises(ProfileError) as problem:
        digest(text)
    assert problem.value.rule == "disclosure.form"


@given(st.text(max_size=60))
def test_no_text_does_anything_but_be_read_or_refused(text: str) -> None:
    try:
        name, value = read(text)
    except ProfileError:
        return
    assert isinstance(name, str)
    assert isinstance(value, str)
