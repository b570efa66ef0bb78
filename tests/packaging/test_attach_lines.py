"""The attach lines of docs/install.md are run as they stand."""

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from cleangov_hooks import Host

PAGE = Path(__file__).parents[2] / "docs" / "install.md"
MARK = "<!-- run by tests/packaging/test_attach_lines.py -->\n"
BLOCK = re.compile(re.escape(MARK) + r"```python\n(.*?)```", re.DOTALL)


def attach_lines() -> str:
    return "".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))


def test_the_page_has_the_services_and_about_ten_lines_to_attach() -> None:
    services, attach = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert "class City" in services
    lines = [line for line in attach.splitlines() if line.strip()]
    assert len(lines) <= 12


def test_the_attach_lines_attach(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    engine = sa.create_engine(url)
    app = Flask("city")
    names: dict[str, Any] = {"app": app, "engine": engine, "database_url": url}
    exec(compile(attach_lines(), str(PAGE), "exec"), names)
    assert isinstance(names["City"](app, names["plugins"]), Host)
    assert names["plugins"].has_plugin("cleangov"), caplog.text
    assert [rule for rule in app.url_map.iter_rules() if str(rule).startswith("/cleangov/")]
    tables = sa.inspect(engine).get_table_names()
    engine.dispose()
    assert "cleangov_alembic_version" in tables
    assert all(name.startswith("cleangov_") for name in tables)


def test_every_block_of_python_on_the_page_is_python() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 4
    for block in blocks:
        body = textwrap.indent(block, "    ")  # a block may be the middle of a view
        compile(f"def view():\n{body}", str(PAGE), "exec")


def test_the_include_name_of_the_page_leaves_our_tables_to_us() -> None:
    from cleangov_migrations import host_include_name

    assert not host_include_name("cleangov_entry", "table", {"schema_name": None})
    assert host_include_name("cases", "table", {"schema_name": None})
    assert not host_include_name("cleangov", "schema", {})
