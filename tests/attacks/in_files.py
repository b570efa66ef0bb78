"""Attacks 50 to 70: files, keys, witnesses, backups, and what is handed on."""

import shutil
from base64 import b64decode, b64encode
from pathlib import Path

from tests.attacks import forging
from tests.attacks.catalogue import Attack, Elsewhere, Finding, Row, found
from tests.attacks.scene import Scene

_OWN = bytes(range(32))
_WITNESSES = "tests/desk/sealed/test_witnesses.py"
_SEALING = "tests/desk/sealed/test_sealing.py"
_BUNDLES = "tests/desk/evidence/test_verifying.py"


def _edited(scene: Scene) -> list[Finding]:
    path = scene.own / "checkpoint"
    size = scene.size
    path.write_bytes(path.read_bytes().replace(b"\n%d\n" % size, b"\n%d\n" % (size - 1)))
    return [found("SIG", code="outside_note")]


def _older_head(scene: Scene) -> list[Finding]:
    shutil.copy(scene.audit / "first.note", scene.own / "checkpoint")
    return [found("ANCH", code="outside_old", size=scene.first, newest=scene.size)]


def _head_row_gone(scene: Scene) -> list[Finding]:
    scene.edit("DELETE FROM {s}cleangov_tree_head WHERE size = :first", first=scene.first)
    scene.given["seen"] = str(scene.audit / "first.note")
    return [found("ANCH", code="head_gone", size=scene.first)]


def _two_stories(scene: Scene) -> list[Finding]:
    other = scene.audit / "other.note"
    note = forging.note(scene.size, bytes(32), forging.stolen(scene))
    other.write_text(note, encoding="utf-8")
    scene.given["seen"] = str(other)
    return [found("ANCH", code="seen_root", place=str(other), size=scene.size)]


