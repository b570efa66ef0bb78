"""The story: what the demo says of it is so, and every act of it was an ordinary step."""

import statistics
from collections import Counter
from datetime import date, datetime
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from cleangov_hooks import Event, Stream, hookimpl
from sample_host import create_app, tables
from sample_host.benchmarks import BENCHMARKS
from sample_host.city import of
from sample_host.clock import ZONE
from sample_host.database import reading
from sample_host.flow import FLOWS
from sample_host.flow.permits import PERMIT_KINDS
from sample_host.matter import Matter
from sample_host.people import PEOPLE
from sample_host.rows import acts_of, listed, load
from sample_host.story import tell
from sample_host.story.plot import moment, workday
from tests.support.scripted_day import CLOCK, dump_host_tables, make_city


def matter(app: Flask, stream: Stream, no: str) -> Matter:
    with reading(of(app).engine) as connection:
        found = load(connection, stream, no)
    assert found is not None
    return found


def test_the_noodle_shops_case_stands_as_the_demo_tells_it(app: Flask) -> None:
    case = matter(app, Stream.ENFORCEMENT, "YT-CF-2026-0417")
    assert case.state == "reviewed"
    days = {act.step: act.occurred_at.date() for act in case.acts}
    assert days["file"] == date(2026, 2, 9)
    assert days["notify"] == date(2026, 3, 2)
    assert days["defend"] == date(2026, 3, 4)
    notice = case.latest("enf.intent.notified")
    assert notice
    assert notice.amount
    assert notice.amount.minor == 80_000
    low, high = BENCHMARKS[case.own["violation_code"]].bands[case.own["tier"]]
    assert (low, high) == (50_000, 100_000)
    assert [note.text.en for note in case.notes] == ["“Teach him a lesson.” – told by phone."]


def test_nine_like_cases_were_decided_and_their_median_is_700(app: Flask) -> None:
    with reading(of(app).engine) as connection:
        like = [
            case.own["fine_minor"]
            for case in listed(connection, Stream.ENFORCEMENT)
            if case.own["violation_code"] == "CG-101" and case.own["fine_minor"] is not None
        ]
        query = sa.select(tables.act.c.amount_minor).where(tables.act.c.kind == "enf.decision.made")
        decided = query.where(tables.act.c.details.like('%"violation_code": "CG-101"%'))
        sent = list(connection.execute(decided).scalars())
    assert sorted(like) == sorted(sent)
    assert len(like) == 9
    assert statistics.median(like) == 70_000
    assert all(50_000 <= fine <= 100_000 for fine in like)


def test_the_bookshops_permit_stands_as_the_demo_tells_it(app: Flask) -> None:
    permit = matter(app, Stream.PERMIT, "YT-XK-2026-0088")
    assert permit.state == "correcting"
    assert permit.own["permit_kind"] == "outdoor_sign"
    days = [(act.step, act.occurred_at.date()) for act in permit.acts]
    assert days == [("apply", date(2026, 3, 5)), ("request_correction", date(2026, 3, 6))]
    assert workday(date(2026, 3, 5), 5) == date(2026, 3, 12)  # the Thursday of the demo


def test_the_storm_drain_stands_as_the_demo_tells_it(app: Flask) -> None:
    project = matter(app, Stream.PROJECT, "YT-GC-2025-12")
    assert project.own["contract_minor"] == 1_600_000_000
    assert project.own["limit_minor"] == 50_000_000
    approved = [(v.amount, v.approved_at, v.approved_by) for v in project.variations]
    assert approved == [
        (46_500_000, moment(date(2026, 2, 2), "10:00"), "ma-chao"),
        (48_000_000, moment(date(2026, 2, 13), "10:00"), "ma-chao"),
        (45_500_000, moment(date(2026, 2, 27), "10:00"), "ma-chao"),
    ]
    assert project.approved_minor() * 10_000 // project.own["contract_minor"] == 875
    assert (project.approved_minor() + 49_000_000) * 10_000 // 1_600_000_000 == 1181
    assert (date(2026, 3, 10) - date(2026, 2, 2)).days == 36


