"""Why a rule said what it said: its condition with the values it saw, in plain words."""

from collections.abc import Mapping
from typing import Any, Final

from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.terms import Result

from . import tree
from .deciding import deciding, deciding_entries
from .items import reads_entry, reads_item
from .model import Rule, core, shown
from .reading import Lookup, value_of
from .templates import usual_form
from .tree import Core, Name, Node, Source
from .writing import language_of, write

RESULT_WORDS: Final[Mapping[Result, tuple[str, str]]] = {
    Result.HIT: ("命中", "hit"),
    Result.CLEAR: ("未命中", "clear"),
    Result.NOT_APPLICABLE: ("不适用", "not applicable"),
    Result.CANNOT_BE_CHECKED: ("无法核验", "cannot be checked"),
    Result.SUPPRESSED: ("已抑制", "suppressed"),
    Result.EXEMPT: ("豁免", "exempt"),
    Result.ERROR: ("规则出错", "error"),
    Result.TIMEOUT: ("超时未判", "out of time"),
}
_ANSWERS: Final[Mapping[bool | None, tuple[str, str]]] = {
    True: ("是", "yes"),
    False: ("否", "no"),
    None: ("无法核验", "cannot be checked"),
}
_OWN: Final[Mapping[str, tuple[str, str]]] = {
    "amount": ("金额", "amount"),
    "actor": ("经办人", "officer"),
    "actor_kind": ("经办人类别", "kind of actor"),
    "unit": ("单位", "unit"),
    "step": ("环节", "step"),
    "kind": ("事件", "event"),
    "mode": ("办理方式", "procedure"),
    "origin": ("数据来源", "origin"),
    "clock": ("时钟来源", "clock"),
    "occurred_at": ("发生时间", "time"),
    "occurred_on": ("发生日期", "day"),
    "recorded_at": ("记录时间", "time of recording"),
    "recorded_on": ("记录日期", "day of recording"),
}
_SIGNS: Final = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}
_CALLS: Final[Mapping[str, tuple[str, str]]] = {
    "contains": ("{} 包含 {}", "{} contains {}"),
    "joined": ("{} 与 {} 合并", "{} joined with {}"),
    "has": ("{1} 属于 {0}", "{1} in {0}"),
    "overlap": ("{} 与 {} 有相同项", "{} and {} have an entry in common"),
}
_EACH: Final[Mapping[str, tuple[str, str]]] = {
    "any": ("{} 中有一项使得 {}", "for some entry of {}: {}"),
    "all": ("{} 中每一项都使得 {}", "for every entry of {}: {}"),
    "count": ("{} 中使得 {} 的项数", "number of entries of {} with {}"),
}
_ENTRIES: Final = (("项", "entry"), ("外层项", "outer entry"))
_DECIDED: Final = (
    ("第 {} 项 {}", "内层第 {} 项 {}", "；", "（{}）"),
    ("entry {}: {}", "inner entry {}: {}", "; ", " ({})"),
)
_TRUTHS: Final = {"true": ("是", "yes"), "false": ("否", "no")}


def explain(rule: Rule, outcome: RuleOutcome, language: str) -> list[str]:
    """Say why a rule said what it said of an event.

    :param rule: the rule.
    :param outcome: what it said.
    :param language: BCP 47 tag.
    :return: plain lines: the result, then each part of the condition with its values and answer,
        then which of it decided, where that is not all of it, then what was missing.
    """
    tongue = language_of(language)
    number = 0 if tongue == "zh" else 1
    said = RESULT_WORDS[outcome.result][number]
    lines = [f"{rule.id}@{rule.version} {rule.title[tongue]}: {said}"]
    if outcome.result in (Result.HIT, Result.CLEAR, Result.CANNOT_BE_CHECKED):
        lookup = _lookup(outcome)
        words, parts = Wording(rule, lookup, tongue), _parts(rule.condition)
        lines.extend(words.line(part) for part in parts)
        decided = deciding(rule.condition, lookup)
        if decided != parts:
            label, comma = ("起决定作用：", "；") if number == 0 else ("decided by: ", "; ")
            lines.append(label + comma.join(words.line(part) for part in decided))
    if outcome.fields:
        label = "缺少：{}" if number == 0 else "missing: {}"
        names = dict.fromkeys(missing_name(rule, path, tongue) for path in outcome.fields)
        lines.append(label.format(("、" if number == 0 else ", ").join(names)))
    return lines


def missing_name(rule: Rule, path: str, tongue: str) -> str:
    """Write what was missing as the rule calls it.

    :param rule: the rule.
    :param path: a name of the rule, or ``"kind.field"`` of an earlier event.
    :param tongue: ``"zh"`` or ``"en"``.
    :return: the label, with the kind of an earlier event behind it; the path where there is none.
    """
    head, _, key = path.rpartition(".")
    known: Mapping[str, Any] = {"facts": rule.facts, "params": rule.parameters}.get(
        head, rule.fields
    )
    own = _OWN.get(key, ("", ""))[0 if tongue == "zh" else 1]
    label = (known[key].label.get(tongue) if key in known else "") or own
    if not label:
        return path
    if head in ("", "facts", "params"):
        return label
    return f"{label}（{head}）" if tongue == "zh" else f"{label} ({head})"


