"""Canonical JSON: the vectors of RFC 8785 inside our profile, and everything outside it refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.canonical import LARGEST, ProfileError, decode, encode

VECTORS = Path(__file__).parent / "vectors"
#: The parts of RFC 8785's pairs that the profile takes, and why the others are refused.
INSIDE = ("arrays", "structures", "unicode")
OUTSIDE = {"french": "no ASCII text", "weird": "no ASCII text", "values": "float"}


def whole(text: str) -> int:
    """Read 56.0 as 56, as JavaScript does: the profile itself has no fractions."""
    number = float(text)
    assert number.is_integer()
    return int(number)


@pytest.mark.parametrize("name", INSIDE)
def test_a_vector_inside_the_profile_gives_the_bytes_of_the_rfc(name: str) -> None:
    text = (VECTORS / f"{name}.input.json").read_text(encoding="utf-8")
    expected = (VECTORS / f"{name}.output.json").read_bytes()
    assert encode(json.loads(text, parse_float=whole)) == expected
    assert encode(decode(expected)) == expected


@pytest.mark.parametrize("name", sorted(OUTSIDE))
def test_a_vector_outside_the_profile_is_refused_and_not_written_in_some_other_way(
    name: str,
) -> None:
    value = json.loads((VECTORS / f"{name}.input.json").read_bytes())
    with pytest.raises(ProfileError, match=OUTSIDE[name]):
        encode(value)
    with pytest.raises(ProfileError, match=OUTSIDE[name]):
        decode((VECTORS / f"{name}.output.json").read_bytes())


def test_every_copied_vector_is_used() -> None:
    pairs = {path.name.partition(".")[0] for path in VECTORS.glob("*.input.json")}
    assert pairs == {*INSIDE, *OUTSIDE}


def nested(depth: int, leaf: Any = 1) -> Any:
    value: Any = leaf
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        0.5,
        float("nan"),
        float("inf"),
        {"a": [1, {"b": 2.0}]},
        LARGEST + 1,
        -LARGEST - 1,
        10**400,
        {"é": 1},
        {"ａ": 1},
        {1: "a"},
        {None: "a"},
        {("a",): "a"},
        "\ud800",
        ["ok", "half \udc00"],
        nested(17),
        {"a": nested(16)},
        {"a"},
        b"bytes",
        object(),
        1j,
    ],
    ids=lambda value: "an object" if type(value) is object else repr(value)[:40],
)
def test_what_has_no_single_byte_string_is_refused(value: Any) -> None:
    with pytest.raises(ProfileError):
        encode(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(ProfileError, match="deeper"):
        encode(value)


def test_a_refusal_names_the_place() -> None:
    with pytest.raises(ProfileError) as problem:
        encode({"attrs": [{"x": 1.5}]})
    assert (problem.value.where, problem.value.rule) == ("$.attrs.x", "canonical.kind")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"\xef\xbb\xbf1", "json"),
        (b"[" * 100_000, "json"),
        (b" 1", "bytes"),
        (b'{"b":1,"a":2}', "bytes"),
        (b"1.0", "kind"),
        (b"9007199254740992", "number"),
        (b'"\\ud834"', "text"),
        ('{"é":1}'.encode(), "key"),
        (b"[" * 17 + b"]" * 17, "depth"),
    ],
)
def test_a_refusal_names_the_rule_that_was_broken(data: bytes, rule: str) -> None:
    with pytest.raises(ProfileError) as problem:
        decode(data)
    assert problem.value.rule == f"canonical.{rule}"


@pytest.mark.parametrize("value", [LARGEST, -LARGEST, 0, True, False, None, "", "𝄞€\x7f\u2028"])
def test_the_edges_of_the_profile_are_inside(value: Any) -> None:
    assert decode(encode(value)) == value
    assert type(decode(encode(value))) is type(value)


def test_the_deepest_nesting_is_read_back() -> None:
    for leaf in (1, "a", None, True):
        value = nested(16, leaf)
        assert decode(encode(value)) == value


def test_keys_stand_in_order_of_their_code_points() -> None:
    assert encode({"b": 1, "a": 2, "B": 3, "_": 4, "": 5}) == b'{"":5,"B":3,"_":4,"a":2,"b":1}'


def test_control_characters_are_written_as_the_rfc_writes_them() -> None:
    assert (
        encode('\x00\x08\t\n\x0c\r\x1f"\\/\x7f') == b'"\\u0000\\b\\t\\n\\f\\r\\u001f\\"\\\\/\x7f"'
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" 1",
        b"1 ",
        b"01",
        b"-0",
        b"1.0",
        b"1e2",
        b"NaN",
        b"Infinity",
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud834\\udd1e"',
        b'"\\ud834"',
        b"\xef\xbb\xbf1",
        b'"\xff"',
        '"€"'.encode("utf-16"),
        b"[1,]",
        b"[" * 100_000,
        b"9" * 5_000,
        b"9007199254740992",
        b"1\n",
    ],
    ids=lambda data: repr(data[:24]),
)
def test_bytes_that_are_not_the_canonical_ones_are_refused(data: bytes) -> None:
    with pytest.raises(ProfileError):
        decode(data)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(-LARGEST, LARGEST)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_writing_and_reading_are_inverse(value: Any) -> None:
    data = encode(value)
    assert decode(data) == value
    assert encode(decode(data)) == data
    assert b"\n" not in data


@pytest.mark.thorough
@given(VALUES, VALUES)
def test_two_values_have_one_text_only_where_they_are_one(one: Any, other: Any) -> None:
    is_same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (encode(one) == encode(other)) is is_same


@given(st.binary(max_size=40))
def test_no_bytes_do_anything_but_be_read_or_refused(data: bytes) -> None:
    try:
        value = decode(data)
    except ProfileError:
        return
    assert encode(value) == data
