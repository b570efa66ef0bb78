"""Hostile events: refused or recorded by name, the host unharmed, nothing lost."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

import pytest

from cleangov_hooks import Actor, Money, Party, guarded_call
from tests.plugin.conftest import MakeHost, on_postgresql
from tests.plugin.day import BAND
from tests.plugin.inside import attrs, bodies, one, outcomes, rows, tick
from tests.support.small_host import TODAY, ZONE, SmallHost, yuan

NAIVE = datetime(2026, 3, 10, 10)  # noqa: DTZ001


class Word(StrEnum):
    """A text that is not quite a text."""

    HEARD = "heard"


class Silent:
    """An object that cannot be written."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


class Trap(Mapping[str, Any]):
    """Attributes that raise when they are looked at."""

    def __getitem__(self, key: str) -> Any:
        raise RuntimeError("no")

    def __iter__(self) -> Any:
        raise RuntimeError("no")

    def __len__(self) -> int:
        return 1


def sent(host: SmallHost, event: object) -> None:
    """Send something beside a business row, whatever it is; the row stands."""
    good = host.event("enf.intent.notified", 800, id="the row")
    with host.engine.begin() as connection:
        host.insert(connection, good)
        report = host.call("cleangov_enforcement_events", events=[event], connection=connection)
    assert [o for o in report.troubles if o.error] == []
    assert b"the row" in host.dump()


#: Fields that are not what the contract says, and how each is named.
WRONG_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"id": None}, "id"),
    ({"id": ""}, "id"),
    ({"id": 7}, "id"),
    ({"id": "x" * 201}, "id"),
    ({"id": "a\nb"}, "id"),
    ({"id": "a\x00b"}, "id"),
    ({"id": "\ud800"}, "id"),
    ({"source": "a\tb"}, "source"),
    ({"agency_id": None}, "agency_id"),
    ({"agency_id": "another"}, "agency_id"),
    ({"case_id": []}, "case_id"),
    ({"kind": None}, "kind"),
    ({"step": "x" * 1_000_000}, "step"),
    ({"stream": "enforcement"}, "stream"),
    ({"stream": None}, "stream"),
    ({"actor": "chen"}, "actor"),
    ({"actor": Actor(id="")}, "actor.id"),
    ({"actor": Actor(id=7)}, "actor.id"),
    ({"actor": Actor(id="c", unit=b"u")}, "actor.unit"),
    ({"actor": Actor(id="c", kind="person")}, "actor"),
    ({"occurred_at": NAIVE}, "occurred_at"),
    ({"occurred_at": date(2026, 3, 10)}, "occurred_at"),
    ({"occurred_at": "2026-03-10"}, "occurred_at"),
    ({"occurred_at": TODAY.replace(year=1899)}, "occurred_at"),
    ({"recorded_at": TODAY.replace(year=2201)}, "recorded_at"),
    ({"contract": 2}, "contract"),
    ({"schema": 0}, "schema"),
    ({"schema": True}, "schema"),
    ({"amount": 800}, "amount"),
    ({"amount": Money(minor=8.5)}, "amount"),
    ({"amount": Money(minor=2**53)}, "amount"),
    ({"amount": Money(minor=1, currency="yuan")}, "amount"),
    ({"amount": Money(minor=True)}, "amount"),
    ({"parties": [Party(id="p")]}, "parties"),
    ({"parties": (Party(id="p"),) * 101}, "parties"),
    ({"parties": ("p",)}, "parties"),
    ({"parties": (Party(id=""),)}, "parties.id"),
    ({"attributes": None}, "attributes"),
    ({"attributes": [("a", 1)]}, "attributes"),
    ({"attempt_id": ""}, "attempt_id"),
    ({"supersedes": 7}, "supersedes"),
    ({"precision": "second"}, "precision"),
    ({"clock": None}, "clock"),
    ({"origin": "live"}, "origin"),
    ({"mode": "ordinary"}, "mode"),
]


def test_a_field_that_is_not_what_the_contract_says_is_named_and_the_event_is_kept(
    host: SmallHost,
) -> None:
    for change, where in WRONG_FIELDS:
        before = len(rows(host, "gap"))
        sent(host, replace(host.event("enf.intent.notified", 800), **change))
        new = rows(host, "gap")[before:]
        assert [(gap["reason"], gap["detail"]) for gap in new] == [("invalid", where)], change
        kept = json.loads(new[0]["event"])
        assert kept["case_id"] == "C-1" or "case_id" in change
    assert rows(host, "entry") == []
    ticked = tick(host)
    # What is the right value in the wrong type comes right by being written down and read again.
    assert ticked.settled + ticked.given_up == len(WRONG_FIELDS)
    assert len(rows(host, "entry")) == ticked.settled
    assert {gap["state"] for gap in rows(host, "gap")} == {"settled", "given_up"}


