"""What is wrong with an event is named by its field; what is odd is kept as digest and size."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cleangov_hooks import AttributeType, EventType, Money, Privacy, Stream, ValueType
from cleangov_plugin.desk.checkpoint.checked import Checked, check_event
from cleangov_plugin.desk.people import People
from cleangov_plugin.domain.errors import InvalidEvent
from cleangov_plugin.ledger.body import Place, Versions, decode_record, encode_body
from tests.desk.test_wire import EVENT

PEOPLE = People(b"k" * 32)
TYPES = {
    "enf.decision.made": EventType(
        kind="enf.decision.made",
        stream=Stream.ENFORCEMENT,
        attributes=(
            AttributeType(code="band_min", type=ValueType.MONEY),
            AttributeType(code="count", type=ValueType.INTEGER),
            AttributeType(code="is_first", type=ValueType.BOOLEAN),
            AttributeType(code="served_on", type=ValueType.DATE),
            AttributeType(code="note", type=ValueType.TEXT, privacy=Privacy.PERSONAL),
            AttributeType(code="items", type=ValueType.LIST),
            AttributeType(code="sealed", type=ValueType.TEXT, privacy=Privacy.SECRET),
            AttributeType(code="code", type=ValueType.CHOICE, choices=("a", "b")),
        ),
    )
}


def check(**changes: Any) -> Checked:
    return check_event(replace(EVENT, **changes), TYPES, PEOPLE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", 7),
        ("id", "x" * 201),
        ("case_id", "a\nb"),
        ("case_id", "a\x00b"),
        ("kind", None),
        ("stream", "enforcement!"),
        ("occurred_at", datetime(2026, 3, 10)),  # noqa: DTZ001 - the missing zone is the point
        ("occurred_at", "2026-03-10"),
        ("recorded_at", datetime(1800, 1, 1, tzinfo=UTC)),
        ("amount", 800),
        ("amount", Money(minor=8.5)),  # type: ignore[arg-type]
        ("amount", Money(minor=2**60)),
        ("amount", Money(minor=1, currency="yuan")),
        ("amount", Money(minor=1, currency="CNY\n")),
        ("actor", "chen.jing"),
        ("parties", ["wang"]),
        ("parties", ("wang",)),
        ("attributes", [1]),
        ("contract", 99),
        ("schema", True),
        ("attempt_id", ""),
        ("mode", "ordinary "),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object) -> None:
    with pytest.raises(InvalidEvent) as problem:
        check(**{field: value})
    assert problem.value.where.split(".")[0] == field


def test_people_appear_by_pseudonym_only() -> None:
    record = check().record
    assert "chen" not in repr(record)
    assert "wang" not in repr(record)
    assert len(record.actor or "") == 26


def test_a_person_has_another_pseudonym_in_another_agency() -> None:
    assert check().record.actor != check(agency_id="other").record.actor


def test_attributes_are_kept_by_their_schema() -> None:
    kept = check(attributes={**EVENT.attributes, "sealed": "x", "code": "a"}).kept
    assert dict(kept.typed) == {
        "band_min": Money(minor=50_000),
        "served_on": EVENT.attributes["served_on"],
        "is_first": True,
        "count": 3,
        "items": ("a", "b"),
        "code": "a",
    }
    assert kept.personal == (("note", "教训一下他"),)
    by_code = {code: kind for code, kind, _ in kept.pairs}
    assert by_code["a.sealed"] == "digest"
    assert by_code["a.nothing"] == "digest"
    assert by_code["a.band_min"] == "money"


def test_rules_see_a_list_now_as_they_will_read_it_later() -> None:
    checked = check(attributes={"items": ["a", "b"]})
    assert checked.kept.typed == {"items": ("a", "b")}
    body = encode_body(
        checked.record, Place(0, 1), Versions(ruleset=1, calendar=0, contract=1),
        pairs=checked.kept.pairs,
    )  # fmt: skip
    assert decode_record(body) == checked.record


def test_the_attempt_an_event_stands_for_is_the_gates_whatever_it_says_itself() -> None:
    event = replace(EVENT, attempt_id="another")
    checked = check_event(event, TYPES, PEOPLE, attempt_id="A1")
    assert checked.record.attempt_id == "A1"
    assert checked.payload == check_event(event, TYPES, PEOPLE).payload
    with pytest.raises(InvalidEvent) as caught:
        check_event(event, TYPES, PEOPLE, attempt_id="a\nb")
    assert caught.value.where == "attempt_id"


@pytest.mark.parametrize("value", ["x" * 1_000_000, 1.5, object, b"\xff", {"a": 1}])
def test_an_undeclared_value_is_digest_and_size(value: object) -> None:
    pairs = check(attributes={"odd": value}).kept.pairs
    assert [(code, kind) for code, kind, _ in pairs] == [("a.odd", "digest")]
    assert len(pairs[0][2]) < 80


def test_a_value_of_the_wrong_type_is_no_value_for_a_rule() -> None:
    kept = check(attributes={"count": "three", "code": "z"}).kept
    assert dict(kept.typed) == {}
    assert kept.wrong == ("count", "code")


def test_the_payload_digest_follows_the_amount_and_not_the_clock() -> None:
    later = check(id="e-2", occurred_at=datetime(2026, 3, 11, tzinfo=UTC), attempt_id="a-2")
    assert later.payload == check().payload
    assert check(amount=Money(minor=80_001)).payload != check().payload
    assert check(attributes={"count": 1}).payload != check(attributes={"count": "1"}).payload
    assert check(attributes={"count": 1}).payload != check(attributes={"count": True}).payload


def test_a_resend_has_the_same_digest_and_another_content_has_not() -> None:
    assert check().digest == check(recorded_at=datetime(2026, 3, 12, tzinfo=UTC)).digest
    assert check(amount=None).digest != check().digest
