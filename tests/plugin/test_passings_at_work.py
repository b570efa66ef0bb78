"""A rule that two people declared quiet: still asked, recorded with the number, in nobody's way."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Party
from cleangov_plugin.desk.checkpoint.passing_over import SUBJECT
from cleangov_plugin.desk.choice import passings
from cleangov_plugin.desk.choice.declaring import DeclarationRefused
from cleangov_plugin.desk.choice.passings import PASSINGS, Wish
from cleangov_plugin.domain.our_kinds import PASSING_CONFIRMED, PASSING_DECLARED, PASSING_ENDED
from cleangov_plugin.prompts.passing import Scope, Sort
from cleangov_plugin.store import declared_entries
from tests.plugin.conftest import MakeHost, on_sqlite
from tests.plugin.inside import attrs, bodies, rows
from tests.plugin.weighed import decision, write_rules
from tests.support.review_city import AUDITOR
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

QUIET, EXEMPT = Sort.SUPPRESSION, Sort.EXEMPTION


@pytest.fixture
def city(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    host = make_host(settings={"CLEANGOV_RULES": str(write_rules(tmp_path))})
    host.start()
    assert host.plugin.desk is not None, host.plugin.inert.reason
    return host


def declared(
    host: SmallHost, rule: str = "W2", sort: Sort = QUIET, days: float = 30, **more: Any
) -> str:
    """Declare something for the officer's unit, unless another place is named; answer its id."""
    basis = "《行政处罚法》第三十三条" if sort is EXEMPT else ""
    fields = {"places": {Scope.UNIT: "u-1"}, "why": "试点期间口径待定", "basis": basis, **more}
    wish = Wish(sort=sort, rule=rule, until=host.clock + timedelta(days=days), **fields)
    return passings.declare(host.plugin.desk, "cg", wish, PEOPLE["chen"], "zh-CN")


def in_force(host: SmallHost, rule: str = "W2", sort: Sort = QUIET, **more: Any) -> str:
    """Declare something and let somebody else agree to it; answer its id."""
    id_ = declared(host, rule, sort, **more)
    PASSINGS.confirm(host.plugin.desk, "cg", id_, PEOPLE["he"], "zh-CN")
    return id_


def said(host: SmallHost) -> list[list[Any]]:
    """Answer what was passed over of the latest decision."""
    found = bodies(host, kind="enf.decision.made")[-1]["outcomes"]
    return [outcome for outcome in found if outcome[2] in ("suppressed", "exempt")]


def test_a_quiet_rule_is_asked_recorded_counted_and_shown_to_nobody(city: SmallHost) -> None:
    id_ = in_force(city)
    assert city.take(decision(city, "W2")).decision == "pass"
    assert said(city) == [["W2", 1, "suppressed", "W2-event", f"passing:{id_}"]]
    assert (rows(city, "finding"), rows(city, "prompt")) == ([], [])
    assert city.gate(decision(city, "W2", "W3")).prompts[0].rules == ("W3@1",)
    ((found, number),) = passings.counted(city.plugin.desk, "cg")
    assert (found.id, number) == (id_, 1)
    city.move(days=31)  # nobody does anything
    assert city.gate(decision(city, "W2")).decision == "hold"


