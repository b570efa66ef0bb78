"""Every attack of the catalogue, by raw SQL or in a file, and what finds it.

``cleangov verify --json`` with all the evidence is clean before, names the detector and the entry
after, and without that detector it does not: so each row depends on what it names.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.catalogue import Attack, Elsewhere, Finding
from tests.attacks.every_row import ROWS, of
from tests.attacks.scene import Scene
from tests.attacks.switching import without

ROOT = Path(__file__).parents[2]
_MARKS = {"postgresql": [pytest.mark.postgres], "sqlite": []}
_EACH = [
    pytest.param(attack, database, id=f"{attack.number}-{database}", marks=_MARKS[database])
    for database in _MARKS
    for attack in of(Attack)
    if database in attack.on
]


def is_told(alarms: list[dict[str, Any]], finding: Finding) -> bool:
    """Answer whether an alarm says what was to be found."""
    detector, says = finding
    return any(alarm["detector"] == detector and _says(alarm, says) for alarm in alarms)


def _says(alarm: Mapping[str, Any], says: Mapping[str, Any]) -> bool:
    told = {**alarm["values"], **alarm}
    return all(name in told and told[name] == value for name, value in says.items())


@pytest.mark.parametrize(("attack", "database"), _EACH, indirect=["database"])
def test_an_attack_is_found_by_what_the_table_says(attack: Attack, scene: Scene) -> None:
    attack.prepare(scene)
    assert scene.verify() == (0, [])
    findings = attack.do(scene)
    assert {detector for detector, _ in findings} == set(attack.by)
    status, alarms = scene.verify()
    assert status == 1
    for finding in findings:
        assert is_told(alarms, finding), (finding, alarms)
    for detector in attack.by:
        with without(detector):
            _, left = scene.verify()
        assert detector not in {alarm["detector"] for alarm in left}, left


@pytest.mark.parametrize("row", of(Elsewhere), ids=lambda row: row.number)
def test_a_test_that_the_table_names_is_there(row: Elsewhere) -> None:
    for test in row.tests:
        path, _, name = test.partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", text, re.MULTILINE), test


def test_the_table_has_every_number_once() -> None:
    numbers = [row.number for row in ROWS]
    assert len(numbers) == len(set(numbers))
    wanted = set(range(1, 71))
    assert wanted <= {int(re.match(r"\d+", number)[0]) for number in numbers}  # type: ignore[index]


def test_what_an_attack_names_is_said_by_the_table() -> None:
    """An attack on one kind of database alone says why it is none on the other."""
    for attack in of(Attack):
        assert attack.names
        assert bool(attack.why_not) == (len(attack.on) == 1), attack.number
