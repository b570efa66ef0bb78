"""Hostile events: refused or recorded by name, the host unharmed, nothing lost."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cleangov_hooks import Actor, Money, Party, guarded_call
from tests.plugin.day import BAND
from tests.plugin.inside import attrs, bodies, one, rows, tick
from tests.support.small_city import NAIVE, TODAY, yuan
from tests.support.small_host import SmallHost


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