def test_the_lists_look_alive(app: Flask) -> None:
    with reading(of(app).engine) as connection:
        found = {stream: listed(connection, stream) for stream in FLOWS}
    assert {stream.value: len(matters) for stream, matters in found.items()} == {
        "enforcement": 26,
        "permit": 14,
        "project": 6,
    }
    assert {m.own["permit_kind"] for m in found[Stream.PERMIT]} == set(PERMIT_KINDS)
    assert {m.own["violation_code"] for m in found[Stream.ENFORCEMENT]} == set(BENCHMARKS)
    states = Counter(m.state for m in found[Stream.ENFORCEMENT])
    passing = {"defended", "discussed"}
    assert set(states) == set(FLOWS[Stream.ENFORCEMENT].states) - passing
    titles = [m.title.zh for matters in found.values() for m in matters]
    assert len(set(titles)) == len(titles)


def test_every_act_was_open_to_who_took_it_in_office_hours(app: Flask) -> None:
    with reading(of(app).engine) as connection:
        numbers = connection.execute(sa.select(tables.act.c.matter_no).distinct()).scalars().all()
        for no in numbers:
            acts = acts_of(connection, no)
            flow = next(flow for flow in FLOWS.values() if no.startswith(flow.prefix))
            for before, after in pairwise(acts):
                assert before.occurred_at < after.occurred_at
            for act in acts:
                step = flow.step(act.step)
                assert step is not None
                who = PEOPLE[act.actor_id]
                assert step.roles & who.roles
                assert 9 <= act.occurred_at.hour < 18
                assert act.occurred_at.weekday() < 5
                assert act.occurred_at < datetime(2026, 3, 10, 9, tzinfo=ZONE)


def test_no_fine_of_the_past_went_up_after_the_party_spoke_unless_new_facts_came(
    app: Flask,
) -> None:
    with reading(of(app).engine) as connection:
        for case in listed(connection, Stream.ENFORCEMENT):
            acts = {act.step: act for act in acts_of(connection, case.no)}
            if {"notify", "decide"} <= set(acts):
                noticed, decided = acts["notify"].amount, acts["decide"].amount
                assert noticed
                assert decided
                assert decided.minor <= noticed.minor or "new_facts" in acts
                low, high = BENCHMARKS[case.own["violation_code"]].bands[case.own["tier"]]
                assert low <= decided.minor <= high


class Listener:
    """A plugin that keeps what it is told, in order."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    @hookimpl
    def cleangov_enforcement_events(self, events: list[Event]) -> None:
        self.events += events

    @hookimpl
    def cleangov_permit_events(self, events: list[Event]) -> None:
        self.events += events

    @hookimpl
    def cleangov_project_events(self, events: list[Event]) -> None:
        self.events += events


def test_it_is_told_through_the_hooks_in_the_order_of_time_and_only_once(tmp_path: object) -> None:
    guest = Listener()
    app = make_city(f"sqlite:///{tmp_path}/city.db", PLUGINS=False, guests=[("listener", guest)])
    times = [event.occurred_at for event in guest.events]
    assert times == sorted(times)
    assert all(event.recorded_at == event.occurred_at for event in guest.events)
    assert len({event.id for event in guest.events}) == len(guest.events) > 200
    assert all("@" not in code for event in guest.events for code in event.attributes)
    assert tell(of(app)) == 0
    with reading(of(app).engine) as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(tables.act)).scalar_one()
    assert count == len(guest.events)
    assert of(app).clock.now() == datetime(2026, 3, 10, 10, tzinfo=ZONE)


def test_a_telling_that_was_broken_off_goes_on_where_it_stopped(
    app: Flask, tmp_path: object
) -> None:
    class Stop(Exception):
        """The power is gone."""

    settings = {"PLUGINS": False, "CLOCK": CLOCK, "CLOCK_TICKS": True}
    city = create_app({"DATABASE_URL": f"sqlite:///{tmp_path}/broken.db", **settings})
    original, left = of(city).clock.at, [100]

    def at(instant: datetime) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise Stop
        return original(instant)

    of(city).clock.at = at  # type: ignore[method-assign,assignment]
    with pytest.raises(Stop):
        tell(of(city))
    left[0] = 10_000
    assert tell(of(city)) > 100
    assert dump_host_tables(of(city).engine) == dump_host_tables(of(app).engine)
