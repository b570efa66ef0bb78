"""The case page of auditors: what was erased is said, with day and basis, and not left blank."""

import pytest

from cleangov_hooks import Person
from cleangov_plugin.desk.personal.disclosing import disclose
from cleangov_plugin.desk.personal.erasing import Wish, erase
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, CASE, HOSTILE, LEAD
from tests.support.small_host import SmallHost
from tests.web.test_names import PAGE, REASON, ask, entries, form

BASIS = f"个人信息保护法第四十七条 {HOSTILE}"


def page(host: SmallHost, tongue: str = "zh-CN", who: Person = AUDITOR) -> Checked:
    host.who, host.tongue = who, tongue
    found = Checked(host.app.test_client().get(PAGE).text)
    assert found.problems == []
    return found


@pytest.fixture
def erased_city(own_city: SmallHost) -> SmallHost:
    """A city in which somebody asked for a name, and their reason was erased."""
    ask(own_city, form(own_city))
    (entry,) = entries(own_city)
    assert REASON in page(own_city).text
    wish = Wish(log_id="cg", codes=("reason",), entries=(entry["id"],))
    erase(own_city.plugin.desk, wish, BASIS, AUDITOR)
    return own_city


SAID = {
    "zh-CN": ("理由已于 2026-03-10", "reason（1 条记录）于 2026-03-10", "已依法删除的个人信息"),
    "en": (
        "the reason was erased on 2026-03-10",
        "reason (in 1 records) erased on 2026-03-10",
        "Personal fields that were erased",
    ),
}


@pytest.mark.parametrize("tongue", SAID)
def test_what_was_erased_is_said_with_day_and_basis(erased_city: SmallHost, tongue: str) -> None:
    found = page(erased_city, tongue)
    assert REASON not in found.text
    for said in (*SAID[tongue], BASIS):
        assert said in found.text, said


def test_a_lead_sees_nothing_of_it(erased_city: SmallHost) -> None:
    lead = Person(id="x", name="x", roles=LEAD.roles, unit="u-1")
    found = page(erased_city, who=lead)
    assert CASE in found.text
    assert BASIS not in found.text
    assert "删除" not in found.text


def test_who_was_shown_a_field_is_said(own_city: SmallHost) -> None:
    ask(own_city, form(own_city))
    (entry,) = entries(own_city)
    disclose(own_city.plugin.desk, "cg", entry["id"], "reason", "复核申请", AUDITOR)
    found = page(own_city)
    assert "字段 reason" in found.text
    assert "复核申请" in found.text
    assert "已依法删除" not in found.text
