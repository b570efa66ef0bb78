"""Attacks 73: rules and answers in the database are changed past the plugin."""

import json

from tests.attacks.catalogue import Attack, Elsewhere, Finding, Row, found
from tests.attacks.scene import Scene


def _bound(scene: Scene) -> tuple[str, str]:
    """Answer a rule that is in force, and one of its bindings."""
    rule, binding = scene.ask(
        "SELECT rule_id, binding_id FROM {s}cleangov_binding WHERE to_at IS NULL"
        " ORDER BY binding_id LIMIT 1"
    )[0]
    return str(rule), str(binding)


def _softened(scene: Scene) -> list[Finding]:
    """Have a binding that asks something tell nobody."""
    query = "SELECT binding_id, document FROM {s}cleangov_binding WHERE to_at IS NULL"
    bound = {id_: json.loads(text) for id_, text in scene.ask(query)}
    binding = min(id_ for id_, document in bound.items() if document["tier"] > 0)
    softer = json.dumps({**bound[binding], "tier": 0}, ensure_ascii=False)
    of_it = "binding_id = :b AND to_at IS NULL"
    scene.edit(f"UPDATE {{s}}cleangov_binding SET document = :d WHERE {of_it}", d=softer, b=binding)
    return [found("RULE", code="rule_changed", kind="binding", id=binding)]


def _taken_out(scene: Scene) -> list[Finding]:
    rule, _ = _bound(scene)
    scene.edit("DELETE FROM {s}cleangov_rule_version WHERE rule_id = :r", r=rule)
    return [found("RULE", code="rule_gone", kind="rule", id=rule, number=1)]


def _retired(scene: Scene) -> list[Finding]:
    """Take a rule out of force, but raise no revision: running processes go on for a while."""
    rule, _ = _bound(scene)
    scene.edit(
        "UPDATE {s}cleangov_rule_version SET to_at = :at WHERE rule_id = :r AND to_at IS NULL",
        at="2026-03-10T02:00:00.000000Z",
        r=rule,
    )
    return [found("RULE", code="rule_changed", kind="rule", id=rule)]


def _slipped_in(scene: Scene) -> list[Finding]:
    """Put in an edition that would exempt somebody, dated back."""
    rule, _ = _bound(scene)
    scene.edit(
        "INSERT INTO {s}cleangov_rule_version"
        " SELECT log_id, rule_id, edition + 1, version, hash, document, state, from_at, from_at"
        " FROM {s}cleangov_rule_version WHERE rule_id = :r",
        r=rule,
    )
    return [found("RULE", code="rule_added", kind="rule", id=rule, number=2)]


def _attack(number: str, title: str, do: object, names: str = "rule, edition") -> Attack:
    return Attack(number=number, title=title, by=("RULE",), names=names, do=do)  # type: ignore[arg-type]


ROWS: tuple[Row, ...] = (
    _attack("73a", "a binding is made to tell nobody", _softened),
    _attack("73b", "a rule is deleted with all its editions", _taken_out),
    _attack("73c", "a rule is taken out of force beside the plugin", _retired),
    _attack("73d", "an edition is slipped in, dated back", _slipped_in),
    Elsewhere(
        number="73e",
        title="an officer's answer is changed or taken out",
        by=("COL",),
        tests=(
            (
                "tests/plugin/test_answers_in_the_ledger.py::"
                "test_an_answer_that_is_changed_or_taken_out_is_named"
            ),
        ),
    ),
)
