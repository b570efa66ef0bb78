"""What somebody would try at the further kinds of answer: twice, late, changed, with markup."""

from pathlib import Path

import pytest

from cleangov_hooks import Evidence
from cleangov_plugin.desk.answers import following
from cleangov_plugin.desk.answers.answering import answer
from cleangov_plugin.desk.answers.following import settle_follow_up
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import ANSWER_REFUSED
from cleangov_plugin.store import follow_ups
from tests.plugin.conftest import MakeHost, on_sqlite
from tests.plugin.inside import attrs, bodies, one, rows
from tests.plugin.kinds_of_answer import DANGER, FILE, HE, LATER, given, gives, person, refused
from tests.plugin.steps import heavier, outside
from tests.plugin.test_before_sealing_at_work import edit, verified
from tests.support.answer_rules import answer_rules
from tests.support.small_host import SmallHost

pytestmark = on_sqlite
BAD = "<script>alert(1)</script>"


@pytest.fixture
def city(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    settings = {
        "CLEANGOV_RULES": str(answer_rules(tmp_path / "rules")),
        "CLEANGOV_RECEIPTS": str(tmp_path / "receipts"),
    }
    host = make_host(settings=settings)
    host.start()
    return host


def test_a_key_sent_again_counts_once_and_names_the_same_answer(city: SmallHost) -> None:
    event, prompt = outside(city)
    desk, key = city.plugin.desk, "a-key-of-somebody"
    first = given(city, prompt.id, "later", reason="signing", until=LATER)
    assert answer(desk, first, key) == answer(desk, first, key)
    assert len(rows(city, "follow_up")) == len(rows(city, "answer")) == 1
    for more in ({"until": LATER.replace(day=11)}, {"reason": "none"}, {"evidence": FILE}):
        other = given(city, prompt.id, "later", **{"reason": "signing", "until": LATER, **more})
        with pytest.raises(AnswerRefused, match=r"error\.key"):
            answer(desk, other, key)
    assert city.take(event).decision == "pass_recorded"
    assert refused(city, prompt.id, "later", reason="signing", until=LATER) == "error.gone"


def test_what_is_decided_at_this_moment_is_not_taken_back(
    city: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, prompt = outside(city)
    gives(city, prompt.id, "step_back", text="认识当事人")
    open_one = one(city, "follow_up")
    liu = person(city, "liu", "reviewer")
    settle_follow_up(city.plugin.desk, open_one["follow_id"], liu, agrees=True, words="")
    with monkeypatch.context() as patched:  # as who read it a moment before
        patched.setattr(follow_ups, "of_prompt", lambda *_: [open_one])
        assert refused(city, prompt.id, "take_back") == "error.gone"
    assert [row["kind"] for row in rows(city, "answer")] == ["recusal_declared"]
    assert one(city, "follow_up")["state"] == "agreed"


def test_answers_of_others_are_refused_and_recorded_once(city: SmallHost) -> None:
    _, prompt = heavier(city)
    for _ in range(2):
        assert refused(city, prompt.id, "danger", by="wang", **DANGER) == "error.not_yours"
        assert (
            refused(city, prompt.id, "later", reason="signing", until=LATER) == "error.not_offered"
        )
        assert refused(city, "no-such", "danger", **DANGER) == "error.gone"
        bad = {**DANGER, "reason": BAD}
        assert refused(city, prompt.id, "danger", **bad) == "error.coded_reason"
    reasons = [attrs(body)["a.reason"] for body in bodies(city, kind=ANSWER_REFUSED)]
    assert sorted(reasons) == ["somebody_else", "unknown"]
    assert rows(city, "answer") == rows(city, "follow_up") == []


@pytest.mark.parametrize("who", ["he\x00", "he" * 200, " ", BAD, "<b>", "\ud800"])
def test_an_approver_who_is_nobody_approves_nothing(city: SmallHost, who: str) -> None:
    _, prompt = heavier(city)
    roles = HE.roles if who != BAD else ("officer",)
    named = {**DANGER, "approver": HE.__class__(id=who, roles=roles)}
    if who == "<b>":  # whatever a host calls its people is their name, and is escaped
        assert gives(city, prompt.id, "danger", **named).goes_on
        return
    assert refused(city, prompt.id, "danger", **named) == "error.approver"
    assert rows(city, "pass") == []


def test_markup_is_escaped_on_every_page(city: SmallHost) -> None:
    _, prompt = outside(city)
    gives(city, prompt.id, "step_back", text=BAD)
    person(city, "liu", "reviewer")
    with city.app.test_client() as client:
        page = client.get("/cleangov/mine").text
        assert BAD not in page
        assert "&lt;script&gt;" in page
        (token,) = _tokens(page)
        path = f"/cleangov/follow-ups/{one(city, 'follow_up')['follow_id']}"
        forged = {"cleangov_token": token[::-1], "cleangov_choice": "agree"}
        assert client.post(path, data=forged).status_code == 403
        garbled = {"cleangov_token": token, "cleangov_choice": BAD}
        assert client.post(path, data=garbled).status_code == 400
        assert one(city, "follow_up")["state"] == "open"
        sent = {"cleangov_token": token, "cleangov_choice": "decline", "cleangov_text": BAD}
        assert client.post(path, data=sent).status_code == 303
    person(city, "chen", "officer")
    shown = city.show("step.panel", city.event("enf.decision.made", 1_001))
    assert BAD not in shown
    assert "&lt;script&gt;" in shown


def _tokens(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('name="cleangov_token" value="')[1:]]


@pytest.mark.parametrize("column", ["reason", "evidence", "evidence_hash", "approver", "until_on"])
def test_a_basis_that_was_changed_is_found(city: SmallHost, column: str) -> None:
    _, prompt = outside(city)
    if column == "until_on":
        gives(city, prompt.id, "later", reason="signing", until=LATER)
    elif column == "approver":
        _, prompt = heavier(city)
        gives(city, prompt.id, "danger", **DANGER)
    else:
        digest = Evidence(reference="批准.pdf", digest="0" * 64)
        gives(city, prompt.id, "deviation", reason="collective", evidence=digest)
    assert not list(verified(city).alarms)
    edit(city, f"UPDATE {{s}}cleangov_answer_basis SET {column} = 'another'")
    assert [alarm.code for alarm in verified(city).alarms] == ["answer_changed"]


def test_a_withdrawn_follow_up_is_nobodys_to_decide(city: SmallHost) -> None:
    _, prompt = outside(city)
    gives(city, prompt.id, "step_back", text="认识当事人")
    gives(city, prompt.id, "take_back")
    id_ = one(city, "follow_up")["follow_id"]
    with pytest.raises(AnswerRefused, match=r"error\.gone"):
        settle_follow_up(
            city.plugin.desk, id_, person(city, "liu", "reviewer"), agrees=True, words=""
        )
    assert following.is_follow_up(city.plugin.desk, id_)
