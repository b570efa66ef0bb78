"""A record read as far as it is asked is the record that is read whole."""

import json
from dataclasses import fields
from typing import Any

import pytest

from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger import canonical
from cleangov_plugin.ledger import later_record as later_records
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.later_record import document_of, later_record, record_in
from tests.ledger.sample_bodies import bare, whole

BODIES = (whole().decode(), bare().decode())
NAMES = [field.name for field in fields(Record)]


@pytest.mark.parametrize("first", NAMES)
def test_whatever_is_asked_first_all_fields_are_those_of_the_whole(first: str) -> None:
    for body in BODIES:
        at_once = decode_record(body, 7)
        for later in (later_record(document_of(body), 7, body), record_in(body, 7)):
            for name in (first, *NAMES):
                assert getattr(later, name) == getattr(at_once, name), name


def test_a_correction_is_seen_however_it_is_written() -> None:
    for body in BODIES:
        document = json.loads(body)
        document["attrs"].append(["e.supersedes", "text", "E-0"])
        plain = json.dumps(document)
        hidden = plain.replace("e.supersedes", "e\\u002esupersedes")
        assert "e.supersedes" not in hidden
        for text in (plain, hidden):
            assert later_record(document_of(text), 1, text).supersedes == "E-0"
            assert record_in(text, 1).supersedes == "E-0"


def test_a_body_is_not_read_for_its_kind_and_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = json.loads(bare())
    plain.pop("_sd", None)
    body = canonical.encode(plain).decode()
    read: list[str] = []

    def noted(text: str) -> Any:
        read.append(text)
        return plain

    monkeypatch.setattr(later_records, "document_of", noted)
    record, at_once = record_in(body, 1), decode_record(body, 1)
    assert (record.kind, record.occurred_at) == (at_once.kind, at_once.occurred_at)
    assert (record.supersedes, read) == (None, [])
    assert (record.step, read) == (at_once.step, [body])


@pytest.mark.parametrize("broken", ['{"at":"x","kind":"a","v":1}', '{"at":"","kind":"a"],"v":1}'])
def test_a_body_that_is_ours_at_both_ends_alone_is_refused_when_it_is_asked(broken: str) -> None:
    record = record_in(broken, 1)
    for name in ("occurred_at", "step", "attributes", "recorded_at"):
        with pytest.raises(ProfileError):
            getattr(record, name)


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", "{", '{"v": 2}', '{"v": 1} x', "[" * 100_000, "1"]
)
def test_what_is_no_body_is_refused_at_once(body: str) -> None:
    with pytest.raises(ProfileError):
        later_record(document_of(body), 1, body)
    with pytest.raises(ProfileError):
        record_in(body, 1)


def test_what_cannot_be_read_is_refused_when_it_is_asked() -> None:
    for body in BODIES:
        document = json.loads(body)
        document.update(
            at="yesterday", attrs=[["e.amount", "money", "no"], ["a.x", "integer", "-"]]
        )
        text = json.dumps(document)
        record = later_record(document_of(text), 1, text)
        assert record.kind == document["kind"]
        for name in ("occurred_at", "amount", "attributes"):
            with pytest.raises(ProfileError):
                getattr(record, name)
        with pytest.raises(AttributeError):
            record.nothing_of_the_kind  # noqa: B018
