"""A rule that looks at the events of all cases, over a shipped log: plain SQL agrees by case."""

import gzip
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

import sample_host.logs
from cleangov_plugin.store import run_counts
from tests.cli.log_replaying import backtest, replay, run, subjects, unknown

LOG = Path(sample_host.logs.__file__).with_name("road-traffic-fines.xes.gz")
#: It is asked only where five of the same article were fined within a year, and hits from the
#: twelfth car on: both guard and condition look at all cases.
RULE = """
id: Z90
version: 1
title: {zh: 同条罚单成批, en: Fines of one article in a heap}
why: {zh: 仅供试验。, en: For a test alone.}
basis:
  - law: {zh: 试验, en: test}
    article: {zh: 第一条, en: Art 1}
    valid_from: "1990-01-01"
    status: local
on: [enf.decision.made]
severity: signal
fields:
  article: {type: text, label: {zh: 条款, en: article}}
  vehicle: {type: text, label: {zh: 车辆, en: vehicle}}
facts:
  like: {count: enf.decision.made, per: [article], within: 365 days}
  cars: {count: enf.decision.made, per: [article], within: 365 days, where: vehicle == 'A'}
applies: facts.like >= 5
condition: facts.cars >= 12
texts:
  headline: {zh: "已有 {facts.like:integer} 件。", en: "{facts.like:integer} before."}
  body: {zh: "见 {basis}。", en: "See {basis}."}
examples:
  - name: no article
    given: {event: {kind: enf.decision.made, at: "2020-01-01T10:00:00+01:00"}}
    expect: cannot_be_checked
    why: Nobody can say what belongs together.
owner: oversight
review_by: "2030-01-01"
bindings:
  - {id: Z90-event, tier: 0, phases: [event], visibility: oversight}
"""
#: Fines written before one, of its article, from the 365th day back up to its own.
NUMBERED = """SELECT f.c AS c, (SELECT count(*) FROM e x WHERE x.article = f.article
  AND julianday(f.day) - julianday(x.day) BETWEEN 0 AND 365
  AND (x.day < f.day OR x.n < f.n)) AS fines, (SELECT count(*) FROM e x
  WHERE x.article = f.article AND x.vehicle = 'A'
  AND julianday(f.day) - julianday(x.day) BETWEEN 0 AND 365
  AND (x.day < f.day OR x.n < f.n)) AS cars FROM e f WHERE f.article IS NOT NULL"""
CLEAR = f"SELECT c FROM ({NUMBERED}) WHERE fines >= 5 AND cars < 12"
HITS = f"SELECT c FROM ({NUMBERED}) WHERE fines >= 5 AND cars >= 12"
UNKNOWN = "SELECT c FROM e WHERE article IS NULL"


def spoilt(folder: Path) -> Path:
    """Write the log with every thirtieth article left out."""
    places = iter(range(10_000))

    def kept(found: re.Match[str]) -> str:
        return "" if next(places) % 30 == 7 else found.group()

    text = gzip.decompress(LOG.read_bytes()).decode("utf-8")
    path = folder / "fines.xes.gz"
    path.write_bytes(
        gzip.compress(re.sub(r'<int key="article"[^>]*>', kept, text).encode("utf-8"), 1)
    )
    return path


def second_opinion(log: Path, statement: str) -> set[str]:
    """Judge the fines of a log in plain SQL; nothing of the project is used here."""
    rows = []
    for trace in ElementTree.fromstring(gzip.decompress(log.read_bytes())).iter("trace"):
        case = next(s.get("value") for s in trace.findall("string"))
        for event in trace.iter("event"):
            told = {each.get("key"): each.get("value") for each in event}
            if told["concept:name"] == "Create Fine":
                day = str(told["time:timestamp"])[:10]
                rows.append((len(rows), case, day, told.get("article"), told.get("vehicleClass")))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE e (n INTEGER, c TEXT, day TEXT, article, vehicle TEXT)")
        connection.executemany("INSERT INTO e VALUES (?, ?, ?, ?, ?)", rows)
        return {case for (case,) in connection.execute(statement)}


def test_a_replay_counts_what_plain_sql_counts_over_all_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    draft = rules / "Z90.yaml"
    draft.write_text(RULE, encoding="utf-8")
    monkeypatch.setenv("CLEANGOV_RULES", str(rules))
    url, log = f"sqlite:///{tmp_path / 'fines.db'}", spoilt(tmp_path)
    told = replay(url, log, "road-traffic-fines", tmp_path / "keys")
    hits, clear, blind = (second_opinion(log, asked) for asked in (HITS, CLEAR, UNKNOWN))
    assert min(len(hits), len(clear), len(blind)) > 10
    assert len(hits | clear | blind) < told["cases"] - 10  # the guard leaves many out
    assert subjects(url, "Z90") == hits
    assert unknown(url, "Z90") == {case: {"article"} for case in blind}
    figures = {"cases": len(hits | clear | blind), "hits": len(hits)}
    assert told["rules"]["Z90"] == {**figures, "cannot_be_checked": len(blind)}
    # the page of imported logs reads what was counted then
    with sa.create_engine(url, poolclass=sa.pool.NullPool).connect() as connection:
        (kept,) = run_counts.counted(connection)
    assert kept.rules is not None
    seen = kept.rules["Z90"]
    assert {"cases": seen.cases, "hits": seen.hits} == figures
    assert seen.missing == {"article": len(blind)}
    # and so do the back-test of the same text, and the evaluation worked out again
    found = backtest(url, draft)["cases"]
    assert (found["looked_at"], found["kept"]) == (figures["cases"], len(hits))
    (again,) = json.loads(run(url, "rules", "recheck", "--json").stdout)
    assert again["share"] == "100.00 %"
