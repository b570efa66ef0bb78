"""What is left out whole is not read, nothing else is left unread; what takes long comes first."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import rooms


@pytest.mark.parametrize(
    ("file", "expression", "expected"),
    [
        ("tests/cli/test_care.py", "not slow and not long", True),
        ("tests/cli/test_care.py", "not slow", False),
        ("tests/cli/test_care.py", "long", False),
        ("tests/cli/test_care.py", "not long or postgres", False),
        ("tests/cli/test_care.py", "not (long and slow)", False),
        ("tests/cli/test_care.py", "not longer", False),
        ("tests/cli/test_care.py", "", False),
        ("tests/browser/test_tour.py", "not browser", True),
        ("tests/migrations/test_up_and_down.py", "not  thorough  and  not slow", True),
        ("tests/ledger/test_tiles.py", "not long and not thorough and not browser", False),
    ],
)
def test_a_file_is_left_unread_where_no_test_of_it_can_be_chosen(
    file: str, expression: str, expected: bool
) -> None:
    assert rooms.is_left_out(Path("/anywhere") / file, expression) is expected


@dataclass
class _Item:
    path: Path
    name: str
    marks: tuple[str, ...] = ()

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


def test_files_that_take_longest_come_first_and_stay_whole() -> None:
    few, many, long = (Path(f"test_{name}.py") for name in ("few", "many", "long"))
    items: list[Any] = [_Item(few, "a"), *(_Item(many, f"{n:02}") for n in range(15))]
    items += [_Item(long, "z", ("long",)), _Item(long, "a", ("browser",)), _Item(few, "b")]
    rooms.in_order(items)
    assert [item.path for item in items] == [long] * 2 + [many] * 15 + [few] * 2
    assert [item.name for item in items if item.path != many] == ["z", "a", "a", "b"]
