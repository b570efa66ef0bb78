"""What verifying may find of rules and bindings, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

from .detectors import Detector

#: By code: what finds it, and the sentence, zh and en. `kind` is ``rule`` or ``binding``.
RULES_SAID: Final[Mapping[str, tuple[Detector, str, str]]] = {
    "rule_changed": (
        Detector.RULE,
        "规则或绑定 {id}（{kind}）第 {number} 稿不是当初封存的内容。",
        "{kind} {id}, edition {number}, is not what was sealed.",
    ),
    "rule_gone": (
        Detector.RULE,
        "规则或绑定 {id}（{kind}）第 {number} 稿不见了。",
        "{kind} {id}, edition {number}, is gone.",
    ),
    "rule_added": (
        Detector.RULE,
        "规则或绑定 {id}（{kind}）第 {number} 稿不是由本系统写入的。",
        "{kind} {id}, edition {number}, was not brought in by the plugin.",
    ),
    "rules_more": (
        Detector.RULE,
        "规则与绑定另有 {number} 处不同。",
        "{number} more rules and bindings differ.",
    ),
}
