"""Findings, opened once, and people, kept once and forgotten: nobody waits for another's."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import findings, knowledge, pseudonyms
from cleangov_plugin.store.run import Busy
from tests.store.samples import LOG, NOON, RETENTION, record, request
from tests.support.ends import OpenEngine


def _finding(**changes: Any) -> findings.FindingDraft:
    values: dict[str, Any] = {
        "log_id": LOG,
        "rule_id": "E07",
        "rule_version": 1,
        "binding_id": "E07-event",
        "subject": "c1",
        "part": "",
        "is_signal": False,
        "severity": "void",
        "visibility": "officer",
        "state": "open",
        "owner": "supervision",
        "due_on": "2026-03-24",
        "stream": "enforcement",
        "step": "decide",
        "unit": None,
        "actor": "p1",
        "event_key": "y\tE1",
        "event_id": "E1",
        "shown_values": '{"amount":1}',
        "occurred_at": stamp(NOON),
        "found_at": stamp(NOON),
        "retention_class": "case",
        "retain_until": None,
    }
    return findings.FindingDraft(**{**values, **changes})


def test_a_finding_is_opened_once(connection: sa.Connection) -> None:
    again, part = _finding(event_key="y\tE2"), _finding(part="2")
    assert findings.open_findings(connection, [_finding()]).opened == (_finding(),)
    result = findings.open_findings(connection, [again, part])
    assert (result.opened, result.known, result.busy) == ((part,), (again,), ())
    connection.commit()
    assert findings.open_findings(connection, [_finding()]).known == (_finding(),)
    rows = list(findings.find(connection, findings.Query(log_id=LOG, rule_id="E07", limit=9)))
    assert [row["event_id"] for row in rows] == ["E1", "E1"]
    assert rows[0]["shown_values"] == {"amount": 1}
    assert findings.counts(connection, LOG) == {"E07": 1}


@pytest.mark.parametrize("changes", [{"owner": None}, {"due_on": None}])
def test_a_finding_without_owner_or_due_date_cannot_exist(
    connection: sa.Connection, changes: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        findings.open_findings(connection, [_finding(**changes)])
    connection.rollback()
    signal = _finding(is_signal=True, state="signal", **changes)
    assert findings.open_findings(connection, [signal]).opened == (signal,)


@pytest.mark.postgres
def test_a_finding_that_another_transaction_is_opening_is_busy(
    pg_database: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(pg_database)
    with engine.connect() as one, engine.connect() as two:
        findings.open_findings(one, [_finding()])
        assert findings.open_findings(two, [_finding()]).busy == (_finding(),)


def test_people_are_kept_once_and_can_be_forgotten(connection: sa.Connection) -> None:
    people = [("n1", "officer", "zhang.wei"), ("n2", "party", "li.si"), ("n1", "officer", "x")]
    pseudonyms.add_missing(connection, LOG, people, (), RETENTION)
    found = knowledge.read(connection, request(record(1), pseudonyms=("n1", "n2", "n3")))
    assert found.pseudonyms == {"n1", "n2"}
    pseudonyms.add_missing(connection, LOG, [("n2", "party", "other")], (), RETENTION)
    assert pseudonyms.identities(connection, LOG, ["n2", "n9"]) == {"n2": "li.si"}
    assert pseudonyms.erase(connection, LOG, "n2", NOON)
    assert not pseudonyms.erase(connection, LOG, "n2", NOON)
    assert pseudonyms.identities(connection, LOG, ["n2"]) == {}


@pytest.mark.postgres
def test_a_person_whom_another_transaction_names_first_is_not_waited_for(
    pg_database: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(pg_database)
    people = [("n1", "officer", "zhang.wei"), ("n2", "party", "li.si")]
    with engine.connect() as one, engine.connect() as two:
        pseudonyms.add_missing(one, LOG, people, (), RETENTION)
        two.exec_driver_sql("SET LOCAL lock_timeout = '5s'")  # or the test would hang, not fail
        with pytest.raises(Busy):
            pseudonyms.add_missing(two, LOG, people[::-1], (), RETENTION)
        pseudonyms.add_missing(two, LOG, people, {"n1", "n2"}, RETENTION)
        one.rollback()
        pseudonyms.add_missing(two, LOG, people, (), RETENTION)
        two.commit()
        assert pseudonyms.identities(one, LOG, ["n1", "n2"]) == {"n1": "zhang.wei", "n2": "li.si"}
