"""Body v1: the bytes of an entry, which are for ever."""

import json
import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_hooks import ActorKind, Clock, Mode, Money, Origin, Precision, Stream
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Result, Severity, Tier, Visibility
from cleangov_plugin.ledger import body as body_module
from cleangov_plugin.ledger import canonical
from cleangov_plugin.ledger.body import (
    Place,
    Shown,
    Versions,
    decode_record,
    encode_body,
    instant,
    stamp,
)
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.leaf import LONGEST, NO_PREDECESSOR, leaf_hash

#: An event with nothing but what every event must have, and all else at its default.
BARE = Record(
    event_id="E1",
    source="yunting",
    log_id="CN-330105",
    stream=Stream.ENFORCEMENT,
    case_id="YT-CF-2026-0417",
    kind="enf.decision.made",
    step="decide",
    actor=None,
    occurred_at=datetime(2026, 3, 10, 2, 0, tzinfo=UTC),
    recorded_at=datetime(2026, 3, 10, 2, 0, 0, 1, tzinfo=UTC),
)
#: An event in which every field differs from its default.
FULL = Record(
    event_id="E/2 \u201c甲\u201d \\ \U0001d11e",
    source="云亭",
    log_id="CN-330105",
    stream=Stream.PERMIT,
    case_id="〔2026〕第117号",
    kind="prm.decided",
    step="决定",
    actor="mfrggzdfmztwq2lkmfrggzdfmz",
    occurred_at=datetime(2024, 2, 29, 15, 59, 59, 999_999, tzinfo=UTC),
    recorded_at=datetime(2024, 3, 1, tzinfo=UTC),
    actor_kind=ActorKind.BATCH,
    unit="U-2",
    parties=("ob2xezltmzqxg5dfoj2gkzlsmq", "aaaaaaaaaaaaaaaaaaaaaaaaaa"),
    amount=Money(minor=-80_001, currency="EUR"),
    offset=-210,
    precision=Precision.DAY,
    clock=Clock.DEVICE,
    origin=Origin.HISTORIC,
    mode=Mode.ON_COMMITMENT,
    attempt_id="A-1",
    supersedes="E0",
    attributes={
        "note": "文本 \"'<>&",
        "grade": "light",
        "count": -(2**53 - 1),
        "is_first": False,
        "served_on": date(2024, 2, 29),
        "opened_at": datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=UTC),
        "band_min": Money(minor=0),
        "items": ("a", "乙", ""),
    },
    row=7,
)
PAIRS = (
    ("a.note", "text", "文本 \"'<>&"),
    ("a.grade", "choice", "light"),
    ("a.count", "integer", str(-(2**53 - 1))),
    ("a.is_first", "boolean", "false"),
    ("a.served_on", "date", "2024-02-29"),
    ("a.opened_at", "datetime", "2024-02-29T01:02:03.000004Z"),
    ("a.band_min", "money", "CNY:0"),
    ("a.items", "list", '["a", "乙", ""]'),
    ("a.photo", "digest", f"{sha256(b'x').hexdigest()}:1"),
)
ONE = Versions(ruleset=3, calendar=2, contract=1)


def outcome(rule_id: str, result: Result, *missing: str) -> RuleOutcome:
    return RuleOutcome(
        rule_id=rule_id,
        version=2,
        binding_id=f"{rule_id}-event",
        result=result,
        severity=Severity.MINOR,
        tier=Tier.RECORD,
        visibility=Visibility.OFFICER,
        fields=missing,
        values={"amount": Money(minor=1)},
    )


OUTCOMES = tuple(outcome(f"R{n}", result, "amount") for n, result in enumerate(Result))


def whole(record: Record = FULL, **changes: Any) -> bytes:
    given_: dict[str, Any] = {
        "outcomes": OUTCOMES,
        "pairs": PAIRS,
        "digests": ("X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0", "A" * 43),
        "attachments": ("ff" * 32, "00" * 32),
        "shown": Shown(prompts=("P1", "P2"), answer="W1"),
    }
    return encode_body(record, Place(4, 9, bytes(range(32))), ONE, **{**given_, **changes})


def bare(**changes: Any) -> bytes:
    return encode_body(replace(BARE, **changes), Place(0, 1), ONE)


