"""A test that waits for other processes has a second try; every other one has not."""

import sys
from pathlib import Path

import pytest

from tests.support import second_try

PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist"]
FAILS = "def test_it():\n    raise AssertionError\n"
#: Fails at the first try; what it does at the second stands in place of `pass`.
FIRST = """
import pathlib, pytest
def test_it():
    tried = pathlib.Path(__file__).with_suffix(".tried")
    if not tried.exists():
        tried.touch()
        raise AssertionError
    pass
"""
SKIPS = FIRST.replace("    pass", "    pytest.skip()")


def written(root: Path, **files: str) -> Path:
    """Write a project with tests of a browser and of another room."""
    (root / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    for name, source in files.items():
        folder = root / "tests" / ("browser" if name.startswith("browser") else "web")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"test_{name}.py").write_text(source, encoding="utf-8")
    return root


def test_what_passes_at_the_second_try_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = written(tmp_path, browser_timing=FIRST, web="def test_it():\n    pass\n")
    assert second_try.run(PYTEST, [], root) == 0
    named = "PASSED ONLY AT A SECOND TRY, a mistake to be mended: tests/browser/test_browser_timing"
    assert named in capfd.readouterr().out
    # A second run fails by nothing, though the list of the first was not empty.
    assert second_try.run(PYTEST, [], root) == 0
    assert "SECOND TRY" not in capfd.readouterr().out


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("files", "arguments"),
    [
        ({"browser_twice": FAILS}, []),
        ({"browser_skipped": SKIPS}, []),
        ({"browser_timing": FIRST, "browser_unread": "import no_such_module\n"}, []),
        ({"browser_timing": FIRST}, ["-x"]),
    ],
    ids=["fails again", "is skipped then", "a file that cannot be read", "-x"],
)
def test_all_else_stays_a_failure(
    files: dict[str, str],
    arguments: list[str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert second_try.run(PYTEST, arguments, written(tmp_path, **files)) != 0
    assert "PASSED ONLY" not in capfd.readouterr().out


@pytest.mark.parametrize(
    ("failed", "expected"),
    [
        ([], False),
        (["tests/browser/test_a.py::test_it[zh-CN]", "tests/servers/test_b.py::test_it"], True),
        ([f"tests/browser/test_a.py::test_it[{number}]" for number in range(3)], True),
        ([f"tests/browser/test_a.py::test_it[{number}]" for number in range(4)], False),
        (["tests/browser/test_a.py::test_it", "tests/cli/test_b.py::test_it"], False),
        (["tests/browser/test_a.py"], False),
    ],
)
def test_few_of_the_rooms_that_wait_may_be_tried(failed: list[str], expected: bool) -> None:
    assert second_try.may_be_tried(failed) is expected
