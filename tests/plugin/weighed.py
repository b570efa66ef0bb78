"""Rules of different weight in one city, each asked by an attribute of a decision."""

from pathlib import Path
from string import Template
from typing import Final

from cleangov_hooks import Event
from tests.support.small_host import SmallHost

#: Rule, tier, severity and the condition by which it hits.
RULES: Final = (
    ("W2", 2, "minor", "copies > 1"),
    ("W3", 3, "minor", "heard"),
    ("W3B", 3, "minor", "violation_code == 'CG-2'"),
    ("R2", 2, "revocable", "violation_code == 'CG-3'"),
    ("S4", 4, "minor", "violation_code == 'CG-4'"),
)
FILE: Final = Template("""\
id: $id
version: 1
title: {zh: 规则$id, en: Rule $id}
why: {zh: 测试。, en: A test.}
basis:
  - law: {zh: 行政处罚法, en: Administrative Penalty Law}
    article: {zh: 第四十五条, en: Art 45}
    status: law
    valid_from: "2021-07-15"
on: [enf.decision.made]
severity: $severity
fields:
  copies: {type: integer, range: [0, 1000], required: false, label: {zh: 份数, en: copies}}
  heard: {type: boolean, required: false, label: {zh: 已听取, en: heard}}
  violation_code: {type: text, required: false, label: {zh: 代码, en: code}}
condition: $condition
texts:
  headline: {zh: $id 请看一下。, en: "$id: please look."}
  body: {zh: "请看一下（{basis}）。", en: "Please look ({basis})."}
answers:
  - code: put_right_$code
    kind: corrected
    label: {zh: 改正, en: Put it right}
    then: regate
  - code: go_on_$code
    kind: justified
    label: {zh: 说明理由, en: Say why}
    then: pass
  - code: ask_$code
    kind: second_person_asked
    label: {zh: 请人复核, en: Ask a second person}
    role: reviewer
    then: request
owner: legal-affairs
bindings:
  - {id: $id-gate, tier: $tier, phases: [gate]$more}
  - {id: $id-event, tier: 0, phases: [event]}
""")
#: Attributes by which each rule hits.
HITS: Final = {
    "W2": {"copies": 2},
    "W3": {"heard": True},
    "W3B": {"violation_code": "CG-2"},
    "R2": {"violation_code": "CG-3"},
    "S4": {"violation_code": "CG-4"},
}


def write_rules(folder: Path, more: str = "") -> Path:
    """Write the rule files into a new folder, and answer it.

    :param folder: where to make it.
    :param more: what else the gate bindings of tiers 2 and 3 say.
    """
    rules = folder / "weighed rules"
    rules.mkdir()
    for id_, tier, severity, condition in RULES:
        text = FILE.substitute(
            id=id_,
            code=id_.lower(),
            tier=tier,
            severity=severity,
            condition=condition,
            more=more if tier < 4 else "",
        )
        (rules / f"{id_}.yaml").write_text(text, "utf-8")
    return rules


def decision(host: SmallHost, *rules: str, case: str | None = None) -> Event:
    """Make a decision that some rules hit, in a new case unless one is named."""
    if case is None:
        host.open_case()
    attributes = {code: value for rule in rules for code, value in HITS[rule].items()}
    return host.event("enf.decision.made", 700, attributes=attributes)