def test_what_is_no_event_is_kept_by_name(host: SmallHost) -> None:
    things = [None, 7, "text", b"bytes", {}, [], object(), Silent(), ValueError("x")]
    for thing in things:
        sent(host, thing)
    found = rows(host, "gap")
    assert {(gap["reason"], gap["detail"]) for gap in found} == {("invalid", "event")}
    for gap, thing in zip(found, things, strict=True):
        assert type(thing).__name__ in gap["event"]
    assert tick(host).given_up == len(things)


def test_attributes_that_raise_are_owed_and_given_up_by_name(host: SmallHost) -> None:
    sent(host, replace(host.event("enf.intent.notified", 800), attributes=Trap()))
    assert one(host, "gap")["reason"] == "error"


def test_an_event_of_a_kind_nobody_declared_is_recorded(host: SmallHost) -> None:
    host.write(host.event("enf.something.new", 800, note="an undeclared text"))
    (body,) = bodies(host)
    assert body["kind"] == "enf.something.new"
    assert attrs(body)["a.note"] == digest("an undeclared text")
    assert "undeclared" not in json.dumps(body)


def digest(value: object) -> str:
    data = (value if isinstance(value, str) else repr(value)).encode("utf-8", "backslashreplace")
    return f"{sha256(data).hexdigest()}:{len(data)}"


ODD: dict[str, Any] = {
    "a million characters": "字" * 1_000_000,
    "bytes": b"\x00\xff",
    "a float": 1.5,
    "a decimal": Decimal("1.50"),
    "a huge number": 10**300,
    "a surrogate": "a\ud800b",
    "a zero character": "a\x00b",
    "a nested list": (("a", "b"), ["c"]),
    "a mapping": {"a": {"b": 1}},
    "an enum": Word.HEARD,
    "a set": frozenset({1}),
    "a long list": tuple(range(5_000)),
    "infinity": float("inf"),
}


def test_an_attribute_that_cannot_be_kept_is_kept_as_digest_and_size(host: SmallHost) -> None:
    for name, value in ODD.items():
        event = host.event("enf.intent.notified", 800, remark=value, copies=value)
        host.write(event)
        body = bodies(host)[-1]
        assert attrs(body)["a.remark"] == digest(value), name
        assert rows(host, "gap") == [], name
        host.write(event)  # and is known again
        assert rows(host, "gap") == [], name
    assert len(rows(host, "entry")) == len(ODD)


WAITING = {
    **ODD,
    "an instant": datetime(2026, 3, 9, 9, tzinfo=ZONE),
    "a naive instant": NAIVE,
    "a day": date(2026, 3, 9),
    "a list": ["a", 1, True, None],
    "a sum": yuan(1),
    "an odd sum": Money(minor=1.5),
    "nothing": None,
}


