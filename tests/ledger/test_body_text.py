"""An ordinary body is written at once: byte for byte what the long way writes, or not at all."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger import canonical
from cleangov_plugin.ledger.body_text import ordinary_body
from tests.ledger.sample_bodies import BARE, FULL, bare, whole

#: Every ASCII character, what JSON may write as an escape, and the ends of the planes.
ODD = "".join(map(chr, range(128))) + "\x80\u2028\u2029\ud7ff\ue000\uffff\U00010000\U0010ffff"


def document(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(whole(outcomes=(), attachments=()))
    return {**found, **changes}


@pytest.mark.parametrize("digests", [(), ("b" * 43, "A" * 43)], ids=["none", "two"])
@pytest.mark.parametrize("record", [BARE, FULL, replace(FULL, case_id=ODD, event_id=ODD, unit=ODD)])
def test_an_ordinary_body_is_written_as_the_long_way_writes_it(
    record: Record, digests: tuple[str, ...]
) -> None:
    pairs = (("a.odd", "text", ODD), ("a.a", "text", ""), ("a.a", "digest", "0:0"))
    body = whole(record, outcomes=(), attachments=(), digests=digests, pairs=pairs)
    read = json.loads(body)
    assert ordinary_body(read) == canonical.encode(read) == body


@pytest.mark.parametrize("number", [0, -1, 2**53 - 1, 1 - 2**53])
def test_numbers_are_written_as_the_long_way_writes_them(number: int) -> None:
    asked = document(lane=number, no=number, ruleset=number, calendar=number)
    assert ordinary_body(asked) == canonical.encode(asked)


@pytest.mark.parametrize(
    "changes",
    [
        {"outcomes": [["R1", 1, "hit", "B1"]]},
        {"att": ["00" * 32]},
        {"no": 2**53},
        {"lane": True},
        {"ruleset": None},
        {"calendar": 1.0},
        {"subject": "\ud800"},
        {"subject": 7},
        {"kind": None},
        {"attrs": [["a.x", "text", "\udfff"]]},
        {"attrs": [["a.x", "text", 1]]},
        {"attrs": [["a.x", "text"]]},
        {"_sd": [b"A"]},
    ],
)
def test_what_is_not_as_usual_is_left_to_the_long_way(changes: dict[str, Any]) -> None:
    assert ordinary_body(document()) is not None
    assert ordinary_body(document(**changes)) is None


def test_the_shortest_body_is_an_ordinary_one() -> None:
    assert ordinary_body(json.loads(bare())) == bare()
