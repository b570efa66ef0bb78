"""Attacks 74: letters of supervision, and what was said about them, are changed in their tables."""

import itertools
from contextlib import closing
from functools import partial

from cleangov_plugin.desk.letters import receiving, sending
from cleangov_plugin.desk.letters.writing import Given
from cleangov_plugin.desk.review.readers import reader_of
from tests.attacks.catalogue import Attack, Finding, Row, found
from tests.attacks.scene import CLERK, Scene
from tests.plugin.day import BAND
from tests.support.small_host import SmallHost

_REASON = "罚款贴近权限，请说明"


def asked(scene: Scene) -> None:
    """Let an officer be asked by letter, be given more time, and answer; seal what says so."""
    receipts = {"CLEANGOV_RECEIPTS": str(scene.folder / "receipts")}
    with closing(SmallHost(scene.url, scene.folder, receipts)) as host:
        host._numbers = itertools.count(950)
        host.move(hours=4)
        host.start()
        host.case = "C-8"
        host.write(host.event("enf.decision.made", 9_000, **BAND))
        desk = host.plugin.desk
        (finding,) = scene.ask("SELECT id FROM {s}cleangov_finding WHERE rule_id = 'E08'")
        reader = reader_of(desk, CLERK, "zh")
        assert reader is not None
        given = Given(words="请说明裁量的理由。", reason=_REASON)
        letter = sending.send(desk, reader, finding, given)
        sending.extend(desk, reader, letter, 3, "当事人住院")
        officer = host.who
        assert officer is not None
        receiving.answer(desk, officer, letter, "需要调卷", wants_time=True)
        receiving.answer(desk, officer, letter, "按裁量基准从重", wants_time=False)
        host.move(minutes=1)
    scene.seal()


def _told(scene: Scene, kind: str) -> dict[str, int]:
    """Answer entry and leaf of the last entry of a kind."""
    entry, lane, no = scene.ask(
        "SELECT id, lane, no FROM {s}cleangov_entry WHERE kind = :kind ORDER BY id DESC",
        kind=f"int.letter.{kind}",
    )[0]
    (leaf,) = scene.ask(
        "SELECT idx FROM {s}cleangov_leaf WHERE lane = :lane AND no = :no", lane=lane, no=no
    )
    return {"entry": entry, "leaf": leaf}


def _changed(name: str, value: str, scene: Scene) -> list[Finding]:
    scene.edit(f"UPDATE {{s}}cleangov_instrument SET {name} = :value", value=value)
    return [found("COL", code="letter_changed", names=name, **_told(scene, "sent"))]


def _answer_changed(column: str, value: str, scene: Scene) -> list[Finding]:
    statement = f"UPDATE {{s}}cleangov_instrument_act SET {column} = :value WHERE kind = 'answer'"
    assert scene.edit(statement, value=value) == 1
    return [found("COL", code="letter_act_changed", **_told(scene, "answered"))]


def _answer_gone(scene: Scene) -> list[Finding]:
    assert scene.edit("DELETE FROM {s}cleangov_instrument_act WHERE kind = 'answer'") == 1
    return [found("COL", code="letter_act_gone", kind="answer", **_told(scene, "answered"))]


def _gone(scene: Scene) -> list[Finding]:
    scene.raw("DELETE FROM {s}cleangov_instrument_act", "DELETE FROM {s}cleangov_instrument")
    return [found("COL", code="letter_gone", **_told(scene, "sent"))]


def _slipped_in(scene: Scene) -> list[Finding]:
    """Put in a letter that nobody sent, and words that nobody said."""
    columns = (
        "log_id, kind, year, finding_id, subject, unit, visibility, addressee, addressee_unit,"
        " sent_by, template, template_version, language, parameters, words, reason, state,"
        " sent_at, due_on, changed_at, retention_class, retain_until"
    )
    scene.edit(
        f"INSERT INTO {{s}}cleangov_instrument (id, no, {columns})"
        f" SELECT 99, 77, {columns} FROM {{s}}cleangov_instrument"
    )
    scene.edit(
        "INSERT INTO {s}cleangov_instrument_act (id, instrument_id, kind, done_by, done_at,"
        " retention_class) SELECT 99, instrument_id, 'withdrawn', done_by, done_at, retention_class"
        " FROM {s}cleangov_instrument_act WHERE kind = 'answer'"
    )
    return [
        found("COL", code="letter_unsaid", letter="询〔2026〕77号"),
        found("COL", code="letter_act_unsaid", kind="withdrawn"),
    ]


def _attack(number: str, title: str, do: object, names: str = "entry, leaf") -> Attack:
    return Attack(number=number, title=title, by=("COL",), names=names, do=do, prepare=asked)  # type: ignore[arg-type]


ROWS: tuple[Row, ...] = (
    _attack("74a", "more time was given than was said", partial(_changed, "due_on", "2026-09-30")),
    _attack("74b", "what was answered is changed", partial(_answer_changed, "words", "我认错")),
    _attack("74c", "an answer to a letter is taken out", _answer_gone),
    _attack("74d", "a letter is taken out with all about it", _gone),
    _attack(
        "74e", "a letter and an act are slipped in that no entry tells of", _slipped_in, "letter"
    ),
)
