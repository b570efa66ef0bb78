"""A back-test as people read it, in Chinese and English."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cleangov_plugin.desk.typed import from_json
from cleangov_plugin.rules import Rule, compile_rule, texts

from .prompting import BUDGET

#: Lines of a breakdown that are printed; --json has them all.
_LINES: Final = 12
_HEADS: Final[Mapping[str, tuple[str, str]]] = {
    "looked_at": ("审视", "looked at"),
    "new": ("新增", "new"),
    "gone": ("消失", "gone"),
    "kept": ("保留", "kept"),
    "cannot_be_checked": ("无法核验", "cannot check"),
    "clear": ("未命中", "clear"),
}
_TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "by_unit": ("按单位", "by unit"),
    "by_step": ("按环节", "by step"),
    "by_month": ("按月份", "by month"),
}
_SIDES: Final[Mapping[str, tuple[str, str]]] = {
    "draft": ("草案", "the draft"),
    "against": ("现行规则", "the rule in force"),
}
_CAUTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "nothing_looked_at": (
        "这些数据中没有一个环节属于本规则的范围：结果什么也说明不了。",
        "Nothing in these data is this rule's business: the result says nothing.",
    ),
    "no_hit": (
        "{cases} 件中没有一件命中：可能确实没有，也可能规则写得过窄。请用示例核对。",
        (
            "None of {cases} cases hit: there may be none, or the rule is too narrow. Check it with"
            " examples."
        ),
    ),
    "few_hits": (
        "只有 {cases} 件命中（少于 {few} 件）：据此推断今后还太早。",
        "Only {cases} cases hit (fewer than {few}): too few to tell what comes.",
    ),
    "base_rate": (
        (
            "{cases} 件中命中 {hits} 件。"
            "如果每十万件中确有问题的有 {base_rate} 件，那么即使一件不漏，"
            "每 100 次命中里最多 {at_most} 次命中得对。"
        ),
        (
            "{hits} of {cases} cases hit. If something is really wrong in {base_rate} of 100,000,"
            " then of 100 hits at most {at_most} are right, even if none is missed."
        ),
    ),
    "much_cannot_be_checked": (
        "{of} 件中有 {cases} 件无法核验：先补齐所缺字段，再看其余数字。",
        (
            "{cases} of {of} cases cannot be checked: mend what is missing before the other figures"
            " count."
        ),
    ),
}


def lines(found: Mapping[str, Any], language: str) -> list[str]:
    """Tell a back-test.

    :param found: the back-test.
    :param language: BCP 47 tag.
    :return: plain lines.
    """
    return list(_Words(found, language).lines())


class _Words:
    """The words of one back-test in one language."""

    def __init__(self, found: Mapping[str, Any], language: str) -> None:
        self.found = found
        self.language = language
        self.number = 0 if language.startswith("zh") else 1
        self.tongue = ("zh", "en")[self.number]
        self.rules: dict[str, Rule] = {k: compile_rule(v) for k, v in found["texts"].items()}

    def said(self, zh: str, en: str, **values: Any) -> str:
        """Answer a sentence in the language of the reader."""
        return (zh, en)[self.number].format(**values)

    def lines(self) -> Iterator[str]:
        """Answer all lines."""
        yield from self._heading()
        yield ""
        yield from self._table(
            "",
            [
                {"key": self.said("案件", "cases"), **self.found["cases"]},
                {"key": self.said("环节", "events"), **self.found["events"]},
            ],
        )
        yield from self._missing()
        for name, title in _TABLES.items():
            if self.found[name]:
                yield ""
                yield from self._table(title[self.number], self.found[name])
        yield from self._prompts()
        yield from self._affected()
        yield from self._overlap()
        yield from self._cautions()
        yield from self._data()

    def _heading(self) -> Iterator[str]:
        draft = self.rules["draft"]
        against = self.rules.get("against")
        other = self.said("没有现行规则可比", "nothing in force to compare with")
        if against is not None:
            other = self.said("对照现行 {r}", "against {r} in force", r=_named(against))
        title = draft.title[self.tongue]
        yield self.said(
            "回测 {r} {t}：{o}", "Back-test of {r} {t}: {o}", r=_named(draft), t=title, o=other
        )

    def _table(self, title: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        heads = [head[self.number] for head in _HEADS.values()]
        yield f"{_wide(title, 24)}" + "".join(_right(head, 14) for head in heads)
        rows = list(rows)
        for row in rows[:_LINES]:
            key = row["key"]
            if key is None:
                key = self.said("其余 {n} 项", "{n} more", n=row["keys"])
            numbers = "".join(_right(str(row[name]), 14) for name in _HEADS)
            yield _wide(key or self.said("（无）", "(none)"), 24) + numbers
        if len(rows) > _LINES:
            more = len(rows) - _LINES
            yield self.said("另有 {n} 行，见 --json", "{n} more lines with --json", n=more)

    def _missing(self) -> Iterator[str]:
        named = self.found["missing"]
        if named:
            listed = ", ".join(
                f"{name} ({number})" for name, number in list(named.items())[:_LINES]
            )
            yield self.said("缺少的字段：{l}", "missing: {l}", l=listed)
        lost = self.found["was_hit_and_cannot_be_checked"]
        if lost:
            yield self.said(
                "其中 {n} 个环节现行规则命中，草案却无法核验。",
                "{n} of these hit by the rule in force, and cannot be checked by the draft.",
                n=lost,
            )

    def _prompts(self) -> Iterator[str]:
        yield ""
        for side, numbers in self.found["prompts"].items():
            yield self.said(
                "{s}的提示：{prompts} 次，{officers} 名人员，每人每天中位 {per_day_p50}、"
                "95% 不超过 {per_day_p95}、最多 {per_day_most}；"
                "每日额度（{b} 次）以外 {over_budget} 次，不知经办人 {without_officer} 次。",
                "prompts of {s}: {prompts} for {officers} officers; a day and officer p50"
                " {per_day_p50}, p95 {per_day_p95}, most {per_day_most}; {over_budget} beyond the"
                " daily budget of {b}, {without_officer} where nobody is named.",
                s=_SIDES[side][self.number],
                b=BUDGET,
                **numbers,
            )

    def _affected(self) -> Iterator[str]:
        if not self.found["most_affected"]:
            return
        yield ""
        yield self.said("变化最大的案件：", "cases that change most:")
        for line in self.found["most_affected"]:
            first = line["first"]
            side = "draft" if first["change"] == "new" else "against"
            values = from_json(first["values"])
            why = texts.render(self.rules[side], "body", values, self.language)
            counts = ", ".join(
                f"{_HEADS[name][self.number]} {line[name]}"
                for name in ("new", "gone", "kept")
                if line[name]
            )
            yield f"  {line['case']}  {counts}  {first['day']} {first['step']}"
            yield f"      {_HEADS[first['change']][self.number]}: {' '.join(why.split())}"

    def _overlap(self) -> Iterator[str]:
        overlap = self.found["overlap"]
        if overlap:
            listed = ", ".join(f"{id_} {number}" for id_, number in overlap.items())
            yield self.said(
                "同一环节其他规则也命中：{l}",
                "hit by other rules in the same events: {l}",
                l=listed,
            )

    def _cautions(self) -> Iterator[str]:
        for caution in self.found["cautions"]:
            values = {key: value for key, value in caution.items() if key != "code"}
            yield "! " + _CAUTIONS[caution["code"]][self.number].format(**values)

    def _data(self) -> Iterator[str]:
        manifest = self.found["manifest"]
        yield ""
        yield self.said(
            "数据：{log}，{n} 条记录，{f} 至 {t}；校验值 {h}。同样的输入逐字节得出同样的结果。",
            "data: {log}, {n} entries, {f} to {t}; digest {h}. Same input, same bytes.",
            log=manifest["log_id"],
            n=manifest["entries"],
            f=manifest["from"] or self.said("最早", "the first"),
            t=manifest["to"] or self.said("最新", "the last"),
            h=manifest["entries_sha256"][:16],
        )
        figures = manifest["figures_made_again"]
        if figures:
            yield self.said(
                "统计指标 {l} 按当时每日零点已有的记录重新算出。",
                "figures {l} are made again from what was recorded at each midnight then.",
                l=", ".join(figures),
            )


def _named(rule: Rule) -> str:
    return f"{rule.id}@{rule.version}"


def _columns(text: str) -> int:
    """Answer how many columns of a terminal a text takes: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _wide(text: str, columns: int) -> str:
    return text + " " * max(1, columns - _columns(text))


def _right(text: str, columns: int) -> str:
    return " " * max(1, columns - _columns(text)) + text
