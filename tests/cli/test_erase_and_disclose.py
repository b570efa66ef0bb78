"""``cleangov erase`` and ``disclose`` as a person runs them, on a city with personal fields."""

import json
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from cleangov_plugin.cli.main import main
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.store import tables
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.gaps import GapState
from cleangov_plugin.store.run import run as run_core
from cleangov_plugin.store.wiping import left_in_files, vacuum
from tests.desk.personal.erasing_city import BASIS, CASE, LOG, SAID, City, erasing_city, texts

__all__ = ("erasing_city",)
MEANT = ("--basis", BASIS, "--by", "wu", "--yes")


def run(city: City, *words: str, language: str = "en") -> Result:
    settings = {name: v for name, v in city.host.settings.items() if "URL" not in name}
    return CliRunner(env=settings).invoke(
        main, ["--database", city.url, "--lang", language, *words]
    )


def told(city: City, *words: str) -> Any:
    return json.loads(run(city, "--json", *words).stdout)


def test_without_yes_it_is_shown_what_would_go_and_nothing_changes(erasing_city: City) -> None:
    one, two, _ = erasing_city.rows()
    before = erasing_city.ask("SELECT * FROM {s}cleangov_entry ORDER BY id")
    shown = run(erasing_city, "erase", "--case", CASE, "--field", "statement")
    assert shown.exit_code == 0, shown.output
    assert f"would go: 2 fields of 2 entries: statement\n  entries: {one}, {two}" in shown.stdout
    assert "Nothing was changed" in shown.stdout
    assert not any(said in shown.output for said in SAID)
    assert erasing_city.ask("SELECT * FROM {s}cleangov_entry ORDER BY id") == before
    zh = run(erasing_city, "erase", "--case", CASE, "--field", "statement", language="zh-CN")
    assert "将删除 2 个字段" in zh.stdout


def test_a_field_is_erased_with_a_record_and_a_second_time_says_when_and_why(
    erasing_city: City,
) -> None:
    one, two, three = erasing_city.rows()
    words = ["erase", "--entry", str(one), "--field", "statement"]
    done = told(erasing_city, *words, *MEANT)
    assert (done["done"], done["fields"], done["copies"]) == (True, 1, [])
    assert done["entries"] == [{"entry": one, "fields": ["statement"]}]
    assert erasing_city.disc(one) is None
    assert erasing_city.disc(two)
    assert erasing_city.disc(three)
    assert erasing_city.alarms() == []
    again = run(erasing_city, *words, *MEANT)
    assert again.exit_code == 1
    assert f"basis: {BASIS}" in again.stdout
    assert told(erasing_city, *words)["already"]


@pytest.fixture
def _careless() -> Iterator[None]:
    """SQLite as it is by itself: some distributions build it so that it overwrites anyway."""

    def off(driver: Any, _: Any) -> None:
        if isinstance(driver, sqlite3.Connection):
            driver.execute("PRAGMA secure_delete = OFF")

    sa.event.listen(sa.Engine, "connect", off)
    yield
    sa.event.remove(sa.Engine, "connect", off)


@pytest.mark.usefixtures("_careless")
def test_an_erased_value_is_in_no_file_of_the_database(erasing_city: City) -> None:
    if not erasing_city.url.startswith("sqlite"):
        pytest.skip("where PostgreSQL's bytes lie is its own affair")
    one, two, _ = erasing_city.rows()
    gone, kept = erasing_city.disc(one), erasing_city.disc(two)
    assert gone
    assert kept
    path = Path(str(sa.make_url(erasing_city.url).database))
    files = [path, path.with_name(f"{path.name}-wal")]

    def holding(text: str) -> list[str]:
        return [f.name for f in files if f.exists() and text.encode() in f.read_bytes()]

    assert holding(gone), "it lies in a file before"
    erasing_city.host.engine.dispose()
    erasing_city.desk.database.dispose()
    done = told(erasing_city, "erase", "--entry", str(one), "--field", "statement", *MEANT)
    assert (done["left_in"], done["log_is_empty"]) == ([], True)
    assert holding(gone) == []
    assert holding(kept) == [path.name]


