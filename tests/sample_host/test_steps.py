"""Who takes a step, in which state, who signs it, and where it leads; after the statutes."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from sample_host import tables
from sample_host.city import of
from sample_host.database import reading
from sample_host.flow import FLOWS
from sample_host.people import PEOPLE, holders
from sample_host.rows import load
from tests.support.scripted_day import Visit

Route = list[tuple[str, str, str, dict[str, str]]]

_FINE = {"kind_of_penalty": "fine"}
#: Step, who takes it, the state it leads to, what is filled in. Order 55 (2022), Arts 15-31.
CASE: Route = [
    ("file", "sun-ying", "filed", {}),
    (
        "investigate",
        "chen-jing",
        "investigated",
        {"officers": "2", "tier": "heavier", "findings": "x"},
    ),
    ("notify", "chen-jing", "notified", {"amount": "1500", **_FINE}),
    ("defend", "gao-feng", "defended", {"channel": "oral", "statement": "x"}),
    ("new_facts", "chen-jing", "defended", {"facts": "x"}),
    ("review", "tang-wen", "reviewed", {"result": "agree", "opinion": "x"}),
    ("discuss", "sun-ying", "discussed", {"members": "x", "conclusion": "x"}),
    ("decide", "chen-jing", "decided", {"amount": "1200", **_FINE}),
    ("serve", "gao-feng", "served", {"service": "post"}),
    ("collect", "qian-yu", "executed", {"amount": "1200", "payment": "bank"}),
    ("close", "sun-ying", "closed", {"closing": "executed"}),
]
#: Licensing Law Arts 32-44.
PERMIT: Route = [
    ("request_correction", "liu-min", "correcting", {"items": "x"}),
    ("supplement", "liu-min", "submitted", {"items": "x"}),
    ("accept", "liu-min", "accepted", {}),
    ("visit", "xu-bin", "visited", {"officers": "2", "site": "as_described"}),
    ("review", "xu-bin", "reviewed", {"proposal": "grant"}),
    ("decide", "fang-hua", "decided", {"result": "granted"}),
    ("deliver", "liu-min", "delivered", {"delivery": "window"}),
]
PROJECT: Route = [
    (
        "request_variation",
        "zhao-lei",
        "running",
        {"amount": "-5", "cause": "design", "reason": "x"},
    ),
    ("approve_variation", "ma-chao", "running", {"variation_no": "V1"}),
    ("execute_variation", "zhao-lei", "running", {"variation_no": "V1"}),
    ("pay", "qian-yu", "running", {"amount": "5"}),
    ("accept_works", "he-ping", "accepted", {"quality": "passed"}),
]
OPENED = {
    "cases": ("chen-jing", {"violation_code": "CG-101", "clue_source": "patrol"}, CASE),
    "permits": ("liu-min", {"permit_kind": "drainage"}, PERMIT),
    "projects": ("ma-chao", {"amount": "1000"}, PROJECT),
}


def opened(app: Flask, path: str) -> str:
    """Open a matter, and answer its address."""
    who, fields, _ = OPENED[path]
    named = {"title": "甲", "place": "乙", "party": "丙"}
    visit = Visit(app, who)
    visit.post(f"/{path}/new", {**named, **fields})
    table = {"cases": tables.case, "permits": tables.permit, "projects": tables.project}[path]
    with reading(of(app).engine) as connection:
        query = sa.select(table.c.no).where(table.c.title_zh == "甲").order_by(table.c.no.desc())
        return f"/{path}/{connection.execute(query).scalars().first()}"


def state_of(app: Flask, address: str) -> str:
    _, path, no = address.split("/")
    flow = next(flow for flow in FLOWS.values() if flow.path == path)
    with reading(of(app).engine) as connection:
        matter = load(connection, flow.stream, no)
    assert matter is not None
    return matter.state


@pytest.mark.parametrize("path", OPENED)
def test_a_matter_goes_its_whole_way_by_those_who_may(app: Flask, path: str) -> None:
    route, address = OPENED[path][2], opened(app, path)
    visits = {person: Visit(app, person) for person in PEOPLE}
    flow = next(flow for flow in FLOWS.values() if flow.path == path)
    assert {step.name for step in flow.steps} - {"complaint"} == {name for name, *_ in route}
    for place, (name, who, state, fields) in enumerate(route):
        step = flow.step(name)
        assert step is not None
        before = state_of(app, address)
        for person, visit in visits.items():  # whose step it is not, is refused
            if not PEOPLE[person].roles & step.roles - {"citizen"}:
                hidden = PEOPLE[person].party is not None  # a citizen does not even see it
                visit.take(address, name, expect=404 if hidden else 403, **fields)
        for later, other, _, given in route[place + 1 :]:  # what is not due yet, is refused
            ahead = flow.step(later)
            assert ahead is not None
            if before not in ahead.after or later in ("approve_variation", "execute_variation"):
                text = visits[other].take(address, later, expect=409, **given)
                assert "本环节已不能办理" in text
        assert state_of(app, address) == before
        visits[who].take(address, name, **fields)
        assert state_of(app, address) == state
        assert flow.states.index(state) >= 0


@pytest.mark.parametrize(
    ("result", "state"), [("supplement", "filed"), ("correct", "investigated")]
)
def test_the_legal_review_can_send_a_case_back(app: Flask, result: str, state: str) -> None:
    address = "/cases/YT-CF-2026-0476"
    Visit(app, "tang-wen").take(address, "review", result=result, opinion="补")
    assert state_of(app, address) == state


def test_a_case_may_be_closed_after_investigation_and_no_fine_means_no_payment(app: Flask) -> None:
    head = Visit(app, "sun-ying")
    head.take("/cases/YT-CF-2026-0598", "close", closing="educated")
    assert state_of(app, "/cases/YT-CF-2026-0598") == "closed"
    chen = Visit(app, "chen-jing")
    case = "/cases/YT-CF-2026-0417"
    chen.take(case, "decide", amount="0", kind_of_penalty="none")
    chen.take(case, "serve", service="direct")
    Visit(app, "qian-yu").take(case, "collect", expect=409, amount="0", payment="bank")
    head.take(case, "close", closing="not_established")


SIGNED = {
    ("cases", "investigate"): "enforcement_officer",
    ("cases", "notify"): "enforcement_head",
    ("cases", "decide"): "enforcement_head",
}


def test_documents_that_a_second_person_signs_say_so(be: Callable[..., Visit]) -> None:
    signed = {
        (flow.path, step.name): step.signer
        for flow in FLOWS.values()
        for step in (flow.opening, *flow.steps)
        if step.signer
    }
    assert signed == SIGNED
    assert len(holders("enforcement_officer")) == 2  # Order 55, Arts 11 and 20
    assert "签发人：孙颖" in be("chen-jing").get("/cases/YT-CF-2026-0417/decide")
    assert "签发 陈静、高峰" in be("chen-jing").get("/cases/YT-CF-2026-0417")


def test_who_decides_has_not_taken_the_application_in() -> None:
    permits = next(flow for flow in FLOWS.values() if flow.path == "permits")
    by_name = {step.name: step.roles for step in permits.steps}
    assert not by_name["accept"] & by_name["decide"]
    assert not by_name["review"] & by_name["decide"]


def test_the_owner_answers_for_herself_and_for_nobody_else(app: Flask) -> None:
    wang = Visit(app, "wang-xiulan")
    form = {"channel": "written", "statement": "x"}
    wang.take("/cases/YT-CF-2026-0417", "defend", expect=409, **form)  # answered already
    wang.take("/cases/YT-CF-2026-0521", "defend", expect=404, **form)  # not hers
    wang.take("/cases/YT-CF-2026-0417", "decide", expect=403, amount="1", kind_of_penalty="fine")
    wang.take("/cases/YT-CF-2026-0417", "complaint", complaint="x")
    Visit(app, "chen-jing").take("/cases/YT-CF-2026-0417", "complaint", expect=403, complaint="x")
    assert "反映问题" in Visit(app, "lin-lan").get("/inbox")  # who supervises is told


def test_a_step_that_is_over_leads_back_to_the_matter(app: Flask) -> None:
    chen = Visit(app, "chen-jing")
    answer = chen.client.get("/cases/YT-CF-2026-0417/notify")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cases/YT-CF-2026-0417")


def test_only_the_colleague_who_has_the_case_is_told(app: Flask) -> None:
    Visit(app, "sun-ying").take("/cases/YT-CF-2026-0690", "file")
    assert "YT-CF-2026-0690" in Visit(app, "chen-jing").get("/inbox")
    assert "YT-CF-2026-0690" not in Visit(app, "gao-feng").get("/inbox")


def test_nobody_is_paid_over_the_contract(app: Flask) -> None:
    qian, address = Visit(app, "qian-yu"), "/projects/YT-GC-2026-01"
    text = qian.take(address, "pay", expect=409, amount="2100000.01")
    assert "支付合计超过合同价" in text
    qian.take(address, "pay", amount="2100000")
    assert "2,100,000 元" in qian.get(address)


def test_the_kill_switch_is_a_file_and_the_page_says_so(url: str, tmp_path: object) -> None:
    from pathlib import Path

    from tests.support.scripted_day import make_city

    switch = Path(str(tmp_path)) / "deep" / "supervision.off"
    app = make_city(url, PLUGINS=False, KILL_SWITCH_FILE=switch, guests=[("quiet", object())])
    host, visit = app.extensions["city_host"], Visit(app)
    assert "监督插件：已接入" in visit.get("/")
    visit.post("/supervision", {"next": "/cases"})
    assert switch.exists()
    assert host.switched_off()
    assert "监督插件：已关闭" in visit.get("/")
    visit.post("/supervision", {"next": "/cases"})
    assert not host.switched_off()