@on_sqlite
def test_how_often_each_applied_and_since_when_stands_on_the_page(
    city: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = in_force(city)
    idle = in_force(city, "W3", EXEMPT, places={Scope.CASE: "C-9"})
    for _ in range(2):
        city.take(decision(city, "W2"))
        city.move(days=1)
        city.open_case()
    # A host may write the same text where it likes: it is no outcome.
    city.take(city.event("enf.decision.made", 700, violation_code=f"passing:{idle}"))
    numbers = {each.id: number for each, number in passings.counted(city.plugin.desk, "cg")}
    assert numbers == {id_: 2, idle: 0}
    city.who, city.tongue = AUDITOR, "en"

    def page() -> str:
        return re.sub(r"\s+", " ", city.app.test_client().get("/cleangov/exceptions").text)

    first, last = (f"2026-03-{day}" for day in (10, 11))
    told = page()
    assert f"2 checkpoints were passed over by it so far. First {first}" in told
    assert (f"last {last}" in told, "passed over nothing" in told) == (True, True)
    assert "Counted back to" not in told
    newest = sorted(rows(city, "entry"), key=lambda row: (row["occurred_at"], row["id"]))[::-1]
    hits = [place for place, row in enumerate(newest, 1) if f'"passing:{id_}"' in row["body"]]
    monkeypatch.setattr("cleangov_plugin.desk.choice.exception_views.COUNTED", hits[0])
    told = page()
    assert ("One checkpoint was passed over" in told, "Counted back to" in told) == (True, True)


def test_declaring_agreeing_and_ending_are_entries(city: SmallHost) -> None:
    id_ = in_force(city)
    PASSINGS.end(city.plugin.desk, "cg", id_, PEOPLE["he"], "口径已定", "zh-CN")
    kinds = (PASSING_DECLARED, PASSING_CONFIRMED, PASSING_ENDED)
    told = [attrs(*bodies(city, kind=kind)) for kind in kinds]
    assert [each["a.passing_id"] for each in told] == [id_] * 3
    assert (told[0]["a.rule"], told[0]["a.scope"], told[0]["a.place"]) == ("W2", "unit", "u-1")
    assert city.gate(decision(city, "W2")).decision == "hold"


def test_one_person_alone_makes_nothing_quiet(city: SmallHost) -> None:
    id_ = declared(city)
    with pytest.raises(DeclarationRefused, match="somebody else"):
        PASSINGS.confirm(city.plugin.desk, "cg", id_, PEOPLE["chen"], "en")
    assert city.gate(decision(city, "W2")).decision == "hold"


@pytest.mark.parametrize("rule", ["R2", "S4"])
def test_red_is_never_suppressed_and_can_be_exempt(city: SmallHost, rule: str) -> None:
    with pytest.raises(DeclarationRefused, match="红色"):
        declared(city, rule)
    city.open_case()
    id_ = in_force(city, rule, EXEMPT, places={Scope.CASE: city.case})
    assert city.take(decision(city, rule, case=city.case)).decision == "pass"
    assert said(city) == [[rule, 1, "exempt", f"{rule}-event", f"passing:{id_}"]]
    assert rows(city, "finding") == []
    assert city.gate(decision(city, rule)).decision == "hold"  # another case


def test_a_party_is_exempt_and_stands_by_pseudonym(city: SmallHost) -> None:
    in_force(city, "W2", EXEMPT, places={Scope.PARTY: "wang-noodles"})
    event = decision(city, "W2")
    assert city.gate(event).decision == "hold"
    city.open_case()
    owner = city.event("enf.decision.made", 700, copies=2, parties=(Party(id="wang-noodles"),))
    assert city.gate(owner).decision == "pass"
    assert all("wang-noodles" not in row["body"] for row in rows(city, "entry"))


@on_sqlite
@pytest.mark.parametrize(
    ("how", "key"),
    [
        ({"rule": "NO1"}, "rule"),
        ({"days": 91}, "until"),
        ({"days": -1}, "until"),
        ({"why": "x"}, "why"),
        ({"places": {}}, "scope"),
        ({"places": {Scope.UNIT: "u", Scope.STEP: "s"}}, "scope"),
        ({"places": {Scope.PARTY: "p"}}, "scope"),
        ({"places": {Scope.UNIT: "u\x00"}}, "name"),
        ({"places": {Scope.UNIT: "u" * 201}}, "name"),
        ({"sort": EXEMPT}, "scope"),
        ({"sort": EXEMPT, "places": {Scope.CASE: "C"}, "basis": " "}, "name"),
    ],
)
def test_what_does_not_fit_is_refused(city: SmallHost, how: dict[str, Any], key: str) -> None:
    with pytest.raises(DeclarationRefused) as refused:
        declared(city, **how)
    assert refused.value.where == f"passing.{key}"
    assert rows(city, "entry") == []


@on_sqlite
def test_where_nothing_was_declared_nothing_is_read_for_it(
    city: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    records = declared_entries.records

    def counting(connection: Any, log_id: str, subject: str, *more: Any) -> Any:
        read.append(subject)
        return records(connection, log_id, subject, *more)

    monkeypatch.setattr(declared_entries, "records", counting)
    city.gate(decision(city, "W2"))
    city.take(decision(city))
    assert read == []
    in_force(city)
    read.clear()
    city.take(decision(city))  # nothing hits
    assert read == []
    city.take(decision(city, "W2"))
    assert set(read) == {"cleangov.passings"}


@on_sqlite
def test_a_host_declares_nothing_in_our_name(city: SmallHost) -> None:
    id_ = declared(city)
    event = city.event("enf.decision.made", 1)
    told = {"passing_id": id_}
    city.write(replace(event, kind=PASSING_CONFIRMED, case_id=SUBJECT, attributes=told))
    assert rows(city, "entry")[-1]["kind"] == PASSING_CONFIRMED
    assert city.gate(decision(city, "W2")).decision == "hold"
