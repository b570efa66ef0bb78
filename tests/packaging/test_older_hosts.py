"""Beside an older host the install refuses, and says why; beside the oldest supported it does not.

pip's own resolver is asked, offline: the packages are empty, and tell what the real ones tell.
"""

import re
import subprocess
import sys
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytestmark = pytest.mark.wheel

LOWEST = Path(__file__).parents[2] / ".ci" / "lowest.in"
#: Releases that a platform of some years ago pins.
OLDER = {
    "sqlalchemy": ("1.4.54", "sqlalchemy<2"),
    "flask": ("2.1.3", "flask<2.2"),
    "marshmallow": ("3.20.2", "marshmallow<3.26"),
    "pluggy": ("1.4.0", "pluggy<1.5"),
    "alembic": ("1.12.1", "alembic<1.13"),
    "click": ("8.0.4", "click<8.1"),
}


def needed() -> list[Requirement]:
    """Answer what our distribution needs, whatever the extras."""
    return [r for r in map(Requirement, requires("cleangov-plugin") or []) if not r.marker]


def lowest() -> dict[str, str]:
    """Answer the oldest releases under which the tests run."""
    text = LOWEST.read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z]+)==(\S+)$", text, re.MULTILINE))


def empty_package(folder: Path, name: str, version: str, *needs: str) -> None:
    """Write a wheel that holds nothing but what it is called and what it needs."""
    info = f"{name}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {need}" for need in needs]
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", "\n".join(lines) + "\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture(scope="module")
def shelf(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with our wheel, and of each package it needs the oldest and an older release."""
    folder = tmp_path_factory.mktemp("shelf")
    (wheel,) = built.glob("*.whl")
    (folder / wheel.name).write_bytes(wheel.read_bytes())
    for need in needed():
        empty_package(folder, need.name, lowest().get(need.name, "2025.1"))
    for name, (version, pin) in OLDER.items():
        empty_package(folder, name, version)
        empty_package(folder, f"city_{name}", "1.0", pin)
    return folder


def resolved(shelf: Path, *wanted: str) -> subprocess.CompletedProcess[str]:
    """Ask pip what it would install; nothing is installed, and no index is asked."""
    command = [sys.executable, "-m", "pip", "--isolated", "install", "--dry-run", "--no-index"]
    command += ["--ignore-installed", "--find-links", str(shelf), *wanted]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", sorted(OLDER))
def test_beside_an_older_host_it_refuses_and_names_the_two(shelf: Path, name: str) -> None:
    run = resolved(shelf, f"city_{name}", "cleangov-plugin")
    assert run.returncode != 0
    said = run.stdout + run.stderr
    assert re.search(rf"city[_-]{name} 1.0 depends on {name}<", said, re.IGNORECASE), said
    assert re.search(rf"cleangov-plugin 0\S* depends on {name}[<>]", said, re.IGNORECASE), said
    assert "ResolutionImpossible" in said


def test_pins_of_an_older_host_refuse_it_as_constraints(shelf: Path, tmp_path: Path) -> None:
    pins = tmp_path / "requirements.txt"
    pins.write_text("sqlalchemy==1.4.54\nflask==2.1.3\n")
    run = resolved(shelf, "-c", str(pins), "cleangov-plugin")
    assert run.returncode != 0
    said = run.stdout + run.stderr
    assert re.search(r"\(constraint\) (sqlalchemy==1\.4\.54|flask==2\.1\.3)", said), said


def test_beside_the_oldest_supported_host_it_installs(shelf: Path, tmp_path: Path) -> None:
    pins = tmp_path / "requirements.txt"
    pins.write_text("".join(f"{name}=={version}\n" for name, version in lowest().items()))
    run = resolved(shelf, "-c", str(pins), "cleangov-plugin")
    assert run.returncode == 0, run.stderr
    assert "Would install" in run.stdout
    for name in ("flask-2.2.5", "sqlalchemy-2.0.20", "cleangov-plugin"):
        assert name in run.stdout.lower()


def test_the_oldest_under_which_the_tests_run_are_the_oldest_that_are_declared() -> None:
    for need in needed():
        floors = [spec.version for spec in need.specifier if spec.operator == ">="]
        if not floors:
            assert need.name == "tzdata"  # data without an interface
            continue
        tested = lowest()[need.name.lower()]
        assert need.specifier.contains(tested), f"{need} is not met by {tested}"
        assert tested.startswith(floors[0]), f"{need} is tested at {tested} only"


def test_the_newest_that_is_declared_is_tested_too() -> None:
    """The pins of the tests reach the newest series that the ranges allow."""
    pins = (LOWEST.parents[1] / "constraints.txt").read_text(encoding="utf-8")
    for name, newest in {"sqlalchemy": "2.1.", "marshmallow": "4.", "flask": "3."}.items():
        assert re.search(rf"^{name}=={re.escape(newest)}", pins, re.MULTILINE), name
