"""Who is asked, who may decide, and who comes next: names, ties, deputies, heads, a way out."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Answer, Event, Person, Tie
from cleangov_plugin.desk.answers.answering import answer
from cleangov_plugin.desk.answers.second_person import decide
from cleangov_plugin.desk.choice import deputies
from cleangov_plugin.desk.choice.declaring import DeclarationRefused
from cleangov_plugin.desk.choice.deputies import DEPUTIES, Wish
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import ANSWER_REFUSED, PROMPT_ANSWERED, REQUEST_PASSED_ON
from tests.plugin.conftest import MakeHost, on_sqlite
from tests.plugin.inside import attrs, bodies, outcomes, rows, tick
from tests.plugin.weighed import decision, write_rules
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

HEAD = Person(id="sun", name="孙伟", roles=frozenset({"head"}), unit="u-1")
WU = Person(id="wu", name="吴", roles=frozenset({"officer"}), unit="u-1")
LIU = PEOPLE["liu"]


@pytest.fixture
def make_city(make_host: MakeHost, tmp_path: Path) -> Any:
    def make(*staff: Person, **settings: str) -> SmallHost:
        host = make_host(settings={"CLEANGOV_RULES": str(write_rules(tmp_path)), **settings})
        host.staff = {
            role: [person for person in staff if role in person.roles]
            for role in ("reviewer", "head", "nobody")
        }
        host.start()
        assert host.plugin.desk is not None, host.plugin.inert.reason
        return host

    return make


def asked(host: SmallHost, named: str = "") -> Event:
    """Let the officer ask a reviewer about a step; answer its event."""
    host.who = PEOPLE["chen"]
    event = decision(host, "S4")
    (prompt,) = host.gate(event).prompts
    said = Answer(prompt_id=prompt.id, choice="ask_s4", actor_id="chen", at=host.clock)
    answer(host.plugin.desk, Answer(**{**_fields(said), "second_id": named}))
    return event


def _fields(said: Answer) -> dict[str, Any]:
    return {name: getattr(said, name) for name in ("prompt_id", "choice", "actor_id", "at")}


def latest(host: SmallHost) -> dict[str, Any]:
    """Answer the request made last."""
    return max(rows(host, "second_request"), key=lambda row: (row["requested_at"], row["state"]))


def decided(host: SmallHost, who: Person, *, agrees: bool = True) -> None:
    decide(host.plugin.desk, latest(host)["request_id"], who, agrees=agrees, reason="no")


def refusal(host: SmallHost, who: Person) -> str:
    with pytest.raises(AnswerRefused) as refused:
        decided(host, who)
    return refused.value.what


def deputy(host: SmallHost, days: float = 5, begins: float = 0, **of: str) -> str:
    """Let Wu stand in, with the agreement of a second person."""
    now = host.clock
    wish = Wish(
        deputy="wu",
        why="主任出差",
        begins=now + timedelta(days=begins),
        until=now + timedelta(days=days),
        **of,
    )
    id_ = deputies.declare(host.plugin.desk, "cg", wish, PEOPLE["chen"], "zh-CN")
    with pytest.raises(DeclarationRefused, match="代理人"):
        DEPUTIES.confirm(host.plugin.desk, "cg", id_, WU, "zh-CN")
    DEPUTIES.confirm(host.plugin.desk, "cg", id_, PEOPLE["he"], "zh-CN")
    return id_


def told(host: SmallHost) -> dict[str, str]:
    """Answer what the latest entry of an answer tells."""
    return attrs(bodies(host, kind=PROMPT_ANSWERED)[-1])


def test_one_person_is_asked_by_name_and_nobody_else_may_decide(make_city: Any) -> None:
    host = make_city(LIU)
    other = Person(id="tang", name="唐", roles=frozenset({"reviewer"}))
    event = asked(host, "liu")
    assert refusal(host, other) == "error.not_yours"
    host.who = other
    assert host.show("person.inbox") == ""
    host.who = LIU
    assert host.case in host.show("person.inbox")
    decided(host, LIU)
    host.who = PEOPLE["chen"]
    assert host.take(event).decision == "pass_recorded"
    with pytest.raises(AnswerRefused, match=r"error\.second"):
        asked(host, "he")  # who does not have the role


def test_after_a_person_the_role_then_the_head_then_a_way_out(make_city: Any) -> None:
    host = make_city(LIU, HEAD, CLEANGOV_SECOND_HEADS="nobody head")
    event = asked(host, "liu")
    for role, name in (("reviewer", None), ("head", None)):
        host.move(days=5)
        assert tick(host).expired == 1
        assert (latest(host)["role"], latest(host)["asked"]) == (role, name)
        waiting = host.gate(event)
        assert waiting.reason == "waiting"
        assert "unanswered" not in [c.code for c in waiting.prompts[0].choices]
    assert latest(host)["instead_of"] == "reviewer"
    assert [attrs(b)["a.role"] for b in bodies(host, kind=REQUEST_PASSED_ON)] == [
        "reviewer",
        "head",
    ]
    assert "已转下一位" in host.show("step.panel", event)
    host.move(days=7)
    tick(host)
    assert "没有人可以答复：先办" in host.show("step.panel", event)
    (prompt,) = host.gate(event).prompts
    assert [c.code for c in prompt.choices if c.needs_text][-1] == "unanswered", "in JSON, too"
    host.answer(prompt.id, "unanswered", "三人都在外地")
    assert host.take(event).decision == "pass_recorded"
    assert outcomes(bodies(host, kind=event.kind)[-1])["S4"] == "hit"
    assert [row["rule_id"] for row in rows(host, "finding")] == ["S4"]


def test_the_head_agrees_in_place_of_the_role_and_the_rule_is_settled(make_city: Any) -> None:
    host = make_city(LIU, HEAD, CLEANGOV_SECOND_HEADS="head")
    event = asked(host)
    host.move(days=5)
    tick(host)
    decided(host, HEAD)
    assert host.take(event).decision == "pass_recorded"
    assert outcomes(bodies(host, kind=event.kind)[-1])["S4"] == "suppressed"
    assert rows(host, "finding") == []


def test_where_nobody_has_the_role_the_officer_sees_it_at_once(make_city: Any) -> None:
    host = make_city(CLEANGOV_SECOND_HEADS="head")
    event = asked(host)
    assert latest(host)["state"] == "nobody"
    page = host.show("step.panel", event)
    assert "没有人可以作为复核人员复核" in page
    assert "没有人可以答复：先办" in page
    assert host.gate(event).decision == "hold"
    host.answer(rows(host, "prompt")[-1]["prompt_id"], "unanswered", "值班只有一人")
    assert host.take(event).decision == "pass_recorded"
    assert [row["rule_id"] for row in rows(host, "finding")] == ["S4"]


@on_sqlite
def test_while_somebody_can_answer_there_is_no_way_round(make_city: Any) -> None:
    host = make_city(LIU)
    event = decision(host, "S4")
    (prompt,) = host.gate(event).prompts
    said = Answer(
        prompt_id=prompt.id, choice="unanswered", actor_id="chen", at=host.clock, text="x"
    )
    with pytest.raises(AnswerRefused):
        answer(host.plugin.desk, said)
    host.answer(prompt.id, "ask_s4")
    with pytest.raises(AnswerRefused):
        answer(host.plugin.desk, said)
    assert host.gate(event).decision == "hold"


@pytest.mark.parametrize(
    ("known", "said"),
    [(Tie.NO, "none"), (Tie.UNKNOWN, "cannot_be_checked"), (None, "cannot_be_checked")],
)
def test_what_is_known_of_a_tie_stands_in_the_entry(
    make_city: Any, known: Tie | None, said: str
) -> None:
    host = make_city(LIU)
    host.ties = {} if known is None else {("chen", "liu"): known}
    asked(host)
    decided(host, LIU)
    assert told(host)["a.tie"] == said


def test_who_is_tied_to_the_officer_does_not_decide(make_city: Any) -> None:
    host = make_city(LIU)
    host.ties = {("chen", "liu"): Tie.YES}
    event = asked(host)
    assert refusal(host, LIU) == "inbox.tied"
    assert [attrs(b)["a.reason"] for b in bodies(host, kind=ANSWER_REFUSED)] == ["tied"]
    assert host.gate(event).reason == "waiting"


@pytest.mark.parametrize("of", [{"role": "reviewer"}, {"person": "liu"}])
def test_a_deputy_decides_in_their_time_and_the_entry_says_so(
    make_city: Any, of: dict[str, str]
) -> None:
    host = make_city(LIU)
    named = of.get("person", "")
    asked(host, named)
    id_ = deputy(host, begins=1, **of)
    assert refusal(host, WU) == "error.not_yours"  # not yet
    host.move(days=1)
    host.who = WU
    page = host.show("person.inbox")
    assert "您代理他人答复" in page
    decided(host, WU)
    assert told(host)["a.as_deputy"] == id_
    asked(host, named)
    host.move(days=4)
    host.who = WU
    assert host.show("person.inbox") == ""
    assert refusal(host, WU) == "error.not_yours"  # over, and nobody did anything


@on_sqlite
def test_a_deputy_does_not_agree_to_their_own_step(make_city: Any) -> None:
    host = make_city(LIU)
    wish = Wish(
        deputy="chen",
        why="主任出差",
        begins=host.clock,
        until=host.clock + timedelta(days=5),
        role="reviewer",
    )
    id_ = deputies.declare(host.plugin.desk, "cg", wish, LIU, "zh-CN")
    DEPUTIES.confirm(host.plugin.desk, "cg", id_, PEOPLE["he"], "zh-CN")
    asked(host)
    assert refusal(host, PEOPLE["chen"]) == "inbox.conflict"


@on_sqlite
def test_the_request_has_a_page_for_those_whom_it_concerns(make_city: Any) -> None:
    host = make_city(LIU)
    event = asked(host)
    url = f"/cleangov/requests/{latest(host)['request_id']}"
    assert url in host.show("step.panel", event)
    client = host.app.test_client()
    own = client.get(url).get_data(as_text=True)
    assert ("等待复核人员答复" in own, "<button" in own) == (True, False)
    host.who = PEOPLE["he"]
    assert client.get(url).status_code == 404
    host.who, host.tongue = LIU, "en"
    page = client.get(url).get_data(as_text=True)
    assert ("Waits for A reviewer" in page, page.count("<button")) == (True, 2)
    decided(host, LIU)
    assert "has agreed" in client.get(url).get_data(as_text=True)
