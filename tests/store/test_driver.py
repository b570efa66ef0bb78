"""Statements of the hot path: what a host sees of them is what it sees of SQLAlchemy's own."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from cleangov_plugin.store.driver import execute, is_heard
from tests.store.samples import host_table

INSERT = "INSERT INTO host_case (id, name) VALUES (:id, :name)"


@pytest.fixture
def host(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect() as connection:
        host_table(connection)
        connection.commit()
        yield connection


def names(connection: sa.Connection) -> list[str]:
    rows = execute(connection, "SELECT name FROM host_case ORDER BY id", {}).fetchall()
    return [row[0] for row in rows]


def test_it_commits_and_rolls_back_with_the_host(host: sa.Connection) -> None:
    with host.begin():
        host.exec_driver_sql("UPDATE host_case SET name = 'b'")
        assert execute(host, INSERT, {"id": 2, "name": "c"}).rowcount == 1
        assert names(host) == ["b", "c"]
        host.rollback()
    assert names(host) == ["a"]
    host.rollback()
    with host.begin():
        execute(host, INSERT, {"id": 2, "name": "c"})
    assert names(host) == ["a", "c"]


def test_each_parameter_stands_wherever_it_is_named(host: sa.Connection) -> None:
    texts = "CAST(:b AS text), ':', CAST(:a AS text), CAST(:b AS text)"
    values = {"a": "1", "b": "2", "not_asked": "3"}
    with host.begin():
        assert tuple(execute(host, f"SELECT {texts}", values).fetchone()) == ("2", ":", "1", "2")
        only = "SELECT name FROM host_case WHERE id = :id"
        assert execute(host, only, {"id": 1}).fetchone()[0] == "a"


def test_a_transaction_that_nobody_began_is_begun_as_by_any_statement(host: sa.Connection) -> None:
    assert not host.in_transaction()
    execute(host, INSERT, {"id": 2, "name": "c"})
    assert host.in_transaction()
    host.rollback()
    assert names(host) == ["a"]


def test_its_errors_are_sqlalchemys_own(host: sa.Connection) -> None:
    with host.begin():
        with pytest.raises(IntegrityError, match="INSERT INTO host_case"), host.begin_nested():
            execute(host, INSERT, {"id": 1, "name": "c"})
        with pytest.raises(DBAPIError, match="nowhere"), host.begin_nested():
            execute(host, "SELECT nothing FROM nowhere", {})
        assert names(host) == ["a"]


def test_sqlalchemy_keeps_no_book_of_it_where_nobody_listens(
    host: sa.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with host.begin():
        monkeypatch.setattr(sa.Connection, "exec_driver_sql", None)
        execute(host, INSERT, {"id": 2, "name": "c"})
        assert names(host) == ["a", "c"]


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_connection_that_was_cut_is_let_go_as_by_any_statement(
    engine: sa.Engine, host: sa.Connection
) -> None:
    number = host.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with engine.begin() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({number})")
    with pytest.raises(DBAPIError) as raised:
        names(host)
    host.rollback()
    assert raised.value.connection_invalidated
    assert names(host) == ["a"], "it has another one"


@pytest.mark.parametrize("hook", ["before_cursor_execute", "after_cursor_execute"])
def test_whoever_listens_to_the_hosts_statements_hears_these_too(
    engine: sa.Engine, hook: str
) -> None:
    heard: list[str] = []
    sa.event.listen(engine, hook, lambda *told: heard.append(told[2]))
    with engine.begin() as connection:
        host_table(connection)
        assert is_heard(connection)
        heard.clear()
        execute(connection, INSERT, {"id": 2, "name": "c"})
        assert names(connection) == ["a", "c"]
    assert [statement.split()[0] for statement in heard] == ["INSERT", "SELECT"]


def test_a_host_may_change_our_statement_as_any_other(engine: sa.Engine) -> None:
    def marked(*told: object) -> tuple[str, object]:
        return f"{told[2]} /* city */", told[3]

    seen: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", marked, retval=True)
    sa.event.listen(engine, "after_cursor_execute", lambda *told: seen.append(told[2]))
    with engine.begin() as connection:
        host_table(connection)
        names(connection)
    assert all(statement.endswith("/* city */") for statement in seen)
    assert len(seen) == 3
