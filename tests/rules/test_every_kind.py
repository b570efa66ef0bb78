"""Rules of every kind of event, two clocks, days read from moments, and days on the calendar."""

from datetime import UTC, date, datetime
from itertools import accumulate
from typing import Any

import pytest

from cleangov_hooks import Clock, Precision
from cleangov_plugin.calendar import Calendar
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.intake.holidays_cn import calendar_days
from cleangov_plugin.rules import (
    ANY_KIND,
    Knowledge,
    RuleSet,
    compile_binding,
    compile_rule,
    plan,
    texts,
)
from cleangov_plugin.rules.page import rule_page
from tests.rules.rule_building import BOTH, ROME, ask, document, event, known

FIELDS = {
    "due": {"type": "datetime", "required": False},
    "due_on": {"type": "date", "code": "due", "required": False},
}


def bound(document_: dict[str, Any]) -> RuleSet:
    rule = compile_rule(document_)
    return RuleSet(1, ((rule, compile_binding({"id": "b", "tier": 0, "phases": ["event"]}, rule)),))


def test_a_rule_of_every_kind_is_planned_for_any_kind_and_no_other_phase() -> None:
    ruleset = bound(document("amount > 800元", on="any"))
    asked = {"on": date(2026, 3, 10), "unit": None, "step": "s", "source": "t"}
    for kind in ("enf.decision.made", "prm.decided", "bpic2015.01_hoofd_010"):
        assert len(plan(ruleset, kind, Phase.EVENT, **asked).bound) == 1  # type: ignore[arg-type]
        assert not plan(ruleset, kind, Phase.GATE, **asked).bound  # type: ignore[arg-type]
    assert len(ruleset.compiled(ANY_KIND, Phase.EVENT)) == 1


def test_rules_of_one_kind_and_of_every_kind_go_together() -> None:
    one, every = document("amount > 800元"), document("amount > 900元", on=["any"], id="T02")
    rules = [compile_rule(one), compile_rule(every)]
    made = {"tier": 0, "phases": ["event"]}
    ruleset = RuleSet(
        1, tuple((rule, compile_binding({"id": rule.id, **made}, rule)) for rule in rules)
    )
    ids = [b.rule.id for b in ruleset.compiled("enf.decision.made", Phase.EVENT)]
    assert ids == ["T01", "T02"]
    assert [b.rule.id for b in ruleset.compiled("prm.decided", Phase.EVENT)] == ["T02"]


@pytest.mark.parametrize("on", [["any", "prm.decided"], "every", ["*"]])
def test_any_stands_alone(on: Any) -> None:
    with pytest.raises(RuleError, match="no kind of event"):
        compile_rule(document(on=on))


def test_its_page_says_so() -> None:
    assert "every kind of event" in rule_page(document(on="any", review_by="2027-01-01"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("recorded", "days"),
    [
        ("2026-03-10T23:59:59+08:00", 0),
        ("2026-03-10T16:00:00+00:00", 1),
        ("2026-03-09T23:00:00+08:00", -1),
    ],
)
def test_the_day_of_recording_is_that_of_the_place(recorded: str, days: int) -> None:
    record = event("2026-03-10T10:00:00+08:00", recorded_at=at(recorded))
    condition = f"recorded_on - occurred_on == {days} days".replace("== -1", "+ 1 days == 0")
    assert ask(document(condition), record).result is Result.HIT
    later = ask(document("recorded_at - occurred_at > 13 hours"), record)
    assert (later.result is Result.HIT) == (days >= 0)


def test_the_clock_is_one_of_a_closed_list() -> None:
    rule = document("clock == 'import'")
    assert ask(rule, event(clock=Clock.IMPORT)).result is Result.HIT
    assert ask(rule, event(clock=Clock.DEVICE)).result is Result.CLEAR
    with pytest.raises(RuleError, match="Did you mean 'import'"):
        compile_rule(document("clock == 'imprt'"))


@pytest.mark.parametrize(
    ("due", "zone", "day"),
    [
        (datetime(2026, 3, 10, 16, tzinfo=UTC), "known", date(2026, 3, 11)),
        (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), "rome", date(2026, 3, 30)),
        (datetime(2026, 2, 28, 23, 30, tzinfo=UTC), "rome", date(2026, 3, 1)),
        (date(2024, 2, 29), "known", date(2024, 2, 29)),
    ],
)
def test_where_a_day_is_asked_for_a_moment_is_the_day_of_the_place(
    due: Any, zone: str, day: date
) -> None:
    knowledge = known() if zone == "known" else known(zone=ROME)
    outcome = ask(
        document(f"due_on == {day}", fields=FIELDS), event(attributes={"due": due}), knowledge
    )
    assert outcome.result is Result.HIT


