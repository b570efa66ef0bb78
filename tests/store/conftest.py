"""The store's own database, and a ledger large enough to tell a walk along an index from a scan."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.store.database import Database
from tests.store.big_ledger import fill
from tests.support.ends import opened


@pytest.fixture
def ours(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def big_sqlite(
    _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sa.Engine]:
    path = tmp_path_factory.mktemp("big") / "big.db"
    path.write_bytes(_sqlite_template.read_bytes())
    with opened(f"sqlite:///{path}") as engine:
        fill(engine)
        yield engine


@pytest.fixture(scope="session")
def big_postgres(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    url, template = request.getfixturevalue("pg_url"), request.getfixturevalue("_pg_template")
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE cleangov_big TEMPLATE {template}")
    with opened(sa.make_url(url).set(database="cleangov_big")) as engine:
        fill(engine)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")  # as a city's own upkeep does
        yield engine
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE cleangov_big WITH (FORCE)")


@pytest.fixture
def big(database: str, request: pytest.FixtureRequest) -> sa.Engine:
    name = "big_sqlite" if database == "sqlite" else "big_postgres"
    found: sa.Engine = request.getfixturevalue(name)
    return found
