"""A panel as it is kept with its prompt: rules and typed values, no text of any language."""

import json
from typing import Any

from cleangov_plugin.desk.shelf import Connection, Ledger, Shelf
from cleangov_plugin.desk.typed import from_json, to_json
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.terms import Result, Severity, Tier, Visibility
from cleangov_plugin.prompts.panel import Hit, Panel, dedupe_key, together

from .choices import offers_of


def refs(merged: Panel) -> str:
    """Write the rules that a panel merges, as JSON list.

    :param merged: the panel.
    """
    return json.dumps(list(merged.refs))


def keep(merged: Panel) -> str:
    """Write a panel's hits as JSON, without any text.

    :param merged: the panel.
    """
    return json.dumps([_kept(hit.outcome) for hit in merged.hits], ensure_ascii=False)


def rules_of(outcomes: str) -> list[str]:
    """Name the rules of a kept panel.

    :param outcomes: what `keep` wrote.
    """
    return [str(item["rule"]) for item in json.loads(outcomes)]


def restore(shelf: Shelf, connection: Connection, ledger: Ledger, outcomes: str) -> Panel | None:
    """Make a kept panel anew, with the rules it was made from.

    :param shelf: the rules.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param outcomes: what `keep` wrote.
    :return: the panel; None where a rule of it is nowhere kept.
    """
    hits = []
    for item in json.loads(outcomes):
        rule = shelf.rule(connection, ledger, item["rule"], item["version"])
        if rule is None:
            return None
        hits.append(Hit(outcome=_outcome(item), offers=offers_of(rule)))
    return together(hits) if hits else None  # in the order in which it was shown


def _kept(outcome: RuleOutcome) -> dict[str, Any]:
    return {
        "rule": outcome.rule_id,
        "version": outcome.version,
        "binding": outcome.binding_id,
        "result": outcome.result.value,
        "severity": outcome.severity.value,
        "tier": outcome.tier.value,
        "visibility": outcome.visibility.value,
        "fields": list(outcome.fields),
        "values": to_json(outcome.values),
        "part": outcome.part,
        "beside": outcome.beside,
        "key": dedupe_key(outcome),
    }


def _outcome(item: dict[str, Any]) -> RuleOutcome:
    return RuleOutcome(
        rule_id=item["rule"],
        version=item["version"],
        binding_id=item["binding"],
        result=Result(item["result"]),
        severity=Severity(item["severity"]),
        tier=Tier(item["tier"]),
        visibility=Visibility(item["visibility"]),
        fields=tuple(item["fields"]),
        values=from_json(item["values"]),
        part=item["part"],
        beside=item["beside"],
    )
