"""What a replay answers: figures for machines, a table for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cleangov_plugin.desk.shelf import Shelf
from cleangov_plugin.desk.tally import RuleTally, tally
from cleangov_plugin.domain.terms import GapReason
from cleangov_plugin.store import gaps
from cleangov_plugin.store.case_entries import number_of_entries
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.gaps import Gap, GapState
from cleangov_plugin.store.replay_runs import Run

from .columns import aligned

_SHOWN: Final = 5
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh-CN": {
        "file": "{cases:,} 个案件，{events:,} 条事件，另推得 {derived:,} 条{dropped}",
        "dropped": "，略去 {dropped:,} 条",
        "source": "来源：{title}，DOI {doi}",
        "done": "该文件按同一映射已重放过，未增加任何内容。",
        "ledger": "该机关共有检查点 {checkpoints:,} 个，欠评 {gaps:,} 条；用时 {seconds} 秒",
        "head": "规则|名称|有可查案件|命中|占比|无法核验|缺少的字段（案件数）",
        "idle": "另有 {number} 条规则无可查内容：{rules}",
        "older": "{older:,} 条记录由已失效的规则评过，仅计其列明的结果；"
        "换一个新库重放，即按现行规则。",
        "study": "以上均为供研究的线索，不是结论，也不归任何人承办。",
        "conflict": "{event}：同一编号已记录过不同的内容。",
        "owed": "{event}：尚未评过（{reason} {detail}）。",
        "more": "……另有 {number:,} 条。",
        "unread": "{where}：未读入（{what}）",
        "odd": "{name}：{number:,} 个值无法读取，按未知计；首个在 {where}（{what}）",
        "mend": "内容变了的同号事件不会改写原记录：请改映射的 source.id，或换一个新库。",
    },
    "en": {
        "file": "{cases:,} cases, {events:,} events, {derived:,} derived besides{dropped}",
        "dropped": ", {dropped:,} left out",
        "source": "Source: {title}, DOI {doi}",
        "done": "This file was replayed with this mapping before; nothing was added.",
        "ledger": "The agency has {checkpoints:,} checkpoints and owes {gaps:,} events; "
        "{seconds} s",
        "head": "rule|title|cases looked at|hits|share|cannot be checked|missing (cases)",
        "idle": "{number} more rules had nothing to look at: {rules}",
        "older": "{older:,} entries were judged by rules no longer in force, and count only where "
        "they name a result; replay into a new database to judge them by those in force.",
        "study": "All of this is for study: signals, not findings, and nobody owns them.",
        "conflict": "{event}: the same id is recorded already, with other content.",
        "owed": "{event}: not judged yet ({reason} {detail}).",
        "more": "... and {number:,} more.",
        "unread": "{where}: not read ({what})",
        "odd": "{name}: {number:,} values could not be read and count as unknown, the first at "
        "{where} ({what})",
        "mend": "An event never overwrites another: change source.id in the mapping, or replay "
        "into a new database.",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReport:
    """What was read, and what the rules saw.

    :param summary: what was read of the file.
    :param checkpoints: entries of the agency's ledger.
    :param rules: what each rule in force saw.
    :param titles: titles of the rules, by language.
    :param older: entries judged by rules no longer in force.
    :param gaps: events whose evaluation is owed.
    :param owed: the first of them.
    :param was_done: whether nothing was left to do.
    """

    summary: Mapping[str, Any]
    checkpoints: int
    rules: tuple[RuleTally, ...]
    titles: Mapping[str, Mapping[str, str]]
    older: int
    gaps: int
    owed: tuple[Gap, ...]
    was_done: bool

    def document(self, seconds: float) -> dict[str, Any]:
        """Answer the figures for machines; the shape is part of the command's interface.

        :param seconds: how long it took.
        """
        missing = {rule.rule_id: dict(rule.missing) for rule in self.rules if rule.missing}
        return {
            "cases": self.summary["cases"],
            "events": self.summary["events"],
            "derived_events": self.summary["derived"],
            "checkpoints": self.checkpoints,
            "rules": {
                rule.rule_id: {
                    "cases": rule.cases,
                    "hits": rule.hits,
                    "cannot_be_checked": rule.cannot_be_checked,
                }
                for rule in self.rules
            },
            "gaps": self.gaps,
            "seconds": seconds,
            **({"missing": missing} if missing else {}),
            **({} if self.unread is None else {"unread": self.unread}),
            **({"odd": self.odd} if self.odd else {}),
        }

    @property
    def unread(self) -> list[dict[str, str]] | None:
        """Answer what of the file was passed over, by place; None where nothing ever is."""
        return self.summary.get("unread")

    @property
    def odd(self) -> Mapping[str, Mapping[str, Any]]:
        """Answer the values that could not be read and count as unknown, by name."""
        found: Mapping[str, Mapping[str, Any]] = self.summary.get("odd", {})
        return found

    def lines(self, language: str, seconds: float) -> list[str]:
        """Answer the table for people.

        :param language: BCP 47 tag.
        :param seconds: how long it took.
        """
        words = _WORDS[language]
        said = self.summary
        dropped = words["dropped"].format(**said) if said["dropped"] else ""
        lines = [words["file"].format(**{**said, "dropped": dropped})]
        if said["doi"]:
            title = said["title"]["zh" if language.startswith("zh") else "en"]
            lines.append(words["source"].format(title=title, doi=said["doi"]))
        lines += [words["unread"].format(**part) for part in self.unread or ()]
        lines += [words["odd"].format(name=name, **odd) for name, odd in self.odd.items()]
        if self.was_done:
            lines.append(words["done"])
        figures = {"checkpoints": self.checkpoints, "gaps": self.gaps, "seconds": seconds}
        lines += [words["ledger"].format(**figures), "", *self._table(language), ""]
        if self.older:
            lines.append(words["older"].format(older=self.older))
        lines += self._owed(words)
        return [*lines, words["study"]]

    def _table(self, language: str) -> list[str]:
        words, key = _WORDS[language], "zh" if language.startswith("zh") else "en"
        seen = [rule for rule in self.rules if rule.cases]
        rows = [words["head"].split("|")]
        rows += [_row(rule, self.titles.get(rule.rule_id, {}).get(key, "")) for rule in seen]
        idle = [rule.rule_id for rule in self.rules if not rule.cases]
        more = [words["idle"].format(number=len(idle), rules=", ".join(idle))] if idle else []
        return [*aligned(rows), *more]

    def _owed(self, words: Mapping[str, str]) -> list[str]:
        lines = [
            words["conflict" if gap.reason is GapReason.CONFLICT else "owed"].format(
                event=(gap.event_key or "?").partition("\t")[2],
                reason=gap.reason.value,
                detail=gap.detail,
            )
            for gap in self.owed[:_SHOWN]
        ]
        if self.gaps > _SHOWN:
            lines.append(words["more"].format(number=self.gaps - _SHOWN))
        if any(gap.reason is GapReason.CONFLICT for gap in self.owed):
            lines.append(words["mend"])
        return lines


def report_of(database: Database, run: Run, *, was_done: bool) -> ReplayReport:
    """Count what an agency's ledger holds.

    :param database: the database.
    :param run: a run at its end.
    :param was_done: whether nothing was left to do.
    :return: the report.
    """
    with database.own_transaction(is_reading=True) as connection:
        ledger = Shelf().ledger(connection, run.log_id)
        found = None if ledger is None else tally(connection, ledger)
        return ReplayReport(
            summary=run.summary,
            checkpoints=number_of_entries(connection, run.log_id),
            rules=found.rules if found else (),
            titles={rule.id: rule.title for rule, _ in ledger.rules.bound} if ledger else {},
            older=found.older if found else 0,
            gaps=gaps.counts(connection, run.log_id)[GapState.OWED],
            owed=_owed_of(connection, run.log_id),
            was_done=was_done,
        )


def _owed_of(connection: Any, log_id: str) -> tuple[Gap, ...]:
    found = gaps.owed(connection, limit=1_000)
    return tuple(gap for gap in found if gap.log_id == log_id)


def _row(rule: RuleTally, title: str) -> list[str]:
    missing = sorted(rule.missing.items(), key=lambda item: (-item[1], item[0]))
    return [
        rule.rule_id,
        title,
        f"{rule.cases:,}",
        f"{rule.hits:,}",
        _share(rule.hits, rule.cases),
        f"{rule.cannot_be_checked:,}",
        ", ".join(f"{name} ({number:,})" for name, number in missing) or "-",
    ]


def _share(part: int, whole: int) -> str:
    """Write a share with one decimal, exactly."""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10} %"
