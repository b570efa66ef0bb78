"""The floors of the house hold, and the guards that say so can bite."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(sys.executable).parent


def run_in(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(TOOLS / command[0]), *command[1:]],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tree(root: Path, tmp_path: Path) -> Path:
    """A copy of the sources, to be broken on purpose."""
    if not (TOOLS / "lint-imports").exists():
        pytest.fail("the check group is not installed: python3 do.py test")
    skip = shutil.ignore_patterns("__pycache__", ".*_cache")
    for name in ("cleangov_plugin", "hooks", "migrations", "sample_host"):
        shutil.copytree(root / name, tmp_path / name, ignore=skip)
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; sys.path[:0] = ['.', 'hooks', 'migrations'];"
        "from importlinter.cli import lint_imports_command;"
        "lint_imports_command(['--no-cache'])"
    )
    return subprocess.run(
        [sys.executable, "-c", program], cwd=tree, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("cleangov_plugin/domain/terms.py", "import cleangov_plugin.desk", "Floors import"),
        ("cleangov_plugin/rules/__init__.py", "import cleangov_plugin.ledger", "Floors import"),
        ("cleangov_plugin/desk/__init__.py", "import cleangov_plugin.intake", "Floors import"),
        ("hooks/cleangov_hooks/event.py", "import flask", "The contract needs pluggy alone"),
        ("sample_host/__init__.py", "import cleangov_plugin", "A host never imports the plugin"),
        ("cleangov_plugin/ledger/__init__.py", "import sqlalchemy", "Pure floors know no"),
        ("cleangov_plugin/web/__init__.py", "import sqlalchemy", "SQLAlchemy is known by"),
    ],
)
def test_a_broken_floor_is_reported(tree: Path, module: str, line: str, contract: str) -> None:
    path = tree / module
    if not path.exists():
        pytest.fail(f"{module} is gone; point this test at another module of the room")
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    run = lint(tree)
    assert run.returncode != 0
    broken = [text for text in run.stdout.splitlines() if "BROKEN" in text]
    assert any(text.startswith(contract) for text in broken), run.stdout


def test_the_floors_hold(tree: Path) -> None:
    run = lint(tree)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


@pytest.mark.parametrize(
    "line",
    [
        "import hooks",
        "import hooks.cleangov_hooks",
        "from hooks.cleangov_hooks import Event",
        "import migrations",
        "from migrations import cleangov_migrations",
    ],
)
def test_ruff_bans_the_second_way_to_the_contract(tree: Path, line: str) -> None:
    (tree / "snippet.py").write_text(f'"""A snippet."""\n\n{line}\n', encoding="utf-8")
    run = run_in(tree, "ruff", "check", "--no-cache", "--select", "TID251", "snippet.py")
    assert run.returncode == 1
    assert "TID251" in run.stdout


def test_the_second_way_would_have_made_second_classes(root: Path) -> None:
    """The reason for the ban; when this fails, the ban can go."""
    program = (
        "import sys; sys.path[:0] = ['.', 'hooks'];"
        "import cleangov_hooks, hooks.cleangov_hooks as second;"
        "sys.exit(second.Event is cleangov_hooks.Event)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
