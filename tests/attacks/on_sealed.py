"""Attacks 1 to 18 on bodies, columns and indexes of what is sealed."""

import json
import sqlite3
import unicodedata
from collections.abc import Callable
from contextlib import closing

from tests.attacks import forging
from tests.attacks.catalogue import Attack, Finding, Row, found
from tests.attacks.scene import Scene


def victim(scene: Scene) -> tuple[int, int]:
    """Answer leaf and row of an entry of the second sealing."""
    return scene.sealed()[5]


def _body(change: Callable[[str], str]) -> Callable[[Scene], list[Finding]]:
    """Change the body of an entry."""

    def do(scene: Scene) -> list[Finding]:
        leaf, row = victim(scene)
        old = str(scene.one("body", row))
        new = change(old)
        assert new != old
        scene.put(row, body=new)
        return [found("LEAF", entry=row, leaf=leaf)]

    return do


def _gone(scene: Scene) -> list[Finding]:
    leaf, row = victim(scene)
    scene.edit("DELETE FROM {s}cleangov_entry WHERE id = :row", row=row)
    return [found("LEAF", code="entry_gone", leaf=leaf, entry=None)]


def _bodies_changed(scene: Scene) -> list[Finding]:
    (one, first), (two, second) = scene.sealed()[1:3]
    bodies = [scene.one("body", row) for row in (first, second)]
    scene.put(first, body=bodies[1])
    scene.put(second, body=bodies[0])
    return [found("LEAF", entry=first, leaf=one), found("LEAF", entry=second, leaf=two)]


def _forged(scene: Scene) -> list[Finding]:
    row = forging.insert_forged(scene)
    return [found("MMD", entry=row), found("MAC", entry=row)]


def in_file(scene: Scene, *statements: str) -> None:
    """Edit an SQLite file with its schema unlocked, as its own tools let anybody."""
    with closing(sqlite3.connect(scene.url.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def _doubled(scene: Scene) -> list[Finding]:
    keys = ("log_id, lane, no, part", "log_id, event_key, part")
    names = [f"uq_cleangov_entry_{key.replace(', ', '_')}" for key in keys]
    if scene.is_sqlite:
        edits = "sql"
        for number, key in enumerate(keys):
            edits = f"replace({edits}, 'UNIQUE ({key})', 'CHECK ({number} + 1)')"
        in_file(
            scene,
            f"UPDATE sqlite_master SET sql = {edits} WHERE name = 'cleangov_entry'",
            "DELETE FROM sqlite_master WHERE tbl_name = 'cleangov_entry' AND sql IS NULL",
        )
        thing = "table cleangov_entry"
    else:
        for name in names:
            scene.raw(f"ALTER TABLE cleangov.cleangov_entry DROP CONSTRAINT {name}")
        thing = f"constraint cleangov_entry.{names[0]}"
    _, row = victim(scene)
    scene.copy(row, id=90_000)
    return [found("STRM", entry=90_000), found("SCHEMA", thing=thing)]


def _column(scene: Scene) -> list[Finding]:
    leaf, row = victim(scene)
    scene.put(row, kind="enf.notice.served")
    return [found("COL", code="columns", entry=row, leaf=leaf, names="kind")]


def _derived(scene: Scene) -> list[Finding]:
    leaf, row = victim(scene)
    scene.put(row, actor="somebody", unit="u-9", event_key="city\tanother", origin="replayed")
    names = "actor, event_key, origin, unit"
    return [found("COL", code="columns", entry=row, leaf=leaf, names=names)]


def _beside(scene: Scene) -> list[Finding]:
    """Have a list show a hit where there was none, of values, and have the entry's time be over."""
    leaf, row = victim(scene)
    scene.put(row, marks=1, fact_values='{"E07@1/E07-event":{}}', retain_until="2026-03-11")
    names = "fact_values, marks, retain_until"
    return [found("COL", code="columns", entry=row, leaf=leaf, names=names)]


_INDEX = "ix_cleangov_entry_log_id_subject"


def _index_narrowed(scene: Scene) -> list[Finding]:
    in_file(
        scene, f"UPDATE sqlite_master SET sql = sql || ' WHERE no <> 7' WHERE name = '{_INDEX}'"
    )
    scene.raw(f"REINDEX {_INDEX}")
    return [found("SCHEMA", code="schema_changed", thing=f"index {_INDEX}")]


def _index_lies(scene: Scene) -> list[Finding]:
    _index_narrowed(scene)
    narrowed = "replace(sql, ' WHERE no <> 7', '')"
    in_file(scene, f"UPDATE sqlite_master SET sql = {narrowed} WHERE name = '{_INDEX}'")
    return [found("COL", code="index_lies")]


def _reordered(text: str) -> str:
    return json.dumps(
        dict(reversed(json.loads(text).items())), ensure_ascii=False, separators=(",", ":")
    )


def _changed(number: str, title: str, change: Callable[[str], str]) -> Attack:
    return Attack(number=number, title=title, by=("LEAF",), names="entry, leaf", do=_body(change))


ROWS: tuple[Row, ...] = (
    _changed("1", "one byte of a body is changed", lambda text: text.replace("u-1", "u-2", 1)),
    Attack(
        number="6",
        title="an entry is deleted, its leaf stays",
        by=("LEAF",),
        names="leaf",
        do=_gone,
    ),
    Attack(
        number="10",
        title="two entries change bodies",
        by=("LEAF",),
        names="entry, leaf",
        do=_bodies_changed,
    ),
    Attack(
        number="11",
        title="a forged entry is inserted among the old ones",
        by=("MMD", "MAC"),
        names="entry",
        do=_forged,
    ),
    Attack(
        number="13",
        title="an entry is doubled, the unique keys are dropped first",
        by=("STRM", "SCHEMA"),
        names="entry, thing",
        do=_doubled,
    ),
    Attack(
        number="14", title="a column alone is changed", by=("COL",), names="entry, leaf", do=_column
    ),
    Attack(
        number="14b",
        title="columns by which screens look for officers and offices are changed",
        by=("COL",),
        names="entry, leaf",
        do=_derived,
    ),
    Attack(
        number="14c",
        title="marks, values and the last day of an entry are changed",
        by=("COL",),
        names="entry, leaf",
        do=_beside,
    ),
    Attack(
        number="15a",
        title="an index is made to leave out a row",
        by=("SCHEMA",),
        names="thing",
        do=_index_narrowed,
        on=("sqlite",),
        why_not="a schema that can be written is SQLite's own",
    ),
    Attack(
        number="15b",
        title="and then to say that it does not",
        by=("COL",),
        names="thing",
        do=_index_lies,
        on=("sqlite",),
        why_not="PostgreSQL says whether an index lies only by an extension (amcheck)",
    ),
    _changed("16a", "a body in another order of keys", _reordered),
    _changed(
        "16b", "a number written otherwise: 1.0", lambda text: text.replace('"v":1', '"v":1.0')
    ),
    _changed("16c", "a character written as \\u", lambda text: text.replace("é", "\\u00e9")),
    _changed("16d", "a blank at the end", lambda text: f"{text} "),
    _changed("16e", "a key twice", lambda text: text.replace('"v":1', '"v":1,"v":1')),
    _changed("17a", "a text decomposed (NFD)", lambda text: unicodedata.normalize("NFD", text)),
    _changed("17b", "a letter that looks alike", lambda text: text.replace('"u-1"', '"u‐1"', 1)),
    _changed(
        "18",
        "an instant with another offset",
        lambda text: text.replace('Z","ruleset"', '+00:00","ruleset"'),
    ),
)
