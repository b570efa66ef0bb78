"""What rules said, in their own words and the reader's language."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cleangov_plugin.desk.backtested.differing_words import (
    DIFFERING,
    differing_text,
    differing_title,
)
from cleangov_plugin.desk.clocks.words import is_of_term, term_text, term_title
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.host_labels import kind_called
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.desk.typed import from_json
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.domain.evaluation import Value
from cleangov_plugin.domain.terms import Result, Severity, Visibility
from cleangov_plugin.prompts.passing import by
from cleangov_plugin.rules import Rule, texts
from cleangov_plugin.rules.clocks import Clock

from .entry_views import FieldName, OutcomeView
from .readers import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells what the rules of one ledger said, to one reader.

    :param desk: the desk.
    :param connection: any connection; asked only for rules no longer in force.
    :param ledger: the ledger.
    :param reader: to whom.
    """

    desk: Desk
    connection: Connection
    ledger: Ledger
    reader: Reader

    def rule(self, rule_id: str, version: int) -> Rule | None:
        """Answer a rule, in force or not; None where it is kept nowhere or reads no more.

        :param rule_id: the rule.
        :param version: its version.
        """
        try:
            return self.desk.shelf.rule(self.connection, self.ledger, rule_id, version)
        except CleanGovError:  # a text of a release long ago: its title is missed, no page fails
            return None

    def reason(self, rules: str, code: str | None) -> str:
        """Answer the label of a coded reason, as the rules of its prompt word it.

        :param rules: JSON list of the rules, ``["E07@1"]``.
        :param code: the code; None is empty.
        :return: its label; the code where no rule is kept that words it.
        """
        if code is None:
            return ""
        named = (ref.partition("@")[::2] for ref in json.loads(rules))
        kept = (self.rule(rule_id, int(version or 1)) for rule_id, version in named)
        reasons = (r for rule in kept if rule for a in rule.answers for r in a.reasons)
        labels = (r.label["zh" if self.is_zh else "en"] for r in reasons if r.code == code)
        return next(labels, code)

    def clock(self, rule_id: str, version: int | None) -> Clock | None:
        """Answer the clock that a finding names; None where it names a rule.

        :param rule_id: what the finding names.
        :param version: its version; the newest one where left out.
        """
        try:
            return self.desk.shelf.clock(self.connection, self.ledger, rule_id, version)
        except CleanGovError:
            return None

    def title(self, rule_id: str, version: int | None = None) -> str:
        """Answer the title of a rule or clock; its id where it is kept nowhere.

        :param rule_id: the rule.
        :param version: its version; the one in force where left out.
        """
        if rule_id == DIFFERING:
            return differing_title(self.reader.language)
        if version is None:
            found = next((r for r, _ in self.ledger.rules.bound if r.id == rule_id), None)
        else:
            found = self.rule(rule_id, version)
        if found is None and (clock := self.clock(rule_id, version)) is not None:
            return clock.title["zh" if self.is_zh else "en"]
        return self._written(found, "title", {}) or rule_id

    def title_of(self, row: Mapping[str, Any], values: Mapping[str, Value]) -> str:
        """Answer the title of a finding; of a term, whether it is over or nearly so.

        :param row: row of the finding.
        :param values: the typed values its text needs.
        """
        clock = self.clock(row["rule_id"], row["rule_version"]) if is_of_term(values) else None
        if clock is not None:
            return term_title(clock, values, self.reader.language)
        return self.title(row["rule_id"], row["rule_version"])

    def body(
        self,
        rule_id: str,
        version: int,
        values: Mapping[str, Value],
        *,
        today: date | None = None,
    ) -> str:
        """Write the facts of a case in a rule's own words; empty where there are none.

        :param rule_id: the rule, or the clock.
        :param version: its version.
        :param values: the typed values its text needs.
        :param today: the present civil day; None leaves out what changes from day to day.
        """
        if rule_id == DIFFERING:
            return differing_text(values, self.reader.language)
        clock = self.clock(rule_id, version) if is_of_term(values) else None
        if clock is None:
            return self._written(self.rule(rule_id, version), "body", values)
        ledger, language = self.ledger, self.reader.language
        return term_text(
            clock, values, ledger.zone, language, calendar=ledger.calendar, today=today
        )

    def headline(self, rule_id: str, version: int, values: Mapping[str, Value]) -> str:
        """Write the one sentence of a signal in its rule's own words; empty for all other rules.

        The headline of a rule that stands before officers speaks to them ("this step waits");
        that of a signal tells whoever studies it what was seen.

        :param rule_id: the rule.
        :param version: its version.
        :param values: the typed values its text needs.
        """
        rule = self.rule(rule_id, version)
        is_signal = rule is not None and rule.severity is Severity.SIGNAL
        return self._written(rule, "headline", values) if is_signal else ""

    def outcomes(self, row: Mapping[str, Any]) -> tuple[OutcomeView, ...]:
        """Tell the outcomes of an entry that its reader may see, the hits first.

        :param row: row of the entry.
        """
        values = json.loads(row["fact_values"]) if row["fact_values"] else {}
        named = json.loads(row["body"])["outcomes"]
        found = [self._outcome(outcome, values) for outcome in named if self._is_shown(outcome)]
        return tuple(sorted(found, key=lambda outcome: not outcome.is_hit))

    def field(self, code: str, rule_id: str = "", version: int = 0) -> FieldName:
        """Name a field as people call it.

        :param code: its path in the rule, ``"enf.intent.notified.amount"``.
        :param rule_id: the rule; none where it does not matter.
        :param version: the rule's version.
        """
        rule = self.rule(rule_id, version) if rule_id else None
        kind, _, name = code.rpartition(".")
        called = self._called(rule, name or code)
        if not kind:
            return FieldName(code, called or code)
        parts = [part for part in (self.kind(kind, ""), called) if part]
        joint = "·" if self.is_zh else ": "
        return FieldName(code, joint.join(parts) if len(parts) == 2 else code)

    def kind(self, kind: str, otherwise: str) -> str:
        """Answer how a kind of event is called.

        :param kind: canonical kind.
        :param otherwise: what is answered where nobody says.
        """
        return kind_called(self.desk, kind, otherwise, self.reader.language)

    @property
    def is_zh(self) -> bool:
        """Answer whether the reader reads Chinese."""
        return self.reader.language.lower().startswith("zh")

    def _outcome(self, outcome: list[Any], values: Mapping[str, Any]) -> OutcomeView:
        rule_id, version, result, binding, *fields = outcome
        known = from_json(values.get(f"{rule_id}@{version}/{binding}", {}))
        rule, is_hit = self.rule(rule_id, version), result in _WITH_FACTS
        passed_by = by(fields)
        return OutcomeView(
            rule_id=rule_id,
            version=version,
            title=self.title(rule_id, version),
            result=Result(result),
            text=self._written(rule, "body", known) if is_hit and known else "",
            missing=()
            if passed_by
            else tuple(self.field(code, rule_id, version) for code in fields),
            severity=rule.severity if rule else None,
            passed_by=passed_by,
        )

    def _is_shown(self, outcome: list[Any]) -> bool:
        """Answer whether the reader may see it; what nobody can vouch for is not shown to leads."""
        if self.reader.reach.sees_hidden:
            return True
        rule_id, version, _, binding_id, *_ = outcome
        return any(
            binding.id == binding_id and binding.visibility is not Visibility.OVERSIGHT
            for rule, binding in self.ledger.rules.bound
            if (rule.id, rule.version) == (rule_id, version)
        )

    def _written(self, rule: Rule | None, key: str, values: Mapping[str, Value]) -> str:
        return texts.render(rule, key, values, self.reader.language) if rule else ""

    def _called(self, rule: Rule | None, name: str) -> str:
        labels = next(_labels(rule, name), {}) if rule else {}
        return labels.get("zh" if self.is_zh else "en") or _COMMON.get(name, {}).get(
            "zh" if self.is_zh else "en", ""
        )


#: Results of which the rule's own words tell.
_WITH_FACTS: Final = (Result.HIT, Result.SUPPRESSED, Result.EXEMPT)
#: How the event's own fields are called, where a rule gives them no name.
_COMMON: Mapping[str, Mapping[str, str]] = {
    "amount": {"zh": "金额", "en": "amount"},
    "actor": {"zh": "经办人", "en": "officer"},
    "unit": {"zh": "单位", "en": "unit"},
    "occurred_at": {"zh": "发生时间", "en": "time"},
    "occurred_on": {"zh": "发生日期", "en": "day"},
}


def _labels(rule: Rule, name: str) -> Iterator[Mapping[str, str]]:
    for field in rule.fields.values():
        if name in (field.name, field.code) and field.label:
            yield field.label
    if name in rule.facts and rule.facts[name].label:
        yield rule.facts[name].label
