"""An entry with the least and one with the most that a body holds, and their golden bytes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from cleangov_hooks import ActorKind, Clock, Mode, Money, Origin, Precision, Stream
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Result, Severity, Tier, Visibility
from cleangov_plugin.ledger.body import Place, Shown, Versions, encode_body

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


# ---- The golden bodies: if a test of them fails, every stored leaf hash would be wrong. The
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
