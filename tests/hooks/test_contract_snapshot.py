"""Nothing of the contract is taken away or turned round unnoticed."""

import copy
import json
from typing import Any

import pytest

from tests.support.contract_shape import SNAPSHOT, hooks, shape

ADVICE = """
{differences}

The contract between hosts and plugins has changed.
- Something REMOVED or CHANGED breaks hosts that run today: they were built against it. Put it
  back; add the new form beside it (an argument with a default, a further field, a further enum
  member), and retire the old one by a warning over one minor version.
- Something only ADDED is welcome. Accept it, and write it into CHANGELOG.md:
      python -m tests.support.contract_shape && python docs/generate_hooks.py
"""


def leaves(tree: Any, path: str = "") -> dict[str, Any]:
    if isinstance(tree, dict):
        found: dict[str, Any] = {}
        for key, value in tree.items():
            found.update(leaves(value, f"{path}.{key}".lstrip(".")))
        return found
    if isinstance(tree, list):
        return {f"{path}: {item}": True for item in tree}
    return {path: tree}


def differences(before: Any, now: Any) -> str:
    old, new = leaves(before), leaves(now)
    lines = [f"REMOVED {path}" for path in old if path not in new]
    lines += [f"ADDED   {path}" for path in new if path not in old]
    lines += [
        f"CHANGED {p}: {old[p]!r} -> {new[p]!r}" for p in old if p in new and old[p] != new[p]
    ]
    return "\n".join(lines)


def test_the_contract_is_the_one_in_the_snapshot() -> None:
    before = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    found = differences(before, json.loads(json.dumps(shape())))
    assert not found, ADVICE.format(differences=found)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda s: s["hooks"].pop("cleangov_step_gate"), "REMOVED hooks.cleangov_step_gate"),
        (lambda s: s["types"]["Event"].pop("amount"), "REMOVED types.Event.amount"),
        (lambda s: s["types"]["Event"].update(weight="int"), "ADDED   types.Event.weight"),
        (lambda s: s["types"]["Money"].update(minor="float"), "CHANGED types.Money.minor"),
        (lambda s: s["enums"]["Decision"].pop("HOLD"), "REMOVED enums.Decision.HOLD"),
        (lambda s: s["services"].pop("switched_off"), "REMOVED services.switched_off"),
    ],
)
def test_a_change_of_the_contract_is_named(change: Any, expected: str) -> None:
    now = copy.deepcopy(shape())
    change(now)
    assert expected in differences(shape(), now)


def test_every_hook_of_the_contract_carries_the_projects_prefix() -> None:
    assert len(hooks()) == 16
    assert all(name.startswith("cleangov_") for name in hooks())
