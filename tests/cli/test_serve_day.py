"""The sample host's day, in process and over HTTP from a foreign process: the same entries."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Answer, EventType, guard
from cleangov_plugin.desk.answers.second_person import decide
from cleangov_plugin.domain.our_kinds import PROMPT_ANSWERED
from cleangov_plugin.ledger.disclosure import read, split
from sample_host.answers import event_types
from sample_host.city import of
from sample_host.people import PEOPLE
from tests.cli.served_calling import serving
from tests.support.day_as_lines import Notebook
from tests.support.ends import OpenEngine, cities_end
from tests.support.scripted_day import DRAIN, NOODLES, Visit, make_city, play_day

CLIENT = Path(__file__).parents[2] / "docs/conformance/client.py"
#: What may differ between the two ledgers, and why; nothing else may.
BY_THE_CLOCK = {
    "ingested_at": "when it was written: the city's clock stands in March, the service's runs",
    "retain_until": "counted from it",
}
BY_THE_DATABASE = {
    "lane": "SQLite has one writer, PostgreSQL a lane for each connection that writes",
    "snapshot": "what the evaluation could see, in the database's own words",
    "xid": "PostgreSQL alone numbers transactions",
}
#: An answer is an event of our own: its id is drawn and its time read by whoever takes it.
OF_ANSWERS = {"part", "event_key", "occurred_at", "recorded_at", "digest"}
OF_ANSWERS_BODY = {"id", "at", "recorded"}
BY_CHANCE = {
    "mac": "a code over the row, with all that differs by chance",
    "prev": "the digest of the entry before, whose salts were drawn",
    "_sd": "digests of personal fields, each with a salt of its own",
}


@dataclass(frozen=True)
class Day:
    """What a day left.

    :param lines: the day as a foreign process plays it.
    :param kept: what the ledger holds, as `ledger_of` answers it.
    :param keys: folder of the keys of the plugin.
    """

    lines: str
    keys: Path
    kept: dict[str, Any]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """The day with the plugin in process, written down by a guest."""
    folder = tmp_path_factory.mktemp("day")
    url, guest = f"sqlite:///{folder / 'city.db'}", Notebook()
    with cities_end(), pytest.MonkeyPatch.context() as patched:
        # On a busy machine the rules have time here, too: what is late is recorded otherwise.
        patched.setitem(guard.BUDGET_MS, "cleangov_step_gate", 10_000)
        patched.setattr("cleangov_plugin.plugin._USUAL_MS", 10_000)
        app = make_city(url, CLEANGOV_KEYS=str(folder / "keys"), guests=[("notebook", guest)])
        _held_and_answered(app)
        play_day(app)
        _held_for_a_second_person(app, guest)
        engine = of(app).engine
        lines = "\n".join(guest.day(engine))
        return Day(lines=lines, kept=ledger_of(engine), keys=folder / "keys")


def _held_and_answered(app: Any) -> None:
    """Chen fines more than was noticed, is held, takes it back, and leaves the form for now."""
    chen, typed = Visit(app, "chen-jing"), {"amount": "1500", "kind_of_penalty": "fine"}
    chen.take(NOODLES, "decide", expect=409, attempt_id="held-1", **typed)
    _answered(app, "held-1", "chen-jing", "back", "")
    chen.post(f"{NOODLES}/decide/cancel", {**typed, "attempt_id": "held-1"})


def _held_for_a_second_person(app: Any, guest: Notebook) -> None:
    """Zhao asks for one variation too many; the chief engineer agrees, and it is taken."""
    zhao, engine = Visit(app, "zhao-lei"), PEOPLE["he-ping"]
    asked = {"amount": "490000", "cause": "ground", "reason": "K2+10 处改线。"}
    zhao.take(DRAIN, "request_variation", expect=409, attempt_id="held-2", **asked)
    _answered(app, "held-2", "zhao-lei", "chief_engineer", "")
    guest.decided(engine.actor(), agrees=True, reason="同意，已核现场。", tie="no")
    desk = of(app).plugins.get_plugin("cleangov").desk
    (request,) = _rows(of(app).engine, "second_request")
    person = engine.person("zh-CN")
    decide(desk, request["request_id"], person, agrees=True, reason="同意，已核现场。")
    zhao.post(f"{DRAIN}/request_variation", {**asked, "attempt_id": "held-2"})


def _answered(app: Any, attempt: str, who: str, choice: str, text: str) -> None:
    city = of(app)
    (prompt,) = (r for r in _rows(city.engine, "prompt") if r["attempt_id"] == attempt)
    now = city.clock.now()
    answer = Answer(prompt_id=prompt["prompt_id"], choice=choice, actor_id=who, at=now, text=text)
    city.call("cleangov_prompt_answered", answer=answer)


def _rows(engine: sa.Engine, table: str) -> list[dict[str, Any]]:
    prefix = "" if engine.dialect.name == "sqlite" else "cleangov."
    query = sa.text(f"SELECT * FROM {prefix}cleangov_{table}")
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def ledger_of(engine: sa.Engine) -> dict[str, Any]:
    """Answer what a ledger holds, without what may differ."""
    rows = sorted(_rows(engine, "entry"), key=lambda row: (row["lane"], row["no"]))
    return {"entries": [_entry(row) for row in rows]}


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    columns = {*BY_THE_CLOCK, *BY_THE_DATABASE, *BY_CHANCE}
    members = {*BY_THE_DATABASE, *BY_CHANCE}
    if row["kind"] == PROMPT_ANSWERED:
        columns |= OF_ANSWERS
        members |= OF_ANSWERS_BODY
    told = {**row, "digest": bytes(row["digest"]).hex()}
    body = {name: value for name, value in json.loads(row["body"]).items() if name not in members}
    body["attrs"] = [_attribute(*each) for each in body["attrs"]]
    said = sorted(read(each) for each in split(row["disc"]))
    return {
        **{name: value for name, value in told.items() if name not in columns},
        "body": body,
        "disc": said,
    }


def _attribute(code: str, type_: str, text: str) -> list[str]:
    """Leave of what an entry opens how many there are: ids and moments in it are by chance."""
    return [code, type_, str(len(json.loads(text))) if code == "a.opens" else text]


def platform() -> dict[str, Any]:
    """Write the file that tells the service what the city is."""
    agency = {"id": "yunting", "names": {"zh": "云汀", "en": "Yunting"}, "zone": "Asia/Shanghai"}
    return {"agency": agency, "kinds": [_kind(kind) for kind in event_types()]}


def _kind(kind: EventType) -> dict[str, Any]:
    attributes = [
        {
            "code": each.code,
            "type": each.type.value,
            "labels": dict(each.labels),
            "choices": list(each.choices),
            "privacy": each.privacy.value,
            "max_length": each.max_length,
        }
        for each in kind.attributes
    ]
    labels = dict(kind.labels)
    return {"kind": kind.kind, "stream": kind.stream, "labels": labels, "attributes": attributes}


def test_the_day_over_http_gives_the_same_entries_as_in_process(
    day: Day, database_url: str, tmp_path: Path, open_engine: OpenEngine
) -> None:
    shutil.copytree(day.keys, tmp_path / "keys")  # so that pseudonyms are the same
    with serving(database_url, tmp_path, platform()) as caller:
        key = tmp_path / "callers/old-1.key"
        # -I: nothing of this tree, and nothing of what is set here, can be imported by it.
        command = [sys.executable, "-I", str(CLIENT), caller.address, "old-1", str(key)]
        run = subprocess.run(
            command, input=day.lines, capture_output=True, text=True, check=False, timeout=120
        )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr
    kept = ledger_of(open_engine(database_url))
    assert len(kept["entries"]) == 301
    for ours, theirs in zip(kept["entries"], day.kept["entries"], strict=True):
        assert ours == theirs
