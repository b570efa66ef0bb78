"""Entry bundles: whatever bodies go in come out, and nothing else is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.entry_bundle import read_bundle, write_bundle
from cleangov_plugin.ledger.strict import Refused
from tests.ledger.vector_sets import rule_of


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_entries_come_back(entries: list[bytes]) -> None:
    assert read_bundle(write_bundle(entries), len(entries)) == entries


@pytest.mark.parametrize("length", [0, 1, 255, 256, 65_535])
def test_an_entry_may_have_any_length_of_16_bits(length: int) -> None:
    data = write_bundle([bytes(length)])
    assert data[:2] == length.to_bytes(2, "big")
    assert read_bundle(data, 1) == [bytes(length)]


@pytest.mark.parametrize(
    ("entries", "rule"),
    [([], "bundle.width"), ([b""] * 257, "bundle.width"), ([bytes(65_536)], "bundle.length")],
)
def test_what_has_no_bundle_is_refused(entries: list[bytes], rule: str) -> None:
    assert rule_of(lambda: write_bundle(entries)) == rule


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=5), st.data())
def test_a_bundle_that_is_cut_or_goes_on_is_refused(
    entries: list[bytes], data: st.DataObject
) -> None:
    whole = write_bundle(entries)
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert rule_of(lambda: read_bundle(whole[:cut], len(entries)))
    assert rule_of(lambda: read_bundle(whole + b"\x00", len(entries))) == "bundle.truncated"
    assert rule_of(lambda: read_bundle(whole + bytes(2), len(entries))) == "bundle.width"


@given(st.binary(max_size=60), st.integers(0, 256))
def test_no_bytes_do_anything_but_be_read_or_refused(data: bytes, width: int) -> None:
    try:
        entries = read_bundle(data, width)
    except Refused:
        return
    assert (write_bundle(entries) if entries else b"") == data
