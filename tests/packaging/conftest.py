"""The distributions, built once from a copy of the tree."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the source tree."""
    return ROOT


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one sdist and one wheel, built without network; some litter lay about."""
    tree, out = tmp_path_factory.mktemp("tree") / "a copy", tmp_path_factory.mktemp("dist")
    skip = shutil.ignore_patterns(
        ".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", ".demo"
    )
    shutil.copytree(ROOT, tree, ignore=skip)
    shutil.copy(ROOT / ".gitignore", tree)
    for name in (".import_linter_cache/x.json", "notes/private.txt", "left.over"):
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_text("must not be shipped", encoding="utf-8")
    command = [sys.executable, "-m", "build", "-q", "--no-isolation", "-o", str(out), str(tree)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return out