def verdict(rule: Rule, outcome: RuleOutcome) -> bool | None:
    """Work out a rule's condition from the values an outcome carries, as `explain` shows them.

    :param rule: the rule.
    :param outcome: what it said, with its values.
    :return: the answer; None where it is unknown.
    """
    found: bool | None = value_of(rule.condition, _lookup(outcome))
    return found


def _lookup(outcome: RuleOutcome) -> Lookup:
    return lambda name: core(outcome.values.get(name.path), name.type)


def _parts(node: Node) -> tuple[Node, ...]:
    """Split a condition into the parts a reader looks at one by one."""
    if isinstance(node, tree.And):
        return tuple(part for item in node.items for part in _parts(item))
    return (node,)


class Wording:
    """Writes nodes with the values they had.

    :param rule: the rule they belong to.
    :param lookup: answers the value of a name.
    :param tongue: ``"zh"`` or ``"en"``.
    """

    def __init__(self, rule: Rule, lookup: Lookup, tongue: str) -> None:
        self.rule = rule
        self.lookup = lookup
        self.tongue = tongue
        self.number = 0 if tongue == "zh" else 1

    def line(self, node: Node) -> str:
        """Write a part of a condition with its answer.

        :param node: the part.
        """
        answer = _ANSWERS[value_of(node, self.lookup)][self.number]
        return f"{self.text(node)} → {answer}"

    def text(self, node: Node) -> str:
        """Write a node.

        :param node: the node.
        """
        if isinstance(node, tree.Literal):
            return self.value(node.value, node)
        if isinstance(node, Name):
            return self.name(node)
        if isinstance(node, tree.CompareRatio):
            return f"{self.text(node.ratio)} {_sign(node.op)} {self.text(node.percent)}"
        if isinstance(node, tree.Compare | tree.Arithmetic):
            return f"{self.text(node.left)} {_sign(node.op)} {self.text(node.right)}"
        if isinstance(node, tree.Ratio):
            ratio = f"({self.text(node.part)}) ÷ ({self.text(node.whole)})"
            if reads_item(node):  # another one for each entry
                return ratio
            return f"{ratio} = {self.value(value_of(node, self.lookup), node)}"
        return self.wordy(node)

    def wordy(self, node: Node) -> str:
        """Write a node that has words of its own.

        :param node: the node.
        """
        zh = self.number == 0
        inner = [self.text(item) for item in tree.below(node)]
        match node:
            case tree.And():
                return (" 且 " if zh else " and ").join(inner)
            case tree.Or():
                return "(" + (" 或 " if zh else " or ").join(inner) + ")"
            case tree.Not():
                return ("非 " if zh else "not ") + inner[0]
            case tree.Missing():
                return inner[0] + (" 缺失" if zh else " is missing")
            case tree.Member(_, options):
                listed = ", ".join(sorted(str(option) for option in options))
                return f"{inner[0]} {'属于' if zh else 'in'} [{listed}]"
            case tree.Negative():
                return f"-{inner[0]}"
            case tree.Known():
                return (" 或按 " if zh else " or else ").join(inner)
        return self.asked(node, inner)

    def asked(self, node: Node, inner: list[str]) -> str:
        """Write a question about texts, lists and their entries.

        :param node: the question.
        :param inner: its parts, written.
        """
        zh = self.number == 0
        match node:
            case tree.Item(_, level):
                return _ENTRIES[level][self.number]
            case tree.Each(op):
                is_within = reads_entry(node.test, 1)  # another one for each entry around it
                decided = "" if is_within else self.decisive(node)
                return _EACH[op][self.number].format(*inner) + decided
            case tree.Call(op):
                return _CALLS[op][self.number].format(*inner)
        return f"{'数量' if zh else 'number'}({inner[0]})"

    def decisive(self, node: tree.Each) -> str:
        """Name the entries that decided a test of entries; nothing where no single one did.

        :param node: the test.
        """
        first, rest, comma, brackets = _DECIDED[self.number]
        said = [
            (rest if number else first).format(place + 1, text)
            for number, (place, text) in enumerate(deciding_entries(node, self.lookup))
        ]
        return brackets.format(comma.join(said)) if said else ""

    def name(self, name: Name) -> str:
        """Write a name with its value.

        :param name: the name.
        """
        return f"{self.label(name)} {self.value(self.lookup(name), name)}"

    def label(self, name: Name) -> str:
        """Write the label of a name.

        :param name: the name.
        """
        known: Mapping[str, Any] = {
            Source.PARAMETER: self.rule.parameters,
            Source.FACT: self.rule.facts,
            Source.FACT_COUNT: self.rule.facts,
        }.get(name.source, self.rule.fields)
        label = known[name.key].label.get(self.tongue)
        return label or (_OWN[name.key][self.number] if name.key in _OWN else name.path)

    def value(self, value: Core, node: Node) -> str:
        """Write a value with its unit.

        :param value: the value.
        :param node: where it stands.
        """
        if value is None:
            return "—"
        if isinstance(value, bool):
            return _TRUTHS[str(value).lower()][self.number]
        form = usual_form(node.type.kind)
        unit = _unit(node, self.number)
        return write(shown(value, node.type), form, self.tongue) + unit


def _unit(node: Node, number: int) -> str:
    units = {"days": (" 天", " days"), "working_days": (" 个工作日", " working days")}
    return units.get(node.type.kind, ("", ""))[number]


def _sign(op: str) -> str:
    return _SIGNS.get(op, op)
