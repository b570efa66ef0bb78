"""Attacks 75: what others were asked about a step, and what they decided, is changed."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from cleangov_plugin.desk.answers.doubting import settle
from cleangov_plugin.desk.answers.following import settle_follow_up
from cleangov_plugin.desk.answers.second_person import decide
from tests.attacks.catalogue import Attack, Finding, Row, found
from tests.attacks.scene import Scene
from tests.plugin.inside import one, rows
from tests.plugin.kinds_of_answer import gives, person
from tests.plugin.steps import heavier, outside
from tests.plugin.weighed import decision, write_rules
from tests.support.answer_rules import answer_rules
from tests.support.small_host import SmallHost


@contextmanager
def platform(scene: Scene) -> Iterator[SmallHost]:
    """Have the platform run on the ledger, with rules by which others are asked."""
    rules = scene.folder / "rules"
    if not rules.exists():
        answer_rules(rules)
        shutil.copy(write_rules(_made(scene.folder / "more")) / "S4.yaml", rules / "enforcement")
    settings = {"CLEANGOV_RECEIPTS": str(scene.folder / "receipts"), "CLEANGOV_RULES": str(rules)}
    host = SmallHost(scene.url, scene.folder, settings)
    host._numbers = itertools.count(2_000)
    host.move(hours=4)
    host.start()
    assert host.plugin.desk is not None, host.plugin.inert.reason
    try:
        yield host
    finally:
        host.close()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def begun(host: SmallHost, case: str) -> None:
    """Begin a case of its own, by the officer who answers."""
    person(host, "chen", "officer")
    host.case = case


def asks(host: SmallHost, case: str) -> str:
    """Let the officer ask a second person about a step; answer the id of the request."""
    begun(host, case)
    (prompt,) = host.gate(decision(host, "S4", case=case)).prompts
    gives(host, prompt.id, "ask_s4")
    return str(one(host, "second_request", prompt_id=prompt.id)["request_id"])


def asked(scene: Scene) -> None:
    """Let others be asked, and some of them decide; seal what says so."""
    with platform(scene) as host:
        desk, liu = host.plugin.desk, person(host, "liu", "reviewer")
        decide(desk, asks(host, "C-20"), liu, agrees=True, reason="情况属实")
        asks(host, "C-21")
        begun(host, "C-22")
        gives(host, outside(host)[1].id, "step_back", text="当事人是我表哥")
        (waiting,) = rows(host, "follow_up", state="open")
        settle_follow_up(desk, waiting["follow_id"], liu, agrees=True, words="")
        begun(host, "C-23")
        until = (host.clock + timedelta(days=2)).date()
        gives(host, outside(host)[1].id, "later", reason="signing", until=until)
        begun(host, "C-24")
        gives(host, heavier(host)[1].id, "wrong", text="店主没有申辩")
        doubt = one(host, "second_request", state="doubted")["request_id"]
        settle(desk, doubt, person(host, "ma", "legal-affairs"), upholds=True, words="您说得对")
        host.move(minutes=1)
    scene.seal()


def _place(scene: Scene, kind: str, case: str) -> dict[str, int]:
    """Answer entry and leaf of the first entry of a kind in a case."""
    entry, lane, no = scene.ask(
        "SELECT id, lane, no FROM {s}cleangov_entry WHERE kind = :kind AND subject = :case"
        " ORDER BY id",
        kind=f"int.{kind}",
        case=case,
    )[0]
    (leaf,) = scene.ask(
        "SELECT idx FROM {s}cleangov_leaf WHERE lane = :lane AND no = :no", lane=lane, no=no
    )
    return {"entry": entry, "leaf": leaf}


def _agreed(scene: Scene) -> list[Finding]:
    statement = (
        "UPDATE {s}cleangov_second_request SET state = 'approved', decided_by = requested_by,"
        " decided_at = requested_at WHERE state = 'open'"
    )
    assert scene.edit(statement) == 1
    return [found("COL", code="asked_moved", **_place(scene, "prompt.answered", "C-21"))]


def _decided_by(scene: Scene) -> list[Finding]:
    statement = (
        "UPDATE {s}cleangov_second_request SET decided_by = requested_by WHERE state = 'approved'"
    )
    assert scene.edit(statement) == 1
    entry, *_ = scene.ask(
        "SELECT id FROM {s}cleangov_entry WHERE kind = 'int.prompt.answered'"
        " AND subject = 'C-20' ORDER BY id DESC"
    )
    return [found("COL", code="asked_decided", names="decided_by", entry=entry)]


def _follow_up(change: str, what: dict[str, str], scene: Scene) -> list[Finding]:
    assert scene.edit(f"UPDATE {{s}}cleangov_follow_up SET {change}") == 1
    case = "C-22" if "recusal" in change else "C-23"
    kind = "follow_up.decided" if "recusal" in change else "prompt.answered"
    return [found("COL", **what, **_place(scene, kind, case))]


def _reply(scene: Scene) -> list[Finding]:
    statement = "UPDATE {s}cleangov_second_request SET words = '您错了' WHERE state = 'upheld'"
    assert scene.edit(statement) == 1
    told = {"code": "asked_decided", "names": "words"}
    return [found("COL", **told, **_place(scene, "doubt.settled", "C-24"))]


def _gone(scene: Scene) -> list[Finding]:
    assert scene.edit("DELETE FROM {s}cleangov_second_request WHERE state = 'open'") == 1
    assert scene.edit("DELETE FROM {s}cleangov_follow_up WHERE state = 'open'") == 1
    return [
        found("COL", code="asked_gone", **_place(scene, "prompt.answered", case))
        for case in ("C-21", "C-23")
    ]


def _slipped_in(scene: Scene) -> list[Finding]:
    """Put in an agreement that nobody gave, and an officer who never stepped back."""
    for table, key, which in (
        ("second_request", "request_id", "state = 'approved'"),
        ("follow_up", "follow_id", "kind = 'recusal'"),
    ):
        with scene.connected() as connection:
            query = f"SELECT * FROM {scene.prefix}cleangov_{table} WHERE {which}"
            row = dict(connection.execute(sa.text(query)).mappings().one())
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        statement = f"INSERT INTO {{s}}cleangov_{table} ({names}) VALUES ({values})"
        scene.edit(statement, **{**row, key: f"slipped into {table}"})
    return [
        found("COL", code="asked_unsaid", asked=f"slipped into {table}")
        for table in ("second_request", "follow_up")
    ]


def seem_to_wait(scene: Scene, key: str, event: str) -> None:
    """Write that an event waits for its entry, as if the plugin had kept it."""
    (log_id,) = scene.ask("SELECT log_id FROM {s}cleangov_agency")
    names = "log_id, event_key, event, reason, detail, state, tries, owed_at, retention_class"
    values = ", ".join(f":{name}" for name in names.split(", "))
    told = {"log_id": log_id, "event_key": key, "event": event, "reason": "busy", "detail": ""}
    told |= {"state": "owed", "owed_at": "2026-03-11T00:00:00.000000Z", "retention_class": "gap"}
    scene.edit(f"INSERT INTO {{s}}cleangov_gap ({names}) VALUES ({values})", **told, tries=0)


def _as_if_owed(scene: Scene) -> list[Finding]:
    says = _slipped_in(scene)
    told = '{"source": "cleangov", "a": "slipped into follow_up slipped into second_request"}'
    seem_to_wait(scene, "cleangov\t1", told)
    code = f'"code": "{"00" * 20}"'
    seem_to_wait(scene, "cleangov\t2", f"{told[:-1]}, {code}}}")
    return says


def _attack(number: str, title: str, do: object, names: str = "entry, leaf") -> Attack:
    return Attack(number=number, title=title, by=("COL",), names=names, do=do, prepare=asked)  # type: ignore[arg-type]


ROWS: tuple[Row, ...] = (
    _attack("75a", "a request that waits is made to have been agreed to", _agreed),
    _attack("75b", "somebody else is made to have decided it", _decided_by, "entry"),
    _attack(
        "75c",
        "what was put off is given more time",
        partial(
            _follow_up,
            "due_at = '2027-01-01T00:00:00.000000Z' WHERE kind = 'put_off'",
            {"code": "asked_changed"},
        ),
    ),
    _attack(
        "75d",
        "what was put off is made to have been done",
        partial(
            _follow_up,
            "state = 'followed', decided_at = asked_at WHERE kind = 'put_off'",
            {"code": "asked_moved"},
        ),
    ),
    _attack(
        "75e",
        "who stepped back is made to have been told to go on",
        partial(
            _follow_up,
            "state = 'declined' WHERE kind = 'recusal'",
            {"code": "asked_decided", "names": "state"},
        ),
    ),
    _attack("75f", "the answer to a doubt is changed", _reply),
    _attack("75g", "a request and a follow-up are taken out", _gone),
    _attack("75h", "a request and a follow-up are slipped in", _slipped_in, "request, follow-up"),
    _attack(
        "75i",
        "and their entries are made to seem to be owed",
        _as_if_owed,
        "request, follow-up",
    ),
)