@pytest.mark.usefixtures("_careless")
def test_bytes_that_somebody_left_in_a_free_page_are_found_and_vacuum_takes_them(
    erasing_city: City,
) -> None:
    if not erasing_city.url.startswith("sqlite"):
        pytest.skip("where PostgreSQL's bytes lie is its own affair")
    one = erasing_city.rows()[0]
    gone = erasing_city.disc(one)
    assert gone
    erasing_city.edit("CREATE TABLE junk (t TEXT)")
    erasing_city.edit("INSERT INTO junk VALUES (:t)", t=gone * 200)
    erasing_city.edit("DROP TABLE junk")
    erasing_city.set_disc(one, None)
    erasing_city.host.close()
    database = Database(erasing_city.url, patience_ms=2_000)
    try:
        assert left_in_files(database, [gone]) != []
        assert vacuum(database)
        assert left_in_files(database, [gone]) == []
    finally:
        database.dispose()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--entry", "1", "--field", "statement", "--yes"), "legal basis"),
        (("--entry", "1", "--field", "statement", "--yes", "--basis", " ", "--by", "x"), "basis"),
        (("--entry", "1", "--field", "nothing"), "entry 1 has no field nothing"),
        (("--entry", "999", "--field", "statement"), "there is no entry 999"),
        (("--case", "C-none", "--field", "statement"), "no entry here has a field statement"),
        (("--entry", "1"), "what is erased"),
        (("--entry", "1", "--case", "C", "--field", "statement"), "what is erased"),
        (("--entry", "1", "--identity"), "stands behind a pseudonym"),
        (("--person", "nobody", "--identity"), "no name was ever kept"),
        (("--log-id", "other", "--entry", "1", "--field", "statement"), "There is: cg"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(
    erasing_city: City, words: tuple[str, ...], why: str
) -> None:
    before = erasing_city.ask("SELECT * FROM {s}cleangov_entry ORDER BY id")
    refused = run(erasing_city, "erase", *words)
    assert refused.exit_code == 2, refused.output
    assert why in refused.stderr
    assert erasing_city.ask("SELECT * FROM {s}cleangov_entry ORDER BY id") == before


def test_what_the_database_refuses_is_said_and_nothing_is_erased(erasing_city: City) -> None:
    one = erasing_city.rows()[0]
    if erasing_city.url.startswith("sqlite"):
        erasing_city.edit(
            "CREATE TRIGGER t BEFORE UPDATE ON cleangov_entry BEGIN"
            " SELECT RAISE(ABORT, 'not by this account'); END"
        )
    else:
        erasing_city.edit(
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RAISE EXCEPTION ''not by this account''; END'"
        )
        erasing_city.edit(
            "CREATE TRIGGER t BEFORE UPDATE ON {s}cleangov_entry EXECUTE FUNCTION f()"
        )
    refused = run(erasing_city, "erase", "--entry", str(one), "--field", "statement", *MEANT)
    assert refused.exit_code == 2
    assert "the database refused: not by this account" in refused.stderr
    assert erasing_city.disc(one)
    number = "SELECT count(*) FROM {s}cleangov_entry WHERE kind = 'int.fields.erased'"
    assert erasing_city.ask(number) == [(0,)]


def test_all_entries_of_a_person_and_then_the_name(erasing_city: City) -> None:
    ((party,),) = erasing_city.ask(
        "SELECT pseudonym FROM {s}cleangov_pseudonym WHERE identity = 'p-1'"
    )
    done = told(erasing_city, "erase", "--person", party, "--field", "statement", *MEANT)
    assert done["fields"] == 3
    assert len(done["records"]) == 2, "one for each case"
    assert "the name behind" in run(erasing_city, "erase", "--person", party, "--identity").stdout
    assert run(erasing_city, "erase", "--person", party, "--identity", *MEANT).exit_code == 0
    ((name, at),) = erasing_city.ask(
        "SELECT identity, erased_at FROM {s}cleangov_pseudonym WHERE pseudonym = :p", p=party
    )
    assert name is None
    assert at
    assert erasing_city.alarms() == []
    again = run(erasing_city, "erase", "--person", party, "--identity", *MEANT)
    assert (again.exit_code, BASIS in again.stdout) == (1, True)
    assert told(erasing_city, "erase", "--again") == {
        "fields": 0, "names": 0, "left_in": [], "log_is_empty": True
    }  # fmt: skip


def test_copies_are_emptied_or_named(erasing_city: City) -> None:
    one = erasing_city.rows()[0]
    columns = "log_id, event, reason, detail, state, tries, owed_at, retention_class"
    event = {"case_id": CASE, "attributes": {"statement": SAID[0], "heard": True}}
    for state in (GapState.OWED, GapState.GIVEN_UP, GapState.SETTLED):
        erasing_city.edit(
            f"INSERT INTO {{s}}cleangov_gap ({columns})"
            " VALUES (:log, :event, 'error', '', :state, 1, '2026', 'gap')",
            log=LOG,
            event=None if state is GapState.SETTLED else json.dumps(event),
            state=state.value,
        )
    owed, given_up, _ = (
        id_ for (id_,) in erasing_city.ask("SELECT id FROM {s}cleangov_gap ORDER BY id")
    )
    words = ("erase", "--entry", str(one), "--field", "statement")
    assert f"still in: open gap {owed}" in run(erasing_city, *words).stdout
    done = run(erasing_city, *words, *MEANT)
    assert done.exit_code == 1, "something is left"
    assert f"still in: open gap {owed}" in done.stdout
    assert f"emptied, too: open gap {given_up}" in done.stdout
    assert SAID[0] not in done.output
    events = dict(erasing_city.ask("SELECT state, event FROM {s}cleangov_gap"))
    assert json.loads(str(events["given_up"]))["attributes"] == {"heard": True}
    assert json.loads(str(events["owed"])) == event


def test_one_field_is_shown_without_the_others_and_the_question_is_an_entry(
    erasing_city: City,
) -> None:
    one, two, _ = erasing_city.rows()
    words = ("disclose", "--field", "statement", "--by", "wu", "--reason", "appeal of the party")
    seen = told(erasing_city, *words, "--entry", str(one))
    assert (seen["verdict"], seen["value"]) == ("disclosed", SAID[0])
    own = sha256(seen["disclosure"].encode()).digest()
    assert disclosure.digest(seen["disclosure"]) in json.loads(seen["body"])["_sd"]
    assert own.hex()
    assert not any(said in seen["body"] for said in SAID)
    ((body, disc),) = erasing_city.ask(
        "SELECT body, disc FROM {s}cleangov_entry WHERE id = :id", id=seen["record"]
    )
    said = {code: text for code, _, text in json.loads(str(body))["attrs"]}
    assert (said["a.no"], said["a.field"]) == (str(seen["no"]), "statement")
    assert [disclosure.read(text) for text in texts(str(disc))] == [
        ("reason", "appeal of the party")
    ]
    for_people = run(erasing_city, *words, "--entry", str(two)).stdout
    assert SAID[1] in for_people
    assert SAID[0] not in for_people


def test_a_field_is_erased_missing_forged_or_never_was(erasing_city: City) -> None:
    one, two, three = erasing_city.rows()
    ask = ("disclose", "--by", "wu", "--reason", "appeal", "--field")
    erasing_city.erase(one)
    erased = run(erasing_city, *ask, "statement", "--entry", str(one))
    assert (erased.exit_code, BASIS in erased.stdout) == (1, True)
    forged, _ = disclosure.make("statement", "another", bytes(16))
    erasing_city.set_disc(two, forged)
    assert told(erasing_city, *ask, "statement", "--entry", str(two))["verdict"] == "forged"
    erasing_city.set_disc(three, None)
    assert told(erasing_city, *ask, "statement", "--entry", str(three))["verdict"] == "missing"
    number = "SELECT count(*) FROM {s}cleangov_entry WHERE kind = 'int.field.viewed'"
    assert erasing_city.ask(number) == [(0,)], "nothing was seen, nothing is recorded"
    unknown = run(erasing_city, *ask, "height", "--entry", str(one))
    assert (unknown.exit_code, "It has: statement" in unknown.stderr) == (2, True)
    short = run(erasing_city, *ask[:3], "--reason", "x", "--field", "height", "--entry", "1")
    assert short.exit_code == 2


def test_words_that_hold_the_value_are_named_and_a_reason_that_is_it_is_emptied(
    erasing_city: City,
) -> None:
    """Every text kept of a case is looked at: here each has the value in its own way."""
    one = erasing_city.rows()[0]
    held = json.dumps({"E07": {"text": SAID[0]}})
    erasing_city.edit(
        "UPDATE {s}cleangov_entry SET fact_values = :h WHERE id = :id", h=held, id=one
    )
    with erasing_city.host.engine.begin() as connection:
        letter_about(connection, words=f"he said: {SAID[0]}.", reason=SAID[0])
    done = run(erasing_city, "erase", "--entry", str(one), "--field", "statement", *MEANT)
    assert done.exit_code == 1
    assert f"still in: the values beside entry {one}" in done.stdout
    assert "still in: letter 1" in done.stdout
    assert "emptied, too: letter 1" in done.stdout
    assert erasing_city.ask("SELECT words, reason FROM {s}cleangov_instrument") == [
        (f"he said: {SAID[0]}.", None)
    ]


def letter_about(connection: sa.Connection, words: str, reason: str) -> None:
    """Write a letter about a finding of the case, each column with something in it."""
    known = {"id": 1, "log_id": LOG, "subject": CASE, "state": "answered"}
    for table, more in (
        (tables.finding, {"is_signal": True, "owner": None, "due_on": None}),
        (tables.instrument, {"finding_id": 1, "words": words, "reason": reason}),
    ):
        values: dict[str, Any] = {}
        for column in table.columns:
            number = column.type.python_type is int
            values[column.name] = 7 if number else "x"
        run_core(connection, sa.insert(table).values({**values, **known, **more}))
