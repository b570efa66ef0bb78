"""The examples of a shipped clock notice each small change of term, roll, pause and extension."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.intake.clock_files import load_clockbook
from cleangov_plugin.rules.clocks import run_clock_examples

CLOCKS = load_clockbook()


def mutants(clock: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Change a clock in one place at a time."""

    def changed(name: str, act: Any) -> tuple[str, dict[str, Any]]:
        other = copy.deepcopy(clock)
        act(other)
        return name, other

    term = clock["term"]
    for by in (-1, 1):
        length = term["length"] + by
        wide = {"length": length, "range": [1, 2000]}
        yield changed(f"length {by:+}", lambda c, w=wide: c["term"].update(w))
    unit = "working_days" if term["unit"] == "civil_days" else "civil_days"
    yield changed(f"unit {unit}", lambda c: c["term"].update(unit=unit))
    if term["unit"] == "civil_days":
        for roll in {"none", "holidays", "days_off"} - {clock.get("roll", "none")}:
            yield changed(f"roll {roll}", lambda c, r=roll: c.update(roll=r))
    for number, pause in enumerate(clock.get("pauses", ())):
        yield changed(f"no pause {pause['id']}", lambda c, n=number: c["pauses"].pop(n))
    for number, longer in enumerate(clock.get("extensions", ())):
        yield changed(f"no extension {longer['id']}", lambda c, n=number: c["extensions"].pop(n))
        for by in (-1, 1):
            more = {"length": longer["length"] + by}
            yield changed(
                f"{longer['id']} {by:+}", lambda c, n=number, m=more: c["extensions"][n].update(m)
            )


@pytest.mark.parametrize("id_", sorted(CLOCKS))
def test_each_change_is_noticed_by_an_example(id_: str) -> None:
    alive = []
    for name, mutant in mutants(CLOCKS[id_]):
        try:
            if not run_clock_examples(mutant):
                alive.append(name)
        except RuleError:
            continue  # it is no clock any more: that is noticed, too
    assert alive == []
