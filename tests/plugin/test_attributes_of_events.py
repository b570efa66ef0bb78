"""What becomes of attributes: declared ones are kept as they are, odd ones by digest and size."""

import json
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

import pytest

from cleangov_hooks import Money
from tests.plugin.conftest import MakeHost, on_postgresql
from tests.plugin.day import BAND
from tests.plugin.inside import attrs, bodies, outcomes, rows, tick
from tests.support.small_city import NAIVE, TODAY, ZONE, yuan
from tests.support.small_host import SmallHost


class Word(StrEnum):
    """A text that is not quite a text."""

    HEARD = "heard"


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
    assert outcomes(bodies(host, kind=event.kind)[0])["E08"] == "suppressed"
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
