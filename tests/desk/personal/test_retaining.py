"""Retention: what is past its term goes, what is held stays, and it can be broken off anywhere."""

import json
import secrets
from dataclasses import asdict
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from cleangov_hooks import Decision
from cleangov_plugin.cli.main import main
from cleangov_plugin.desk.catching_up import tick
from cleangov_plugin.desk.findings.changing import record_change
from cleangov_plugin.desk.personal import retaining
from cleangov_plugin.desk.personal.retaining import due, retain, retain_daily
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.domain.terms import CONFIRMED
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import finding_changes, tables
from cleangov_plugin.store.guards import applying
from cleangov_plugin.store.retained import DELETED, EMPTIED
from tests.desk.personal.erasing_city import CASE, LOG, City, erasing_city
from tests.support.small_city import yuan

__all__ = ("erasing_city",)
_DATED = [table.name for table in tables.metadata.sorted_tables if "retain_until" in table.c]
_BAND = {"band_min": yuan(500), "band_max": yuan(1_000)}


def ledger(city: City) -> Ledger:
    with city.desk.database.own_transaction(is_reading=True) as connection:
        found = city.desk.shelf.ledger(connection, LOG)
    assert found is not None
    return found


def past(city: City, *names: str, until: str = "2026-03-09") -> None:
    """Let the term of all rows of some tables end; the city's day is 10 March 2026."""
    for name in names or _DATED:
        city.edit(f"UPDATE {{s}}{name} SET retain_until = :until", until=until)


def alarms(city: City) -> list[str]:
    """Answer what verifying finds, but for the last days that `past` brought nearer itself."""
    found = city.verify().alarms
    return [each.code for each in found if each.values.get("names") != "retain_until"]


def number(city: City, name: str, where: str = "1 = 1") -> int:
    return int(city.ask(f"SELECT count(*) FROM {{s}}{name} WHERE {where}")[0][0])


def prompted(city: City) -> None:
    """An officer is held, answers, and goes on: a row in each table of prompts."""
    host = city.host
    host.case = "C-0900"
    fine = host.event("enf.decision.made", 1_200, id="fine", **_BAND)
    held = host.gate(fine)
    assert held.decision is Decision.HOLD
    host.answer(held.prompts[0].id, "deviation", "CANARY-words-of-answer")
    assert host.take(fine).decision is Decision.PASS_RECORDED


def settle_all(city: City) -> None:
    """Close every finding: an open one holds its case."""
    ids = [row[0] for row in city.ask("SELECT id FROM {s}cleangov_finding WHERE state = 'open'")]
    with city.desk.database.own_transaction() as connection:
        for id_ in ids:
            now = finding_changes.close(connection, id_, CONFIRMED, stamp(city.host.clock))
            assert now is not None
            record_change(city.desk, connection, now, None)


def test_the_last_day_is_a_day_on_which_it_is_kept(erasing_city: City) -> None:
    past(erasing_city, until="2026-03-10")
    assert due(erasing_city.desk, ledger(erasing_city)) == {}
    done = retain(erasing_city.desk, ledger(erasing_city), 1_000)
    assert (done.number, done.is_done) == (0, True)


def test_fields_and_names_go_told_by_entries_and_entries_stay(erasing_city: City) -> None:
    entries = number(erasing_city, "cleangov_entry")
    leaves = number(erasing_city, "cleangov_leaf")
    past(erasing_city)
    found = {
        name: asdict(each) for name, each in due(erasing_city.desk, ledger(erasing_city)).items()
    }
    assert found == {
        "cleangov_entry": {"due": 3, "held": 0},
        "cleangov_pseudonym": {"due": 2, "held": 0},
    }
    done = retain(erasing_city.desk, ledger(erasing_city), 1_000)
    assert (done.fields, done.names, done.is_done) == (3, 2, True)
    assert number(erasing_city, "cleangov_entry", "disc IS NOT NULL") == 0
    named = number(erasing_city, "cleangov_pseudonym", "identity IS NOT NULL")
    assert named == 1, "the job itself, which has just begun"
    assert number(erasing_city, "cleangov_entry") == entries + 2 + 2, "two cases, two names"
    assert number(erasing_city, "cleangov_leaf") == leaves
    bodies = erasing_city.ask("SELECT body FROM {s}cleangov_entry WHERE kind LIKE 'int.%'")
    assert all("class case, until 2026-03-09" in str(body) for (body,) in bodies)
    assert alarms(erasing_city) == []
    again = retain(erasing_city.desk, ledger(erasing_city), 1_000)
    assert (again.number, again.is_done) == (0, True)


def test_a_name_stays_while_an_entry_needs_it(erasing_city: City) -> None:
    past(erasing_city)
    last = erasing_city.rows()[2]
    erasing_city.edit(
        "UPDATE {s}cleangov_entry SET retain_until = '2030-01-01' WHERE id = :id", id=last
    )
    found = due(erasing_city.desk, ledger(erasing_city))
    assert asdict(found["cleangov_pseudonym"]) == {"due": 2, "held": 2}
    done = retain(erasing_city.desk, ledger(erasing_city), 1_000)
    assert (done.fields, done.names) == (2, 0)
    assert erasing_city.disc(last)


