"""What the city hands to plugins and answers them, its settings and its clock."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask

from cleangov_hooks import Host, Relation, Tie
from sample_host import answers, create_app, tables
from sample_host.city import of
from sample_host.clock import ZONE, Clock, read_stored, stored
from sample_host.settings import read_settings
from tests.support.scripted_day import NOODLES, Visit, make_city, play_day

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_the_services_are_those_of_the_contract(app: Flask) -> None:
    host = app.extensions["city_host"]
    assert isinstance(host, Host)
    assert host.agency().zone == "Asia/Shanghai"
    assert host.now().utcoffset() == timedelta(hours=8)
    assert host.plugins is of(app).plugins


def test_outside_a_request_nobody_is_there(app: Flask) -> None:
    host = app.extensions["city_host"]
    assert host.person() is None
    assert host.csrf_field() is None
    assert host.language() == "zh-CN"
    assert host.url_for("matters.show", path="cases", no="A") == "/cases/A"


def test_inside_a_request_it_is_who_is_signed_in(app: Flask) -> None:
    host, visit = app.extensions["city_host"], Visit(app, "tang-wen")
    with visit.client as client:
        client.get("/?lang=en")
        person = host.person()
        assert person.name == "Tang Wen"
        assert person.roles == {"legal_reviewer", "reviewer"}
        assert host.language() == "en"
        assert 'name="csrf_token"' in host.csrf_field()


def test_a_blueprint_is_mounted_before_the_first_request_and_refused_after(url: str) -> None:
    class Guest:
        """A plugin with a page."""

    def page() -> str:
        return "a guest's page"

    app = create_app({"DATABASE_URL": url, "PLUGINS": False}, guests=[("guest", Guest())])
    early, late = (Blueprint(name, __name__, url_prefix=f"/{name}") for name in ("early", "late"))
    early.add_url_rule("/", "page", page)
    assert app.extensions["city_host"].mount(early)
    assert app.test_client().get("/early/").text == "a guest's page"
    assert not app.extensions["city_host"].mount(late)
    assert not app.extensions["city_host"].mount(early)


def test_reconciliation_finds_every_act_page_by_page(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    play_day(app)
    monkeypatch.setattr(answers, "_PAGE", 7)
    city = answers.CityAnswers(of(app).engine)
    with of(app).engine.connect() as connection:
        acts = connection.execute(sa.select(tables.act.c.id, tables.act.c.kind)).all()
    found = []
    for kind in {kind for _, kind in acts}:
        cursor = None
        while True:
            page = city.cleangov_host_records(kind, LONG_AGO, cursor)
            assert page is not None
            assert len(page.records) <= 7
            found += [(record.id, record.kind) for record in page.records]
            cursor = page.cursor
            if cursor is None:
                break
    assert sorted(found) == sorted((id_, kind) for id_, kind in acts)


def test_reconciliation_begins_where_it_is_asked_to(app: Flask) -> None:
    city = answers.CityAnswers(of(app).engine)
    since = datetime(2026, 3, 2, tzinfo=ZONE)
    page = city.cleangov_host_records("enf.intent.notified", since, None)
    assert page is not None
    assert {record.case_id for record in page.records} == {
        "YT-CF-2026-0417",
        "YT-CF-2026-0476",
        "YT-CF-2026-0521",
    }
    assert all(record.occurred_at >= since for record in page.records)
    assert city.cleangov_host_records("no.such.kind", since, None) is None


@pytest.mark.parametrize(
    ("officer", "party", "answer"),
    [
        ("chen-jing", "wang-noodles", (Tie.NO, None)),
        ("gao-feng", "anju", (Tie.YES, 2)),
        ("gao-feng", "wang-noodles", None),
        ("", "", None),
    ],
)
def test_ties_are_those_that_were_declared(
    app: Flask, officer: str, party: str, answer: Any
) -> None:
    said = answers.CityAnswers(of(app).engine).cleangov_relation(officer, party)
    if answer is None:
        assert said is None
    else:
        tie, degree = answer
        as_of = date(2026, 1, 5)
        assert said == Relation(tie=tie, degree=degree, source="interest register", as_of=as_of)


def test_no_kind_is_declared_twice_and_every_label_is_in_both_languages() -> None:
    kinds = answers.event_types()
    assert len({kind.kind for kind in kinds}) == len(kinds)
    for kind in kinds:
        for labels in (kind.labels, *(attribute.labels for attribute in kind.attributes)):
            assert set(labels) == {"zh", "en"}
            assert all(labels.values())


def test_a_broken_migration_does_not_keep_the_city_from_starting(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: Any) -> None:
        connection.exec_driver_sql("CREATE TABLE half (x INTEGER)")
        raise RuntimeError("the schema is newer than this plugin")

    monkeypatch.setattr("cleangov_migrations.upgrade", fail)
    app = make_city(url)
    Visit(app, "chen-jing").take(NOODLES, "decide", amount="800", kind_of_penalty="fine")
    assert "half" not in sa.inspect(of(app).engine).get_table_names()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"DATABSE_URL": "sqlite://"}, "unknown settings: DATABSE_URL"),
        ({"LANGUAGE": "fr"}, "LANGUAGE: one of zh-CN, en"),
        ({"PLUGINS": "perhaps"}, "on or off was expected"),
        ({"CLOCK": "noon"}, "Invalid isoformat string"),
    ],
)
def test_wrong_settings_are_named(given: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_settings(given)


def test_what_belongs_to_plugins_is_passed_on_unread(tmp_path: Path) -> None:
    settings = read_settings({"DATABASE_URL": "sqlite:///x.db", "CLEANGOV_ANYTHING": 7})
    assert settings.supervision == {
        "CLEANGOV_ANYTHING": "7",
        "CLEANGOV_DATABASE_URL": "sqlite:///x.db",
    }
    assert read_settings({"LANGUAGE": "en_GB"}).language == "en"
    assert read_settings({"CLOCK": "2026-03-10T10:00"}).clock == datetime(
        2026, 3, 10, 10, tzinfo=ZONE
    )
    assert read_settings({"KILL_SWITCH_FILE": tmp_path}).kill_switch == tmp_path


def test_a_clock_that_ticks_stamps_a_second_later_each_time() -> None:
    start = datetime(2026, 3, 10, 10, tzinfo=ZONE)
    clock = Clock(start, ticks=True)
    assert clock.now() == start
    assert [clock.stamp() - start for _ in range(3)] == [timedelta(seconds=n) for n in range(3)]
    assert clock.now() == start + timedelta(seconds=2)
    with clock.at(start - timedelta(days=9)):
        assert clock.stamp() == clock.now() == start - timedelta(days=9)
    assert clock.stamp() == start + timedelta(seconds=3)
    clock.not_before(start + timedelta(hours=1))
    assert clock.stamp() == start + timedelta(hours=1, seconds=1)


def test_a_clock_that_runs_never_stamps_twice_alike() -> None:
    clock = Clock(datetime(2026, 3, 10, 10, tzinfo=ZONE))
    stamps = [clock.stamp() for _ in range(200)]
    assert sorted(set(stamps)) == stamps
    assert stamps[-1] - stamps[0] < timedelta(minutes=1)


def test_instants_are_kept_to_the_microsecond_with_a_fixed_width() -> None:
    instant = datetime(2026, 3, 10, 10, 0, 0, 1, tzinfo=ZONE)
    assert stored(instant) == "2026-03-10T02:00:00.000001Z"
    assert read_stored(stored(instant)) == instant
    assert read_stored(stored(instant)).utcoffset() == timedelta(hours=8)
