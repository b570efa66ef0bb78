"""What verifying may find of rules, clocks, working days and their zone, in both languages."""

from collections.abc import Mapping
from typing import Final

from .detectors import Detector

#: By code: what finds it, and the sentence, zh and en. `kind` is ``rule``, ``binding``
#: or ``clock``.
RULES_SAID: Final[Mapping[str, tuple[Detector, str, str]]] = {
    "rule_changed": (
        Detector.RULE,
        "规则、绑定或期限 {id}（{kind}）第 {number} 稿不是当初封存的内容。",
        "{kind} {id}, edition {number}, is not what was sealed.",
    ),
    "rule_gone": (
        Detector.RULE,
        "规则、绑定或期限 {id}（{kind}）第 {number} 稿不见了。",
        "{kind} {id}, edition {number}, is gone.",
    ),
    "rule_added": (
        Detector.RULE,
        "规则、绑定或期限 {id}（{kind}）第 {number} 稿不是由本系统写入的。",
        "{kind} {id}, edition {number}, was not brought in by the plugin.",
    ),
    "days_changed": (
        Detector.RULE,
        "{id} 年工作日历第 {number} 版不是当初封存的内容。",
        "working days of {id}, version {number}, are not what was sealed.",
    ),
    "days_gone": (
        Detector.RULE,
        "{id} 年工作日历第 {number} 版不见了。",
        "working days of {id}, version {number}, are gone.",
    ),
    "days_added": (
        Detector.RULE,
        "{id} 年工作日历第 {number} 版不是由本系统写入的。",
        "working days of {id}, version {number}, were not brought in by the plugin.",
    ),
    "zone_changed": (
        Detector.RULE,
        "机关的时区现为 {zone}，封存的是 {sealed}：所有日期都随之移动。",
        "the zone of the authority is {zone}, and {sealed} was sealed: all its days move with it.",
    ),
    "rules_more": (
        Detector.RULE,
        "规则、绑定、期限与工作日历另有 {number} 处不同。",
        "{number} more rules, bindings, clocks and years of working days differ.",
    ),
}
