"""A difference between live and replayed, on the pages for those who look through the records."""

from datetime import timedelta

import sqlalchemy as sa

from cleangov_plugin.desk.backtested.differing import Differences, open_differences
from cleangov_plugin.desk.backtested.differing_words import DIFFERING
from cleangov_plugin.desk.backtested.rechecking import recheck
from cleangov_plugin.store import tables
from cleangov_plugin.store.run import run
from tests.support.page_check import Checked
from tests.support.review_city import BAND
from tests.support.small_host import SmallHost
from tests.web.page_reading import plain


def opened(host: SmallHost, path: str, lang: str) -> Checked:
    host.tongue = lang
    response = host.app.test_client().get(path)
    assert response.status_code == 200, response.text
    page = Checked(response.text)
    assert page.problems == []
    return page


def test_a_difference_is_a_finding_in_the_readers_words(own_city: SmallHost) -> None:
    host = own_city
    host.write(host.event("enf.notice.served", case_id="D-1", **BAND))
    at = host.clock + timedelta(days=61)
    host.write(host.event("enf.penalty.added", 800, case_id="D-1", at=at, **BAND))
    desk, entry = host.plugin.desk, tables.entry
    with host.engine.begin() as connection:
        told = sa.select(entry.c.fact_values).where(entry.c.subject == "D-1")
        kept = [text for text in run(connection, told).scalars() if text]
        changed = kept[-1].replace("61", "60")
        assert changed != kept[-1], kept
        its = (entry.c.subject == "D-1") & (entry.c.fact_values == kept[-1])
        run(connection, sa.update(entry).where(its).values(fact_values=changed))
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, "cg")
        differences = Differences.of_ledger(connection, "cg")
        recheck(connection, ledger, met=differences.met)
    assert [each.case for each, _ in differences.new] == ["D-1"]
    with desk.database.own_transaction() as connection:
        open_differences(connection, ledger, differences, desk.settings, host.now())
    zh = opened(host, f"/cleangov/findings?rule={DIFFERING}", "zh-CN")
    assert "重算结果与当时不一致" in plain(zh)
    assert "由 60 变为 61" in plain(zh)
    (link,) = {a.given["href"] for a in zh.found("a") if a.text.strip() == "重算结果与当时不一致"}
    page = plain(opened(host, link, "zh-CN"))
    assert "与经办人无关" in page
    page = plain(opened(host, link, "en"))
    assert "Worked out again, something else comes out" in page
    assert "was 60 and is 61" in page
    assert "it says nothing of the officer" in page