def test_an_event_that_had_to_wait_is_the_same_event(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    late = []
    for value in WAITING.values():
        host.write(host.event("enf.intent.notified", 800, remark=value, copies=value))
        late.append(host.event("enf.intent.notified", 800, remark=value, copies=value))
    with monkeypatch.context() as broken:
        broken.setattr("cleangov_plugin.store.entries.append", fail)
        host.write(*late)
    assert {gap["reason"] for gap in rows(host, "gap")} == {"error"}
    assert tick(host).settled == len(WAITING)
    at_once, waited = bodies(host)[: len(WAITING)], bodies(host)[len(WAITING) :]
    for name, first, second in zip(WAITING, at_once, waited, strict=True):
        assert attrs(first) == attrs(second), name
    host.write(*late)  # the host's retry is known again
    assert len(rows(host, "entry")) == 2 * len(WAITING)
    assert {gap["state"] for gap in rows(host, "gap")} == {"settled"}


@on_postgresql
def test_a_pass_fits_an_event_with_a_long_text_that_had_to_wait(make_host: MakeHost) -> None:
    host = make_host(isolation_level="SERIALIZABLE")
    host.start()
    note = "字" * 30_000
    event = host.event("enf.decision.made", 1_001, note=note, attempt_id="a-C-1", **BAND)
    (prompt,) = host.gate(event).prompts
    host.answer(prompt.id, "deviation", "approved")
    assert host.take(event).decision == "pass_recorded"
    assert tick(host).settled == 1
    assert outcomes(bodies(host)[0])["E08"] == "suppressed"
    assert rows(host, "finding") == []


WRONG: dict[str, Any] = {
    "heard": "yes",
    "copies": "7",
    "heard_on": TODAY,
    "heard_at": NAIVE,
    "band_min": 500,
    "violation_code": 7,
    "result": "perhaps",
    "annexes": "one",
}


def test_a_declared_attribute_of_the_wrong_type_is_kept_as_digest_and_rules_do_not_see_it(
    host: SmallHost,
) -> None:
    host.write(host.event("enf.decision.made", 800, attributes={**BAND, **WRONG}))
    (body,) = bodies(host)
    types = {code: type_ for code, type_, _ in body["attrs"]}
    assert {types[f"a.{code}"] for code in WRONG} == {"digest"}
    assert outcomes(body)["E08"] == "cannot_be_checked"


def test_a_declared_attribute_of_the_right_type_is_kept_as_it_is(host: SmallHost) -> None:
    right = {
        "heard": True,
        "copies": 7,
        "heard_on": date(2026, 3, 9),
        "heard_at": datetime(2026, 3, 9, 9, tzinfo=ZONE),
        "violation_code": "CG-101",
        "result": "granted",
        "annexes": ("one", "two"),
    }
    host.write(host.event("enf.decision.made", 800, attributes={**BAND, **right}))
    kept = attrs(bodies(host)[0])
    assert {code: kept[f"a.{code}"] for code in right} == {
        "heard": "true",
        "copies": "7",
        "heard_on": "2026-03-09",
        "heard_at": "2026-03-09T01:00:00.000000Z",
        "violation_code": "CG-101",
        "result": "granted",
        "annexes": '["one", "two"]',
    }


def test_ten_thousand_attributes_are_kept_as_few_and_a_digest(host: SmallHost) -> None:
    many = {f"x{n}": "v" for n in range(10_000)}
    host.write(host.event("enf.intent.notified", 800, attributes=many))
    kept = attrs(bodies(host)[0])
    assert "a.~more" in kept
    assert sum(code.startswith("a.") for code in kept) == 201


def test_odd_names_of_attributes_are_kept_by_digest(host: SmallHost) -> None:
    odd = {"": 1, "名字": 2, "x" * 100: 3, "a\nb": 4, 7: 5, None: 6}
    host.write(host.event("enf.intent.notified", 800, attributes=odd))
    kept = [code for code in attrs(bodies(host)[0]) if code.startswith("a.")]
    assert len(kept) == len(odd)
    assert sorted(code for code in kept if not code.startswith("a.~")) == ["a.7", "a.None"]
    assert rows(host, "gap") == []


def test_markup_and_injection_in_every_text_is_recorded_as_it_is(host: SmallHost) -> None:
    text = "<script>alert(1)</script>'; DROP TABLE cleangov_entry; -- {0} %s :x"
    event = host.event(
        "enf.decision.made",
        800,
        id=text,
        source=text,
        case_id=text,
        step=text,
        actor=Actor(id=text, unit=text),
        parties=(Party(id=text),),
        attempt_id=text,
        violation_code=text,
        **BAND,
    )
    host.write(event)
    (body,) = bodies(host)
    assert (body["id"], body["subject"]) == (text, text)
    assert attrs(body)["a.violation_code"] == text
    assert {row["identity"] for row in rows(host, "pseudonym")} == {text}


def test_an_event_from_the_future_or_long_past_is_recorded(host: SmallHost) -> None:
    for at in (TODAY + timedelta(days=3_650), TODAY - timedelta(days=36_500)):
        host.write(host.event("enf.intent.notified", 800, at=at))
    assert len(bodies(host)) == 2


def test_a_negative_and_a_zero_sum_are_recorded(host: SmallHost) -> None:
    for amount in (-100, 0):
        host.write(host.event("prj.variation.requested", amount, contract_amount=yuan(1_000)))
    assert [attrs(body)["e.amount"] for body in bodies(host)] == ["CNY:-10000", "CNY:0"]
    assert rows(host, "gap") == []


@pytest.mark.parametrize("events", [(), []])
def test_no_events_at_all_are_nothing(host: SmallHost, events: Any) -> None:
    with host.engine.begin() as connection:
        report = guarded_call(
            host.plugins, "cleangov_enforcement_events", events=events, connection=connection
        )
    assert report.troubles == []
    assert rows(host, "gap") == []


def test_an_event_sent_by_the_wrong_hook_is_recorded_all_the_same(host: SmallHost) -> None:
    event = host.event("prj.variation.approved", 100)
    with host.engine.begin() as connection:
        host.call("cleangov_permit_events", events=[event], connection=connection)
    assert bodies(host)[0]["kind"] == "prj.variation.approved"


def test_a_correction_takes_the_place_of_what_it_corrects(host: SmallHost) -> None:
    host.write(host.event("enf.intent.notified", 8_000, id="typo"))
    host.write(host.event("enf.intent.notified", 800, id="right", supersedes="typo"))
    host.write(host.event("enf.defence.received"))
    assert host.gate(host.event("enf.decision.made", 2_000)).decision == "refuse"
    assert len(bodies(host)) == 3  # both stand in the record
