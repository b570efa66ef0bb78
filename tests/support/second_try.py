"""Run pytest; what depends on other processes' timing and failed is tried once more, alone.

Standard library only. A test that passes only then is a mistake to be mended, and is named loudly.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

#: Rooms whose tests wait for a browser or for servers in other processes.
ROOMS = ("tests/browser/", "tests/servers/", "tests/cli/test_serve_")
#: More than so many failures are no accident of timing.
MOST = 3
#: Where pytest keeps which tests failed.
LIST = Path(".pytest_cache/v/cache/lastfailed")
#: With these of pytest's arguments not all tests are run, or those of an older list.
_PARTIAL = ("-x", "--exitfirst", "--maxfail", "--lf", "--last-failed", "--sw", "--stepwise")
SOME_FAILED = 1


def may_be_tried(failed: list[str]) -> bool:
    """Answer whether all that failed may be an accident of timing.

    :param failed: ids of the tests that failed; a file that cannot be read is named by its path.
    :return: False for none, for too many, and for any of another room.
    """
    are_of_the_rooms = all(name.startswith(ROOMS) and "::" in name for name in failed)
    return 0 < len(failed) <= MOST and are_of_the_rooms


def run(pytest: list[str], arguments: list[str], root: Path) -> int:
    """Run the tests, and a second time the few that may have failed by timing.

    :param pytest: the command that starts pytest.
    :param arguments: what it gets at the first try.
    :param root: folder of the project.
    :return: status of pytest: 0 where all passed, at the second try at the latest.
    """
    if any(argument.startswith(_PARTIAL) for argument in arguments):
        return subprocess.run([*pytest, *arguments], cwd=root, check=False).returncode
    (root / LIST).unlink(missing_ok=True)  # what an earlier run left is not of this one
    status = subprocess.run([*pytest, *arguments], cwd=root, check=False).returncode
    failed = _failed(root) if status == SOME_FAILED else []
    if not may_be_tried(failed):
        return status
    print(
        f"\n{len(failed)} tests that wait for other processes failed: once more, alone", flush=True
    )
    if not _all_pass(pytest, failed, root):
        return status
    for name in failed:
        print(f"PASSED ONLY AT A SECOND TRY, a mistake to be mended: {name}")
    return 0


def _failed(root: Path) -> list[str]:
    try:
        return sorted(json.loads((root / LIST).read_text("utf-8")))
    except (OSError, ValueError):
        return []


def _all_pass(pytest: list[str], names: list[str], root: Path) -> bool:
    """Run the tests by name; one that is skipped or not found has not passed."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "second.xml"
        command = [*pytest, "-q", f"--junitxml={told}", *names]
        if subprocess.run(command, cwd=root, check=False).returncode:
            return False
        tests = list(ElementTree.parse(told).iter("testcase"))
    return len(tests) == len(names) and not any(test.find("skipped") is not None for test in tests)


def main() -> int:
    """Run the tests that the command line asks for."""
    try:
        return run([sys.executable, "-m", "pytest"], sys.argv[1:], Path.cwd())
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
