"""The attach lines of docs/install.md are run as they stand."""

import re
import textwrap
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

import cleangov_migrations
from cleangov_hooks import Host
from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.desk.start import keys_folder
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.store.database import Database
from tests.support.ends import OpenEngine, close_plugin

PAGE = Path(__file__).parents[2] / "docs" / "install.md"
MARK = "<!-- run by tests/packaging/test_attach_lines.py -->\n"
BLOCK = re.compile(re.escape(MARK) + r"```python\n(.*?)```", re.DOTALL)


def attach_lines() -> str:
    return "".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))


def marked(word: str) -> str:
    """Answer the blocks of the page that are marked with a word."""
    mark = re.escape(MARK.replace(" -->", f": {word} -->"))
    blocks = re.findall(mark + r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return "".join(blocks)


def run_lines(names: dict[str, Any], lines: str) -> None:
    exec(compile(lines, str(PAGE), "exec"), names)


def test_the_page_has_the_services_and_about_ten_lines_to_attach() -> None:
    services, attach = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert "class City" in services
    lines = [line for line in attach.splitlines() if line.strip()]
    assert len(lines) <= 12


def test_the_attach_lines_attach(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, open_engine: OpenEngine
) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    engine = open_engine(url)
    app = Flask("city")
    names: dict[str, Any] = {"app": app, "engine": engine, "database_url": url}
    run_lines(names, attach_lines())
    assert isinstance(names["City"](app, names["plugins"]), Host)
    assert names["plugins"].has_plugin("cleangov"), caplog.text
    assert [rule for rule in app.url_map.iter_rules() if str(rule).startswith("/cleangov/")]
    tables = sa.inspect(engine).get_table_names()
    close_plugin(names["plugins"])
    assert "cleangov_alembic_version" in tables
    assert all(name.startswith("cleangov_") for name in tables)


def test_every_block_of_python_on_the_page_is_python() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 7
    for block in blocks:
        body = textwrap.indent(block, "    ")  # a block may be the middle of a view
        compile(f"def view():\n{body}", str(PAGE), "exec")


def test_the_include_name_of_the_page_leaves_our_tables_to_us() -> None:
    from cleangov_migrations import host_include_name

    assert not host_include_name("cleangov_entry", "table", {"schema_name": None})
    assert host_include_name("cases", "table", {"schema_name": None})
    assert not host_include_name("cleangov", "schema", {})


def test_the_lines_that_tell_an_event_tell_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    engine = sa.create_engine(url)
    names: dict[str, Any] = {"app": Flask("city"), "engine": engine, "database_url": url}
    run_lines(names, attach_lines())
    names["render_template"] = lambda name, **_: name
    names["redirect"] = lambda path: path
    names["write_decision"] = lambda connection, form, case: connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS decision (id TEXT)"
    )
    run_lines(names, marked("tell"))
    case = SimpleNamespace(no="C-1", violation_code="CG-101")
    form = {"attempt_id": "a-1", "decision_id": "d-1", "yuan": "800"}
    officer = SimpleNamespace(id="chen", unit="u-1")
    assert names["decide"](form, case, officer) == "/cases/C-1"
    attempt = names["attempt_of"](form, case, officer)
    assert attempt.step.proposed is attempt.event
    with engine.connect() as connection:
        query = "SELECT kind, subject, attempt_id FROM cleangov_entry"
        found = [tuple(row) for row in connection.exec_driver_sql(query)]
    names["plugins"].get_plugin("cleangov").desk.database.dispose()
    engine.dispose()
    assert found == [("enf.decision.made", "C-1", "a-1")]


def test_the_include_object_of_the_page_leaves_our_tables_to_us(tmp_path: Path) -> None:
    told: dict[str, Any] = {}
    context = SimpleNamespace(configure=lambda _, **options: told.update(options))
    run_lines({"context": context}, marked("alembic"))
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'city.db'}")
    host = sa.MetaData()
    sa.Table("host_case", host, sa.Column("id", sa.Integer, primary_key=True))
    with engine.begin() as connection:
        cleangov_migrations.upgrade(connection)
        host.create_all(connection)
        careful = MigrationContext.configure(connection, opts=told)
        assert compare_metadata(careful, host) == []
        careless = MigrationContext.configure(connection)
        assert any(step[0] == "remove_table" for step in compare_metadata(careless, host))
    engine.dispose()


def test_every_extra_stands_on_the_page(root: Path) -> None:
    page = PAGE.read_text(encoding="utf-8").partition("## 2.")[0]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    rows = re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == set(project["optional-dependencies"])


def test_where_the_keys_are_by_default_is_so(tmp_path: Path) -> None:
    assert "`<database file>.keys`" in PAGE.read_text(encoding="utf-8")
    database = Database(f"sqlite:///{tmp_path / 'city.db'}")
    assert keys_folder(Settings(), database) == tmp_path / "city.db.keys"
    database.dispose()
    elsewhere = Database("postgresql://nowhere/city")
    with pytest.raises(SettingsError, match="folder"):
        keys_folder(Settings(), elsewhere)
    elsewhere.dispose()
