"""A JSON document in pieces gives the same items as the whole of it."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.intake.formats import json_items
from cleangov_plugin.intake.formats.json_items import JsonItems

NAMES = frozenset((b"releases",))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def pieces(data: bytes, longest: int = 10_000) -> list[bytes]:
    return list(JsonItems(io.BytesIO(data), NAMES, longest, ValueError).items())


def items(data: bytes) -> list[Any]:
    return [json.loads(piece) for piece in pieces(data)]


@pytest.mark.thorough
@given(
    st.lists(st.dictionaries(st.text(), VALUES, max_size=4), max_size=5),
    st.dictionaries(st.text().filter(lambda name: name != "releases"), VALUES, max_size=4),
    st.booleans(),
    st.integers(1, 40),
)
def test_the_items_of_a_package_are_found_wherever_the_file_is_cut(
    found: list[dict[str, Any]], beside: dict[str, Any], is_ascii: bool, chunk: int
) -> None:
    package = {**beside, "releases": found, "z": [1, {"releases": [2]}]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_items, "_CHUNK", chunk)
        for indent in (None, 1):
            text = json.dumps(package, ensure_ascii=is_ascii, indent=indent)
            assert items(text.encode("utf-8", "surrogatepass")) == found


def test_several_documents_arrays_and_single_objects_are_items() -> None:
    assert items(b'\xef\xbb\xbf {"a": "[{\\"}"}\n{"releases": []} [{"b": 1}, {"c": [2]}]') == [
        {"a": '[{"}'}, {"b": 1}, {"c": [2]},
    ]  # fmt: skip
    assert items(b"  \n ") == []
    assert items(b'["x", {"a": 1}]') == ["x", {"a": 1}]


def test_the_line_in_which_an_item_begins_is_known() -> None:
    data = b'{"releases": [\n {"a":\n 1},\n\n {"b": 2}\n]}\n{"c": 3}'
    reader = JsonItems(io.BytesIO(data), NAMES, 1_000, ValueError)
    assert [(reader.begun, json.loads(item)) for item in reader.items()] == [
        (2, {"a": 1}), (5, {"b": 2}), (7, {"c": 3}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"hello", "no JSON document"),
        (b'{"releases": [{"a": 1}', "ends too early"),
        (b'{"releases": [{"a": "x', "ends too early"),
        (b'{"a": 1]', "brackets do not match"),
        (b'[{"a": 1}}', "brackets do not match"),
        (b'{"releases": [{"a": "' + b"x" * 500 + b'"}]}', "more than 100 bytes"),
        (b'{"a": "' + b"x" * 500 + b'"}', "more than 100 bytes"),
    ],
)
def test_what_is_none_is_refused(data: bytes, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        pieces(data, 100)