# ---- The golden bodies: if one of these tests fails, every stored leaf hash would be wrong. The
# ---- bytes below are never to be changed; a new form is a new version beside this one.

GOLDEN_BARE = (
    b'{"at":"2026-03-10T02:00:00.000000Z","attrs":[["e.source","text","yunting"],'
    b'["e.step","text","decide"],["e.stream","choice","enforcement"]],"calendar":2,"contract":1,'
    b'"id":"E1","kind":"enf.decision.made","lane":0,"log_id":"CN-330105","no":1,"outcomes":[],'
    b'"prev":"0000000000000000000000000000000000000000000000000000000000000000",'
    b'"recorded":"2026-03-10T02:00:00.000001Z","ruleset":3,"subject":"YT-CF-2026-0417","v":1}'
)
GOLDEN_FULL = (
    b'{"_sd":["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",'
    b'"X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"],'
    b'"at":"2024-02-29T15:59:59.999999Z",'
    b'"att":["0000000000000000000000000000000000000000000000000000'
    b'000000000000",'
    b'"fffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'
    b'fffff"],"attrs":[["a.band_min","money","CNY:0"],["a.count",'
    b'"integer","-9007199254740991"],["a.grade","choice","light"],'
    b'["a.is_first","boolean","false"],["a.items","list","[\\"a\\",'
    b' \\"\xe4\xb9\x99\\", \\"\\"]"],["a.note","text","\xe6\x96\x87\xe6\x9c\xac \\"\'<>&"],'
    b'["a.opened_at","datetime","2024-02-29T01:02:03.000004Z"],'
    b'["a.photo","digest",'
    b'"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921'
    b'a4881:1"],["a.served_on","date","2024-02-29"],["e.actor",'
    b'"pseudonym","mfrggzdfmztwq2lkmfrggzdfmz"],["e.actor_kind",'
    b'"choice","batch"],["e.amount","money","EUR:-80001"],'
    b'["e.answer","text","W1"],["e.attempt","text","A-1"],'
    b'["e.clock","choice","device"],["e.mode","choice",'
    b'"on_commitment"],["e.offset","integer","-210"],["e.origin",'
    b'"choice","historic"],["e.party.0","pseudonym",'
    b'"ob2xezltmzqxg5dfoj2gkzlsmq"],["e.party.1","pseudonym",'
    b'"aaaaaaaaaaaaaaaaaaaaaaaaaa"],["e.precision","choice",'
    b'"day"],["e.prompt.0","text","P1"],["e.prompt.1","text",'
    b'"P2"],["e.source","text","\xe4\xba\x91\xe4\xba\xad"],["e.step","text","\xe5\x86\xb3\xe5\xae\x9a"],'
    b'["e.stream","choice","permit"],["e.supersedes","text","E0"],'
    b'["e.unit","text","U-2"]],"calendar":2,"contract":1,'
    b'"id":"E/2 \xe2\x80\x9c\xe7\x94\xb2\xe2\x80\x9d \\\\ \xf0\x9d\x84\x9e",'
    b'"kind":"prm.decided","lane":4,'
    b'"log_id":"CN-330105","no":9,"outcomes":['
    b'["R0",2,"hit","R0-event","amount"],'
    b'["R3",2,"cannot_be_checked","R3-event","amount"],'
    b'["R4",2,"suppressed","R4-event","amount"],'
    b'["R5",2,"exempt","R5-event","amount"],'
    b'["R6",2,"error","R6-event","amount"],'
    b'["R7",2,"timeout","R7-event","amount"]],'
    b'"prev":"000102030405060708090a0b0c0d0e0f10111213141516171819'
    b'1a1b1c1d1e1f","recorded":"2024-03-01T00:00:00.000000Z",'
    b'"ruleset":3,"subject":"\xe3\x80\x942026\xe3\x80\x95\xe7\xac\xac117\xe5\x8f\xb7","v":1}'
)


def test_the_smallest_body_is_these_bytes_for_ever() -> None:
    assert bare() == GOLDEN_BARE


def test_the_fullest_body_is_these_bytes_for_ever() -> None:
    assert whole() == GOLDEN_FULL


