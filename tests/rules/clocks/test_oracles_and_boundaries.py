"""Days counted by hand, hours of work, changes of the clock, and the very moments of a boundary."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest

from cleangov_hooks import Precision, Stream
from cleangov_plugin.calendar import Calendar
from cleangov_plugin.domain.record import Record
from cleangov_plugin.intake.clock_files import load_clockbook
from cleangov_plugin.intake.holidays_cn import calendar_days
from cleangov_plugin.rules.clocks import (
    Clock,
    Days,
    Run,
    State,
    Unit,
    read_clock,
    runs_of,
    stage_of,
)
from cleangov_plugin.rules.clocks.counting import Count

CITY, COAST = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Amsterdam")
CLOCKS = {id_: read_clock(document) for id_, document in load_clockbook().items()}
DAYS = calendar_days("CN", range(2024, 2028))
OFFICIAL = Calendar(
    version=1,
    first=DAYS[0].date,
    ordinals=tuple(accumulate(day.is_working for day in DAYS)),
    provisional_years=frozenset({2027}),
)


class Weekdays:
    """Monday to Friday, and a Sunday that is worked on."""

    def __init__(self, *worked: str) -> None:
        self.worked = {date.fromisoformat(day) for day in worked}

    def is_working_day(self, d: date) -> bool | None:
        return d.weekday() < 5 or d in self.worked

    def is_provisional(self, a: date, b: date) -> bool:
        return False


def event(kind: str, at: datetime, number: int = 1, **more: object) -> Record:
    return replace(
        Record(
            event_id=f"e{number}",
            source="s",
            log_id="l",
            stream=Stream.PERMIT,
            case_id="c",
            kind=kind,
            step="s",
            actor=None,
            occurred_at=at.astimezone(UTC),
            recorded_at=at.astimezone(UTC),
            row=number,
        ),
        **more,  # type: ignore[arg-type]
    )


def local(text: str, zone: ZoneInfo = CITY) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def the_run(
    clock: Clock, records: Sequence[Record], now: datetime, zone: ZoneInfo, calendar: object
) -> Run:
    (run,) = runs_of(clock, records, calendar=calendar, zone=zone, now=now)  # type: ignore[arg-type]
    return run


@pytest.mark.parametrize(
    ("id_", "start", "length", "last"),
    [
        ("C03", "2026-01-30", 20, "2026-03-05"),
        ("C03", "2026-02-13", 5, "2026-02-27"),
        ("C03", "2026-04-30", 5, "2026-05-11"),
        ("C03", "2026-09-18", 10, "2026-10-09"),
        ("C03", "2026-09-24", 7, "2026-10-12"),
        ("C03", "2025-12-31", 3, "2026-01-06"),
        ("C03", "2025-09-26", 20, "2025-10-30"),
        ("C03", "2025-01-24", 10, "2025-02-13"),
        ("C01", "2026-07-03", 90, "2026-10-08"),
    ],
)
def test_the_last_day_is_the_one_counted_on_the_official_calendar(
    id_: str, start: str, length: int, last: str
) -> None:
    clock = CLOCKS[id_].lasting(length)
    began = event(min(clock.starts), local(f"{start}T10:00:00"))
    over = local(f"{last}T00:00:00") + timedelta(days=1)
    for now, is_overdue in ((over - timedelta(microseconds=1), False), (over, True)):
        run = the_run(clock, [began], now, CITY, OFFICIAL)
        assert run.due is not None
        assert (run.due.first_day, run.due.last_day) == (date.fromisoformat(last),) * 2
        assert run.is_overdue is is_overdue


def in_hours(length: int, *windows: str) -> Clock:
    document = {
        **load_clockbook()["C05"],
        "term": {"length": length, "unit": "working_hours"},
        "hours": list(windows),
        "pauses": [
            {
                "id": "pause",
                "from": "prm.clock.paused",
                "until": "prm.clock.resumed",
                "label": {"zh": "中止", "en": "pause"},
            }
        ],
    }
    return read_clock(document)


HOURS = ("09:00-12:00", "13:30-17:30")


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-03-13T16:00:00", 8, "2026-03-16T17:00:00"),  # Friday, over the weekend
        ("2026-03-13T17:30:00", 3, "2026-03-16T12:00:00"),  # to the very end of a window
        ("2026-03-16T12:30:00", 1, "2026-03-16T14:30:00"),  # begun in the break
        ("2026-03-14T09:00:00", 4, "2026-03-16T14:30:00"),  # begun on a Saturday
    ],
)
def test_hours_are_those_of_work(start: str, length: int, end: str) -> None:
    clock = in_hours(length, *HOURS)
    began = event("prm.decided", local(start))
    over = local(end)
    run = the_run(clock, [began], over - timedelta(seconds=1), CITY, Weekdays())
    assert run.due is not None
    assert run.due.earliest == run.due.latest == over
    assert run.is_overdue is False
    assert the_run(clock, [began], over, CITY, Weekdays()).is_overdue is True


def test_a_pause_within_hours_is_left_out_to_the_second() -> None:
    clock = in_hours(8, *HOURS)
    records = [
        event("prm.decided", local("2026-03-16T09:00:00")),
        event("prm.clock.paused", local("2026-03-16T11:30:00"), 2),
        event("prm.clock.resumed", local("2026-03-16T13:45:10"), 3),
    ]
    run = the_run(clock, records, local("2026-03-17T08:00:00"), CITY, Weekdays())
    assert run.due is not None
    # 2:30 before, 3:44:50 after, and the rest on Tuesday
    assert run.due.earliest == local("2026-03-17T10:45:10")
    assert run.used == (2.5 * 3600 + 3 * 3600 + 44 * 60 + 50) * 100 // (8 * 3600)
    assert run.next_at == local("2026-03-17T09:57:10")  # ninety percent: 7:12 of eight hours


def test_an_hour_of_work_cannot_be_counted_from_a_day_alone() -> None:
    began = event("prm.decided", local("2026-03-16T00:00:00"), precision=Precision.DAY)
    run = the_run(in_hours(2, *HOURS), [began], local("2026-03-20T09:00:00"), CITY, Weekdays())
    assert (run.due, run.is_overdue, run.missing) == (None, None, ("time of day",))
    assert stage_of(run) is None


@pytest.mark.parametrize(
    ("day", "hours_there", "end"),
    [
        # the clock goes from two to three: the window is two hours long
        ("2026-03-29", 2, "2026-03-30T02:00:00"),
        # the clock goes from three back to two: it is four hours long
        ("2026-10-25", 4, "2026-10-25T03:00:00"),
    ],
)
def test_hours_are_real_hours_where_the_clock_is_changed(
    day: str, hours_there: int, end: str
) -> None:
    clock = in_hours(3, "01:00-04:00")
    began = event("prm.decided", local(f"{day}T00:30:00", COAST))
    worked = Weekdays(day)
    run = the_run(clock, [began], local(f"{day}T00:40:00", COAST), COAST, worked)
    assert run.due is not None
    assert run.due.earliest.astimezone(COAST).replace(tzinfo=None, fold=0) == local(
        end, COAST
    ).replace(tzinfo=None)
    whole = in_hours(hours_there, "01:00-04:00")
    run = the_run(whole, [began], local(f"{day}T00:40:00", COAST), COAST, worked)
    assert run.due is not None
    assert run.due.earliest == local(f"{day}T04:00:00", COAST)


@pytest.mark.parametrize("start", ["2026-03-01T23:59:59", "2026-10-01T00:00:00"])
def test_days_are_days_of_the_place_over_a_change_of_its_clock(start: str) -> None:
    clock = CLOCKS["C01"].lasting(60)
    plain = replace(clock, roll=type(clock.roll).NONE)
    began = local(start, COAST)
    run = the_run(plain, [event("enf.case.filed", began)], began, COAST, None)
    assert run.due is not None
    assert run.due.first_day == began.date() + timedelta(days=60)
    end = datetime.combine(began.date() + timedelta(days=61), datetime.min.time(), COAST)
    assert run.due.earliest == run.due.latest == end.astimezone(UTC)


@pytest.mark.thorough
def test_days_that_are_reckoned_are_those_that_are_gone_through() -> None:
    clock = replace(CLOCKS["C01"], roll=type(CLOCKS["C01"].roll).NONE)
    for hour in (0, 11, 23):
        start = datetime(2026, 3, 1, hour, 30, tzinfo=COAST)
        quick, slow = (
            Count(clock, start, [], Days(OFFICIAL), COAST, is_latest=True) for _ in range(2)
        )
        slow._is_plain = False
        assert quick._is_plain
        for number in range(1, 400, 7):
            assert quick.reach(number) == slow.reach(number)
            until = start + timedelta(hours=23 * number)
            assert quick.counted(until) == slow.counted(until)


def random_case(chance: random.Random) -> tuple[Clock, list[Record]]:
    clock = CLOCKS[chance.choice(sorted(CLOCKS))]
    at = datetime(2026, chance.randint(1, 12), chance.randint(1, 28), 9, tzinfo=CITY)
    records = [event(min(clock.starts), at)]
    others = sorted(clock.kinds - clock.starts)
    for number in range(2, chance.randint(2, 6)):
        at += timedelta(hours=chance.randint(1, 400))
        role = {"approved_by": chance.choice(["head", "collective", "clerk"])}
        more = {"attributes": role} if chance.random() < 0.8 else {}
        records.append(event(chance.choice(others), at, number, **more))
    return clock, records


@pytest.mark.thorough
def test_nothing_is_said_anew_but_at_the_moments_that_were_announced() -> None:
    """What a tick may rely on: between two moments to look at, no stage changes."""
    chance = random.Random(5)
    days, changes = Days(OFFICIAL), 0
    for _ in range(60):
        clock, records = random_case(chance)
        told: dict[datetime, list[object]] = {}

        def say(at: datetime) -> list[Run]:
            runs = [*runs_of(clock, records, calendar=days, zone=CITY, now=at)]  # noqa: B023
            told[at] = [(run.part, stage_of(run), run.warning) for run in runs]  # noqa: B023
            return runs

        at: datetime | None = records[0].occurred_at
        known = [record.occurred_at for record in records]
        moments: list[datetime] = []
        while at is not None:
            moments.append(at)
            later = [run.next_at for run in say(at)] + known
            at = min((each for each in later if each is not None and each > at), default=None)
        for place, moment in enumerate(moments):
            end = moments[place + 1] if place + 1 < len(moments) else moment + timedelta(days=99)
            for step in range(1, 5):
                between = moment + (end - moment) * step / 5
                say(between)
                assert told[between] == told[moment], (clock.id, moment, between)
            say(end - timedelta(microseconds=1))
            assert told[end - timedelta(microseconds=1)] == told[moment]
        changes += len(set(map(str, told.values()))) - 1
    assert changes > 50


def test_a_paused_or_ended_run_reminds_nobody() -> None:
    clock = CLOCKS["C03"]
    records = [
        event("prm.accepted", local("2026-03-10T09:00:00")),
        event("prm.clock.paused", local("2026-04-07T09:00:00"), 2),
    ]
    run = the_run(clock, records, local("2026-04-07T10:00:00"), CITY, OFFICIAL)
    assert (run.state, run.warning, stage_of(run)) == (State.PAUSED, 90, None)
    assert clock.unit is Unit.WORKING_DAYS
