"""Attacks 23 to 30 and 38 to 44: SQL against what is not sealed yet, delays, and clocks."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from cleangov_plugin.desk.codes import read_begin
from cleangov_plugin.ledger.entry_code import entry_code
from tests.attacks import forging
from tests.attacks.catalogue import Attack, Elsewhere, Finding, NotHere, Row, found
from tests.attacks.on_sealed import victim
from tests.attacks.scene import Scene

_FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)
_EARLY = "tests/desk/verified/test_attacks_before_sealing.py"


def _place(scene: Scene, row: int) -> dict[str, int]:
    return {"lane": scene.one("lane", row), "no": scene.one("no", row)}


def _delete(scene: Scene, row: int) -> Finding:
    gone = found("RCPT", code="receipt_gone", **_place(scene, row))
    scene.edit("DELETE FROM {s}cleangov_entry WHERE id = :row", row=row)
    return gone


def _in_the_middle(scene: Scene) -> list[Finding]:
    _, row, following, _ = scene.tail()
    return [_delete(scene, row), found("STRM", code="lane_gap", entry=following)]


def _newest(scene: Scene) -> list[Finding]:
    return [_delete(scene, scene.tail()[-1])]


def _whole_tail(scene: Scene) -> list[Finding]:
    return [_delete(scene, row) for row in scene.tail()]


def _unsealed_body(scene: Scene) -> list[Finding]:
    row, following, *_ = scene.tail()
    scene.put(row, body=forging.swapped(scene, row))
    return [found("MAC", entry=row), found("STRM", code="lane_order", entry=following)]


def _rechained(scene: Scene) -> list[Finding]:
    first, row, *rest = scene.tail()
    no = scene.one("no", row)
    gone = _delete(scene, row)
    forging.rechain(scene, rest, first, no)
    return [gone, *(found("MAC", entry=each) for each in rest)]


def _forge_next(scene: Scene, mac: bytes | None) -> int:
    """Insert an entry whose place, body and chain fit."""
    newest = scene.tail()[-1]
    no = scene.one("no", newest) + 1
    text = forging.body(
        scene, newest, no=no, prev=forging.leaf_hash(scene.one("body", newest)).hex()
    )
    values = {"id": 90_000, "no": no, "event_key": "forged", "body": text, "mac": mac}
    scene.copy(newest, **values)
    return 90_000


def _inserted(scene: Scene) -> list[Finding]:
    return [found("MAC", code="code_none", entry=_forge_next(scene, None))]


def _guessed(scene: Scene) -> list[Finding]:
    copied = bytes(scene.one("mac", scene.tail()[-1]))
    return [found("MAC", code="code_wrong", entry=_forge_next(scene, copied))]


def _later_key(scene: Scene) -> list[Finding]:
    row = _forge_next(scene, None)
    begun = read_begin(scene.audit / "code-begin.key")
    day = (datetime.fromisoformat(scene.one("ingested_at", row)) - _FIRST_DAY).days
    stolen = begun.on(day + 1)
    leaf = forging.leaf_hash(scene.one("body", row))
    scene.put(row, mac=entry_code(stolen.key, stolen.epoch, "cg", leaf))
    return [found("MAC", code="code_day", entry=row, epoch=stolen.epoch)]


def _kept_away(scene: Scene) -> tuple[int, str, str]:
    """Take the first unsealed entry out; answer it, and how it is put back."""
    row = scene.tail()[0]
    scene.raw(
        f"CREATE TABLE host_kept AS SELECT * FROM {{s}}cleangov_entry WHERE id = {row}",
        f"DELETE FROM {{s}}cleangov_entry WHERE id = {row}",
    )
    return row, "INSERT INTO {s}cleangov_entry SELECT * FROM host_kept", "DROP TABLE host_kept"


def _held_back(scene: Scene) -> list[Finding]:
    row, back, end = _kept_away(scene)
    scene.seal()
    scene.raw(back, end)
    return [found("MMD", code="left_behind", entry=row)]


def _parked(scene: Scene) -> list[Finding]:
    row, back, end = _kept_away(scene)
    engine = sa.create_engine(scene.url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in (
            "BEGIN",
            back.replace("{s}", "cleangov."),
            "PREPARE TRANSACTION 'parked'",
        ):
            connection.exec_driver_sql(statement)
        scene.seal()
        connection.exec_driver_sql("COMMIT PREPARED 'parked'")
    engine.dispose()
    scene.raw(end)
    return [found("MMD", code="left_behind", entry=row)]


def _clock(scene: Scene, hours: int) -> tuple[int, int]:
    leaf, row = victim(scene)
    at = datetime.fromisoformat(scene.one("ingested_at", row)) + timedelta(hours=hours)
    scene.put(row, ingested_at=at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    return leaf, row


def _clock_back(scene: Scene) -> list[Finding]:
    leaf, row = _clock(scene, -2)
    return [found("TIME", code="clock_back", entry=row, leaf=leaf)]


def _clock_ahead(scene: Scene) -> list[Finding]:
    _leaf, row = _clock(scene, 48)
    return [
        found("TIME", code="after_cosigned", entry=row),
        found("MAC", code="code_day", entry=row),
    ]


_NO_CHECKPOINT = (
    "a body of version 1 carries no reference to a checkpoint: an entry was written between the"
    " head before its leaf and the head after it, and witnesses say when that was"
)
_OF_POSTGRESQL = "SQLite has one writer, and nothing to park"
ROWS: tuple[Row, ...] = (
    Attack(
        number="23",
        title="an unsealed entry in the middle of its lane is deleted",
        by=("STRM", "RCPT"),
        names="entry, number",
        do=_in_the_middle,
    ),
    Elsewhere(
        number="24",
        title="the newest unsealed entry is deleted, its writer lives",
        by=("RCPT",),
        tests=(f"{_EARLY}::test_24_and_25_the_newest_entry_is_deleted",),
    ),
    Attack(
        number="25",
        title="the newest unsealed entry is deleted, its writer is dead",
        by=("RCPT",),
        names="number",
        do=_newest,
    ),
    Attack(
        number="26",
        title="all entries that are not sealed are deleted",
        by=("RCPT",),
        names="number",
        do=_whole_tail,
    ),
    Attack(
        number="27",
        title="the body of an unsealed entry is changed",
        by=("MAC", "STRM"),
        names="entry",
        do=_unsealed_body,
    ),
    Attack(
        number="28",
        title="one is deleted, the rest of its lane numbered and chained anew",
        by=("MAC", "RCPT"),
        names="entry, number",
        do=_rechained,
    ),
    Attack(
        number="29a",
        title="an entry is inserted by SQL at a place that fits",
        by=("MAC",),
        names="entry",
        do=_inserted,
    ),
    Attack(
        number="29b",
        title="the same, with the code of another entry",
        by=("MAC",),
        names="entry",
        do=_guessed,
    ),
    Attack(
        number="30",
        title="the same, with a code by the stolen key of a later day",
        by=("MAC",),
        names="entry",
        do=_later_key,
    ),
    Attack(
        number="38a",
        title="an entry is kept away while later ones are sealed",
        by=("MMD",),
        names="entry",
        do=_held_back,
    ),
    Elsewhere(
        number="38b",
        title="the sealer is stopped: nothing at all is sealed any more",
        by=("MMD, where verify is told how soon (--within)",),
        tests=("tests/desk/verified/test_delay.py::test_38_an_entry_that_nobody_seals_is_late",),
    ),
    Elsewhere(
        number="39",
        title="an entry has a transaction number of long ago",
        by=("sealed all the same: the sealer keeps no watermark",),
        tests=(
            (
                "tests/attacks/test_must_not_alarm.py::"
                "test_39_an_entry_of_an_old_transaction_is_sealed_all_the_same"
            ),
        ),
    ),
    Attack(
        number="40",
        title="an entry is parked in a prepared transaction",
        by=("MMD",),
        names="entry",
        do=_parked,
        on=("postgresql",),
        why_not=_OF_POSTGRESQL,
    ),
    NotHere(number="41", title="a new entry names a time of long ago", reason=_NO_CHECKPOINT),
    NotHere(number="42", title="an entry names an older checkpoint", reason=_NO_CHECKPOINT),
    NotHere(number="43", title="an entry names a checkpoint to come", reason=_NO_CHECKPOINT),
    Attack(
        number="44a",
        title="the clock, or the time of an entry, is put back by hours",
        by=("TIME",),
        names="entry, leaf",
        do=_clock_back,
    ),
    Attack(
        number="44b",
        title="an entry says it was written after witnesses cosigned it",
        by=("TIME", "MAC"),
        names="entry, leaf",
        do=_clock_ahead,
    ),
)
