"""All letters in a list, the newest first: by where they stand, unit, case and day."""

import re
from datetime import timedelta
from typing import Any

import pytest

from cleangov_plugin.desk.letters import listing
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, HOSTILE, LEAD, OFFICER, OPERATOR, PROJECT
from tests.support.small_city import TODAY
from tests.support.small_host import SmallHost
from tests.web.letter_writing import ANSWER, WHY, ask, do, finding, opened, reply, sent
from tests.web.page_reading import link, plain

PATH = "/cleangov/letters"


def numbers(page: Checked) -> list[int]:
    """Answer the numbers of the letters in a list, in order."""
    links = [e.given.get("href", "") for e in page.found("a")]
    return [int(found[1]) for found in (re.search(r"/letters/(\d+)$", at) for at in links) if found]


def listed(host: SmallHost, query: str = "", as_: Any = AUDITOR, status: int = 200) -> Checked:
    return opened(host, f"{PATH}{query}", as_, status)


def test_the_newest_comes_first_with_its_answer(own_city: SmallHost) -> None:
    first = sent(own_city)
    ask(own_city, finding(own_city))
    reply(own_city, first, words=ANSWER)
    page = listed(own_city)
    assert numbers(page) == [2, 1]
    assert ANSWER[:20] in page.text
    assert "询〔2026〕2号" in page.text
    assert PROJECT in page.text
    assert WHY not in page.text, "why somebody was asked is for the letter itself"
    assert [e.text for e in page.found("a", **{"aria-current": "page"})] == ["函件"]
    own_city.tongue = "en"
    english = plain(listed(own_city)).replace(HOSTILE, "")
    assert "Letters of inquiry, or invitations to talks" in english


def test_letters_are_chosen_by_where_they_stand(own_city: SmallHost) -> None:
    for case in ("YT-CF-2026-0701", "YT-CF-2026-0702"):
        ask(own_city, finding(own_city, case))
    answered = sent(own_city)
    own_city.clock = TODAY + timedelta(days=10)
    reply(own_city, answered, words=ANSWER)
    assert numbers(listed(own_city, "?state=overdue")) == [2, 1]
    do(own_city, f"{PATH}/1", "withdrawal", reason="问错了人")
    do(own_city, f"{PATH}/2", "term", days="1", reason="情况属实")
    by_state = {s.value: numbers(listed(own_city, f"?state={s.value}")) for s in listing.Standing}
    assert by_state == {
        "open": [2],
        "due": [2],
        "overdue": [],
        "answered": [3],
        "withdrawn": [1],
        "held": [],
        "not_held": [],
    }
    assert numbers(listed(own_city)) == [3, 2, 1]
    assert "没有符合条件的函件" in listed(own_city, "?state=overdue").text


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("?unit=u-2", [1]),
        ("?unit=u-9", []),
        (f"?case={PROJECT}", [1]),
        ("?case=elsewhere", []),
        ("?since=2026-03-10&until=2026-03-10", [1]),
        ("?since=2026-03-11", []),
        ("?until=2026-03-09", []),
        ("?state=void&after=x~1", [1]),
        (f"?after=2026~{2**70}", [1]),
        (f"?after=2026~{2**40}", [1]),
        ("?after=2026~1", []),
        ("?after=2027~1", [1]),
    ],
)
def test_letters_are_chosen_by_what_the_address_says(
    own_city: SmallHost, query: str, wanted: list[int]
) -> None:
    sent(own_city)
    page = listed(own_city, query)
    assert numbers(page) == wanted
    is_unread = "void" in query or ("~" in query and len(query) > 20)
    assert ("看不懂的条件未采用" in page.text) == is_unread


def test_each_letter_is_met_once_going_from_page_to_page(
    own_city: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(own_city)
    for case in ("YT-CF-2026-0701", "YT-CF-2026-0702"):
        ask(own_city, finding(own_city, case))
    monkeypatch.setattr(listing, "SIZE", 1)
    page, met = listed(own_city, "?state=open"), []
    while True:
        met += numbers(page)
        following = link(page, "下一页")
        if not following:
            break
        assert "state=open" in following
        page = opened(own_city, following, AUDITOR)
    assert met == [3, 2, 1]
    assert link(page, "回到开头")


def test_a_search_that_rests_says_so_and_goes_on(
    own_city: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleangov_plugin.store import review_letters, review_walks

    sent(own_city)
    for case in ("YT-CF-2026-0701", "YT-CF-2026-0702"):
        ask(own_city, finding(own_city, case))
    monkeypatch.setattr(review_letters, "STRETCH", 2)
    monkeypatch.setattr(review_walks, "_SHORT", 1)
    page = listed(own_city, f"?case={PROJECT}")
    assert numbers(page) == []
    assert "查到这里先停一下" in page.text
    assert numbers(opened(own_city, link(page, "继续往前找"), AUDITOR)) == [1]


def test_a_lead_sees_the_letters_of_their_unit_that_are_not_hidden(own_city: SmallHost) -> None:
    sent(own_city)  # about a signal for the oversight side alone, of the lead's own unit
    for case in ("YT-CF-2026-0701", "YT-CF-2026-0702"):
        ask(own_city, finding(own_city, case))
    page = listed(own_city, as_=LEAD)
    assert numbers(page) == [3]
    assert not page.found("select", name="unit")
    assert PROJECT not in page.text
    assert numbers(listed(own_city, "?unit=u-1", as_=LEAD)) == []


def test_it_opens_to_those_who_look_through_records_alone(own_city: SmallHost) -> None:
    assert "没有符合条件的函件" in listed(own_city).text
    for person, status in ((OFFICER, 403), (OPERATOR, 403), (None, 401)):
        listed(own_city, as_=person, status=status)


def test_todays_page_leads_to_all_letters(own_city: SmallHost) -> None:
    sent(own_city)
    assert link(opened(own_city, "/cleangov/", AUDITOR), "全部函件") == PATH
