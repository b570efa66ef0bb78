"""Every change of a finding is an entry, and a change beside the entries is named."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Person, Stream
from cleangov_plugin.desk.findings import changing
from cleangov_plugin.desk.findings.closing import close
from cleangov_plugin.desk.review.readers import Reader, reader_of
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import FINDING_CHANGED
from cleangov_plugin.domain.terms import Mark
from cleangov_plugin.ledger import disclosure
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import attrs, one, rows
from tests.plugin.test_before_sealing_at_work import edit, verified
from tests.plugin.test_clocks_at_work import DUE, accepted, at, tick
from tests.support.small_host import SmallHost

AUDITOR = Person(id="wu", name="吴敏", roles=frozenset({"auditor"}), unit="oversight")
WHY = "调卷核对：期限届满前已书面延期"


@pytest.fixture
def host(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    found = make_host(settings={"CLEANGOV_RECEIPTS": str(tmp_path / "receipts")})
    found.start()
    return found


def overdue(host: SmallHost) -> int:
    """Let a term run out; its reminder is closed by nobody, and the finding that says so waits."""
    accepted(host)
    at(host, "2026-04-07")
    tick(host)
    at(host, "2026-04-09")
    tick(host)
    return int(one(host, "finding", part="1.overdue")["id"])


def reader(host: SmallHost, person: Person = AUDITOR) -> Reader:
    found = reader_of(host.plugin.desk, person, "zh")
    assert found is not None
    return found


def closed(host: SmallHost, id_: int, disposition: str = "unfounded", reason: str = WHY) -> None:
    close(host.plugin.desk, reader(host), id_, disposition, reason)


def told(host: SmallHost) -> list[dict[str, str]]:
    """Answer what entries tell of findings: openly, and what they disclose."""
    found = []
    for row in rows(host, "entry", kind=FINDING_CHANGED):
        shown = dict(disclosure.read(each) for each in disclosure.split(row["disc"]))
        found.append({code[2:]: text for code, text in attrs(_body(row)).items()} | shown)
    return found


def _body(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["body"])
    return found


def alarms(host: SmallHost) -> list[tuple[str, Any]]:
    return [(each.code, each.values["finding"]) for each in verified(host, host.now()).alarms]


def test_what_a_clock_takes_back_is_an_entry(host: SmallHost) -> None:
    overdue(host)
    (reminder,) = rows(host, "finding", part="1.due_soon")
    (entry,) = told(host)
    assert {name: entry[name] for name in ("finding", "change", "state", "owner", "due_day")} == {
        "finding": str(reminder["id"]),
        "change": "1",
        "state": "closed",
        "owner": "supervision",
        "due_day": DUE,
    }
    assert (entry["rule"], entry["part"], entry["disposition"]) == (
        "C03",
        "1.due_soon",
        "superseded",
    )
    (row,) = rows(host, "entry", kind=FINDING_CHANGED)
    assert (row["subject"], row["actor"]) == ("C-1", None)
    assert row["marks"] == Mark.OURS | Mark.UNLISTED
    assert not any(word in row["body"] for word in ("C03", "superseded")), "it may be hidden"
    assert alarms(host) == []


def refusal(host: SmallHost, id_: int, disposition: str = "confirmed", reason: str = WHY) -> str:
    with pytest.raises(AnswerRefused) as refused:
        closed(host, id_, disposition, reason)
    return refused.value.what


def test_a_person_closes_a_finding_once_with_a_reason_and_its_entry(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = overdue(host)
    assert refusal(host, id_, "cleared") == "error.finding.ending", "that is for clocks to say"
    assert refusal(host, id_, "") == "error.finding.ending"
    assert refusal(host, id_, reason=" 好 ") == "error.letter.reason"
    assert refusal(host, 10_000) == "error.finding.not_here"
    with monkeypatch.context() as patched:
        patched.setattr(changing, "enter", _fails)
        assert refusal(host, id_) == "error.letter.unrecorded"
    assert one(host, "finding", id=id_)["state"] == "open"
    assert len(told(host)) == 1
    closed(host, id_)
    row = one(host, "finding", id=id_)
    assert (row["state"], row["disposition"]) == ("closed", "unfounded")
    last = told(host)[-1]
    assert (last["reason"], last["change"], last["disposition"]) == (WHY, "2", "unfounded")
    assert refusal(host, id_) == "error.finding.over"
    at(host, "2026-04-10")
    tick(host)
    assert one(host, "finding", id=id_)["state"] == "closed", "no clock opens it again"
    assert len(told(host)) == 2
    assert alarms(host) == []


def _fails(*_: object, **__: object) -> None:
    raise RuntimeError


_OF_ONE = "UPDATE {s}cleangov_finding SET "


_CHANGES: list[tuple[str, str | None]] = [
    (f"{_OF_ONE}disposition = 'unfounded'", "disposition"),
    (f"{_OF_ONE}disposition = 'confirmed', due_on = '2036-01-01'", "due_on"),
    (f"{_OF_ONE}due_on = '2026-04-23', owner = 'nobody'", "owner"),
    (f"{_OF_ONE}owner = 'supervision', state = 'open'", "state"),
    (f"{_OF_ONE}state = 'closed', rule_id = 'C99'", "rule_id"),
    ("DELETE FROM {s}cleangov_finding", None),
]


def test_a_finding_that_is_changed_beside_its_entries_is_named(host: SmallHost) -> None:
    id_ = overdue(host)
    closed(host, id_, "confirmed")
    for statement, name in _CHANGES:
        edit(host, f"{statement} WHERE id = {id_}")
        (found,) = verified(host, host.now()).alarms
        assert (found.detector, found.values["finding"]) == ("COL", id_)
        assert found.values.get("names") == name
        assert found.code == ("finding_changed" if name else "finding_gone")
        assert found.entry == rows(host, "entry", kind=FINDING_CHANGED)[-1]["id"]


def test_one_that_is_closed_without_an_entry_of_ours_is_named(host: SmallHost) -> None:
    id_ = overdue(host)
    event = host.event("prm.accepted", case_id="C-1")
    said = {"finding": id_, "change": 9, "state": "closed"}
    host.write(replace(event, kind=FINDING_CHANGED, stream=Stream.PERSONNEL, attributes=said))
    assert told(host)[-1]["finding"] == str(id_)
    assert alarms(host) == [], "what a host calls so tells nothing of our findings"
    edit(
        host,
        f"{_OF_ONE}state = 'closed', disposition = 'in_time' WHERE id = {id_}",
    )
    assert alarms(host) == [("finding_unsaid", id_)]
    far = f"replace(body, '\"{id_}\"]', '\"{10**30}\"]')"
    kind = f"kind = '{FINDING_CHANGED}'"
    edit(host, f"UPDATE {{s}}cleangov_entry SET body = {far} WHERE {kind}")
    found = verified(host, host.now()).alarms
    assert {each.detector.value for each in found} >= {"MAC"}, "a number of no row is no crash"
