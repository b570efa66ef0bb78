"""How what a test has opened comes to its end: no connection is left to the garbage collector."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pluggy
import pytest
import sqlalchemy as sa

OpenEngine = Callable[..., sa.Engine]


@contextmanager
def opened(url: str | sa.URL, **options: Any) -> Iterator[sa.Engine]:
    """Hold an engine as a host has one, and close its connections at the end.

    :param url: SQLAlchemy URL.
    :param options: for the engine, for example ``isolation_level``.
    """
    engine = sa.create_engine(url, **options)
    try:
        yield engine
    finally:
        engine.dispose()


def close_plugin(plugins: pluggy.PluginManager) -> None:
    """Close the connections of the plugin, if it is attached: the contract has no word for it.

    :param plugins: manager of the host whose end it is.
    """
    plugin = plugins.get_plugin("cleangov")
    if hasattr(getattr(plugin, "desk", None), "database"):  # a test may have put anything there
        plugin.close()


def close_city(city: Any) -> None:
    """Close the connections of a sample city and of its plugin.

    :param city: its shared parts, as `sample_host.city.of` answers them.
    """
    close_plugin(city.plugins)
    city.engine.dispose()


@contextmanager
def cities_end() -> Iterator[None]:
    """Close every sample city that is made meanwhile, whoever makes it."""
    from sample_host import app

    made: list[Any] = []
    make = app.City

    def making(**parts: Any) -> Any:
        made.append(make(**parts))
        return made[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(app, "City", making)
        yield
    for city in made:
        close_city(city)


@contextmanager
def still_open() -> Iterator[set[int]]:
    """Watch all pools: the answer holds the connections opened meanwhile and not closed."""
    found: set[int] = set()

    def connected(driver: object, record: object) -> None:
        del record
        found.add(id(driver))

    def closed(driver: object, record: object) -> None:
        del record
        found.discard(id(driver))

    sa.event.listen(sa.Pool, "connect", connected)
    sa.event.listen(sa.Pool, "close", closed)
    try:
        yield found
    finally:
        sa.event.remove(sa.Pool, "connect", connected)
        sa.event.remove(sa.Pool, "close", closed)
