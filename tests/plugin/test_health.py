"""``/cleangov/health``: that it lives for everybody, how it is for those who run the platform."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Person
from cleangov_plugin.desk.health.health_words import SENTENCES
from tests.plugin.conftest import MakeHost
from tests.plugin.test_canaries import CANARIES, enforcement, mishaps
from tests.support.review_city import AUDITOR, OPERATOR
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

ALIVE = {"alive": True}


def asked(host: SmallHost, person: Person | None = OPERATOR) -> Any:
    host.who = person
    response = host.app.test_client().get("/cleangov/health")
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    return response.json


@pytest.mark.parametrize("person", [None, PEOPLE["chen"], AUDITOR])
def test_everybody_is_told_that_it_lives_and_no_more(
    host: SmallHost, person: Person | None
) -> None:
    assert asked(host, person) == ALIVE


def test_a_healthy_plugin_is_ok(host: SmallHost) -> None:
    host.write(host.event("enf.defence.received"))
    found = asked(host)
    assert (found["state"], found["reasons"]) == ("ok", [])
    assert found["counters"]["entries"] == 1


def test_the_kill_switch_is_seen(host: SmallHost) -> None:
    host.switch.touch()
    assert asked(host)["state"] == "switched_off"


def test_an_event_nobody_can_read_degrades_it(host: SmallHost) -> None:
    host.write(host.event("enf.intent.notified", 800, case_id="two\nlines"))
    assert asked(host)["notes"] == ["gaps.owed"]
    host.call("cleangov_step_opened", step=host.step(host.event("enf.decision.made", 1)))
    found = asked(host)
    assert (found["state"], found["reasons"]) == ("degraded", ["gaps.given_up"])


def test_an_event_that_was_lost_degrades_it(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.plugin.desk.counters.add("lost")
    assert asked(host)["reasons"] == ["events.lost"]


def test_a_verb_at_rest_degrades_it(host: SmallHost) -> None:
    breaker = host.plugin.desk.breakers._breaker("gate")
    breaker.open_until = float("inf")
    found = asked(host)
    assert (found["state"], found["reasons"]) == ("degraded", ["verbs.resting"])


def test_tables_that_have_gone_are_named(host: SmallHost) -> None:
    prefix = "" if host.engine.dialect.name == "sqlite" else "cleangov."
    with host.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {prefix}cleangov_statistic")
    found = asked(host)
    assert (found["state"], found["reasons"]) == ("degraded", ["schema.missing"])


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"CLEANGOV_OWNR": "x"}, "settings"),
        ({"CLEANGOV_DATABASE_URL": "postgres://city/city"}, "database.kind"),
        ({"CLEANGOV_DATABASE_URL": "city"}, "database.address"),
    ],
)
def test_an_inert_plugin_says_why(
    make_host: MakeHost, settings: dict[str, str], reason: str
) -> None:
    host = make_host(settings=settings)
    host.start()
    found = asked(host)
    assert (found["state"], found["reasons"]) == ("inert", [reason])
    assert asked(host, None) == ALIVE


def test_missing_tables_make_it_inert(make_host: MakeHost, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    sa.create_engine(url, poolclass=sa.pool.NullPool).connect().close()
    host = make_host(url=url)
    host.start()
    found = asked(host)
    assert (found["state"], found["reasons"]) == ("inert", ["schema.missing"])


def test_each_reason_is_one_the_doctor_speaks_of_or_stands_on_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
    for code in ("events.lost", "verbs.resting", "settings", "host", "error"):
        assert f"`{code}`" in page
    assert {"schema.missing", "gaps.given_up", "database.kind"} <= set(SENTENCES)


def test_it_says_nothing_about_anybody(host: SmallHost) -> None:
    enforcement(host)
    mishaps(host)
    text = json.dumps(asked(host))
    assert "counters" in text
    assert not [word for word in CANARIES if word in text]


def test_a_host_that_fails_while_it_is_asked_is_still_alive(host: SmallHost) -> None:
    def fail() -> None:
        raise RuntimeError

    host.person = fail  # type: ignore[method-assign]
    response = host.app.test_client().get("/cleangov/health")
    assert response.json == ALIVE
