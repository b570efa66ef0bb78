"""How a rule decided of an event, part by part, for whoever reviews a finding."""

import json
from collections.abc import Mapping
from typing import Any, Final

from cleangov_hooks import Privacy
from cleangov_plugin.desk.typed import from_json
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.terms import Result, Tier, Visibility
from cleangov_plugin.rules import Rule, explain
from cleangov_plugin.rules.tree import Source, names

from .rule_words import Teller

#: What is explained, and as what: a hit that was settled or passed over is one all the same.
_EXPLAINED: Final = {
    Result.HIT: Result.HIT,
    Result.SUPPRESSED: Result.HIT,
    Result.EXEMPT: Result.HIT,
    Result.CANNOT_BE_CHECKED: Result.CANNOT_BE_CHECKED,
}


def how_decided(
    teller: Teller, rule: Rule | None, row: Mapping[str, Any] | None
) -> tuple[str, ...]:
    """Tell how a rule decided of an entry: each part of its condition with its values and answer.

    :param teller: tells what the rules said.
    :param rule: the rule; None where it is kept nowhere any more.
    :param row: row of the entry; None where it may not be seen.
    :return: lines in the reader's language, what was unknown named in the last; empty for whoever
        does not review, where nothing was kept, and where the condition itself names a person.
    """
    if rule is None or row is None or not teller.reader.is_reviewer or not row["fact_values"]:
        return ()
    if _names_somebody(teller, rule):
        return ()
    kept = json.loads(row["fact_values"])
    for outcome in json.loads(row["body"])["outcomes"]:
        rule_id, version, result, binding, *fields = outcome
        values = kept.get(f"{rule_id}@{version}/{binding}")
        explained = _EXPLAINED.get(Result(result))
        if (rule_id, version) == (rule.id, rule.version) and values and explained is not None:
            said = RuleOutcome(
                rule_id=rule_id,
                version=version,
                binding_id=binding,
                result=explained,
                severity=rule.severity,
                tier=Tier.RECORD,
                visibility=Visibility.OVERSIGHT,
                fields=tuple(fields) if explained is Result.CANNOT_BE_CHECKED else (),
                values=from_json(values),
            )
            return tuple(explain(rule, said, teller.reader.language)[1:])
    return ()


def _names_somebody(teller: Teller, rule: Rule) -> bool:
    """Answer whether the condition shows who acted, or a field that is kept as a personal one."""
    read = [name for name in names(rule.condition) if name.source is Source.EVENT]
    codes = {rule.fields[name.key].code or name.key for name in read}
    taken = [rule.facts[n.key].field for n in names(rule.condition) if n.source is Source.FACT]
    codes |= {rule.fields[field].code or field for field in taken if field}
    declared = (each for kind in teller.desk.types().values() for each in kind.attributes)
    kept_back = {each.code for each in declared if each.privacy is not Privacy.PUBLIC}
    return not codes.isdisjoint(kept_back | {"actor"})