@pytest.mark.parametrize(
    "due",
    ["2026-03-10", 20260310, datetime(2026, 3, 10, 10), datetime(1, 1, 1, tzinfo=UTC)],  # noqa: DTZ001
)
def test_what_is_neither_day_nor_moment_is_missing(due: Any) -> None:
    knowledge = known()
    if isinstance(due, datetime) and due.tzinfo:  # a day before the calendar begins
        import zoneinfo

        knowledge = Knowledge(zone=zoneinfo.ZoneInfo("America/New_York"))
    rule = document("not missing(due_on)", fields=FIELDS)
    assert ask(rule, event(attributes={"due": due}), knowledge).result is Result.CLEAR


def test_a_moment_alone_does_not_know_the_hour_of_a_day() -> None:
    rule = document("not missing(due) or missing(due_on)", fields=FIELDS)
    assert ask(rule, event(attributes={"due": date(2026, 3, 10)})).result is Result.CLEAR


def working_days(*years: int) -> Calendar:
    days = calendar_days("CN", years)
    return Calendar(
        version=1,
        first=days[0].date,
        ordinals=tuple(accumulate(day.is_working for day in days)),
    )


VALUES = {"ends_on": "occurred_on + params.days"}
TEXT = {
    "zh": "{values.ends_on:weekday}[[ {values.ends_on:date_short}]]",
    "en": "{values.ends_on:weekday}",
}
TERM = {"days": {"type": "working_days", "default": "5 working days"}}


@pytest.mark.parametrize(
    ("start", "days", "zh", "en"),
    [
        ("2026-03-05", 5, "周四 3月12日", "Thursday"),
        ("2026-02-13", 5, "周五 2月27日", "Friday"),
        ("2026-02-13", 1, "周六 2月14日", "Saturday"),
        ("2026-09-24", 7, "周一 10月12日", "Monday"),
        ("2024-02-28", 1, "周四 2月29日", "Thursday"),
    ],
)
def test_the_last_day_of_a_term_counts_make_up_days(
    start: str, days: int, zh: str, en: str
) -> None:
    rule = compile_rule(
        document("true", values=VALUES, parameters=TERM, texts={"headline": BOTH, "body": TEXT})
    )
    calendar = working_days(2024, 2025, 2026)
    outcome = ask(
        rule,
        event(f"{start}T10:00:00+08:00"),
        known(calendar=calendar),
        parameters={"days": f"{days} working days"},
    )
    assert texts.render(rule, "body", outcome.values, "zh") == zh
    assert texts.render(rule, "body", outcome.values, "en") == en


def test_without_a_calendar_the_last_day_is_left_out() -> None:
    words = {
        "zh": "第一句[[，{values.ends_on:date}到期]]。",
        "en": "One[[, until {values.ends_on:date}]].",
    }
    rule = compile_rule(
        document("true", values=VALUES, parameters=TERM, texts={"headline": BOTH, "body": words})
    )
    outcome = ask(rule, event(precision=Precision.DAY), known())
    assert outcome.result is Result.HIT
    assert texts.render(rule, "body", outcome.values, "zh") == "第一句。"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"condition": "occurred_on + 5 working days > occurred_on"}, "in 'values' alone"),
        ({"applies": "occurred_on + 5 working days > occurred_on"}, "in 'values' alone"),
        ({"values": {"x": "occurred_on - 5 working days"}}, "do not go together"),
        ({"values": {"x": "occurred_at + 5 working days"}}, "do not go together"),
    ],
)
def test_a_day_is_moved_by_working_days_for_texts_alone(more: Any, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        compile_rule(document(**more))
