"""The documents say what is so."""

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

import cleangov_hooks
from tests.support.contract_shape import hooks
from tests.support.shared_data import FILES, shared_log

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_page_of_the_hooks_is_current() -> None:
    command = [sys.executable, str(ROOT / "docs/generate_hooks.py"), "--check"]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 0, "run: python docs/generate_hooks.py"


REAL_LOGS = [sys.executable, str(ROOT / "docs/generate_real_logs.py"), "--check"]


@pytest.mark.long
def test_the_page_of_real_logs_says_what_replay_says_of_the_shipped_excerpts() -> None:
    run = subprocess.run([*REAL_LOGS, "--shipped"], check=False, capture_output=True, text=True)
    assert run.returncode == 0, f"run: python docs/generate_real_logs.py {run.stderr}"


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_the_page_of_real_logs_says_what_replay_says_of_the_whole_logs() -> None:
    for name in FILES:
        shared_log(name)  # left out where one of them is not at hand
    run = subprocess.run(REAL_LOGS, check=False, capture_output=True, text=True)
    assert run.returncode == 0, f"run: python docs/generate_real_logs.py {run.stderr}"


@pytest.mark.parametrize("name", sorted(hooks()))
def test_each_hook_has_its_section_signature_and_side(name: str) -> None:
    section = text_of("docs/hooks.md").partition(f"### {name}\n")[2].partition("\n### ")[0]
    assert f"def {name}(" in section
    assert "Implemented by the **" in section
    assert "**Answer:**" in section
    arguments = re.search(rf"def {name}\((.*)\)", section)
    assert arguments
    for argument in re.findall(r"(\w+):", arguments[1]):
        assert f"- `{argument}`: " in section


def test_each_type_has_its_section_and_each_field_its_meaning() -> None:
    page = text_of("docs/hooks.md")
    for name in cleangov_hooks.__all__:
        thing = getattr(cleangov_hooks, name)
        if not isinstance(thing, type):
            continue
        section = page.partition(f"### {name}\n")[2].partition("\n### ")[0]
        assert section, name
        if dataclasses.is_dataclass(thing):
            for field in dataclasses.fields(thing):
                assert re.search(rf"^\| `{field.name}` \|.*\| \S.* \|$", section, re.MULTILINE), (
                    f"{name}.{field.name}"
                )


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    missing = []
    for target in targets:
        path, _, anchor = target.partition("#")
        file = (page.parent / path) if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            missing.append(target)
    assert missing == []


def test_both_readmes_show_the_same_things() -> None:
    def shape(name: str) -> list[object]:
        text = text_of(name)
        headings = re.findall(r"^(#+) ", text, re.MULTILINE)
        commands = [
            line.split("#")[0].strip() for line in re.findall(r"^    (\S.*)", text, re.MULTILINE)
        ]
        images = [  # each language has its own picture of the same page
            path.replace(".zh.", ".") for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
        ]
        return [headings, commands, images, len(re.findall(r"^- ", text, re.MULTILINE))]

    assert shape("README.md") == shape("README.zh-CN.md")


def test_the_readme_names_only_commands_that_exist() -> None:
    from importlib.metadata import entry_points

    import click

    (point,) = entry_points(group="console_scripts", name="cleangov")
    command = point.load()
    known = set(command.list_commands(click.Context(command)))
    for page in ("README.md", "README.zh-CN.md", "docs/install.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"`cleangov ([a-z]+)", text_of(page)))
        assert named <= known, f"{page}: {named - known}"


def test_do_py_knows_every_subcommand_the_documents_name() -> None:
    named = set()
    for page in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md"):
        named |= set(re.findall(r"do\.py ([a-z]+)", text_of(page)))
    assert {"demo", "test"} <= named
    for command in named:
        run = subprocess.run(
            [sys.executable, str(ROOT / "do.py"), command, "--help"],
            capture_output=True,
            check=False,
        )
        assert run.returncode == 0, command


def test_every_type_of_the_contract_is_in_the_glossary() -> None:
    text = text_of("docs/glossary.md").lower()
    technical = {"Breaker", "Host", "HostRecord", "Input", "Loaded", "Outcome", "Page", "Report"}
    technical |= {"Status", "ValueType", "AttributeType", "Clock", "Privacy"}
    for name in cleangov_hooks.__all__:
        if isinstance(getattr(cleangov_hooks, name), type) and name not in technical:
            words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
            words = words.removesuffix(" kind")
            assert words in text, name


def test_the_table_of_settings_is_complete() -> None:
    from cleangov_plugin.desk.settings import PREFIX, Settings

    table = text_of("docs/install.md").partition("settings: begin")[2].partition("settings: end")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \| \S.* \|$", table, re.MULTILINE))
    expected = {
        PREFIX + field.name.upper(): f"`{field.default}`" if field.default != "" else "empty"
        for field in dataclasses.fields(Settings)
    }
    assert rows == expected
