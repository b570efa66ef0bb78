"""The officer who takes a step is asked to stand back where a register ties them to a party."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import (
    Actor,
    ActorKind,
    AttributeType,
    Event,
    Party,
    Relation,
    Tie,
    ValueType,
)
from cleangov_plugin.desk.answers.following import settle_follow_up
from cleangov_plugin.desk.answers.second_person import decide
from cleangov_plugin.desk.prompting import own_ties
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.intake.rule_files import rulebook_folder
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import bodies, rows
from tests.plugin.kinds_of_answer import gives
from tests.support import small_host
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

LIU = PEOPLE["liu"]
MakeCity = Callable[[], SmallHost]


@pytest.fixture
def make_city(make_host: MakeHost, tmp_path: Path) -> MakeCity:
    def make() -> SmallHost:
        rules = tmp_path / "one rule"
        rules.mkdir()
        shutil.copy(rulebook_folder() / "crosscutting" / "X01.yaml", rules)
        host = make_host(settings={"CLEANGOV_RULES": str(rules)})
        host.start()
        assert host.plugin.desk is not None, host.plugin.inert.reason
        host.who = PEOPLE["chen"]
        host.party_ties = {("chen", "p-1"): Tie.YES}
        return host

    return make


@pytest.fixture
def city(make_city: MakeCity) -> SmallHost:
    return make_city()


def decision(host: SmallHost, *parties: str, **more: Any) -> Event:
    named = tuple(Party(id=party, role="owner") for party in parties)
    return host.event("enf.decision.made", 700, parties=named, **more)


def test_who_is_tied_to_a_party_steps_back_and_somebody_else_takes_the_step(
    city: SmallHost,
) -> None:
    event = decision(city, "p-2", "p-1")
    verdict = city.gate(event)
    assert verdict.decision == "hold"
    (prompt,) = verdict.prompts
    assert "第七十六条" in "".join(prompt.body)
    assert "register of interests" in prompt.body[0]
    assert [c.code for c in prompt.choices if c.kind == "recusal_declared"] == ["step_back"]
    assert "step_back" in city.show("step.panel", event)
    gives(city, prompt.id, "step_back")
    (follow,) = rows(city, "follow_up")
    settle_follow_up(city.plugin.desk, follow["follow_id"], LIU, agrees=True, words="")
    assert city.gate(event).reason == "recused"
    other = replace(event, id="other", actor=Actor(id="liu", unit="u-1"))
    assert city.gate(other, "another").decision == "pass"


def test_who_thinks_that_they_need_not_asks_the_head_and_the_file_has_it(city: SmallHost) -> None:
    event = decision(city, "p-1")
    (prompt,) = city.gate(event).prompts
    assert not [c for c in prompt.choices if c.kind in ("justified", "acknowledged")]
    gives(city, prompt.id, "need_not")
    assert city.gate(event).reason == "waiting"
    (asked,) = rows(city, "second_request")
    decide(city.plugin.desk, asked["request_id"], LIU, agrees=True, reason="仅为同名")
    assert city.take(event).decision == "pass_recorded"
    assert [row["kind"] for row in rows(city, "answer")] == [
        "second_person_asked",
        "second_person_approved",
    ]
    assert "tied_to_party" not in bodies(city, kind=event.kind)[-1], "no register is kept here"


@pytest.mark.parametrize(
    ("choice", "language", "said"),
    [
        ("agree", "zh-CN", "已记录：您同意了案件 C-1 的回避；请另派人办理。"),
        ("decline", "en", "Kept: they go on with case C-1, and read your reason."),
    ],
)
def test_who_decides_about_it_reads_that_it_was_kept(
    city: SmallHost, choice: str, language: str, said: str
) -> None:
    (prompt,) = city.gate(decision(city, "p-1")).prompts
    gives(city, prompt.id, "step_back")
    city.who, city.tongue, browser = LIU, language, city.app.test_client()
    page = browser.get("/cleangov/mine").text
    (action,) = re.findall(r'action="(/cleangov/follow-ups/[^"]+)"', page)
    (token,) = re.findall(r'name="cleangov_token" value="([^"]+)"', page)
    form = {"cleangov_token": token, "cleangov_choice": choice, "cleangov_text": "同名"}
    assert browser.post(action, data=form).status_code == 303
    assert said in browser.get("/cleangov/mine").text
    city.who = PEOPLE["he"]
    assert said not in browser.get("/cleangov/mine").text


def test_who_is_tied_themselves_does_not_say_that_somebody_need_not(city: SmallHost) -> None:
    city.write(city.event("enf.case.filed", parties=(Party(id="p-1", role="owner"),)))
    (prompt,) = city.gate(decision(city, "p-1")).prompts
    gives(city, prompt.id, "step_back")
    city.party_ties["liu", "p-1"] = Tie.YES
    (follow,) = rows(city, "follow_up")
    with pytest.raises(AnswerRefused, match=r"inbox\.tied"):
        settle_follow_up(city.plugin.desk, follow["follow_id"], LIU, agrees=False, words="无关")
    assert [row["state"] for row in rows(city, "follow_up")] == ["open"]


@pytest.mark.parametrize(
    ("tie", "reason"),
    [
        (Tie.NO, "clear"),
        (Tie.UNKNOWN, "cannot_be_checked"),
        (None, "cannot_be_checked"),
    ],
)
def test_who_is_not_tied_goes_on_and_what_nobody_knows_is_not_called_clear(
    city: SmallHost, tie: Tie | None, reason: str
) -> None:
    city.party_ties = {} if tie is None else {("chen", "p-1"): tie}
    verdict = city.gate(decision(city, "p-1"))
    assert (verdict.decision, verdict.reason) == ("pass", reason)
    verdict = city.gate(decision(city, "p-1", "p-2"), "another")
    assert (verdict.decision, verdict.reason) == ("pass", "cannot_be_checked")
    assert city.gate(decision(city), "nobody").reason == "cannot_be_checked"


def test_a_party_that_the_case_named_before_is_asked_about_too(city: SmallHost) -> None:
    city.write(city.event("enf.case.filed", parties=(Party(id="p-1", role="owner"),)))
    assert city.gate(decision(city)).decision == "hold"
    city.open_case()
    assert city.gate(decision(city), "another").decision == "pass"


def test_a_machine_has_no_relatives(city: SmallHost) -> None:
    robot = Actor(id="chen", kind=ActorKind.SYSTEM)
    assert city.gate(decision(city, "p-1", actor=robot)).decision == "pass"


def test_a_platform_far_away_says_it_with_the_event(
    make_city: MakeCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = {"zh": "与当事人有利害关系", "en": "tied to a party"}
    told = AttributeType(code="tied_to_party", type=ValueType.BOOLEAN, labels=labels)
    monkeypatch.setattr(small_host, "ATTRIBUTES", (*small_host.ATTRIBUTES, told))
    city = make_city()
    city.party_ties = {}
    tied = decision(city, "p-1", attributes={"tied_to_party": True})
    assert city.gate(tied).decision == "hold"


@pytest.mark.parametrize("source", ["登记\x00簿\x1b[1m", "x" * 5_000, 7, None])
def test_what_a_register_is_called_is_hostile(
    city: SmallHost, monkeypatch: pytest.MonkeyPatch, source: Any
) -> None:
    told = Relation(tie=Tie.YES, source=source, as_of=date(2026, 1, 5))
    monkeypatch.setattr(own_ties, "_relation", lambda *_: told)
    (prompt,) = city.gate(decision(city, "p-1")).prompts
    assert all(len(text) < 600 and "\x00" not in text for text in prompt.body)
    assert "2026" in prompt.body[0]
