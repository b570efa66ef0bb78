"""Figures about one officer: of them alone, read by them first, and none undecided."""

from datetime import timedelta
from typing import Any

import pytest

from cleangov_hooks import Person
from cleangov_plugin.desk.choice import person_statistics
from cleangov_plugin.desk.choice.declaring import DeclarationRefused
from cleangov_plugin.desk.choice.person_statistics import DECISIONS, Wish, declare, look_at
from cleangov_plugin.desk.own.page import OwnPage, own_page
from tests.plugin.conftest import MakeHost
from tests.plugin.steps import outside
from tests.support.small_host import SmallHost

HE, WU = (Person(id=name, name=name) for name in ("he", "wu"))
WHY = "核对提示是否过多"


@pytest.fixture
def host(make_host: MakeHost, monkeypatch: pytest.MonkeyPatch) -> SmallHost:
    monkeypatch.setattr(person_statistics, "ENOUGH", 2)
    host = make_host(settings={"CLEANGOV_PERSON_STATISTICS": "on"})
    host.start()
    return host


def answered(host: SmallHost, who: str, amount: int) -> None:
    host.sign_in(who)
    event, prompt = outside(host, amount)
    host.show("step.panel", event)
    host.move(seconds=9)
    host.answer(prompt.id, "deviation", "approved")


def decided(host: SmallHost, days: int = 60) -> str:
    desk: Any = host.plugin.desk
    until = host.now() + timedelta(days=days)
    wish = Wish(basis="《个人信息保护法》第十三条", consulted="工会", why=WHY, until=until)
    id_ = declare(desk, "cg", wish, HE, "en")
    DECISIONS.confirm(desk, "cg", id_, WU, "en")
    return id_


def page(host: SmallHost, who: str) -> OwnPage:
    host.sign_in(who)
    person = host.person()
    assert isinstance(person, Person)
    assert host.plugin.desk is not None
    return own_page(host.plugin.desk, person, "en", lambda _: True)


def shown(host: SmallHost) -> str:
    host.tongue = "en"
    return host.app.test_client().get("/cleangov/mine").text


def test_they_are_of_one_officer_alone_and_read_by_them_first(host: SmallHost) -> None:
    answered(host, "chen", 1_001)
    assert page(host, "chen").figures is None, "nobody has decided on them"
    decided(host)
    few = page(host, "chen").figures
    assert few is not None
    assert (dict(few.by_rule), few.too_few) == ({}, ("E08",))
    for amount in (1_002, 1_003):
        answered(host, "chen", amount)
    own = page(host, "chen").figures
    assert own is not None
    assert {rule: each.answers for rule, each in own.by_rule.items()} == {"E08": 3}
    assert "<b>Outside the discretion band</b> <code>E08</code>: 3 answers" in shown(host)
    found = look_at(host.plugin.desk, "cg", host.person().id, HE, WHY, "en")
    assert {rule: each.answers for rule, each in found.by_rule.items()} == {"E08": 3}
    others = page(host, "liu").figures
    assert others is not None
    assert (dict(others.by_rule), others.too_few) == ({}, ())


def test_a_look_is_told_to_the_officer_later_and_to_nobody_else(host: SmallHost) -> None:
    answered(host, "chen", 1_001)
    decided(host, days=90)
    host.sign_in("chen")
    look_at(host.plugin.desk, "cg", host.person().id, HE, WHY, "en")
    assert page(host, "chen").figure_looks == ()
    host.move(hours=24 * 31)
    (at,) = page(host, "chen").figure_looks
    assert host.now() - at > timedelta(days=30)
    assert page(host, "liu").figure_looks == ()


def test_an_end_ends_them(host: SmallHost) -> None:
    answered(host, "chen", 1_001)
    decided(host, days=1)
    host.move(hours=25)
    assert page(host, "chen").figures is None
    with pytest.raises(DeclarationRefused, match="two people"):
        look_at(host.plugin.desk, "cg", "chen", HE, WHY, "en")
