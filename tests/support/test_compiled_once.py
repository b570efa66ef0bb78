"""What is compiled once comes out as it would anew: statements, templates, routes."""

from pathlib import Path

import sqlalchemy as sa
from flask import Flask, render_template_string
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.default import DefaultDialect

from tests.support.compiled_once import _shared
from tests.support.ends import OpenEngine


def test_a_second_engine_compiles_nothing_anew_and_answers_from_its_own_database(
    tmp_path: Path, open_engine: OpenEngine
) -> None:
    query = sa.select(sa.column("name")).select_from(sa.table("city"))
    known = []
    for name in ("one", "two"):
        engine = open_engine(f"sqlite:///{tmp_path / name}.db")
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE city (name TEXT)")
            connection.exec_driver_sql(f"INSERT INTO city VALUES ('{name}')")
            assert connection.execute(query).scalars().all() == [name]
        known.append(len(engine._compiled_cache))
    assert known[0] == known[1] > 0


def test_what_makes_a_difference_of_a_dialect_is_in_the_key() -> None:
    def keyed(dialect: DefaultDialect, version: int = 16, schema: str = "public") -> object:
        dialect.server_version_info, dialect.default_schema_name = (version,), schema
        return _shared((dialect, "statement"))

    one = keyed(postgresql.dialect())
    assert one == keyed(postgresql.dialect())
    others = [keyed(postgresql.dialect(), version=17), keyed(postgresql.dialect(), schema="own")]
    others += [keyed(postgresql.dialect(paramstyle="named")), keyed(DefaultDialect())]
    assert one not in others


def test_two_applications_show_their_own_text() -> None:
    for text in ("one {{ 1 + 1 }}", "two {{ 1 + 1 }}", "one {{ 1 + 1 }}"):
        with Flask("somewhere").app_context():
            assert render_template_string(text) == text[:4] + "2"


def test_routes_that_look_alike_lead_to_their_own_paths() -> None:
    for first, endpoint in (("a", "x"), ("b", "x"), ("a", "x")):
        app = Flask("somewhere")
        app.add_url_rule(f"/{first}/<int:number>", endpoint)
        app.add_url_rule("/<number>", "any", defaults={"more": first})
        urls = app.url_map.bind("localhost")
        assert urls.build(endpoint, {"number": 7, "q": "1"}) == f"/{first}/7?q=1"
        assert urls.build("any", {"number": "7", "more": first}) == "/7"
