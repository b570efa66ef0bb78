"""What is refused leaves one entry for each person, matter and reason; and clocks ahead."""

from datetime import timedelta
from typing import Any

import pytest

from cleangov_hooks import Answer, Evidence
from cleangov_plugin.desk.answers.refusing import FORM, note
from cleangov_plugin.domain.our_kinds import ANSWER_LATE, ANSWER_REFUSED, PROMPT_ANSWERED
from cleangov_plugin.domain.terms import Mark
from cleangov_plugin.ledger.instants import instant
from tests.plugin.inside import attrs, bodies, counted, one, rows
from tests.plugin.steps import outside
from tests.plugin.test_second_person_at_work import asked, decided, refusal
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost
from tests.support.small_officers import RESTS_ON


def noted(host: SmallHost, kind: str = ANSWER_REFUSED) -> list[tuple[str, str]]:
    """Answer reason and case of each refusal of a kind, in order."""
    said = zip(rows(host, "entry", kind=kind), bodies(host, kind=kind), strict=True)
    return [(attrs(body)["a.reason"], row["subject"]) for row, body in said]


def test_an_answer_of_somebody_else_is_one_entry_however_often_it_is_tried(
    host: SmallHost,
) -> None:
    _, prompt = outside(host)
    for choice in ("deviation", "back", "deviation"):
        host.answer(prompt.id, choice, "approved", by="liu")
    assert noted(host) == [("somebody_else", "C-1")]
    (entry,) = rows(host, "entry", kind=ANSWER_REFUSED)
    assert entry["marks"] == Mark.OURS
    assert attrs(bodies(host, kind=ANSWER_REFUSED)[0])["a.prompt"] == prompt.id
    assert entry["actor"] != one(host, "prompt")["actor"]
    assert counted(host, "refused.somebody_else") == 3
    host.answer(prompt.id, "deviation", "approved", by="zhao")
    assert len(noted(host)) == 2
    assert rows(host, "answer") == rows(host, "gap") == []


def test_ids_made_up_without_end_are_one_entry_a_day(host: SmallHost) -> None:
    outside(host)
    for id_ in ("nobody", "' OR 1=1 --", "x" * 100_000, "\x00", "\ud800", ""):
        host.answer(id_, "deviation", "approved")
    assert noted(host) == [("unknown", "unknown")]
    host.move(days=1)
    host.answer("nobody", "deviation", "approved")
    assert len(noted(host)) == 2
    for made_up in ("a", "b", "c"):  # names as well: they are one, and none of them is kept
        host.answer("nobody", "deviation", by=made_up)
    assert len(noted(host)) == 2
    assert not {"a", "b", "c"} & {row["identity"] for row in rows(host, "pseudonym")}
    host.answer("nobody", "deviation", by="x" * 100_000)
    host.answer("nobody", "deviation", by="\ud800")
    assert len(noted(host)) == 2
    assert rows(host, "gap") == []


def test_what_comes_too_late_is_recorded_and_stands_in_nobodys_list(host: SmallHost) -> None:
    _, prompt = outside(host)
    for named in ("", " \u200b ", "字" * 201):  # put right at once: no refusal to keep
        host.answer(prompt.id, "deviation", evidence=Evidence(reference=named))
    assert noted(host, ANSWER_LATE) == []
    host.answer(prompt.id, "approve")
    host.answer(prompt.id, "deviation", "approved")
    for _ in range(2):
        host.answer(prompt.id, "deviation", "approved")
    assert noted(host, ANSWER_LATE) == [("not_offered", "C-1"), ("over", "C-1")]
    assert {row["marks"] for row in rows(host, "entry", kind=ANSWER_LATE)} == {
        Mark.OURS | Mark.UNLISTED
    }
    assert noted(host) == []


def test_a_decision_of_the_wrong_role_or_about_ones_own_step_is_recorded(host: SmallHost) -> None:
    asked(host)
    refusal(host, "chen")
    refusal(host, "chen", agrees=False, reason="no")
    refusal(host, "he", agrees=False)  # without words: put right at once
    assert noted(host) == [("role", "C-1")]
    request = attrs(bodies(host, kind=ANSWER_REFUSED)[0])["a.request"]
    assert request == one(host, "second_request")["request_id"]
    decided(host)
    refusal(host, "he", agrees=False, reason="no")
    refusal(host, "liu")
    assert noted(host) == [("role", "C-1"), ("role", "C-1")]
    assert noted(host, ANSWER_LATE) == [("over", "C-1")]


@pytest.mark.parametrize(("who", "kind"), [("chen", ANSWER_LATE), ("liu", ANSWER_REFUSED)])
def test_a_form_that_is_forged_or_of_an_old_page_is_recorded(
    host: SmallHost, who: str, kind: str
) -> None:
    _, prompt = outside(host)
    host.sign_in(who)
    data = {"cleangov_choice": "deviation", "cleangov_text": "x", "cleangov_token": "0.0"}
    for _ in range(2):
        response = host.app.test_client().post(f"/cleangov/prompts/{prompt.id}/answers", data=data)
        assert response.status_code == 403
    assert noted(host, kind) == [("form", "C-1")]


def test_a_refusal_that_cannot_be_recorded_is_a_refusal_all_the_same(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, prompt = outside(host)

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("no")

    with monkeypatch.context() as patched:
        patched.setattr("cleangov_plugin.desk.answers.refusing.enter", fails)
        note(host.plugin.desk, PEOPLE["liu"], prompt.id, FORM)
    assert counted(host, "refused.unrecorded") == 1
    note(host.plugin.desk, PEOPLE["liu"], prompt.id, FORM)
    assert noted(host) == [("form", "C-1")]


@pytest.mark.parametrize(
    ("at", "device", "kept"),
    [
        ({}, None, (0, None, None)),
        ({}, {"hours": -3}, (0, 0, None)),  # nobody answered before the prompt was made
        ({}, {"minutes": 2}, (0, 120, None)),
        ({}, {"seconds": 121}, (0, None, 121)),
        ({"days": 400}, {"days": 900}, (0, None, 77_760_000)),
        ({"minutes": -5}, {"days": 1}, (0, None, 86_400)),
    ],
)
def test_a_clock_that_is_ahead_does_not_say_when_an_answer_was_given(
    host: SmallHost, at: dict[str, int], device: dict[str, int] | None, kept: tuple[Any, ...]
) -> None:
    _, prompt = outside(host)
    given = Answer(
        prompt_id=prompt.id,
        choice="deviation",
        actor_id="chen",
        at=host.clock + timedelta(**at),
        text="approved",
        client_at=None if device is None else host.clock + timedelta(**device),
        **RESTS_ON["deviation"],
    )
    host.call("cleangov_prompt_answered", answer=given)
    row = one(host, "answer")
    began = host.clock.timestamp()
    moments = [
        None if text is None else int(instant(text).timestamp() - began)
        for text in (row["answered_at"], row["client_at"])
    ]
    said = attrs(bodies(host, kind=PROMPT_ANSWERED)[0]).get("a.clock_ahead")
    assert (*moments, None if said is None else int(said)) == kept
