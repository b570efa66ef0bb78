"""Terms for those who look through the records: what runs, and what was found of it, in words."""

from datetime import datetime, timedelta

from cleangov_plugin.desk.clocks.ticking import tick_clocks
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, LEAD
from tests.support.small_city import ZONE
from tests.support.small_host import SmallHost
from tests.web.page_reading import plain, rows


def opened(host: SmallHost, path: str, lang: str) -> Checked:
    host.tongue = lang
    response = host.app.test_client().get(path)
    assert response.status_code == 200, response.text
    page = Checked(response.text)
    assert page.problems == []
    return page


def tick(host: SmallHost) -> None:
    desk = host.plugin.desk
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, "cg")
    tick_clocks(desk, ledger)


def test_terms_are_listed_and_found_in_the_readers_words(own_city: SmallHost) -> None:
    host = own_city
    page = opened(host, "/cleangov/terms", "en")
    assert "No term runs." in plain(page)
    for day, case in (("2026-03-10", "P-1"), ("2026-03-11", "P-2"), ("2026-03-12", "P-3")):
        host.clock = datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=ZONE)
        host.write(host.event("prm.accepted", case_id=case))
    host.write(host.event("prm.clock.paused", case_id="P-2"))
    host.clock = datetime(2026, 4, 7, 9, tzinfo=ZONE)
    tick(host)
    found = rows(opened(host, "/cleangov/terms", "zh-CN"))
    assert [row.split()[0] for row in found] == ["2026-04-08", "2026-04-10", "已中止计算"]
    assert "还剩 1 个工作日" in found[0]
    assert "行政许可决定期限 C03" in found[0]
    assert "95%" in found[0]
    assert "已中止计算" in found[2]
    host.who = LEAD  # of another unit
    assert "No term runs." in plain(opened(host, "/cleangov/terms", "en"))
    host.who = AUDITOR
    listed = plain(opened(host, "/cleangov/findings?rule=C03", "zh-CN"))
    assert "行政许可决定期限：即将届满" in listed
    assert "最后一日为2026年4月8日。期限已用去90%以上。还剩1个工作日。" in listed
    host.clock += timedelta(days=2)
    tick(host)
    listed = plain(opened(host, "/cleangov/findings?rule=C03", "en"))
    assert "Time for deciding on a permit: over" in listed
    assert "The last day is 8 April 2026. The term is over, and the step has not come." in listed
    assert "Working days past it: 1." in listed
    assert "over" in rows(opened(host, "/cleangov/terms", "en"))[0]


def test_a_finding_of_a_term_says_what_it_stands_on(own_city: SmallHost) -> None:
    host = own_city
    host.clock = datetime(2026, 12, 14, 9, tzinfo=ZONE)
    host.write(host.event("prm.accepted", case_id="P-1"))
    host.clock = datetime(2027, 1, 13, 9, tzinfo=ZONE)
    tick(host)
    findings = opened(host, "/cleangov/findings?rule=C03", "en")
    (link,) = {
        each.given["href"]
        for each in findings.found("a")
        if "Time for deciding on a permit" in each.text
    }
    page = plain(opened(host, link, "zh-CN"))
    assert "行政许可法" in page
    assert "尚不能确定。" in page
    assert "2027年放假安排尚未公布。" in page
    assert "受理之日起二十个工作日内作出决定" in page
    assert "法制部门" in page
    page = plain(opened(host, link, "en"))
    assert "which it is cannot be said yet" in page
    assert "There is no official notice of 2027’s days off." in page
    # the step came within the range: nobody is reminded any more, and nothing is said of it
    host.write(host.event("prm.decided", case_id="P-1"))
    tick(host)
    assert "No longer so" in plain(opened(host, link, "en"))
