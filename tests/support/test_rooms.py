"""What is left out whole is not read, and nothing else is left unread."""

from pathlib import Path

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