def test_their_leaf_hashes_are_these_for_ever() -> None:
    assert leaf_hash(GOLDEN_BARE).hex() == (
        "4b48db0a4f3802ec2bd68754ed8038b59581abc48f6a3d7d092b6a64d2166b90"
    )
    assert leaf_hash(GOLDEN_FULL).hex() == (
        "b74a78b41961be1ce0017dc5b45c81f3c487cc317b7a0d998500c10eb74d884c"
    )


# ---- What is in it


def test_its_keys_are_exactly_those_of_the_docstring() -> None:
    doc = (body_module.__doc__ or "").partition("Keys:")[2]
    documented = set(re.findall(r"``(\w+)``", doc))
    assert set(json.loads(whole())) == documented
    assert documented - set(json.loads(bare())) == {"_sd", "att"}


def test_it_is_canonical() -> None:
    for data in (bare(), whole()):
        assert canonical.encode(canonical.decode(data)) == data


def test_every_field_of_an_event_comes_back() -> None:
    assert decode_record(whole(), row=7) == FULL
    assert decode_record(bare()) == BARE
    assert decode_record(whole().decode(), row=7) == FULL


def test_the_full_event_leaves_no_field_at_its_default() -> None:
    """So that a field added to the record without a place in the body fails the test above."""
    for field in fields(Record):
        assert getattr(FULL, field.name) != getattr(BARE, field.name) or field.name == "log_id"


@pytest.mark.parametrize("name", [f.name for f in fields(Record) if f.name != "row"])
def test_a_field_of_its_own_changes_the_bytes(name: str) -> None:
    if name in ("attributes", "log_id"):  # attributes come as pairs
        return
    assert bare(**{name: getattr(FULL, name)}) != bare() or name == "actor_kind"


def test_the_kind_of_an_unknown_actor_is_not_kept() -> None:
    nobody = replace(BARE, actor_kind=ActorKind.SYSTEM)
    assert decode_record(encode_body(nobody, Place(0, 1), ONE)).actor_kind is None
    person = replace(BARE, actor="p", actor_kind=ActorKind.PERSON)
    assert decode_record(encode_body(person, Place(0, 1), ONE)) == person


def test_defaults_are_left_out_and_come_back() -> None:
    plain = replace(BARE, actor="p", actor_kind=ActorKind.PERSON, origin=Origin.LIVE)
    codes = {code for code, _, _ in json.loads(encode_body(plain, Place(0, 1), ONE))["attrs"]}
    assert codes == {"e.source", "e.stream", "e.step", "e.actor"}
    full = {code for code, _, _ in json.loads(whole())["attrs"] if code.startswith("e.")}
    assert full >= {"e.precision", "e.clock", "e.origin", "e.mode", "e.actor_kind", "e.offset"}


def test_a_schema_beyond_the_first_is_written() -> None:
    newer = encode_body(BARE, Place(0, 1), replace(ONE, schema=2))
    assert ["e.schema", "integer", "2"] in json.loads(newer)["attrs"]
    assert b"e.schema" not in bare()


def test_of_the_outcomes_clear_and_not_applicable_are_implied() -> None:
    written = json.loads(whole())["outcomes"]
    assert [result for _, _, result, *_ in written] == [
        result.value for result in Result if result not in (Result.CLEAR, Result.NOT_APPLICABLE)
    ]
    assert written[0] == ["R0", 2, "hit", "R0-event", "amount"]


def test_two_bindings_of_one_rule_are_told_apart() -> None:
    strict = outcome("J10", Result.HIT)
    lenient = replace(strict, binding_id="J10-east", result=Result.CANNOT_BE_CHECKED)
    written = json.loads(whole(outcomes=(strict, lenient)))["outcomes"]
    assert written == [
        ["J10", 2, "hit", "J10-event"],
        ["J10", 2, "cannot_be_checked", "J10-east"],
    ]


def test_the_order_of_what_is_a_set_does_not_matter() -> None:
    turned = whole(
        pairs=PAIRS[::-1],
        digests=("A" * 43, "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"),
        attachments=("00" * 32, "ff" * 32),
    )
    assert turned == whole()


def test_more_than_ten_parties_keep_their_order() -> None:
    parties = tuple(f"party{n:02}" for n in range(100))
    assert decode_record(bare(parties=parties)).parties == parties


def test_a_digest_is_no_value_for_a_rule() -> None:
    assert "photo" not in decode_record(whole()).attributes


