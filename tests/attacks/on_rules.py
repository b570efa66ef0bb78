"""Attacks 73: rules, terms, days, answers and findings are changed in the database."""

import itertools
import json
from contextlib import closing
from functools import partial

from cleangov_plugin.desk.findings.closing import close
from cleangov_plugin.desk.review.readers import reader_of
from tests.attacks.catalogue import Attack, Elsewhere, Finding, Row, found
from tests.attacks.on_asked import begun, platform, seem_to_wait
from tests.attacks.scene import CLERK, Scene
from tests.plugin.day import BAND
from tests.plugin.inside import rows
from tests.plugin.kinds_of_answer import DANGER, gives
from tests.plugin.steps import answered_back
from tests.support.small_host import SmallHost


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


def _longer(scene: Scene) -> list[Finding]:
    """Give a decision half a year in which ninety days are allowed."""
    query = "SELECT document FROM {s}cleangov_clock_version WHERE clock_id = 'C01'"
    (text,) = scene.ask(query)
    longer = text.replace('"length": 90', '"length": 180')
    assert longer != text
    scene.edit(
        "UPDATE {s}cleangov_clock_version SET document = :d WHERE clock_id = 'C01'", d=longer
    )
    return [found("RULE", code="rule_changed", kind="clock", id="C01", number=1)]


def _day_off(scene: Scene) -> list[Finding]:
    """Make a working day a holiday, and count all days after it anew."""
    days = "UPDATE {s}cleangov_calendar_day SET"
    assert scene.edit(f"{days} is_working = :no WHERE day_on = '2026-03-16'", no=False) == 1
    scene.edit(f"{days} ordinal = ordinal - 1 WHERE day_on >= '2026-03-16'")
    return [found("RULE", code="days_changed", id=year, number=1) for year in ("2026", "2027")]


def _other_year(scene: Scene) -> list[Finding]:
    """Slip in another version of the working days, which the next process takes for the newest."""
    columns = "day_on, is_working, ordinal, is_provisional, label"
    scene.edit(
        "INSERT INTO {s}cleangov_calendar_version (scope, version, made_at, source)"
        " SELECT scope, 2, made_at, source FROM {s}cleangov_calendar_version"
    )
    scene.edit(
        f"INSERT INTO {{s}}cleangov_calendar_day (scope, version, {columns})"
        f" SELECT scope, 2, {columns} FROM {{s}}cleangov_calendar_day WHERE day_on < '2025'"
    )
    return [found("RULE", code="days_added", id="2024", number=2)]


def _years_gone(scene: Scene) -> list[Finding]:
    assert scene.edit("DELETE FROM {s}cleangov_calendar_day WHERE day_on >= '2027'") == 365
    return [found("RULE", code="days_gone", id="2027", number=1)]


def _moved(scene: Scene) -> list[Finding]:
    """Count all days elsewhere: what was done in time may be late then, and the other way."""
    assert scene.edit("UPDATE {s}cleangov_agency SET zone = 'America/New_York'") == 1
    return [found("RULE", code="zone_changed", zone="America/New_York", sealed="Asia/Shanghai")]


def _told(scene: Scene) -> None:
    """Let a finding be closed by a person, and seal the entry that says so."""
    receipts = {"CLEANGOV_RECEIPTS": str(scene.folder / "receipts")}
    with closing(SmallHost(scene.url, scene.folder, receipts)) as host:
        host._numbers = itertools.count(900)
        host.move(hours=4)
        host.start()
        host.case = "C-9"
        host.write(host.event("enf.decision.made", 9_000, **BAND))
        (row,) = scene.ask("SELECT id FROM {s}cleangov_finding WHERE rule_id = 'E08'")
        reader = reader_of(host.plugin.desk, CLERK, "zh")
        assert reader is not None
        close(host.plugin.desk, reader, row, "confirmed", "调卷核对，确有其事")
    host.move(minutes=1)
    scene.seal()


def _reworded(scene: Scene) -> list[Finding]:
    """Have a confirmed finding say that all was in order."""
    entry, lane, no = scene.ask(
        "SELECT id, lane, no FROM {s}cleangov_entry WHERE kind = 'int.finding.changed'"
    )[0]
    (leaf,) = scene.ask(
        "SELECT idx FROM {s}cleangov_leaf WHERE lane = :lane AND no = :no", lane=lane, no=no
    )
    changed = scene.edit("UPDATE {s}cleangov_finding SET disposition = 'unfounded'")
    assert changed == 1
    return [found("COL", code="finding_changed", entry=entry, leaf=leaf, names="disposition")]