def test_a_case_with_an_open_finding_is_held_and_said_to_be(erasing_city: City) -> None:
    prompted(erasing_city)
    host = erasing_city.host
    host.case = CASE
    host.write(host.event("enf.intent.notified", 800))
    host.write(host.event("enf.decision.made", 2_000, **_BAND))
    assert number(erasing_city, "cleangov_finding", f"subject = '{CASE}' AND state = 'open'")
    past(erasing_city)
    found = due(erasing_city.desk, ledger(erasing_city))
    assert asdict(found["cleangov_entry"]) == {"due": 4, "held": 2}, "three, and an answer"
    assert retain(erasing_city.desk, ledger(erasing_city), 1_000).fields == 5
    settle_all(erasing_city)
    assert retain(erasing_city.desk, ledger(erasing_city), 1_000).fields == 2
    assert alarms(erasing_city) == []


def test_what_is_no_evidence_is_deleted_from_the_inside_out(erasing_city: City) -> None:
    prompted(erasing_city)
    settle_all(erasing_city)
    inner = ("cleangov_prompt", "cleangov_prompt_fate", "cleangov_answer", "cleangov_pass")
    for name in (*inner, "cleangov_attempt"):
        assert number(erasing_city, name), name
    findings = number(erasing_city, "cleangov_finding")
    past(erasing_city, "cleangov_attempt", "cleangov_prompt")
    assert retain(erasing_city.desk, ledger(erasing_city), 1_000).deleted == {}, "still referred to"
    past(erasing_city)
    done = retain(erasing_city.desk, ledger(erasing_city), 1_000)
    assert set(done.deleted) >= {*inner, "cleangov_attempt"}
    for name in DELETED:
        assert number(erasing_city, name) == 0, name
    assert number(erasing_city, "cleangov_finding") == findings
    assert alarms(erasing_city) == []


def test_an_event_that_is_still_owed_is_not_deleted(erasing_city: City) -> None:
    columns = "log_id, event, reason, detail, state, tries, owed_at, retention_class"
    for state in ("owed", "given_up", "settled"):
        erasing_city.edit(
            f"INSERT INTO {{s}}cleangov_gap ({columns})"
            " VALUES (:log, '{{}}', 'error', '', :state, 1, '2026', 'gap')",
            log=LOG,
            state=state,
        )
    past(erasing_city)
    retain(erasing_city.desk, ledger(erasing_city), 1_000)
    assert erasing_city.ask("SELECT state FROM {s}cleangov_gap") == [("owed",)]


def test_it_goes_on_where_it_was_broken_off(
    erasing_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retaining, "SLICE", 1)
    past(erasing_city)
    first = retain(erasing_city.desk, ledger(erasing_city), 2)
    assert (first.fields, first.is_done) == (2, False)
    assert alarms(erasing_city) == []
    second = retain(erasing_city.desk, ledger(erasing_city), 1_000)
    assert (second.fields, second.names, second.is_done) == (1, 2, True)
    assert alarms(erasing_city) == []


def test_the_daily_run_is_made_once_a_day_and_not_in_a_young_ledger(erasing_city: City) -> None:
    past(erasing_city)
    assert tick(erasing_city.desk, ledger(erasing_city)).retained == 0, "younger than any term"
    host = erasing_city.host
    host.clock += timedelta(days=366)
    assert tick(erasing_city.desk, ledger(erasing_city)).retained == 5
    past(erasing_city)
    assert retain_daily(erasing_city.desk, ledger(erasing_city), 100) == 0, "done today"
    host.clock += timedelta(days=1)
    assert retain_daily(erasing_city.desk, ledger(erasing_city), 100) == 1, "the job's own name"


def test_with_the_guards_up_it_goes_the_same_way(erasing_city: City) -> None:
    prompted(erasing_city)
    settle_all(erasing_city)
    past(erasing_city)
    with erasing_city.desk.database.own_transaction() as connection:
        applying.apply(connection, roles_of_its_own())
    done = retain(erasing_city.desk, ledger(erasing_city), 1_000)
    assert (done.fields, done.is_done) == (7, True)
    assert "cleangov_answer" in done.deleted
    assert number(erasing_city, "cleangov_entry", "disc IS NOT NULL") == 0
    with pytest.raises(sa.exc.DBAPIError, match="cleangov"):
        erasing_city.set_disc(erasing_city.rows()[0], "written")


def roles_of_its_own() -> applying.Roles:
    """Answer roles that no other test of the same server takes away meanwhile."""
    names = ("app", "sealer", "eraser", "auditor")
    end = secrets.token_hex(4)
    return applying.Roles(**{name: f"cg_{name}_{end}" for name in names})


def test_the_command_shows_and_does(erasing_city: City) -> None:
    settings = {n: v for n, v in erasing_city.host.settings.items() if "URL" not in n}

    def run(*words: str) -> tuple[int, str]:
        line = ["--database", erasing_city.url, "--lang", "en", *words]
        result = CliRunner(env=settings).invoke(main, line)
        return result.exit_code, result.stdout

    past(erasing_city)
    code, said = run("retention")
    assert (code, "cg: cleangov_entry, 3 rows past their term, 0 of them held" in said) == (0, True)
    assert "Nothing was changed" in said
    assert number(erasing_city, "cleangov_entry", "disc IS NOT NULL") == 3
    code, said = run("--json", "retention", "--yes", "--most", "1")
    told = json.loads(said)[LOG]
    assert (code, told["done"]["is_done"], told["done"]["fields"]) == (1, False, 3)
    code, said = run("retention", "--yes", "--log-id", LOG)
    assert (code, "2 names" in said) == (0, True)
    assert alarms(erasing_city) == []
    assert run("retention", "--log-id", "none")[0] == 2


def test_every_table_with_a_term_is_erased_emptied_deleted_or_stays_on_purpose() -> None:
    stays = {"cleangov_finding"}
    erased = {"cleangov_entry", "cleangov_pseudonym"}
    assert set(_DATED) == {*DELETED, *EMPTIED, *stays, *erased}