def _cosigned(scene: Scene, lines: list[str]) -> list[Finding]:
    path = scene.own / "checkpoint.cosigned"
    text, _, _ = path.read_text(encoding="utf-8").partition("\n\n")
    path.write_text(text + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return [found("WIT", code="cosigned_note")]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").partition("\n\n")[2].splitlines()


def _cosigned_later(scene: Scene) -> list[Finding]:
    own, *lines = _lines(scene.own / "checkpoint.cosigned")
    for number, line in enumerate(lines):
        mark, name, coded = line.split(" ")
        data = b64decode(coded)
        later = int.from_bytes(data[4:12], "big") + 60
        coded = b64encode(data[:4] + later.to_bytes(8, "big") + data[12:]).decode()
        lines[number] = f"{mark} {name} {coded}"
    return _cosigned(scene, [own, *lines])


def _cosigned_before(scene: Scene) -> list[Finding]:
    own = _lines(scene.own / "checkpoint.cosigned")[0]
    older = _lines(scene.folder / "older-heads" / "cg" / "checkpoint.cosigned")[1:]
    assert len(older) == 3
    return _cosigned(scene, [own, *older])


def _many_lines(scene: Scene) -> list[Finding]:
    path = scene.own / "checkpoint"
    line = f"— somebody.example {b64encode(bytes(68)).decode()}\n"
    path.write_text(path.read_text(encoding="utf-8") + line * 101, encoding="utf-8")
    return [found("SIG", code="outside_note", why="note.limit")]


def _key_swapped(scene: Scene) -> list[Finding]:
    _, scene.given["key"] = forging.public(_OWN)
    return [found("SIG", code="outside_note"), found("SIG", code="no_genesis")]


def _key_unnamed(scene: Scene) -> list[Finding]:
    forging.sign_all(scene, _OWN, outside=True)
    _, scene.given["key"] = forging.public(_OWN)
    return [found("SIG", code="no_genesis")]


def _origin(scene: Scene) -> list[Finding]:
    size, root = scene.size, forging.root(forging.hashes(scene))
    note = forging.note(size, root, forging.stolen(scene), text_origin="cleangov/other")
    (scene.own / "checkpoint").write_text(note, encoding="utf-8")
    return [found("SIG", code="outside_note", why="head.origin")]


def _put_back(scene: Scene) -> list[Finding]:
    scene.put_back()
    return [found("ANCH", code="outside_size", size=scene.size, leaves=scene.first)]


def _put_back_with_heads(scene: Scene) -> list[Finding]:
    scene.put_back()
    shutil.rmtree(scene.own)
    shutil.copytree(scene.folder / "older-heads" / "cg", scene.own)
    return [found("ANCH", code="seen_size", size=scene.size, leaves=scene.first)]


def _file_replaced(scene: Scene) -> list[Finding]:
    rows = scene.tail()
    lost = [found("RCPT", code="receipt_gone", no=scene.one("no", row)) for row in rows]
    path = Path(scene.url.removeprefix("sqlite:///"))
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    shutil.copy(scene.folder / "older.db", path)
    return [found("ANCH", code="outside_size", size=scene.size, leaves=scene.first), *lost]


def _tile(scene: Scene) -> str:
    return f"tile/0/000.p/{scene.size}"


def _mirror_tile(scene: Scene) -> list[Finding]:
    path = scene.own / _tile(scene)
    path.write_bytes(bytes(32) + path.read_bytes()[32:])
    return [found("ROOT", code="tile_outside", path=_tile(scene))]


def _mirror_gone(scene: Scene) -> list[Finding]:
    (scene.own / _tile(scene)).unlink()
    return [found("ROOT", code="tile_outside", path=_tile(scene))]


ROWS: tuple[Row, ...] = (
    Attack(number="50", title="the head outside is edited", by=("SIG",), do=_edited),
    Attack(
        number="51",
        title="the head outside is replaced by an older one",
        by=("ANCH",),
        do=_older_head,
    ),
    Attack(
        number="52",
        title="two heads of one size are signed for two auditors",
        by=("ANCH",),
        do=_two_stories,
    ),
    Elsewhere(
        number="53",
        title="another story is shown to one witness alone",
        by=("the witnesses: no second cosignature", "ANCH"),
        tests=(f"{_WITNESSES}::test_53_a_log_with_two_stories_gets_no_second_cosignature",),
    ),
    Attack(
        number="54a", title="the time of cosignatures is edited", by=("WIT",), do=_cosigned_later
    ),
    Attack(
        number="54b",
        title="cosignatures are those of an older head",
        by=("WIT",),
        do=_cosigned_before,
    ),
    Attack(
        number="55",
        title="a hundred lines of strangers stand under a head",
        by=("SIG",),
        do=_many_lines,
    ),
    Attack(number="56", title="the auditor's key is swapped", by=("SIG",), do=_key_swapped),
    Attack(
        number="57a",
        title="all heads are signed by a key that no leaf names",
        by=("SIG",),
        do=_key_unnamed,
    ),
    Elsewhere(
        number="57b",
        title="the old key signs on after a rotation",
        by=("SIG",),
        tests=("tests/desk/sealed/test_rotating.py::test_the_old_key_signs_nothing_new",),
    ),
    Attack(number="58", title="the head outside names another log", by=("SIG",), do=_origin),
    Elsewhere(
        number="59",
        title="numbers, roots and ends of lines that are not as they must be",
        by=("the parser",),
        tests=(
            "tests/ledger/test_tree_head.py::test_a_text_with_a_flaw_is_refused_with_its_rule",
            f"{_BUNDLES}::test_59_the_head_is_read_strictly",
        ),
    ),
    Attack(
        number="60",
        title="the database is put back from an older backup",
        by=("ANCH",),
        do=_put_back,
    ),
    Elsewhere(
        number="60b",
        title="and sealed on",
        by=("the sealer: nothing is signed",),
        tests=(f"{_SEALING}::test_a_database_that_was_put_back_is_not_sealed",),
    ),
    Attack(
        number="61", title="and the folder of heads with it", by=("ANCH",), do=_put_back_with_heads
    ),
    Attack(
        number="62",
        title="the SQLite file is replaced by an older copy, its WAL is removed",
        by=("ANCH", "RCPT"),
        names="head, number",
        do=_file_replaced,
        on=("sqlite",),
        why_not="PostgreSQL's files are not a database by themselves: as 60",
    ),
    Elsewhere(
        number="63",
        title="two sealers run",
        by=("the sealer: one waits",),
        tests=(f"{_SEALING}::test_two_sealers_do_not_meet",),
    ),
    Elsewhere(
        number="64",
        title="the sealer is killed between any two steps",
        by=("the sealer: never two roots of one size",),
        tests=(f"{_SEALING}::test_killed_at_any_step_it_never_signs_two_roots_for_one_size",),
    ),
    Attack(
        number="65a", title="a tile outside is changed", by=("ROOT",), names="tile", do=_mirror_tile
    ),
    Attack(
        number="65b",
        title="a tile outside is withheld",
        by=("ROOT",),
        names="tile",
        do=_mirror_gone,
    ),
    Elsewhere(
        number="66",
        title="a bundle with the proof of another entry, another place, another log",
        by=("the bundle's verifier",),
        tests=(
            f"{_BUNDLES}::test_66_proofs_of_other_leaves_and_other_logs",
            f"{_BUNDLES}::test_66_and_69_an_inner_node_is_no_entry",
        ),
    ),
    Elsewhere(
        number="67",
        title="a bundle with an edited field, or a head without its witnesses",
        by=("the bundle's verifier",),
        tests=(
            f"{_BUNDLES}::test_67_disclosed_fields",
            f"{_BUNDLES}::test_67_and_70_who_is_believed_comes_from_the_auditor_alone",
        ),
    ),
    Elsewhere(
        number="68",
        title="tricks of zip files",
        by=("the bundle's reader",),
        tests=(
            "tests/ledger/test_evidence_zip.py::test_68_the_tricks_of_zip_files",
            "tests/ledger/test_evidence_zip.py::test_68_no_other_name_has_a_place",
        ),
    ),
    Elsewhere(
        number="69",
        title="a body that looks like an inner node of the tree",
        by=("the prefix of leaves",),
        tests=(
            "tests/ledger/test_leaf.py::test_a_leaf_can_never_be_taken_for_an_inner_node",
            f"{_BUNDLES}::test_66_and_69_an_inner_node_is_no_entry",
        ),
    ),
    Elsewhere(
        number="70",
        title="a bundle brings a policy that asks for no witness",
        by=("the bundle's verifier",),
        tests=(f"{_BUNDLES}::test_67_and_70_who_is_believed_comes_from_the_auditor_alone",),
    ),
)
#: It belongs to the sealed data, and is judged by what an auditor kept.
HEAD_ROW = Attack(
    number="22", title="the row of an older head is deleted", by=("ANCH",), do=_head_row_gone
)
