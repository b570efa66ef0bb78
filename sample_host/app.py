"""Making the application: settings, database, pages, and plugins found by their entry point."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, abort, g, render_template, request, session
from sqlalchemy import Connection, func, inspect, select, text
from werkzeug.exceptions import HTTPException

import cleangov_migrations
from cleangov_hooks import ENTRY_POINT_GROUP, announce, load, manager, register

from . import pages, tables, tour
from .answers import CityAnswers
from .city import OWN_ANSWERS, City
from .clock import Clock, read_stored
from .database import open_engine, reading, writing
from .events import AGENCY
from .host import HostServices
from .rendering import install
from .settings import read_settings

logger = logging.getLogger("sample_host")

#: Before anything was written.
_NEVER = "0001-01-01T00:00:00.000000Z"
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def create_app(config: Mapping[str, Any], *, guests: Sequence[tuple[str, Any]] = ()) -> Flask:
    """Make the city platform.

    :param config: see `settings.HostSettings`; names in capitals, CLEANGOV_* for plugins.
    :param guests: plugins to register besides those found by entry point, as (name, object).
    :return: the application; its shared parts are ``app.extensions["city"]``.
    :raises ValueError: where a setting is unknown or cannot be read.
    """
    settings = read_settings(config)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret,
        TESTING=settings.testing,
        SESSION_COOKIE_NAME="yunting",
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=1_000_000,
    )
    engine = open_engine(settings.database_url, settings.isolation_level)
    clock = Clock(settings.clock, ticks=settings.clock_ticks)
    city = City(settings=settings, engine=engine, clock=clock, plugins=manager(None))
    app.extensions["city"] = city
    _prepare(city)
    _guard(app)
    install(app)
    pages.register(app)
    _attach(app, city, guests)
    return app


def _prepare(city: City) -> None:
    """Make the city's tables, and bring the plugins' own up to date if plugins are on."""
    with writing(city.engine) as connection:
        tables.metadata.create_all(connection)
    if city.clock.is_demo:
        with reading(city.engine) as connection:
            city.clock.not_before(read_stored(_latest(connection)))
    if city.settings.plugins:
        _migrate(city)


def _latest(connection: Connection) -> str:
    """Answer the time of the last write: ours, or what plugins wrote of our agency since then.

    A demo day that began again before it would look like a clock that was put back.
    """
    acts = connection.execute(select(func.max(tables.act.c.recorded_at))).scalar_one()
    told = None
    if inspect(connection).has_table("cleangov_entry"):
        entries = text("SELECT max(ingested_at) FROM cleangov_entry WHERE log_id = :agency")
        told = connection.execute(entries, {"agency": AGENCY}).scalar_one()
    return max(acts or _NEVER, told or _NEVER)


def _migrate(city: City) -> None:
    """Run the plugin's own migrations; a city runs on without, the plugin is then inert."""
    try:
        with writing(city.engine) as connection:
            cleangov_migrations.upgrade(connection)
    except Exception:  # whatever a guest's migration raises must not keep the city from starting
        logger.exception("the plugin's tables could not be brought up to date")


def _attach(app: Flask, city: City, guests: Sequence[tuple[str, Any]]) -> None:
    """Find the plugins and tell them that the city is ready."""
    register(city.plugins, CityAnswers(city.engine), OWN_ANSWERS)
    if city.settings.plugins:
        load(city.plugins, ENTRY_POINT_GROUP)
    for name, guest in guests:
        register(city.plugins, guest, name)
    host = HostServices(app, city)
    app.extensions["city_host"] = host
    announce(city.plugins, host)


def _guard(app: Flask) -> None:
    """Check the form token of every request that changes something, the plugins' pages included."""
    app.before_request(_check_csrf)
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(Exception, _failure_page)
    app.context_processor(tour.shown)
    app.after_request(tour.watch)


def _check_csrf() -> None:
    if request.method in _SAFE_METHODS:
        return
    sent = request.form.get("csrf_token") or request.headers.get("X-CSRFToken", "")
    if "csrf" not in session or sent != session["csrf"]:
        abort(400, "csrf")


def _headers(response: Response) -> Response:
    """Tell browsers what these pages never do; what a plugin says of its own pages stands."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _error_page(problem: HTTPException) -> Any:
    """Show the city's own page for an HTTP error; no slot stands on it."""
    if problem.code is None or problem.code < 400:
        return problem
    key = "csrf" if problem.description == "csrf" else str(problem.code)
    return _error(key, problem.code)


def _failure_page(problem: Exception) -> Any:
    logger.error("a page failed", exc_info=problem)
    return _error("500", 500)


def _error(key: str, status: int) -> tuple[str, int]:
    known = key if key in ("400", "403", "404", "409", "csrf", "500") else "400"
    g.is_error = True
    return render_template("error.html", key=known, status=status), status
