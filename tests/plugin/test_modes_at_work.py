"""In a mode that two people declared for a time, less is asked; what was deferred is looked at."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Event, Mode, Verdict
from cleangov_plugin.desk.choice import modes
from cleangov_plugin.desk.choice.declaring import DeclarationRefused
from cleangov_plugin.desk.choice.modes import MODES, Wish
from cleangov_plugin.domain.our_kinds import MODE_CONFIRMED, MODE_DECLARED, MODE_ENDED
from tests.plugin.conftest import MakeHost, on_sqlite
from tests.plugin.inside import attrs, bodies, fates, one, outcomes, rows, tick
from tests.plugin.weighed import decision, write_rules
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

EASED = ", eased: [emergency, green_channel, on_commitment]"


@pytest.fixture
def city(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    host = make_host(settings={"CLEANGOV_RULES": str(write_rules(tmp_path, EASED))})
    host.start()
    assert host.plugin.desk is not None, host.plugin.inert.reason
    return host


def declared(host: SmallHost, mode: str = "emergency", **more: Any) -> str:
    """Declare a mode of six hours; answer its id."""
    wish = Wish(mode=mode, why="防汛四级响应", until=host.clock + timedelta(hours=6), **more)
    return modes.declare(host.plugin.desk, "cg", wish, PEOPLE["chen"], "zh-CN")


def in_force(host: SmallHost, mode: str = "emergency", **more: Any) -> str:
    """Declare a mode and let somebody else agree to it; answer its id."""
    id_ = declared(host, mode, **more)
    MODES.confirm(host.plugin.desk, "cg", id_, PEOPLE["he"], "zh-CN")
    return id_


def taken(host: SmallHost, *rules: str) -> tuple[Event, Verdict]:
    """Take a step that some rules hit."""
    event = decision(host, *rules)
    return event, host.take(event)


def test_what_an_emergency_lets_through_is_a_finding_when_it_ends(city: SmallHost) -> None:
    id_ = in_force(city)
    event, verdict = taken(city, "W2", "R2")
    assert (verdict.decision, verdict.reason) == ("pass_recorded", f"deferred:{id_}")
    assert verdict.prompts[0].tier == 1
    assert verdict.notes[-1].startswith("应急状态至 3月10日")
    (body,) = bodies(city, kind=event.kind)
    assert outcomes(body)["W2"] == outcomes(body)["R2"] == "hit"
    assert rows(city, "finding") == []
    assert tick(city).reviewed == 0
    city.move(hours=6)
    assert tick(city).reviewed == 1
    found = rows(city, "finding")
    assert {row["rule_id"] for row in found} == {"W2", "R2"}
    assert {(row["owner"], row["event_id"]) for row in found} == {("supervision", event.id)}
    assert tick(city).reviewed == 0
    assert len(rows(city, "finding")) == 2


def test_one_person_alone_declares_nothing(city: SmallHost) -> None:
    id_ = declared(city)
    assert city.gate(decision(city, "W2")).decision == "hold"
    with pytest.raises(DeclarationRefused, match="另一人"):
        MODES.confirm(city.plugin.desk, "cg", id_, PEOPLE["chen"], "zh-CN")
    with pytest.raises(DeclarationRefused, match="somebody else"):
        MODES.confirm(city.plugin.desk, "cg", id_, PEOPLE["chen"], "en")
    assert city.gate(decision(city, "W2")).decision == "hold"


def test_declaring_agreeing_and_ending_are_entries(city: SmallHost) -> None:
    id_ = in_force(city, units=("u-1",), streams=("enforcement",))
    MODES.end(city.plugin.desk, "cg", id_, PEOPLE["he"], "水位已回落", "zh-CN")
    told = [attrs(*bodies(city, kind=kind)) for kind in (MODE_DECLARED, MODE_CONFIRMED, MODE_ENDED)]
    assert [each["a.mode_id"] for each in told] == [id_] * 3
    assert (told[0]["a.mode"], told[0]["a.why"]) == ("emergency", "防汛四级响应")
    (mode,) = MODES.all_of(city.plugin.desk, "cg")
    assert mode.declared_by
    assert mode.confirmed_by not in (None, mode.declared_by)
    assert (mode.units, mode.streams) == (frozenset({"u-1"}), frozenset({"enforcement"}))
    assert mode.is_over(city.clock)
    with pytest.raises(DeclarationRefused, match="no mode of this id"):
        MODES.end(city.plugin.desk, "cg", id_, PEOPLE["he"], "once more", "en")


def test_a_mode_that_is_ended_holds_again_at_once(city: SmallHost) -> None:
    id_ = in_force(city)
    event = decision(city, "W2")
    hint = city.gate(event).prompts[0]
    assert hint.tier == 1
    MODES.end(city.plugin.desk, "cg", id_, PEOPLE["he"], "水位已回落", "zh-CN")
    verdict = city.gate(event)
    assert (verdict.decision, verdict.prompts[0].tier) == ("hold", 2)
    assert fates(city, hint.id) == ["created", "superseded"]


@pytest.mark.parametrize("rules", [("S4",), ("W2", "S4")])
def test_no_mode_does_without_a_second_person(city: SmallHost, rules: tuple[str, ...]) -> None:
    in_force(city)
    verdict = city.gate(decision(city, *rules))
    assert (verdict.decision, verdict.prompts[0].tier) == ("hold", 4)


@on_sqlite
@pytest.mark.parametrize("more", [{"units": ("u-9",)}, {"streams": ("permit",)}])
def test_elsewhere_nothing_is_asked_less(city: SmallHost, more: dict[str, Any]) -> None:
    in_force(city, **more)
    assert city.gate(decision(city, "W2")).decision == "hold"


@on_sqlite
def test_a_mode_that_no_rule_file_names_changes_nothing(city: SmallHost) -> None:
    in_force(city, "campaign")
    assert city.gate(decision(city, "W2")).decision == "hold"


@on_sqlite
def test_a_green_channel_does_not_hold_and_the_hit_is_a_finding_at_once(city: SmallHost) -> None:
    in_force(city, "green_channel")
    city.tongue = "en"
    _, verdict = taken(city, "W2")
    assert verdict.reason == "eased:green_channel"
    assert verdict.notes[-1] == ("Green channel: this step is not held; what was seen is recorded.")
    assert one(city, "finding")["rule_id"] == "W2"


@on_sqlite
@pytest.mark.parametrize(
    ("mode", "decided"),
    [(Mode.ON_COMMITMENT, "pass_recorded"), (Mode.INSTANT, "hold"), (Mode.EMERGENCY, "hold")],
)
def test_a_procedure_asks_less_where_the_file_says_so(
    city: SmallHost, mode: Mode, decided: str
) -> None:
    """That an event calls itself an emergency is no declaration."""
    verdict = city.gate(replace(decision(city, "W2"), mode=mode))
    assert verdict.decision == decided


@on_sqlite
def test_what_was_written_otherwise_than_asked_is_a_finding_at_once(city: SmallHost) -> None:
    in_force(city)
    event = decision(city, "W2")
    city.gate(event)
    city.write(replace(event, attributes={"copies": 9}, attempt_id=f"a-{event.case_id}"))
    assert one(city, "finding")["rule_id"] == "W2"


def test_what_was_corrected_meanwhile_is_no_finding(city: SmallHost) -> None:
    in_force(city)
    event, _ = taken(city, "W2")
    right = city.event("enf.decision.made", 700, copies=1, supersedes=event.id)
    city.write(right)
    city.move(hours=6)
    assert tick(city).reviewed == 1
    assert rows(city, "finding") == []


@on_sqlite
def test_a_rule_that_is_gone_by_then_still_has_its_finding(city: SmallHost, tmp_path: Path) -> None:
    in_force(city)
    taken(city, "W2")
    desk = city.plugin.desk
    with city.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE cleangov_rule_version SET to_at = from_at WHERE rule_id = 'W2'"
        )
        connection.exec_driver_sql(
            "UPDATE cleangov_binding SET to_at = from_at WHERE rule_id = 'W2'"
        )
        connection.exec_driver_sql("UPDATE cleangov_revision SET ruleset = ruleset + 1")
    city.gate(decision(city, "R2"))  # reads the rules anew
    city.move(hours=6)
    tick(city)
    assert one(city, "finding")["rule_id"] == "W2"
    assert desk is city.plugin.desk


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"mode": "war"}, "可以宣布的是", "what can be declared"),
        ({"hours": 0}, "结束时间", "has an end"),
        ({"hours": 24 * 14 + 1}, "14 天", "14 days"),
        ({"why": "急"}, "理由", "say why"),
        ({"why": "急" * 301}, "理由", "say why"),
        ({"streams": ("nowhere",)}, "业务流", "streams are"),
        ({"units": ("u",) * 21}, "20", "20"),
        ({"units": ("",)}, "单位", "units"),
    ],
)
def test_what_has_no_end_reason_or_place_is_refused_in_both_languages(
    city: SmallHost, changes: dict[str, Any], zh: str, en: str
) -> None:
    until = city.clock + timedelta(hours=changes.pop("hours", 6))
    given = {"mode": "emergency", "why": "防汛四级响应", **changes}
    for language, words in (("zh-CN", zh), ("en", en)):
        with pytest.raises(DeclarationRefused, match=words):
            modes.declare(
                city.plugin.desk, "cg", Wish(until=until, **given), PEOPLE["chen"], language
            )
    assert bodies(city, kind=MODE_DECLARED) == []
