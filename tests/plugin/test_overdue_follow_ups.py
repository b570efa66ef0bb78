"""Follow-ups past their day stand on the page of terms; what was answered or came does not."""

from datetime import timedelta
from pathlib import Path

import pytest

from cleangov_hooks import Person
from cleangov_plugin.desk.answers.following import settle_follow_up
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import one, rows, tick
from tests.plugin.kinds_of_answer import DANGER, LATER, gives, person
from tests.plugin.steps import heavier, outside
from tests.support.answer_rules import answer_rules
from tests.support.page_check import Checked
from tests.support.small_host import SmallHost
from tests.web.page_reading import rows as lines

AUDITOR = Person(id="lin", name="林岚", roles=frozenset({"auditor"}), unit="oversight")
LEAD = Person(id="sun", name="孙伟", roles=frozenset({"head"}), unit="u-1")
#: Of the unit in which nobody of these tests works.
OTHER = Person(id="wei", name="魏红", roles=frozenset({"head"}), unit="u-9")


@pytest.fixture
def city(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    rules = str(answer_rules(tmp_path / "rules"))
    host = make_host(settings={"CLEANGOV_RULES": rules, "CLEANGOV_LEADS": "head"})
    host.start()
    return host


def listed(host: SmallHost, as_: Person = AUDITOR, lang: str = "zh-CN") -> list[str]:
    """The lines of the list, as somebody reads them."""
    before, host.who, host.tongue = host.who, as_, lang
    response = host.app.test_client().get("/cleangov/terms")
    host.who, host.tongue = before, "zh-CN"
    assert response.status_code == 200, response.text
    page = Checked(response.text)
    assert page.problems == []
    found = lines(page)
    none = {"zh-CN": "没有逾期未办的后续事项。", "en": "No follow-up is past its day."}[lang]
    assert bool(found) != (none in page.text)
    return found


def test_what_was_put_off_stands_there_until_it_comes(city: SmallHost) -> None:
    event, prompt = outside(city)
    gives(city, prompt.id, "later", reason="signing", until=LATER)
    city.clock += timedelta(days=5)
    assert listed(city) == [], "the step was never taken"
    city.clock -= timedelta(days=5)
    city.take(event)
    city.clock += timedelta(days=2)  # 12 March, the last day
    assert listed(city) == []
    city.clock += timedelta(days=4)  # Monday
    own = city.plugin.desk.people.pseudonym("cg", "officer", "chen")[:6]
    for _ in range(2):
        (line,) = listed(city)
        for text in ("2026-03-12", "2 个工作日", "推后补办的事没有办", own, event.case_id):
            assert text in line
        tick(city)  # it is a finding from then on, and still has not come
    assert one(city, "follow_up")["state"] == "missed"
    city.write(city.event("enf.facts.supplemented"))
    assert listed(city) == []


def test_what_came_in_time_never_stands_there(city: SmallHost) -> None:
    event, prompt = outside(city)
    gives(city, prompt.id, "later", reason="signing", until=LATER)
    city.take(event)
    city.write(city.event("enf.facts.supplemented"))
    city.clock += timedelta(days=4)
    assert listed(city) == []  # before a tick closes it, too


def test_who_is_to_decide_stands_there_until_they_do(city: SmallHost) -> None:
    _, prompt = outside(city)
    gives(city, prompt.id, "step_back", text="认识当事人")
    city.open_case()
    event, glass = heavier(city)
    gives(city, glass.id, "danger", **DANGER)
    city.take(event)
    assert listed(city) == []
    city.clock += timedelta(days=8)
    found = listed(city)
    he = city.plugin.desk.people.pseudonym("cg", "officer", "he")[:6]
    assert sorted(("回避申请没有决定" in line, he in line) for line in found) == [
        (False, True),
        (True, False),
    ]
    assert "墙体" not in " ".join(found), "words stand in the case, behind its door"
    assert len(listed(city, LEAD)) == 2
    assert listed(city, OTHER, "en") == []
    assert any("Nobody decided about stepping back" in line for line in listed(city, lang="en"))
    desk = city.plugin.desk
    for row in rows(city, "follow_up"):
        who = person(city, "he") if row["asked"] else person(city, "liu", "reviewer")
        settle_follow_up(desk, row["follow_id"], who, agrees=True, words="")
    assert listed(city) == []
