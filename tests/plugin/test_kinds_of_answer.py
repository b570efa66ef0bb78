"""Coded reasons, stepping back, the glass, and what is put off: each with what follows on it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Actor, Evidence
from cleangov_plugin.desk.answers.following import settle_follow_up
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import ANSWER_LATE, ANSWER_REFUSED, FOLLOW_UP_DECIDED
from cleangov_plugin.ledger import disclosure
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import attrs, bodies, one, outcomes, rows, tick
from tests.plugin.kinds_of_answer import DANGER, FILE, HE, LATER, gives, person, refused
from tests.plugin.steps import heavier, outside
from tests.support.answer_rules import answer_rules
from tests.support.small_host import SmallHost


@pytest.fixture
def city(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    host = make_host(settings={"CLEANGOV_RULES": str(answer_rules(tmp_path / "rules"))})
    host.start()
    return host


def told(host: SmallHost, **equals: Any) -> list[dict[str, str]]:
    """What entries of a kind disclose, and say openly."""
    return [
        attrs(body) | dict(disclosure.read(d) for d in disclosure.split(row["disc"]))
        for row, body in zip(rows(host, "entry", **equals), bodies(host, **equals), strict=True)
    ]


def decides(host: SmallHost, who: str, *roles: str, agrees: bool, words: str = "") -> str:
    """Decide the one follow-up; the key of what the person is told, empty where it was taken."""
    follow_id = one(host, "follow_up")["follow_id"]
    try:
        settle_follow_up(
            host.plugin.desk, follow_id, person(host, who, *roles), agrees=agrees, words=words
        )
    except AnswerRefused as problem:
        return str(problem.what)
    return ""


def test_a_coded_reason_is_checked_kept_and_in_the_ledger(city: SmallHost) -> None:
    event, prompt = outside(city)
    choice = next(c for c in prompt.choices if c.code == "deviation")
    assert [(r.code, r.needs_text, r.needs_evidence) for r in choice.reasons] == [
        ("collective", False, True), ("special", True, False), ("trial", False, False),
    ]  # fmt: skip
    for more, said in (
        ({}, "error.coded_reason"),
        ({"reason": "none of them"}, "error.coded_reason"),
        ({"reason": "collective"}, "error.evidence"),
        ({"reason": "collective", "evidence": Evidence(reference="x" * 201)}, "error.evidence"),
        ({"reason": "collective", "evidence": Evidence(reference="a\x00b")}, "error.evidence"),
        ({"reason": "collective", "evidence": Evidence(reference="a", digest="zz")},
         "error.evidence"),
        ({"reason": "special"}, "error.words"),
        ({"reason": "trial", "text": "字" * 2_001}, "error.long"),
    ):  # fmt: skip
        assert refused(city, prompt.id, "deviation", **more) == said
    assert rows(city, "answer") == rows(city, "answer_basis") == []
    assert gives(city, prompt.id, "deviation", reason="collective", evidence=FILE).goes_on
    basis = one(city, "answer_basis")
    assert (basis["reason"], basis["evidence"]) == ("collective", FILE.reference)
    (said_,) = told(city, kind="int.prompt.answered")
    assert (said_["reason_code"], said_["evidence"]) == ("collective", FILE.reference)
    assert city.take(event).decision == "pass_recorded"
    assert outcomes(bodies(city)[-1])["E08"] == "suppressed"


def test_who_steps_back_is_held_and_another_officer_goes_on(city: SmallHost) -> None:
    event, prompt = outside(city)
    assert refused(city, prompt.id, "step_back") == "error.words"
    assert not gives(city, prompt.id, "step_back", text="当事人是我表哥").goes_on
    assert "您已申请回避" in city.show("step.panel", event)
    assert refused(city, prompt.id, "known") == "error.waiting"
    for attempt in (None, "another-try"):
        verdict = city.gate(event, attempt)
        assert (verdict.decision, verdict.reason) == ("hold", "recused")
    assert decides(city, "wang", agrees=True) == "error.not_yours"
    assert decides(city, "chen", "reviewer", agrees=True) == "follow.conflict"
    assert decides(city, "liu", "reviewer", agrees=True) == ""
    assert decides(city, "liu", "reviewer", agrees=True) == ""
    assert decides(city, "wu", "reviewer", agrees=False, words="不必") == "error.gone"
    (said,) = told(city, kind=FOLLOW_UP_DECIDED)
    assert (said["choice"], said["a.about"]) == ("agreed", "recusal")
    reasons = {attrs(body)["a.reason"] for body in bodies(city, kind=ANSWER_REFUSED)}
    assert reasons == {"role", "own_step"}
    person(city, "chen", "officer")
    assert "由他人办理" in city.show("step.panel", event)
    assert city.gate(event, "third").reason == "recused"
    person(city, "wang", "officer")
    other = city.event("enf.decision.made", 900, band_min=event.attributes["band_min"],
                       band_max=event.attributes["band_max"])  # fmt: skip
    assert city.take(other, "of-wang").decision == "pass"


def test_stepping_back_is_taken_back_or_declined_and_the_officer_goes_on(city: SmallHost) -> None:
    event, prompt = outside(city)
    gives(city, prompt.id, "step_back", text="认识当事人")
    gives(city, prompt.id, "take_back")
    assert one(city, "follow_up")["state"] == "withdrawn"
    assert city.gate(event).reason == "hit"
    city.open_case()
    event, prompt = outside(city)
    gives(city, prompt.id, "step_back", text="认识当事人")
    (waiting,) = rows(city, "follow_up", state="open")
    liu = person(city, "liu", "reviewer")
    desk = city.plugin.desk
    with pytest.raises(AnswerRefused, match=r"error\.words"):
        settle_follow_up(desk, waiting["follow_id"], liu, agrees=False, words=" ")
    settle_follow_up(desk, waiting["follow_id"], liu, agrees=False, words="并无利害关系")
    person(city, "chen", "officer")
    assert "并无利害关系" in city.show("step.panel", event)
    assert refused(city, prompt.id, "take_back") == "error.gone"
    assert gives(city, prompt.id, "known").goes_on
    assert city.take(event).decision == "pass_recorded"


def test_the_glass_needs_a_reason_and_an_approver_and_is_reviewed(city: SmallHost) -> None:
    event, prompt = heavier(city)
    assert prompt.tier == 5
    choice = next(c for c in prompt.choices if c.code == "danger")
    assert choice.approver_role == "chief_engineer"
    plain = {"reason": "life", "text": "墙体正在坍塌"}
    for more, said in (
        (plain, "error.approver"),
        ({**plain, "approver": Actor(id="zhao")}, "error.approver"),
        ({**plain, "approver": Actor(id="zhao", roles=("officer",))}, "error.approver"),
        ({**plain, "approver": Actor(id="chen", roles=HE.roles)}, "error.approver.own"),
        ({"reason": "life", "approver": HE}, "error.words"),
        ({"approver": HE, "text": "x"}, "error.coded_reason"),
    ):
        assert refused(city, prompt.id, "danger", **more) == said
    assert refused(city, prompt.id, "danger", **DANGER, by="wang") == "error.not_yours"
    assert gives(city, prompt.id, "danger", **DANGER).goes_on
    assert rows(city, "finding") == []
    other = city.event("enf.decision.made", 3_000)
    assert city.gate(other).decision == "refuse"  # the pass is bound to what was asked
    (again,) = city.gate(event).prompts or (None,)
    assert again is None
    assert city.take(event).decision == "pass_recorded"
    (finding,) = rows(city, "finding", rule_id="E07")
    assert (finding["owner"], finding["due_on"]) == ("supervision", "2026-03-12")
    assert finding["part"].startswith("glass:")
    assert outcomes(bodies(city, kind="enf.decision.made")[-1])["E07"] == "hit"
    assert refused(city, prompt.id, "take_back") == "error.gone"
    assert decides(city, "li", "chief_engineer", agrees=True) == "error.not_yours"
    assert decides(city, "he", agrees=False, words="没有批准过") == ""
    assert one(city, "follow_up")["state"] == "declined"


def test_the_glass_is_taken_back_before_the_step(city: SmallHost) -> None:
    event, prompt = heavier(city)
    gives(city, prompt.id, "danger", **DANGER)
    gives(city, prompt.id, "take_back")
    assert one(city, "follow_up")["state"] == "withdrawn"
    assert city.take(event).decision == "refuse"


def put_off(city: SmallHost) -> Any:
    """Take a step and put its approval off to 12 March."""
    event, prompt = outside(city)
    latest = next(c.latest for c in prompt.choices if c.code == "later")
    assert latest is not None
    for until in (None, LATER.replace(day=9), latest + timedelta(days=1)):
        assert refused(city, prompt.id, "later", reason="signing", until=until) == "error.until"
    assert gives(city, prompt.id, "later", reason="signing", until=LATER).goes_on
    assert city.take(event).decision == "pass_recorded"
    assert outcomes(bodies(city, kind="enf.decision.made")[-1])["E08"] == "hit"
    assert rows(city, "finding") == []
    return event


def test_what_is_put_off_and_does_not_come_is_a_finding(city: SmallHost) -> None:
    put_off(city)
    assert "先办" not in city.show("step.panel", city.event("enf.decision.made", 900))
    own = city.app.test_client().get("/cleangov/mine").text
    assert ("最迟 2026-03-12" in own, "答复期限" in own) == (True, False), "nobody waits for words"
    city.clock += timedelta(days=2)  # 12 March, the last day
    tick(city)
    assert one(city, "follow_up")["state"] == "open"
    city.clock += timedelta(days=1)
    tick(city)
    assert one(city, "follow_up")["state"] == "missed"
    finding = one(city, "finding")
    assert (finding["rule_id"], finding["owner"]) == ("E08", "supervision")
    tick(city)
    assert len(rows(city, "finding")) == 1


def test_what_is_put_off_and_comes_in_time_is_closed(city: SmallHost) -> None:
    put_off(city)
    city.clock += timedelta(days=1)
    city.write(city.event("enf.facts.supplemented"))
    city.clock += timedelta(days=5)
    tick(city)
    assert one(city, "follow_up")["state"] == "followed"
    assert rows(city, "finding") == []


def test_a_prompt_past_its_time_is_refused_and_the_gate_makes_a_new_one(city: SmallHost) -> None:
    event, prompt = outside(city)
    city.clock += timedelta(days=31)
    assert refused(city, prompt.id, "known") == "error.lapsed"
    assert attrs(bodies(city, kind=ANSWER_LATE)[0])["a.reason"] == "expired"
    (again,) = city.gate(event).prompts
    assert again.id != prompt.id
    assert {row["fate"] for row in rows(city, "prompt")} == {"expired", "created"}
    city.clock += timedelta(days=31)
    (third,) = city.gate(event).prompts  # by the gate alone, too
    assert len({prompt.id, again.id, third.id}) == 3
    assert gives(city, third.id, "known").goes_on
