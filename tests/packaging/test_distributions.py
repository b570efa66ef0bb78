"""What is shipped is what is meant to be shipped."""

import email
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel

PACKAGES = {"cleangov_hooks", "cleangov_plugin", "cleangov_migrations"}


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    (path,) = built.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def sdist(built: Path) -> set[str]:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def sources(root: Path, folder: str) -> set[str]:
    base = root / folder
    files = (path for path in base.rglob("*") if path.is_file() and "cache" not in str(path))
    return {path.relative_to(base.parent).as_posix() for path in files}


def test_the_wheel_holds_three_packages_and_no_fourth(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_each_package_is_typed(wheel: zipfile.ZipFile, package: str) -> None:
    assert f"{package}/py.typed" in wheel.namelist()


@pytest.mark.parametrize(
    "folder", ["cleangov_plugin", "hooks/cleangov_hooks", "migrations/cleangov_migrations"]
)
def test_the_wheel_holds_every_file_of_a_package(
    wheel: zipfile.ZipFile, root: Path, folder: str
) -> None:
    missing = sources(root, folder) - set(wheel.namelist())
    assert not {name for name in missing if not name.endswith((".pyc", ".db"))}


@pytest.mark.parametrize(
    ("package", "suffix"),
    [
        ("cleangov_plugin/rulebook/", ".yaml"),
        ("cleangov_plugin/web/templates/", ".html"),
        ("cleangov_plugin/web/static/", ".css"),
        ("cleangov_migrations/versions/", ".py"),
        ("cleangov_migrations/", "script.py.mako"),
    ],
)
def test_the_wheel_holds_data_of_each_kind(
    wheel: zipfile.ZipFile, package: str, suffix: str
) -> None:
    assert [n for n in wheel.namelist() if n.startswith(package) and n.endswith(suffix)]


def test_the_wheel_tells_entry_point_licence_and_python(wheel: zipfile.ZipFile) -> None:
    (info,) = {n.split("/")[0] for n in wheel.namelist() if ".dist-info/" in n}
    points = wheel.read(f"{info}/entry_points.txt").decode()
    assert "[smartcity.plugins]\ncleangov = cleangov_plugin.plugin:CleanGov" in points
    assert "cleangov = cleangov_plugin.cli.main:main" in points
    assert f"{info}/licenses/LICENSE" in wheel.namelist()
    metadata = email.message_from_bytes(wheel.read(f"{info}/METADATA"))
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Metadata-Version"] >= "2.4"


def test_the_sdist_holds_only_what_is_named(sdist: set[str]) -> None:
    tops = {name.split("/")[0] for name in sdist if name}
    expected = {"cleangov_plugin", "hooks", "migrations", "sample_host", "tests", "benchmarks"}
    expected |= {"docs", "do.py", "README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE"}
    expected |= {"CONTRIBUTING.md", "SECURITY.md", "constraints.txt", "constraints-demo.txt"}
    expected |= {"constraints-uv.txt", "pyproject.toml", "PKG-INFO", ".gitignore", ".ci"}
    assert tops <= expected, "an unexpected file is shipped"
    assert expected - tops <= {"benchmarks", "sample_host"}, "a named file is not shipped"


def test_the_sdist_carries_no_litter(sdist: set[str]) -> None:
    bad = ("__pycache__", "_cache/", ".hypothesis", ".venv", ".db", "private", "left.over")
    assert not [name for name in sdist if any(word in name for word in bad)]


def test_the_installed_wheel_works_away_from_the_tree(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    target = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index"]
    subprocess.run([*command, "--target", str(target), str(wheel)], check=True)
    program = f"""
import sys
sys.path[:] = [p for p in sys.path if "site-packages" not in p or p.endswith("site-packages")]
sys.path.insert(0, {str(target)!r})
import cleangov_hooks, cleangov_migrations, cleangov_plugin
for module in (cleangov_hooks, cleangov_migrations, cleangov_plugin):
    assert module.__file__.startswith({str(target)!r}), module.__file__
from importlib.metadata import entry_points
print([e.value for e in entry_points(group="smartcity.plugins", name="cleangov")][:1])
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "cleangov_plugin.plugin:CleanGov" in run.stdout
