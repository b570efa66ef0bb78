"""The looking for listeners that other tests rely on sees one."""

import sqlalchemy as sa

from cleangov_plugin.store import database
from tests.support.ends import opened
from tests.support.listeners import of_the_plugin


def test_a_listener_of_the_plugins_is_seen_where_it_hangs() -> None:
    with opened("sqlite://") as engine:
        sa.event.listen(engine, "connect", lambda *_: None)
        assert of_the_plugin(engine.pool) == []
        sa.event.listen(engine, "connect", database._prepare_sqlite)
        assert len(of_the_plugin(engine.pool)) == 1
        sa.event.listen(engine, "begin", database._prepare_sqlite)
        assert len(of_the_plugin(engine)) == 1
        with engine.connect() as connection:
            sa.event.listen(connection, "commit", database._prepare_sqlite)
            assert len(of_the_plugin(connection)) >= 1