def test_a_personal_value_is_not_in_the_body() -> None:
    assert "教训" not in whole().decode()


# ---- Bounds


def padded(size: int) -> bytes:
    empty = len(encode_body(BARE, Place(0, 1), ONE, pairs=[("a.x", "text", "")]))
    return encode_body(BARE, Place(0, 1), ONE, pairs=[("a.x", "text", "x" * (size - empty))])


def test_the_longest_body_has_65535_bytes() -> None:
    assert len(padded(LONGEST)) == LONGEST == 65_535
    with pytest.raises(ProfileError, match="65536"):
        padded(LONGEST + 1)


def test_bytes_are_counted_and_not_characters() -> None:
    with pytest.raises(ProfileError, match="65535"):
        encode_body(BARE, Place(0, 1), ONE, pairs=[("a.x", "text", "面" * 22_000)])


@pytest.mark.parametrize("changes", [{"case_id": "\ud800"}, {"step": "a\udfff"}])
def test_a_text_that_is_no_utf_8_has_no_body(changes: dict[str, str]) -> None:
    with pytest.raises(ProfileError):
        bare(**changes)


@pytest.mark.parametrize("number", [2**53, -(2**53)])
def test_a_number_that_not_every_reader_keeps_has_no_body(number: int) -> None:
    with pytest.raises(ProfileError):
        encode_body(BARE, Place(0, number), ONE)


# ---- Instants


def here(minutes: int, *when: int) -> datetime:
    return datetime(*when, tzinfo=timezone(timedelta(minutes=minutes)))  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (here(480, 2026, 3, 10, 10), "2026-03-10T02:00:00.000000Z"),
        (here(0, 2024, 2, 29, 23, 59, 59, 999_999), "2024-02-29T23:59:59.999999Z"),
        (here(0, 987, 1, 2), "0987-01-02T00:00:00.000000Z"),
        (here(345, 2026, 1, 1, 0, 15), "2025-12-31T18:30:00.000000Z"),
    ],
)
def test_an_instant_is_fixed_width_text_in_utc(moment: datetime, text: str) -> None:
    assert stamp(moment) == text
    assert len(text) == 27
    assert instant(text) == moment


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001 - the zone is drawn
    st.integers(-14 * 60, 14 * 60),
)
def test_text_sorts_as_time_does(naive: datetime, offset: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=offset)))
    later = moment + timedelta(microseconds=1)
    assert stamp(moment) < stamp(later)
    assert instant(stamp(moment)) == moment


# ---- Reading what is no body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b"{}",
        b'{"v":1}',
        b"\xff",
        b"[" * 100_000,
        GOLDEN_BARE.replace(b'"attrs":[[', b'"attrs":[["e.source"],['),
        GOLDEN_BARE.replace(b'"e.source"', b"1"),
        GOLDEN_BARE.replace(b'"enforcement"', b'"nonsense"'),
        GOLDEN_BARE.replace(b"2026-03-10T02:00:00.000000Z", b"yesterday"),
        GOLDEN_BARE.replace(b'"attrs":[', b'"attrs":[["e.offset","integer","x"],'),
        GOLDEN_BARE.replace(b'"attrs":[', b'"attrs":[["e.party.x","pseudonym","x"],'),
        GOLDEN_BARE.replace(b'"attrs":[', b'"attrs":[["e.amount","money","80000"],'),
        GOLDEN_BARE.replace(b'"attrs":[', b'"attrs":[["a.x","date","2026-02-29"],'),
        GOLDEN_BARE.replace(b'"attrs":[', b'"attrs":[["a.x","list","{"],'),
    ],
    ids=lambda data: repr(data[:30]),
)
def test_what_is_no_body_is_refused_by_one_error(data: bytes) -> None:
    with pytest.raises(ProfileError, match="no body"):
        decode_record(data)


@pytest.mark.parametrize("version", [b"0", b"2", b'"1"', b"null", b"1.5"])
def test_a_body_of_another_version_is_not_guessed_at(version: bytes) -> None:
    with pytest.raises(ProfileError, match="version"):
        decode_record(GOLDEN_BARE.replace(b'"v":1', b'"v":' + version))


def test_the_first_entry_of_a_lane_names_nothing() -> None:
    assert json.loads(bare())["prev"] == NO_PREDECESSOR.hex()
