"""Attacks on entries that are not sealed yet, by raw SQL, and what finds each of them.

The numbers are those of the catalogue in the threat model. Without the edit the same ledger is
clean; with it, the detector that is named finds it and names the entry, or its lane and number.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.codes import begin_file, read_begin
from cleangov_plugin.desk.verified.verifying import Evidence, verify
from cleangov_plugin.ledger.entry_code import entry_code
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.store import entries
from cleangov_plugin.store.run import StoreError
from tests.desk.sealed.early_city import EarlyCity
from tests.store.samples import LOG, NOON

#: A night later: the keys of the codes have changed.
MORROW = timedelta(days=1)


@pytest.fixture
def city(engine: sa.Engine, tmp_path: Path) -> Iterator[EarlyCity]:
    """Three sealed entries, and six that are not."""
    found = EarlyCity(engine, tmp_path)
    found.write(0, 3)
    found.seal()
    found.write(3, 9)
    found.receipts.flush(patience=5)
    assert found.lines() == 9
    assert found.alarms() == []
    yield found
    found.close()


def place(city: EarlyCity, row: int) -> tuple[int, int]:
    (found,) = city.rows(f"SELECT lane, no FROM {{s}}cleangov_entry WHERE id = {row}")
    return found[0], found[1]


def gone(city: EarlyCity) -> set[tuple[int, int]]:
    found = [alarm.values for alarm in city.alarms() if alarm.code == "receipt_gone"]
    return {(values["lane"], values["no"]) for values in found}


def rechained(city: EarlyCity, row: int, **changed: object) -> None:
    """Give an entry another body and let its columns say so, as a careful forger does."""
    (found,) = city.rows(f"SELECT body FROM {{s}}cleangov_entry WHERE id = {row}")
    body = json.dumps(
        {**json.loads(found[0]), **changed},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    text = body.replace("'", "''")
    columns = "".join(f", {name} = {value}" for name, value in changed.items() if name == "no")
    city.edit(f"UPDATE {{s}}cleangov_entry SET body = '{text}'{columns} WHERE id = {row}")


@pytest.mark.parametrize("number", [24, 25])
def test_24_and_25_the_newest_entry_is_deleted(city: EarlyCity, number: int) -> None:
    row = city.ids()[-1]
    where = place(city, row)
    if number == 25:
        city.close()  # whoever wrote it is dead
    city.edit(f"DELETE FROM {{s}}cleangov_entry WHERE id = {row}")
    assert gone(city) == {where}
    assert [alarm.detector.value for alarm in city.alarms()] == ["RCPT"]


def test_26_a_whole_lane_is_deleted_before_it_is_sealed(city: EarlyCity) -> None:
    rows = city.ids()[3:]
    where = {place(city, row) for row in rows}
    city.edit(f"DELETE FROM {{s}}cleangov_entry WHERE id >= {min(rows)}")
    assert gone(city) == where


def test_28_one_is_deleted_and_the_rest_of_its_lane_is_numbered_and_chained_anew(
    city: EarlyCity,
) -> None:
    rows = city.ids()[5:]
    lane, no = place(city, rows[0])
    (before,) = city.rows(
        f"SELECT body FROM {{s}}cleangov_entry WHERE lane = {lane} AND no = {no - 1}"
    )
    city.edit(f"DELETE FROM {{s}}cleangov_entry WHERE id = {rows[0]}")
    last = before[0]
    for number, row in enumerate(rows[1:], no):
        rechained(city, row, no=number, prev=leaf_hash(last.encode()).hex())
        last = city.rows(f"SELECT body FROM {{s}}cleangov_entry WHERE id = {row}")[0][0]
    found = city.found()
    assert {("MAC", row) for row in rows[1:]} <= found
    assert "STRM" not in {detector for detector, _ in found}, "the lane itself looks right"
    assert (lane, no) in gone(city)


def forged(city: EarlyCity, mac: bytes | None, at: str | None = None) -> int:
    """Insert an entry with a place, a body and a chain that fit, by SQL alone."""
    newest = city.ids()[-1]
    _, no = place(city, newest)
    (row,) = city.rows(f"SELECT body FROM {{s}}cleangov_entry WHERE id = {newest}")
    changed = {"id": "forged", "no": no + 1, "prev": leaf_hash(row[0].encode()).hex()}
    body = {**json.loads(row[0]), **changed}
    (source,) = [text for code, _, text in body["attrs"] if code == "e.source"]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return city.copy(
        newest,
        no=str(no + 1),
        body="'" + text.replace("'", "''") + "'",
        event_key=f"'{source}\tforged'",
        mac="NULL" if mac is None else city.literal(mac),
        **({"ingested_at": f"'{at}'"} if at else {}),
    )


def leaf_of_forged(city: EarlyCity) -> bytes:
    """Answer the hash that the forged entry will have: whoever forges can work it out."""
    row = forged(city, None)
    (body,) = city.rows(f"SELECT body FROM {{s}}cleangov_entry WHERE id = {row}")
    city.edit(f"DELETE FROM {{s}}cleangov_entry WHERE id = {row}")
    return leaf_hash(body[0].encode())


def test_29_an_entry_is_inserted_by_sql(city: EarlyCity) -> None:
    row = forged(city, None)
    assert city.found() == {("MAC", row)}


@pytest.mark.parametrize("mac", [bytes(20), b"", b"x" * 21, b"\xff" * 20, b"\x00\x00\x50\x17" * 5])
def test_29_a_guessed_code_is_none(city: EarlyCity, mac: bytes) -> None:
    row = forged(city, mac)
    assert city.found() == {("MAC", row)}


def test_29_the_code_of_another_entry_is_none(city: EarlyCity) -> None:
    (copied,) = city.rows(f"SELECT mac FROM {{s}}cleangov_entry WHERE id = {city.ids()[-1]}")
    row = forged(city, bytes(copied[0]))
    assert city.found() == {("MAC", row)}


def test_30_a_later_key_makes_no_entry_of_an_earlier_day(city: EarlyCity) -> None:
    """Whoever takes the key of a day cannot write an entry of the day before (CVE-2023-31439)."""
    stolen = read_begin(begin_file(city.keys, LOG)).on(20_523)
    code = entry_code(stolen.key, stolen.epoch, LOG, leaf_of_forged(city))
    row = forged(city, code)
    (alarm,) = city.alarms()
    assert (alarm.code, alarm.entry, alarm.values["epoch"]) == ("code_day", row, 20_523)


def test_30_an_entry_of_an_earlier_day_after_later_ones_is_named(city: EarlyCity) -> None:
    stolen = read_begin(begin_file(city.keys, LOG)).on(20_522)
    with city.engine.begin() as connection:
        city.enter(connection, 9, NOON + MORROW)
    city.receipts.flush(patience=5)
    assert city.alarms() == []
    code = entry_code(stolen.key, stolen.epoch, LOG, leaf_of_forged(city))
    row = forged(city, code, "2026-03-10T04:00:00.000000Z")
    assert ("code_back", row) in [(alarm.code, alarm.entry) for alarm in city.alarms()]


def test_11_a_forged_entry_among_the_old_ones_has_no_code(city: EarlyCity) -> None:
    row = city.copy(city.ids()[1], lane="77", no="1", event_key="'forged'", mac="NULL")
    assert ("MAC", row) in city.found()


@pytest.mark.parametrize("at", ["2020-01-01T00:00:00.000000Z", "yesterday", "9999-12-31T23:59Z"])
def test_11_an_entry_that_says_it_is_older_than_all_codes_is_not_believed(
    city: EarlyCity, at: str
) -> None:
    row = forged(city, None, at)
    assert ("MAC", row) in city.found()


def test_11_nor_is_it_believed_once_it_is_sealed(city: EarlyCity) -> None:
    with city.engine.begin() as connection:
        city.enter(connection, 90)  # more than an hour after the first code
    city.seal()
    row = forged(city, None, "2026-03-10T03:59:00.000000Z")
    city.seal()
    assert ("MAC", row) in city.found()


def test_27_a_changed_body_has_not_its_code(city: EarlyCity) -> None:
    row = city.ids()[-1]
    city.edit(f"UPDATE {{s}}cleangov_entry SET body = replace(body, 'U2', 'U9') WHERE id = {row}")
    assert ("MAC", row) in city.found()


def by_trigger(city: EarlyCity, on_sqlite: str, on_postgresql: str) -> None:
    """Hang a trigger on the table of entries."""
    if city.is_sqlite:
        city.edit(f"CREATE TRIGGER meddles {on_sqlite}")
        return
    body = on_postgresql.replace("'", "''")
    city.edit(
        f"CREATE FUNCTION meddled() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN {body} END'",
        "CREATE TRIGGER meddles BEFORE INSERT ON cleangov.cleangov_entry"
        " FOR EACH ROW EXECUTE FUNCTION meddled()",
    )


def swallowing(city: EarlyCity) -> None:
    by_trigger(
        city,
        "BEFORE INSERT ON cleangov_entry WHEN NEW.subject = '2026-0117'"
        " BEGIN SELECT RAISE(IGNORE); END",
        "IF NEW.subject = '2026-0117' THEN RETURN NULL; END IF; RETURN NEW;",
    )


def test_32_a_trigger_rewrites_what_is_written(city: EarlyCity) -> None:
    by_trigger(
        city,
        "AFTER INSERT ON cleangov_entry BEGIN UPDATE cleangov_entry"
        " SET body = replace(body, 'U2', 'U9') WHERE id = NEW.id; END",
        "NEW.body := replace(NEW.body, 'U2', 'U9'); RETURN NEW;",
    )
    city.write(9, 10)
    assert ("MAC", city.ids()[-1]) in city.found()


def test_31_a_trigger_that_swallows_an_entry_is_an_error_at_once(city: EarlyCity) -> None:
    swallowing(city)
    with pytest.raises(StoreError, match="no row"), city.engine.begin() as connection:
        city.enter(connection, 9)
    with city.engine.begin() as connection:
        city.enter(connection, 10, case_id="another")
    city.receipts.flush(patience=5)
    assert {detector for detector, _ in city.found()} <= {"SCHEMA"}


def test_31_on_postgresql_a_rule_does_the_same(city: EarlyCity) -> None:
    if city.is_sqlite:
        pytest.skip("SQLite has no rules")
    city.edit(
        "CREATE RULE swallows AS ON INSERT TO cleangov.cleangov_entry"
        " WHERE NEW.subject = '2026-0117' DO INSTEAD NOTHING"
    )
    with pytest.raises((StoreError, sa.exc.DBAPIError)), city.engine.begin() as connection:
        city.enter(connection, 9)


def test_without_the_keys_nothing_is_called_clean(city: EarlyCity) -> None:
    with city.database.own_transaction(is_reading=True) as connection:
        found = verify(connection, Evidence(outside=city.outside, key=city.signer.verifier))
    assert {"no_code_key", "no_receipts"} <= {what.code for what in found.unchecked}


def test_entries_of_the_time_before_codes_are_good_once_they_are_sealed(
    engine: sa.Engine, tmp_path: Path
) -> None:
    city = EarlyCity(engine, tmp_path, NOON + timedelta(minutes=30))
    for number in range(4):
        with city.engine.begin() as connection:
            entries.append(connection, city.drafted(connection, number))
    assert {alarm.code for alarm in city.alarms()} == {"code_before"}
    city.seal()
    city.write(40, 44)
    assert city.alarms() == []
    city.seal()
    assert city.alarms() == []
    city.close()
