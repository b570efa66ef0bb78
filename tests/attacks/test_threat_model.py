"""The page of the threat model: its table is that of the catalogue, and its steps can be done.

To write the table anew: CLEANGOV_WRITE_DOCS=1 python -m pytest
tests/attacks/test_threat_model.py -k table
"""

import itertools
import json
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from cleangov_plugin.store import tables
from tests.attacks.catalogue import Attack, Elsewhere, NotHere, Row
from tests.attacks.every_row import ROWS, of
from tests.attacks.scene import Scene
from tests.support.small_host import SmallHost

PAGE = Path(__file__).parents[2] / "docs/threat-model.md"
_BEGIN, _END = "<!-- attacks: begin -->\n", "<!-- attacks: end -->\n"
_KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def table() -> str:
    """Write the table, and the reasons below it."""
    lines = [f"| | attack | {' | '.join(_KINDS.values())} | it names |", "|---|---|---|---|---|"]
    lines += [f"| {row.number} | {row.title} | {' | '.join(_cells(row))} |" for row in ROWS]
    lines += ["", "Why a line has no finder:", ""]
    reasons = [(row.why_not, row.number) for row in of(Attack) if row.why_not]
    reasons += [(row.reason, row.number) for row in of(NotHere)]
    for reason, group in itertools.groupby(reasons, key=lambda pair: pair[0]):
        numbers = ", ".join(number for _, number in group)
        lines.append(f"- {numbers}: {reason}.")
    return "\n".join([*lines, ""])


def _cells(row: Row) -> tuple[str, str, str]:
    if isinstance(row, Attack):
        found = ", ".join(row.by)
        one, two = (found if kind in row.on else "n/a" for kind in _KINDS)
        return one, two, row.names
    if isinstance(row, Elsewhere):
        found = ", ".join(row.by)
        return found, found, "a test of its own"
    return "n/a", "n/a", "–"


def test_the_table_is_that_of_the_catalogue() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(_BEGIN)
    shown, after = rest.split(_END)
    if os.environ.get("CLEANGOV_WRITE_DOCS"):
        PAGE.write_text(f"{before}{_BEGIN}{table()}{_END}{after}", encoding="utf-8")
        shown = table()
    assert shown == table(), "run: CLEANGOV_WRITE_DOCS=1 with this test"


def test_of_every_table_it_is_said_what_compares_it() -> None:
    section = PAGE.read_text(encoding="utf-8").split("## What stands beside the entries\n")[1]
    named = set(re.findall(r"`([a-z_]+)`", section.partition("\n## ")[0]))
    there = {table.name.removeprefix("cleangov_") for table in tables.metadata.sorted_tables}
    assert there - named == set()


def steps(name: str) -> list[tuple[list[str], int]]:
    """Read the commands of a section, each with the exit status it is said to have."""
    block = PAGE.read_text(encoding="utf-8").split(f"<!-- steps: {name} -->\n")[1]
    found = []
    for line in itertools.takewhile(lambda line: line.startswith("    "), block.splitlines()):
        status = re.search(r"# exit status (\d)", line)
        found.append((shlex.split(line, comments=True), int(status[1]) if status else 0))
    return found


class Steps:
    """Does the steps of the page in a folder of a test.

    :param scene: the ledger.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.names = {"CN-330105": "cg", "/srv": str(scene.folder), "/audit": str(scene.audit)}
        self.answers: list[str] = []

    def do(self, words: list[str], status: int) -> None:
        for name, value in self.names.items():
            words = [word.replace(name, value) for word in words]
        program, *rest = words
        if program == "cleangov":
            done = self.scene.run(*rest)
            assert done.exit_code == status, (words, done.output)
            self.answers.append(done.stdout)
        elif program == "rm":
            Path(rest[0]).unlink()
        else:
            what = shutil.copy if program == "cp" else shutil.move
            assert program in ("cp", "mv")
            for path in sorted(Path("/").glob(rest[0].lstrip("/"))):
                what(path, rest[1])
                assert Path(rest[1]).exists()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_ceremony_can_be_held(database_url: str, tmp_path: Path) -> None:
    for name in ("audit", "receipts"):
        (tmp_path / name).mkdir()
    host = SmallHost(database_url, tmp_path, {"CLEANGOV_RECEIPTS": str(tmp_path / "receipts")})
    host.start()
    host.write(host.event("enf.defence.received", statement="words"))
    host.close()
    steps_ = Steps(Scene(database_url, tmp_path))
    for words, status in steps("ceremony"):
        steps_.do(words, status)
        if "--json" in words:
            steps_.names["KEY"] = json.loads(steps_.answers[-1])["cg"]["key"]
    assert "no change was found" in steps_.answers[-1]
    assert "cannot be checked" not in steps_.answers[-1]
    assert (tmp_path / "audit/code-begin-cg.key").exists()
    assert (tmp_path / "audit/kept.note").exists()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_rotation_can_be_made(scene: Scene) -> None:
    steps_ = Steps(scene)
    steps_.names["OLD"] = scene.given["key"]
    for words, status in steps("rotation"):
        steps_.do(words, status)
        if "--json" in words:
            steps_.names["NEW"] = json.loads(steps_.answers[-1])["cg"]["key"]
    assert steps_.names["NEW"] != steps_.names["OLD"]
    assert not (scene.folder / "keys/tree-1.key").exists()
    assert "no change was found" in steps_.answers[-1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_database_can_be_put_back(scene: Scene) -> None:
    scene.put_back()
    steps_ = Steps(scene)
    steps_.names["KEY"] = scene.given["key"]
    for words, status in steps("restore"):
        steps_.do(words, status)
    assert "no change was found" in steps_.answers[-1]
    assert "city archive: disk failed on 3 December" in steps_.answers[-1]
    assert len(list((scene.folder / "receipts/put-away").iterdir())) == 2
