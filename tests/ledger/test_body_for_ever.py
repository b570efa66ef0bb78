"""Body v1: the bytes of an entry, which are for ever, and what is in them."""

import json
import re
from dataclasses import fields, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from cleangov_hooks import ActorKind, Origin
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.ledger import body as body_module
from cleangov_plugin.ledger import canonical
from cleangov_plugin.ledger.body import Place, decode_record, encode_body
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.ledger.leaf import leaf_hash
from tests.ledger.sample_bodies import (
    BARE,
    FULL,
    GOLDEN_BARE,
    GOLDEN_FULL,
    ONE,
    PAIRS,
    bare,
    outcome,
    whole,
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
    newer = encode_body(BARE, Place(0, 1), ONE._replace(schema=2))
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


def test_where_clocks_go_back_two_instants_of_one_reading_are_two_stamps() -> None:
    twice = datetime(2024, 11, 3, 1, 30, tzinfo=ZoneInfo("America/New_York"))
    written = [stamp(twice.replace(fold=fold)) for fold in (0, 1, 0, 1)]
    assert written == ["2024-11-03T05:30:00.000000Z", "2024-11-03T06:30:00.000000Z"] * 2
