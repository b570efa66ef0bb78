"""What is installed is pinned by hash, and no file says from where."""

import re
import tomllib
from pathlib import Path

import pytest

LISTS = ("constraints.txt", "constraints-demo.txt", "constraints-uv.txt")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)


def project(root: Path) -> dict[str, object]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def pins(root: Path, name: str) -> dict[str, str]:
    return dict(PIN.findall((root / name).read_text(encoding="utf-8")))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", line)[0].lower() for line in requirements}


@pytest.mark.parametrize("name", LISTS)
def test_the_list_names_no_place_to_download_from(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("--hash=", ""), re.MULTILINE)


@pytest.mark.parametrize("name", LISTS)
def test_every_pin_has_its_hashes(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9][^\n]*==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(root, name)) >= (1 if name == "constraints-uv.txt" else 20)
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)


def test_everything_that_is_declared_is_pinned(root: Path) -> None:
    data = project(root)
    declared = names(data["project"]["dependencies"])
    for group in (data["project"]["optional-dependencies"], data["dependency-groups"]):
        for requirements in group.values():
            declared |= names(requirements)
    normal = {name.lower().replace("_", "-") for name in declared}
    assert normal <= set(pins(root, "constraints.txt"))


def test_the_demo_installs_a_part_of_the_same_pins(root: Path) -> None:
    whole, part = pins(root, "constraints.txt"), pins(root, "constraints-demo.txt")
    assert part.items() <= whole.items()
    assert names(project(root)["project"]["dependencies"]) <= set(part)
    assert {"pytest", "playwright", "ruff"}.isdisjoint(part)


def test_no_file_of_the_project_names_a_registry_host(root: Path) -> None:
    host = re.compile(r"python[h]osted\.org|\bpypi\.[o]rg|registry\.[n]pmjs")
    skip = {".git", "__pycache__", "node_modules"}
    kinds = (".py", ".md", ".toml", ".txt", ".yaml", ".html", "")
    found = []
    for path in root.rglob("*"):
        parts = path.relative_to(root).parts
        if skip & set(parts) or parts[0].startswith((".venv", ".demo")) or "cache" in str(path):
            continue
        is_text = path.is_file() and path.suffix in kinds
        if is_text and host.search(path.read_text(encoding="utf-8", errors="ignore")):
            found.append("/".join(parts))
    assert found == []
