"""``cleangov terms``: what runs, as it stands in the tables, in both languages and for machines."""

import json
from datetime import datetime
from typing import Any

import pytest
from click.testing import CliRunner

from cleangov_plugin.cli import terms
from cleangov_plugin.cli.main import main
from cleangov_plugin.desk.clocks.ticking import tick_clocks
from tests.support.small_city import ZONE
from tests.support.small_host import SmallHost


@pytest.fixture(autouse=True)
def _now_of_the_host(host: SmallHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "_now", lambda: host.clock)


def at(host: SmallHost, day: str) -> None:
    host.clock = datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=ZONE)


def tick(host: SmallHost) -> None:
    desk = host.plugin.desk
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, "cg")
    tick_clocks(desk, ledger)


def told(host: SmallHost, *words: str, language: str = "en") -> str:
    url = host.engine.url.render_as_string(hide_password=False)
    said = CliRunner().invoke(main, ["--database", url, "--lang", language, "terms", *words])
    assert said.exit_code == 0, said.output
    return said.output


def machine(host: SmallHost, *words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told(host, "--json", *words).splitlines()]


def test_terms_are_listed_the_first_to_be_over_first(host: SmallHost) -> None:
    host.write(host.event("prm.accepted", case_id="later"))
    at(host, "2026-03-09")
    host.write(host.event("prm.accepted", case_id="sooner", at=host.clock))
    at(host, "2026-04-03")
    tick(host)
    first, second = machine(host)
    assert (first["case_id"], first["due"], first["warning"]) == ("sooner", "2026-04-07", 90)
    assert (second["case_id"], second["due"], second["is_over"]) == ("later", "2026-04-08", False)
    assert (second["kind"], second["length"], second["counted_in"]) == (
        "statutory",
        20,
        "working_days",
    )
    assert machine(host, "--warned", "90") == [first, second]
    assert machine(host, "--case", "later") == [second]
    assert machine(host, "--clock", "C01") == machine(host, "--unit", "nobody") == []
    assert machine(host, "--agency", "other") == []
    lines = told(host, language="zh-CN").splitlines()
    assert lines[0].split() == ["最后一日", "已用", "期限", "案件", "单位", "情况"]
    assert lines[1].startswith("2026-04-07  ")
    assert "(法定 20个工作日)" in lines[1]
    assert lines[1].endswith("已用 90% 以上，还剩 1 个工作日")
    (line,) = told(host, "--case", "later").splitlines()[1:]
    assert "(statutory 20 working days)" in line
    assert "more than 90 % used, working days left: 2" in line
    at(host, "2026-04-08")
    assert [term["is_over"] for term in machine(host)] == [True, False]
    assert "已过期限" in told(host, "--case", "sooner", language="zh-CN")


def test_what_is_paused_or_not_known_yet_is_said(host: SmallHost) -> None:
    assert told(host, language="zh-CN") == "没有运行中的期限。\n"
    host.write(host.event("prm.accepted", case_id="paused"))
    host.write(host.event("prm.clock.paused", case_id="paused"))
    at(host, "2026-12-14")
    host.write(host.event("prm.accepted", case_id="range", at=host.clock))
    tick(host)
    ranged, paused = machine(host)
    assert (paused["case_id"], paused["due"], paused["is_paused"]) == ("paused", None, True)
    assert ranged["is_range"]
    assert ranged["due"] < ranged["due_to"]
    assert ranged["working_days_left"] is None
    lines = told(host).splitlines()
    assert lines[1].startswith(f"{ranged['due']} … {ranged['due_to']}  ")
    assert lines[1].endswith("which day cannot be said yet")
    assert lines[2].startswith("—")
    assert lines[2].endswith("paused")
    said = told(host, "--limit", "1")
    assert "Only the first 1 are listed." in said
