"""Asking for a name: a reason, an entry, and only then an answer."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Person
from cleangov_plugin.store import pseudonyms
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, CANARY, CASE, HOSTILE, LEAD, OPERATOR, refuse_entries
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

PAGE = f"/cleangov/cases/cg/{CASE}"
REASON = f"核对经办人是否回避 {HOSTILE}"


def form(host: SmallHost, number: int = 0) -> dict[str, str]:
    """Answer the hidden fields of the form for the n-th person of the case."""
    host.who = AUDITOR
    page = Checked(host.app.test_client().get(PAGE).text)
    assert page.problems == []
    fields: list[dict[str, str]] = []
    for element in page.found("input", type="hidden"):
        name = element.given["name"]
        if not name.startswith("cleangov_"):
            continue
        if name == "cleangov_token":
            fields.append({})
        fields[-1][name] = element.given["value"]
    return fields[number]


def ask(
    host: SmallHost,
    fields: dict[str, str],
    reason: str = REASON,
    as_: Person | None = AUDITOR,
    **headers: str,
) -> Any:
    host.who = as_
    data = {**fields, "cleangov_reason": reason}
    return host.app.test_client().post("/cleangov/names", data=data, headers=headers)


def entries(host: SmallHost) -> list[Any]:
    name = "cleangov_entry" if host.engine.dialect.name == "sqlite" else "cleangov.cleangov_entry"
    with host.engine.connect() as connection:
        query = f"SELECT * FROM {name} WHERE kind = 'int.name.viewed' ORDER BY id"
        return list(connection.exec_driver_sql(query).mappings())


def test_a_name_is_shown_once_its_question_stands_in_the_ledger(own_city: SmallHost) -> None:
    assert CANARY not in Checked(own_city.app.test_client().get(PAGE).text).text
    response = ask(own_city, form(own_city))
    assert response.status_code == 200
    page = Checked(response.text)
    assert [e.text for e in page.found("strong")] == [CANARY]
    (entry,) = entries(own_city)
    assert f"第 {entry['id']} 号记录" in page.text
    assert (entry["subject"], entry["unit"]) == (CASE, "oversight")
    assert entry["actor"] in entry["body"]
    assert "lin" not in re.findall(r"[a-z]+", entry["body"]), "who asked is a pseudonym, too"
    assert REASON not in entry["body"], "the reason can be erased"
    assert form(own_city)["cleangov_person"] in entry["body"]


def test_everybody_who_opens_the_case_sees_who_asked_and_why(own_city: SmallHost) -> None:
    ask(own_city, form(own_city))
    own_city.who = AUDITOR
    page = Checked(own_city.app.test_client().get(PAGE).text)
    assert page.problems == []
    assert "谁查看过姓名" in page.text
    assert REASON in page.text
    assert CANARY not in re.findall(r"[a-z]+", page.text)
    listed = Checked(own_city.app.test_client().get("/cleangov/checkpoints").text)
    assert "查看姓名" in listed.text


def test_a_lead_does_not_see_that_somebody_asked(own_city: SmallHost) -> None:
    ask(own_city, form(own_city))
    own_city.who = Person(id="x", name="x", roles=LEAD.roles, unit="u-1")
    for path in (PAGE, "/cleangov/checkpoints"):
        page = Checked(own_city.app.test_client().get(path).text)
        assert CASE in page.text
        assert "查看姓名" not in page.text
        assert "谁查看过姓名" not in page.text


@pytest.mark.parametrize("reason", ["", "   ", "工作", "\x01\x02\x03\x04"])
def test_without_a_reason_there_is_no_name(own_city: SmallHost, reason: str) -> None:
    response = ask(own_city, form(own_city), reason)
    assert response.status_code == 409
    assert "请写明查看姓名的理由" in response.text
    assert entries(own_city) == []


def test_a_longer_reason_is_cut(own_city: SmallHost) -> None:
    assert ask(own_city, form(own_city), "理" * 5_000).status_code == 200
    assert len(entries(own_city)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"cleangov_token": ""},
        {"cleangov_token": "1.x"},
        {"cleangov_person": "a" * 26},
        {"cleangov_case": "another"},
        {"cleangov_agency": "another"},
    ],
)
def test_a_form_that_is_not_ours_is_refused(own_city: SmallHost, changed: dict[str, str]) -> None:
    response = ask(own_city, {**form(own_city), **changed})
    assert response.status_code == 403
    assert CANARY not in response.text
    assert entries(own_city) == []


def test_a_form_from_elsewhere_or_of_somebody_else_is_refused(own_city: SmallHost) -> None:
    fields = form(own_city)
    assert ask(own_city, fields, Origin="https://elsewhere.example").status_code == 403
    other = Person(id="other", name="x", roles=AUDITOR.roles)
    assert ask(own_city, fields, as_=other).status_code == 403
    for person in (LEAD, OPERATOR, PEOPLE["chen"]):
        assert ask(own_city, fields, as_=person).status_code == 403
    assert ask(own_city, fields, as_=None).status_code == 401
    assert entries(own_city) == []


def test_no_entry_no_name(own_city: SmallHost) -> None:
    fields = form(own_city)
    refuse_entries(own_city)
    response = ask(own_city, fields)
    assert response.status_code == 409
    assert CANARY not in response.text
    assert "不显示姓名" in response.text


def test_a_name_that_was_erased_is_told_to_be(own_city: SmallHost) -> None:
    fields = form(own_city)
    with own_city.engine.begin() as connection:
        assert pseudonyms.erase(connection, "cg", fields["cleangov_person"], own_city.now())
    response = ask(own_city, fields)
    assert response.status_code == 200
    assert "已删除" in response.text


def test_nobody_is_asked_for_who_does_not_act_in_the_case(own_city: SmallHost) -> None:
    """Even with a token of our own: it is made for the people a case shows, and checked again."""
    from cleangov_plugin.web.tokens import form_token

    key = own_city.plugin.desk.keys.key("form")
    with own_city.engine.connect() as connection:
        prefix = "" if connection.dialect.name == "sqlite" else "cleangov."
        query = sa.text(f"SELECT pseudonym FROM {prefix}cleangov_pseudonym WHERE identity = :who")
        stranger = connection.execute(query, {"who": "zhao"}).scalar_one()
    bound = (AUDITOR.id, "name", "cg", CASE, stranger)
    fields = {
        "cleangov_token": form_token(key, bound),
        "cleangov_agency": "cg",
        "cleangov_case": CASE,
        "cleangov_person": stranger,
    }
    response = ask(own_city, fields)
    assert response.status_code == 409
    assert "不能在这里查看" in response.text
    assert entries(own_city) == []


def test_the_hosts_own_field_stands_in_the_form(own_city: SmallHost) -> None:
    own_city.csrf = '<input type="hidden" name="csrf_token" value="host">'
    page = Checked(own_city.app.test_client().get(PAGE).text)
    assert len(page.found("input", name="csrf_token", value="host")) == 2