def _hit_lost(scene: Scene) -> list[Finding]:
    """Delete a finding of which nobody has said anything yet, but the entry that raised it."""
    key, subject = scene.ask(
        "SELECT event_key, subject FROM {s}cleangov_finding WHERE rule_id = 'E08'"
    )[0]
    (entry,) = scene.ask("SELECT id FROM {s}cleangov_entry WHERE event_key = :key", key=key)
    assert scene.edit("DELETE FROM {s}cleangov_finding") == 1
    return [found("COL", code="finding_lost", entry=entry, rule="E08", case=subject)]


def _hit_owed(scene: Scene) -> list[Finding]:
    """Delete a finding, and have it seem that it is still to be opened."""
    (key,) = scene.ask("SELECT event_key FROM {s}cleangov_finding WHERE rule_id = 'E08'")
    seem_to_wait(scene, key, "{}")
    return _hit_lost(scene)


def _raised(scene: Scene) -> None:
    """Let a rule hit, and nobody say anything about it."""
    receipts = {"CLEANGOV_RECEIPTS": str(scene.folder / "receipts")}
    with closing(SmallHost(scene.url, scene.folder, receipts)) as host:
        host._numbers = itertools.count(900)
        host.move(hours=4)
        host.start()
        host.write(host.event("enf.decision.made", 9_000, **BAND))


def twice_raised(scene: Scene) -> None:
    """Let one rule raise two findings in one case: of a step, and of one that could not wait."""
    with platform(scene) as host:
        begun(host, "C-26")
        answered_back(host)
        host.write(host.event("enf.decision.made", 2_000))
        event = host.event("enf.decision.made", 2_000)
        (prompt,) = host.gate(event).prompts
        gives(host, prompt.id, "danger", **DANGER)
        host.take(event)
        assert len(rows(host, "finding", subject="C-26", rule_id="E07")) == 2
        host.move(minutes=1)
    scene.seal()


def _one_of_two(which: int, scene: Scene) -> list[Finding]:
    statement = "DELETE FROM {s}cleangov_finding WHERE subject = 'C-26' AND rule_id = 'E07'"
    like = "NOT LIKE" if which == 0 else "LIKE"
    assert scene.edit(f"{statement} AND part {like} 'glass:%'") == 1
    entries = scene.ask(
        "SELECT id FROM {s}cleangov_entry WHERE subject = 'C-26' AND kind = 'enf.decision.made'"
        " ORDER BY id"
    )
    return [found("COL", code="finding_lost", rule="E07", entry=entries[which])]


def _attack(number: str, title: str, do: object, names: str = "rule, edition") -> Attack:
    return Attack(number=number, title=title, by=("RULE",), names=names, do=do)  # type: ignore[arg-type]


ROWS: tuple[Row, ...] = (
    _attack("73a", "a binding is made to tell nobody", _softened),
    _attack("73b", "a rule is deleted with all its editions", _taken_out),
    _attack("73c", "a rule is taken out of force beside the plugin", _retired),
    _attack("73d", "an edition is slipped in, dated back", _slipped_in),
    _attack("73k", "the term of a clock is made longer", _longer, "clock, edition"),
    _attack("73l", "a working day is made a holiday", _day_off, "year, version"),
    _attack("73m", "another calendar is slipped in", _other_year, "year, version"),
    _attack("73n", "a year's working days are deleted", _years_gone, "year, version"),
    _attack("73o", "the zone that days are counted in is moved", _moved, "zone"),
    Attack(
        number="73f",
        title="a finding that was confirmed is made to have been in order",
        by=("COL",),
        names="entry, leaf",
        do=_reworded,
        prepare=_told,
    ),
    Elsewhere(
        number="73g",
        title="a finding is closed or deleted, and no entry says so",
        by=("COL",),
        tests=tuple(
            f"tests/plugin/test_findings_in_the_ledger.py::test_{name}"
            for name in (
                "one_that_is_closed_without_an_entry_of_ours_is_named",
                "a_finding_that_is_changed_beside_its_entries_is_named",
            )
        ),
    ),
    Attack(
        number="73h",
        title="a finding is deleted before anybody said anything about it",
        by=("COL",),
        names="entry",
        do=_hit_lost,
        prepare=_raised,
    ),
    Attack(
        number="73p",
        title="and it is made to seem still to be opened",
        by=("COL",),
        names="entry",
        do=_hit_owed,
        prepare=_raised,
    ),
    Attack(
        number="73i",
        title="of two findings of one rule in one case, one is deleted",
        by=("COL",),
        names="entry",
        do=partial(_one_of_two, 0),
        prepare=twice_raised,
    ),
    Attack(
        number="73j",
        title="or the other one, of a step that could not wait",
        by=("COL",),
        names="entry",
        do=partial(_one_of_two, 1),
        prepare=twice_raised,
    ),
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
