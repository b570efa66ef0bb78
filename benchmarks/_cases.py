"""What happens in the city of the benchmarks: ten rules with six facts, and cases with a past."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from string import Template
from typing import Final

from benchmarks import _common as common
from cleangov_hooks import (
    Actor,
    Agency,
    Attempt,
    AttributeType,
    AttributeValue,
    Event,
    EventType,
    Money,
    Party,
    Privacy,
    Step,
    Stream,
    ValueType,
)

YUNTING: Final = Agency(
    id="CN-330105",
    names={"zh": "云汀市城市管理局", "en": "Yunting Urban Management Bureau"},
    zone="Asia/Shanghai",
)
DECIDED: Final = "enf.decision.made"
#: The past of a case before its decision, as Order 55 (2022) has it: kind and days before. It is
#: as long as the cases of the public permit log are on average: 8,577 events in 1,434 cases.
PAST: Final = (
    ("enf.clue.received", 40),
    ("enf.case.filed", 35),
    ("enf.inspection.done", 30),
    ("enf.evidence.taken", 29),
    ("enf.intent.notified", 15),
    ("enf.defence.received", 10),
)

#: The six facts, and the expressions of the ten rules; nothing hits in a case as above.
FACTS: Final[Mapping[str, str]] = {
    "noticed": "{latest: amount, of: enf.intent.notified, before: enf.defence.received}",
    "defended": "{exists: enf.defence.received}",
    "new_facts": "{exists: enf.facts.supplemented, after: enf.defence.received}",
    "since_notice": "{elapsed_since: enf.intent.notified, in: civil_days}",
    "visits": "{count: enf.inspection.done, within: 90 days}",
    "skipped": "{missing_before: [enf.case.filed, enf.evidence.taken]}",
}
RULES: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "B01": (
        ("noticed", "defended", "new_facts"),
        "facts.defended and not facts.new_facts and amount > facts.noticed",
    ),
    "B02": ((), "amount < band_min or amount > band_max"),
    "B03": (("since_notice",), "facts.since_notice < 3 days"),
    "B04": (("since_notice", "defended"), "not facts.defended and facts.since_notice < 5 days"),
    "B05": (("visits",), "facts.visits == 0"),
    "B06": (("visits", "noticed"), "facts.visits > 6 and facts.noticed > 5000元"),
    "B07": (("skipped",), "size(facts.skipped) > 0"),
    "B08": (("noticed",), "amount > facts.noticed and amount > band_max"),
    "B09": (("skipped", "visits"), "size(facts.skipped) > 1 and facts.visits < 2"),
    "B10": (("since_notice", "noticed"), "facts.since_notice > 90 days and facts.noticed > 100元"),
}
FILE: Final = Template("""\
id: $id
version: 1
title: {zh: 量测用规则, en: rule of a benchmark}
why: {zh: 量测一步要多少时间。, en: To measure what a step costs.}
basis:
  - law: {zh: 行政处罚法, en: Administrative Penalty Law}
    article: {zh: 第四十五条, en: Art 45}
    status: law
    valid_from: "2021-07-15"
on: [$kind]
severity: revocable
fields:
  amount: {type: money, range: [0元, 10亿元], label: {zh: 罚款, en: fine}}
  band_min: {type: money, range: [0元, 10亿元], label: {zh: 区间下限, en: lower end of the band}}
  band_max: {type: money, range: [0元, 10亿元], label: {zh: 区间上限, en: upper end of the band}}
facts: {$facts}
condition: $condition
beside: amount
texts:
  headline: {zh: 这一步先停一下。, en: This step waits.}
  body: {zh: "现在填的是 {amount:money}（{basis}）。", en: "Now: {amount:amount} ({basis})."}
owner: legal-affairs
bindings:
  - {id: $id-gate, tier: 3, phases: [gate]}
  - {id: $id-event, tier: 0, phases: [event]}
""")


def write_rules(folder: Path) -> None:
    """Write the rule files.

    :param folder: where to.
    """
    for id_, (names, condition) in RULES.items():
        facts = ", ".join(f"{name}: {FACTS[name]}" for name in names)
        text = FILE.substitute(id=id_, kind=DECIDED, facts=facts, condition=condition)
        (folder / f"{id_}.yaml").write_text(text, "utf-8")


def event_types() -> list[EventType]:
    """Answer the kinds of an enforcement case, all with the attributes of a decision."""
    texts = [
        AttributeType(code=code, type=ValueType.TEXT)
        for code in ("article", "tier_chosen", "violation_code")
    ]
    sums = [AttributeType(code=code, type=ValueType.MONEY) for code in ("band_max", "band_min")]
    words = AttributeType(code="reason", type=ValueType.TEXT, privacy=Privacy.PERSONAL)
    return [
        EventType(kind=kind, stream=Stream.ENFORCEMENT, attributes=(*texts, *sums, words))
        for kind in (*(kind for kind, _ in PAST), DECIDED)
    ]


ATTRIBUTES: Final[Mapping[str, AttributeValue]] = {
    "violation_code": "CG-101",
    "article": "《城市市容和环境卫生管理条例》第三十六条",
    "tier_chosen": "ordinary",
    "band_min": Money(minor=50_000),
    "band_max": Money(minor=100_000),
    "reason": "占道摆放桌椅六张，已当场整改，无前科。",
}
WITH_SUM: Final = frozenset({"enf.intent.notified", DECIDED})


def event(no: str, ordinal: int, kind: str = DECIDED, days: int = 0) -> Event:
    """Make an event of a case.

    :param no: number of the case.
    :param ordinal: number of the step within it.
    :param kind: kind of the step.
    :param days: how many days ago it was.
    """
    at = common.NOON - timedelta(days=days)
    return Event(
        id=f"{no}-{ordinal:03d}",
        source="city",
        agency_id="CN-330105",
        stream=Stream.ENFORCEMENT,
        case_id=no,
        kind=kind,
        step=kind.rpartition(".")[2],
        actor=Actor(id=f"officer-{ordinal:02d}", roles=("enforcement_officer",), unit="U2"),
        occurred_at=at,
        recorded_at=at,
        parties=(Party(id=f"party-{no}", role="owner", is_organisation=True),),
        amount=Money(minor=80_000) if kind in WITH_SUM else None,
        attributes=ATTRIBUTES if kind == DECIDED else {"violation_code": "CG-101"},
    )


def attempt(what: Event) -> Attempt:
    """Make the attempt that leads to an event.

    :param what: the event.
    """
    step = Step(
        agency_id=what.agency_id,
        stream=what.stream,
        case_id=what.case_id,
        name=what.step,
        kind=what.kind,
        actor=what.actor,
        proposed=what,
    )
    return Attempt(id=f"try-{what.id}", step=step, event=what, at=common.NOON)
