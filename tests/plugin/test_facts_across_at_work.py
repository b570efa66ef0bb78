"""Facts over all cases at work: written with the entry, read with the facts, found again."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Event
from cleangov_plugin.intake.rule_files import rulebook_folder
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import bodies, outcomes, rows, tick
from tests.plugin.test_live_is_replayed import checked
from tests.rules.rule_building import BOTH, document
from tests.support.small_host import SmallHost

KIND = "prj.variation.approved"
RULE = {
    **document(
        "facts.near >= 2",
        facts={"near": {"count": KIND, "per": ["variation_no"], "within": "90 days"}},
        fields={"variation_no": {"type": "text"}},
    ),
    "id": "Z01",
    "on": [KIND],
    "owner": "oversight",
    "bindings": [{"id": "Z01-event", "tier": 0, "phases": ["event"], "visibility": "oversight"}],
    "title": BOTH,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(rulebook_folder(), tmp_path / "rules"))


def put(folder: Path) -> None:
    given = {"kind": KIND, "at": "2026-03-10T10:00:00+08:00", "attributes": {"variation_no": "a"}}
    others = [{**given, "at": f"2026-03-0{n}T10:00:00+08:00"} for n in (1, 2)]
    examples = [
        {"name": "three", "given": {"event": given, "elsewhere": others}, "expect": "hit"},
        {"name": "one", "given": {"event": given}, "expect": "clear"},
    ]
    rule = {**RULE, "examples": [{**each, "why": "so"} for each in examples]}
    (folder / "Z01.yaml").write_text(json.dumps(rule), encoding="utf-8")


def started(make_host: MakeHost, folder: Path) -> SmallHost:
    host = make_host(settings={"CLEANGOV_RULES": str(folder)})
    host.start()
    return host


def of(host: SmallHost, case: str, no: str | None = "canary-firm", **changes: Any) -> Event:
    attributes = {} if no is None else {"variation_no": no}
    return host.event(KIND, 500, case_id=case, attributes=attributes, **changes)


def said(host: SmallHost) -> list[str]:
    return [outcomes(body).get("Z01", "clear") for body in bodies(host)]


def test_the_third_case_of_a_group_hits_and_comes_out_again(
    make_host: MakeHost, folder: Path
) -> None:
    put(folder)
    host = started(make_host, folder)
    for case, no in (("A", "x"), ("B", "canary-firm"), ("C", "canary-firm"), ("D", "canary-firm")):
        host.write(of(host, case, no))
    host.write(of(host, "E", None))
    assert said(host) == ["clear", "clear", "clear", "hit", "cannot_be_checked"]
    assert len(rows(host, "grouped")) == 4
    assert "canary" not in str(rows(host, "grouped"))
    found = checked(host)
    assert (found.share, found.same, found.shown) == ("100.00 %", 5, [])


def test_corrected_late_and_undone_events(make_host: MakeHost, folder: Path) -> None:
    put(folder)
    host = started(make_host, folder)
    first = of(host, "A")
    host.write(first)
    host.write(of(host, "B", at=host.clock - timedelta(days=91)))
    with host.engine.connect() as connection:
        host.write_on(connection, of(host, "C"))
        connection.rollback()
    host.write(of(host, "D"))  # sees A alone: B is out of the window, C was undone
    host.write(of(host, "A", "x", supersedes=first.id))
    host.write(of(host, "E"))  # sees D alone: A was corrected
    host.write(of(host, "F"))
    assert said(host) == ["clear"] * 5 + ["hit"]
    assert checked(host).share == "100.00 %"


def test_events_of_one_transaction_see_each_other(make_host: MakeHost, folder: Path) -> None:
    put(folder)
    host = started(make_host, folder)
    host.write(*(of(host, case) for case in "ABC"))
    assert said(host) == ["clear", "clear", "hit"]
    assert checked(host).share == "100.00 %"


def test_a_rule_that_comes_later_finds_the_older_entries(make_host: MakeHost, folder: Path) -> None:
    host = started(make_host, folder)
    for case in "AB":
        host.write(of(host, case))
    assert rows(host, "grouped") == []
    put(folder)
    again = started(make_host, folder)
    tick(again)
    again.write(of(again, "C", id="later"))
    assert said(again)[-1] == "hit"
    assert checked(again).share == "100.00 %"
