"""Figures of a log: its nights make what the nights of a city make, and the rules say the same."""

import json
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from cleangov_hooks import breaker
from cleangov_plugin.cli import feeding
from cleangov_plugin.intake.rule_files import rulebook_folder
from tests.cli.log_replaying import query, replay, run
from tests.intake.log_building import csv_log, written_mapping
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import tick
from tests.plugin.test_facts_across_at_work import KIND, RULE
from tests.plugin.test_figures_at_work import SHARE
from tests.support.small_city import TODAY, ZONE

#: Days of the log; on some nothing happens, and at the end a window runs empty.
DAYS: Final = (0, 1, 2, 3, 6, 7, 8, 12, 13, 30, 31)
_USUAL: Final = {"median": "amount", "of": KIND, "per": ["variation_no"], "at_least": 2}
FACTS: Final[dict[str, dict[str, Any]]] = {
    "Z01": {**SHARE["facts"]["large"], "within": "9 days", "at_least": 2},
    "Z02": {**_USUAL, "within": "5 days"},
    "Z03": {"count": KIND, "per": ["variation_no"]},
}
CONDITIONS: Final = {"Z01": "facts.x > 40%", "Z02": "facts.x > 500元", "Z03": "facts.x > 4"}


def put(folder: Path) -> None:
    """Write three rules, each with a figure of another sort."""
    folder.mkdir()
    shutil.copy(rulebook_folder() / "crosscutting" / "X10.yaml", folder)
    given = {"kind": KIND, "at": "2026-03-10T10:00:00+08:00"}
    unknown = {"name": "none", "given": {"event": given}, "expect": "cannot_be_checked"}
    for id_, fact in FACTS.items():
        binding = {**RULE["bindings"][0], "id": f"{id_}-event"}
        rule = {**RULE, "id": id_, "facts": {"x": fact}, "bindings": [binding]}
        rule |= {"condition": CONDITIONS[id_], "examples": [{**unknown, "why": "so"}]}
        (folder / f"{id_}.yaml").write_text(json.dumps(rule), encoding="utf-8")


def made(seed: int) -> list[tuple[datetime, datetime, str, int]]:
    """Make events: when it happened, when it was known, of whom, how much."""
    chance, found = Random(seed), []
    for day in DAYS:
        number = 2 if day > 13 else chance.randrange(1, 6)
        for minute in sorted(chance.sample(range(600), number)):
            at = TODAY.replace(hour=1) + timedelta(days=day, minutes=minute)
            # told late: it happened on a day on whose night nothing else had
            back = timedelta(days=chance.choice((0, 0, 0, 1, 4)))
            found.append((at - back, at, chance.choice("xy"), chance.choice((300, 500, 900))))
    return found


def live(make_host: MakeHost, rules: Path, events: Sequence[Any]) -> Any:
    """Let a city live through it, with a tick each night."""
    host = make_host(settings={"CLEANGOV_RULES": str(rules)})
    host.clock = events[0][1].replace(hour=0, minute=30)
    host.start()
    breaker(host.plugins, "cleangov", "cleangov_project_events").limit = sys.maxsize
    for number, (at, known, firm, yuan) in enumerate(events):
        while host.clock.astimezone(ZONE).date() < known.astimezone(ZONE).date():
            host.clock += timedelta(days=1)
            tick(host)
        host.clock = known
        attributes = {"variation_no": firm}
        event = {"case_id": f"C-{number}", "at": at, "recorded_at": known}
        host.write(host.event(KIND, yuan, attributes=attributes, **event))
        host.clock = known.astimezone(ZONE).replace(hour=0, minute=30)
    return host


def fed(url: str, folder: Path, events: Sequence[Any]) -> None:
    """Replay the same as a log."""
    lines = [
        f"C-{number},办,{at.astimezone(ZONE).isoformat()},{known.astimezone(ZONE).isoformat()},"
        f"chen,{yuan},{firm}\n"
        for number, (at, known, firm, yuan) in enumerate(events)
    ]
    names = {"case": "案号", "step": "环节", "at": "时间", "known": "登记", "officer": "经办人"}
    names |= {"sum": "金额", "firm": "企业"}
    label = {"zh": "企", "en": "firm"}
    firm = {"name": "firm", "type": "text", "privacy": "public", "label": label}
    mapping = written_mapping(
        folder,
        formats={"csv": {"names": names}},
        recorded_at={"name": "known"},
        stream="project",
        steps={"办": {"kind": KIND, "amount": {"name": "sum", "currency": "CNY"}}},
        attributes={"variation_no": firm},
        derived=[],
    )
    replay(url, csv_log(folder, "".join([",".join(names.values()), "\n", *lines])), mapping,
           folder / "replay-keys")  # fmt: skip


def looked_up(url: str, log_id: str) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Answer each figure on each day on which it could be asked for: the newest by then."""
    statement = (
        "SELECT fact_id, key, day_on, value, n FROM {s}cleangov_statistic WHERE log_id = :v0"
        " AND key <> 'made' AND fact_id NOT LIKE '~%' ORDER BY day_on"
    )
    days = [f"{TODAY + timedelta(days=n):%Y-%m-%d}" for n in range(-1, DAYS[-1] + 1)]
    found = {}
    for fact, key, on, value, n in query(url, statement, log_id):
        for day in days:
            if on <= day:
                found[fact, key, day] = (value, n)
    return {place: figure for place, figure in found.items() if figure[1]}


def said(url: str, log_id: str) -> list[list[Any]]:
    """Answer what the rules said of each event, with the values it was said from."""
    statement = (
        "SELECT body, fact_values FROM {s}cleangov_entry WHERE log_id = :v0 AND kind = :v1"
        " ORDER BY id"
    )
    found = query(url, statement, log_id, KIND)
    return [
        [sorted(map(str, json.loads(body)["outcomes"])), json.loads(values or "{}")]
        for body, values in found
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_replay_says_what_the_city_said_from_the_figures_it_had(
    make_host: MakeHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rules, events = tmp_path / "few", made(seed)
    put(rules)
    monkeypatch.setenv("CLEANGOV_RULES", str(rules))
    host = live(make_host, rules, events)
    url = host.settings["CLEANGOV_DATABASE_URL"]
    monkeypatch.setattr(feeding, "TOGETHER", 3)
    fed(url, tmp_path, events)
    assert len(said(url, "cg")) == len(events)
    assert said(url, "small-town") == said(url, "cg")
    told = str(said(url, "cg"))
    assert all(f"'{id_}', 1, 'hit'" in told for id_ in FACTS), "each figure must decide something"
    assert looked_up(url, "small-town") == looked_up(url, "cg")
    assert any(day >= f"{TODAY + timedelta(days=30):%Y-%m-%d}" for *_, day in looked_up(url, "cg"))
    # where a window has run empty, nothing stands: not what stood last
    empty = "SELECT count(*) FROM {s}cleangov_statistic WHERE log_id = :v0 AND n = 0"
    assert min(query(url, f"{empty} AND key <> 'made'", log) for log in ("cg", "small-town")) > [
        (1,)
    ]
    # a row where something has changed, and none on other days
    count = "SELECT count(*) FROM {s}cleangov_statistic WHERE log_id = :v0 AND key <> 'made'"
    ((by_day,),), ((changed,),) = query(url, count, "cg"), query(url, count, "small-town")
    assert changed < by_day * 3 / 4
    for each in json.loads(run(url, "rules", "recheck", "--json").stdout):
        assert each["share"] == "100.00 %"
