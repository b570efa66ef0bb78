"""Run by Alembic, never imported: migrates the plugin's tables and looks at no others."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from cleangov_migrations import SCHEMA, VERSION_TABLE, _include_name


def _options(dialect: str) -> dict[str, Any]:
    is_sqlite = dialect == "sqlite"
    return {
        "version_table": VERSION_TABLE,
        "version_table_schema": None if is_sqlite else SCHEMA,
        "include_schemas": not is_sqlite,
        "include_name": _include_name,
        "render_as_batch": is_sqlite,
    }


def _metadata(dialect: str) -> Any:
    """Answer the plugin's tables, which only autogenerate and check ask for."""
    try:
        from cleangov_plugin.store.tables import metadata_for
    except ImportError:
        return None
    return metadata_for(dialect)


def _run(connection: Connection, *, with_tables: bool) -> None:
    dialect = connection.dialect.name
    if dialect != "sqlite" and not _has_schema(connection):
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    context.configure(
        connection=connection,
        target_metadata=_metadata(dialect) if with_tables else None,
        **_options(dialect),
    )
    with context.begin_transaction():
        context.run_migrations()


def _has_schema(connection: Connection) -> bool:
    """Look first: CREATE SCHEMA IF NOT EXISTS needs the right to make one even where it exists."""
    found = connection.execute(
        text("SELECT 1 FROM pg_namespace WHERE nspname = :name"), {"name": SCHEMA}
    )
    return found.first() is not None


def _run_offline() -> None:
    dialect = context.config.attributes.get("dialect", "postgresql")
    context.configure(dialect_name=dialect, literal_binds=True, **_options(dialect))
    if dialect != "sqlite":
        context.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    with context.begin_transaction():
        context.run_migrations()


def _run_as_developer() -> None:
    """``alembic -x url=sqlite:///dev.db revision --autogenerate -m "..."``."""
    url = context.get_x_argument(as_dictionary=True).get("url", "sqlite:///cleangov.db")
    with create_engine(url, poolclass=NullPool).begin() as connection:
        _run(connection, with_tables=True)


if context.is_offline_mode():
    _run_offline()
elif context.config.attributes.get("connection") is not None:
    _run(context.config.attributes["connection"], with_tables=False)
else:
    _run_as_developer()
