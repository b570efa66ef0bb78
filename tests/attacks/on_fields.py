"""Attacks 45 to 49 on personal fields, and those on names and on the index of cases."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from tests.attacks.catalogue import Attack, Elsewhere, Finding, Row, found
from tests.attacks.scene import BASIS, Scene

_ERASURES = "tests/desk/verified/test_erasures_check.py"


def _victim(scene: Scene) -> int:
    """Answer a sealed entry that discloses a field."""
    sealed = {row for _, row in scene.sealed()}
    return next(row for row in scene.personal() if row in sealed)


def _disclosed(**parts: Any) -> str:
    text = json.dumps(list(parts.values()), ensure_ascii=False).encode()
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def _read(disc: str) -> list[str]:
    found_: list[str] = json.loads(urlsafe_b64decode(disc + "=" * (-len(disc) % 4)))
    return found_


def _with(change: Callable[[list[str]], list[str]]) -> Callable[[Scene], list[Finding]]:
    def do(scene: Scene) -> list[Finding]:
        row = _victim(scene)
        salt, name, value = change(_read(scene.one("disc", row)))
        scene.put(row, disc=_disclosed(salt=salt, name=name, value=value))
        return [found("ERAS", code="field_forged", entry=row)]

    return do


def _gone(scene: Scene) -> list[Finding]:
    row = _victim(scene)
    scene.put(row, disc=None)
    return [found("ERAS", code="field_missing", entry=row)]


def _moved(scene: Scene) -> list[Finding]:
    one, two, *_ = scene.personal()
    first, second = scene.one("disc", one), scene.one("disc", two)
    scene.put(one, disc=second)
    scene.put(two, disc=first)
    return [found("ERAS", code="field_forged", entry=row) for row in (one, two)]


def _baseless(scene: Scene) -> list[Finding]:
    (row,) = scene.ask("SELECT id FROM {s}cleangov_entry WHERE kind = 'int.fields.erased'")
    body = str(scene.one("body", row))
    assert BASIS in body
    scene.put(row, body=body.replace(BASIS, " "))
    return [found("ERAS", code="erasure_baseless", entry=row)]


def _added(scene: Scene) -> list[Finding]:
    row = _victim(scene)
    more = _disclosed(salt="AAAAAAAAAAAAAAAAAAAAAA", name="telephone", value="1")
    scene.put(row, disc=f"{scene.one('disc', row)}~{more}")
    return [found("ERAS", code="field_forged", entry=row)]


def _nameless(scene: Scene) -> list[Finding]:
    query = "SELECT pseudonym FROM {s}cleangov_pseudonym WHERE identity IS NOT NULL"
    name = scene.ask(query)[0]
    scene.edit(
        "UPDATE {s}cleangov_pseudonym SET identity = NULL,"
        " erased_at = '2026-03-10T02:00:00.000000Z' WHERE pseudonym = :name",
        name=name,
    )
    return [found("ERAS", code="name_missing", pseudonym=name)]


def _case_shorter(scene: Scene) -> list[Finding]:
    bucket, items = scene.ask("SELECT bucket, items FROM {s}cleangov_case_index ORDER BY bucket")[0]
    new = bytes(items[:-1]) + bytes([items[-1] ^ 1])
    scene.edit(
        "UPDATE {s}cleangov_case_index SET items = :new WHERE bucket = :b", new=new, b=bucket
    )
    return [found("INDEX", code="index_case", case=bytes(items[-72:-40]).hex(), number=bucket)]


def _case_left_out(scene: Scene) -> list[Finding]:
    ((bucket, items), *_) = scene.ask(
        "SELECT bucket, items FROM {s}cleangov_case_index ORDER BY bucket"
    )
    scene.edit("DELETE FROM {s}cleangov_case_index WHERE bucket = :bucket", bucket=bucket)
    return [found("INDEX", code="index_case", case=bytes(items[:32]).hex(), number=bucket)]


ROWS: tuple[Row, ...] = (
    Attack(
        number="45",
        title="a personal field is taken out and no entry tells of it",
        by=("ERAS",),
        names="entry, leaf",
        do=_gone,
    ),
    Attack(
        number="46a",
        title="a personal field says something else",
        by=("ERAS",),
        names="entry, leaf",
        do=_with(lambda parts: [parts[0], parts[1], "other words"]),
    ),
    Attack(
        number="46b",
        title="its salt is another",
        by=("ERAS",),
        names="entry, leaf",
        do=_with(lambda parts: ["A" * len(parts[0]), parts[1], parts[2]]),
    ),
    Attack(
        number="47a",
        title="personal fields of two entries change places",
        by=("ERAS",),
        names="entry, leaf",
        do=_moved,
    ),
    Attack(
        number="47b",
        title="a personal field has another name",
        by=("ERAS",),
        names="entry, leaf",
        do=_with(lambda parts: [parts[0], "remark", parts[2]]),
    ),
    Attack(
        number="48a",
        title="the entry that tells of an erasure has no basis any more",
        by=("ERAS",),
        names="entry, leaf",
        do=_baseless,
    ),
    Elsewhere(
        number="48b",
        title="it covers a field or an entry that is not there, or cannot be read",
        by=("ERAS",),
        tests=tuple(
            f"{_ERASURES}::test_48_an_erasure_{name}"
            for name in (
                "of_a_field_that_the_entry_does_not_have_is_an_alarm",
                "of_an_entry_that_is_not_there_is_an_alarm",
                "that_cannot_be_read_is_named_and_is_no_crash",
            )
        ),
    ),
    Attack(
        number="49",
        title="a personal field is added that the body does not know",
        by=("ERAS",),
        names="entry, leaf",
        do=_added,
    ),
)
#: What the first catalogue of seventy has not.
MORE: tuple[Row, ...] = (
    Attack(
        number="71",
        title="the name behind a pseudonym is taken out",
        by=("ERAS",),
        names="pseudonym",
        do=_nameless,
    ),
    Attack(
        number="72a",
        title="the index of cases says otherwise of a case",
        by=("INDEX",),
        names="case",
        do=_case_shorter,
    ),
    Attack(
        number="72b",
        title="the index of cases leaves a case out",
        by=("INDEX",),
        names="case",
        do=_case_left_out,
    ),
)
