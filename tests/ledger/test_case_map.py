"""Growing the case index: what case a body names, quickly and slowly, and the tree over buckets."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.body import Place, encode_body
from cleangov_plugin.ledger.case_map import CaseMap, subject_of
from tests.ledger.sample_bodies import BARE, ONE


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_the_case_of_a_body_is_read_whatever_its_number_is(case_id: str) -> None:
    body = encode_body(replace(BARE, case_id=case_id), Place(0, 1), ONE).decode()
    assert subject_of(body) == case_id


@pytest.mark.parametrize(
    "document",
    [
        {"subject": "a", "v": 1},
        {"subject": "a", "v": 1, "w": {"subject": "b", "v": 1}},
        {"a": {"subject": "b", "v": 1}, "subject": "a", "v": 1},
        {"a": ',"subject":"b","v":1}', "subject": "a", "v": 1},
        {"subject": "a", "v": ',"subject":"b","v":1}'},
        {"subject": 'a","subject":"b', "v": 1},
        {"a": [{"b": 1, "subject": "b", "v": 1}], "subject": "a"},
        {"subject": "a" * 900, "v": 1},
        {"subject": "\\", "v": 1},
        {"b": 1, "subject": 3, "v": 1},
        {"b": 1, "v": 1},
        {"b": 1, "subject": "\ud800", "v": 1},
        {"subject": None, "v": 1},
    ],
)
def test_the_quick_way_says_what_reading_it_whole_says(document: dict[str, Any]) -> None:
    said = document.get("subject")
    wanted = said if isinstance(said, str) and said != "\ud800" else None
    for text in (
        json.dumps(document, separators=(",", ":"), ensure_ascii=False),
        json.dumps(document, separators=(",", ":")),
        json.dumps(document),
        json.dumps(document, indent=1),
    ):
        assert subject_of(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '"x"', "[" * 9_000, "\x00", '{"subject":"a","v":1', '["subject"]'],
)
def test_a_text_that_is_no_body_names_no_case(text: str) -> None:
    assert subject_of(text) is None


def test_of_two_numbers_the_last_is_the_case_as_for_every_json_reader() -> None:
    text = '{"subject":"a","subject":"b","v":1}'
    assert subject_of(text) == json.loads(text)["subject"] == "b"


def test_an_entry_without_a_case_is_counted_alone() -> None:
    found = CaseMap("L")
    found.extend([(None, bytes(32)), ("a", bytes(32)), (None, bytes(32))])
    assert (found.entries, found.cases()) == (3, 1)
    alone = CaseMap("L")
    alone.extend([("a", bytes(32))])
    assert alone.root() == found.root()
