"""A hold has a clock: a step that would end a term does not miss it because somebody is waited for.

C01 gives ninety civil days from filing. Of the days used here 9 May 2026 is a Saturday on which
people work, to make up for Labour Day; 6 June 2026 is a plain Saturday.
"""

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cleangov_hooks import Answer, Event, Verdict
from cleangov_plugin.desk.answers.answering import answer
from cleangov_plugin.intake.clock_files import clockbook_folder
from tests.plugin.conftest import MakeHost, on_sqlite
from tests.plugin.inside import bodies, outcomes, rows, tick
from tests.plugin.test_clocks_at_work import tick as look
from tests.plugin.test_second_person_in_line import HEAD, LIU, latest
from tests.plugin.weighed import decision, write_rules
from tests.support.review_city import AUDITOR
from tests.support.small_city import PEOPLE, ZONE
from tests.support.small_host import SmallHost


def at(text: str) -> datetime:
    """Answer a moment on the authority's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def host(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    rules = write_rules(tmp_path)
    shutil.copy(clockbook_folder() / "C01.yaml", rules)
    settings = {"CLEANGOV_RULES": str(rules), "CLEANGOV_SECOND_HEADS": "head"}
    found = make_host(settings=settings)
    found.staff = {"reviewer": [LIU], "head": [HEAD]}
    found.start()
    assert found.plugin.desk is not None, found.plugin.inert.reason
    return found


def filed(host: SmallHost, last_day: str) -> None:
    """File a case whose decision is due on a day, and let the clocks know of it."""
    host.clock = at(f"{last_day}T09:00") - timedelta(days=90)
    host.open_case()
    host.write(host.event("enf.case.filed", at=host.clock))
    look(host)
    (clock,) = (row for row in rows(host, "running_clock") if row["clock_id"] == "C01")
    assert clock["due_at"].startswith(f"{last_day}T16:00:00"), clock["due_at"]


def asked(host: SmallHost, now: str, *rules: str) -> tuple[Event, Verdict]:
    """Let the officer ask a reviewer at a moment; the step waits."""
    host.clock, host.who = at(now), PEOPLE["chen"]
    event = decision(host, *(rules or ("S4",)), case=host.case)
    (prompt,) = host.gate(event).prompts
    said = Answer(prompt_id=prompt.id, choice="ask_s4", actor_id="chen", at=host.clock)
    answer(host.plugin.desk, said)
    return event, host.gate(event)


def terms(host: SmallHost) -> str:
    """Answer what those who look through the records read of terms."""
    host.who = AUDITOR
    page = host.app.test_client().get("/cleangov/terms").text
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page))


@pytest.mark.parametrize(
    ("last_day", "now", "until"),
    [
        # far from the end: the usual three working days
        ("2026-06-06", "2026-05-11T10:00", "2026-05-14T23:59:59"),
        # the last day is a plain Saturday: nobody is waited for on the Friday before it
        ("2026-06-06", "2026-06-03T10:00", "2026-06-05T00:00"),
        # the last day is a Saturday on which people work: it is the last working day
        ("2026-05-09", "2026-05-07T10:00", "2026-05-09T00:00"),
        # on the last working day two hours, though the term has a civil day more
        ("2026-06-06", "2026-06-05T00:00", "2026-06-05T02:00"),
        ("2026-06-06", "2026-06-05T10:00", "2026-06-05T12:00"),
        # at the very end half of what is left
        ("2026-05-09", "2026-05-09T23:00", "2026-05-09T23:30"),
        # over: what is late is not made worse, and the usual term holds
        ("2026-06-06", "2026-06-08T10:00", "2026-06-11T23:59:59"),
    ],
)
@on_sqlite
def test_a_second_person_is_waited_for_until_the_last_working_day_begins(
    host: SmallHost, last_day: str, now: str, until: str
) -> None:
    filed(host, last_day)
    _, waiting = asked(host, now)
    assert (waiting.reason, waiting.hold_until) == ("waiting", at(until))
    assert waiting.term is not None
    assert (waiting.term.clock, waiting.term.last_day.isoformat()) == ("C01", last_day)
    assert waiting.term.ends_at == at(f"{last_day}T00:00") + timedelta(days=1)
    assert waiting.term.waits_until == at(until)


def test_on_the_last_day_the_officer_goes_on_with_words_of_their_own(host: SmallHost) -> None:
    filed(host, "2026-06-06")
    event, waiting = asked(host, "2026-06-05T10:00")
    assert waiting.term is not None
    assert "unanswered" not in waiting.term.way_out
    page = host.show("step.panel", event)
    assert "行政处罚案件办理期限）到 2026-06-06 23:59 为止：第二人最多等两小时" in page
    assert "这一步在等第二人，至迟 2026-06-05 12:00" in terms(host)
    host.clock, host.who = at("2026-06-05T12:01"), PEOPLE["chen"]
    tick(host)  # the head is next in line, and is not asked any more
    assert (len(rows(host, "second_request")), latest(host)["state"]) == (1, "expired")
    held = host.gate(event)
    assert held.term is not None
    assert "在等第二人" not in terms(host)
    host.who = PEOPLE["chen"]
    assert held.term.way_out == ("put_right_s4", "unanswered")
    host.answer(held.prompts[0].id, "unanswered", "复核人员外出，期限将满")
    assert host.take(event).decision == "pass_recorded"
    assert outcomes(bodies(host, kind=event.kind)[-1])["S4"] == "hit"
    assert [row["rule_id"] for row in rows(host, "finding") if row["rule_id"] == "S4"] == ["S4"]


def test_the_next_in_line_is_asked_only_up_to_the_last_working_day(host: SmallHost) -> None:
    filed(host, "2026-06-06")
    asked(host, "2026-06-01T10:00")
    assert latest(host)["expires_at"] == "2026-06-04T15:59:59.000000Z"
    host.clock = at("2026-06-04T23:59:59") + timedelta(seconds=0.5)
    tick(host)
    found = latest(host)
    assert (found["role"], found["expires_at"]) == ("head", "2026-06-04T16:00:00.000000Z")


def test_a_term_that_came_nearer_ends_the_waiting_sooner(host: SmallHost) -> None:
    filed(host, "2026-06-06")
    event, waiting = asked(host, "2026-06-02T10:00")
    assert waiting.hold_until == at("2026-06-05T00:00")
    # It was filed two days earlier than was known: Thursday is the last day now.
    filing = next(row for row in rows(host, "entry") if row["kind"] == "enf.case.filed")
    known = filing["event_key"].partition("\t")[2]
    host.write(host.event("enf.case.filed", at=at("2026-03-06T09:00"), supersedes=known))
    look(host)
    tick(host)
    assert host.gate(event).hold_until == at("2026-06-04T00:00")
    assert latest(host)["expires_at"] == "2026-06-03T16:00:00.000000Z"


@on_sqlite
def test_without_a_term_nothing_is_said_and_a_step_that_passes_asks_for_none(
    host: SmallHost,
) -> None:
    host.open_case()
    host.who = PEOPLE["chen"]
    event = decision(host, "S4")
    assert host.gate(event).term is None
    assert "本环节的期限" not in host.show("step.panel", event)
    assert host.gate(decision(host)).term is None


@on_sqlite
def test_a_confirmation_says_the_term_and_where_it_is_over(host: SmallHost) -> None:
    filed(host, "2026-06-06")
    host.clock, host.who = at("2026-06-01T10:00"), PEOPLE["chen"]
    event = decision(host, "W2", case=host.case)
    assert host.gate(event).term is not None
    said = "本环节的期限（行政处罚案件办理期限）到 2026-06-06 23:59 为止。"
    assert said in host.show("step.panel", event)
    host.clock = at("2026-06-08T10:00")
    host.tongue = "en"
    assert "ended on 2026-06-06 23:59" in host.show("step.panel", event)
