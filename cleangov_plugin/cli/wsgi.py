"""The service of ``cleangov serve`` as a WSGI application, for its own server or for gunicorn."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, has_request_context, url_for

from cleangov_hooks import BUDGET_MS, Agency, Person
from cleangov_plugin.domain.errors import IntakeError, SettingsError
from cleangov_plugin.intake.served.platform import PLATFORM
from cleangov_plugin.intake.served.shapes import LARGEST, parse

from .host import OURS, attached
from .own_desk import LivingHost

#: Milliseconds that the rules at a gate may use, where nobody says otherwise.
GATE_MS: Final = BUDGET_MS["cleangov_step_gate"]


def read_platform(path: Path) -> dict[str, Any]:
    """Read what a platform says of itself: its authority, and the kinds of event it sends.

    :param path: a JSON file.
    :return: ``agency`` and ``kinds`` in the contract's types.
    :raises SettingsError: where it cannot be read, or is not that.
    """
    remedy = "See docs/serve.md for the file that says what the platform is."
    try:
        found: dict[str, Any] = PLATFORM.read(parse(path.read_bytes()), "platform")
    except OSError as problem:
        what = f"it cannot be read ({type(problem).__name__})."
        raise SettingsError(what, where=str(path), remedy=remedy) from None
    except IntakeError as problem:
        where = f"{path}: {problem.where}"
        raise SettingsError(problem.what, where=where, remedy=remedy) from None
    return found


class ServedHost(LivingHost):
    """A platform far away, whose authority tells the time of day by its own zone.

    :param agency: the authority.
    :param settings: settings of plugins.
    :param switch: file that switches supervision off as long as it is there.
    """

    def __init__(self, agency: Agency, settings: Mapping[str, str], switch: Path) -> None:
        super().__init__("cleangov serve", agency, settings, datetime.now(UTC))
        self._switch = switch
        self.pages: Blueprint | None = None
        #: What signs people in; None where nobody may.
        self.people: Any = None

    @property
    def plugin(self) -> Any:
        """Answer the plugin; it may be inert, see `desk_of`."""
        return self.plugins.get_plugin(OURS)

    def mount(self, blueprint: Any) -> bool:
        """Keep the plugin's pages, for a service that shows them.

        :param blueprint: the plugin's own.
        """
        self.pages = blueprint
        return True

    def person(self) -> Person | None:
        """Answer who is signed in at the service's own pages."""
        found: Person | None = self.people.person() if self.people else None
        return found

    def language(self) -> str:
        """Answer the language of the page."""
        return str(self.people.language()) if self.people else super().language()

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Answer the path of a page; outside of one there is none.

        :param endpoint: Flask endpoint.
        :param values: variables of the route.
        """
        is_shown = self.people is not None and has_request_context()
        return url_for(endpoint, **values) if is_shown else super().url_for(endpoint, **values)

    def now(self) -> datetime:
        """Answer the present time as the clock on the authority's wall shows it."""
        return datetime.now(ZoneInfo(self.agency().zone))

    def switched_off(self) -> bool:
        """Answer whether the kill switch is on; the file is looked for each time."""
        return self._switch.exists()


@contextmanager
def served(url: str, said: Mapping[str, Any], switch: Path) -> Iterator[ServedHost]:
    """Hold a platform far away, the plugin attached.

    :param url: SQLAlchemy URL of the database that holds the plugin's tables.
    :param said: what the platform says of itself, see `read_platform`.
    :param switch: file that switches supervision off as long as it is there.
    :return: the platform.
    """
    agency: Agency = said["agency"]
    host = ServedHost(agency, {"CLEANGOV_DATABASE_URL": url}, switch)
    with attached(host, said["kinds"]):
        yield host


def desk_of(host: ServedHost) -> Any:
    """Answer the desk of a platform's plugin, which must not be inert.

    :param host: the platform.
    :raises SettingsError: where it is.
    """
    plugin = host.plugin
    if plugin.desk is None:
        raise SettingsError(plugin.inert.reason, remedy="See 'cleangov doctor'.")
    return plugin.desk


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """How people sign in at the service's own pages.

    :param tickets: folder of the keys of platforms that sign people in; None for none.
    :param oidc: file that says who the provider of OpenID Connect is; None for none.
    :param origin: the address of the service as people see it.
    """

    tickets: Path | None = None
    oidc: Path | None = None
    origin: str = ""


@contextmanager
def service(
    url: str,
    platform: Path,
    callers: Path,
    seen: Path,
    gate_ms: int = GATE_MS,
    people: People | None = None,
) -> Iterator[Flask]:
    """Hold the service open.

    :param url: SQLAlchemy URL of the database that holds the plugin's tables.
    :param platform: file that says what the platform is.
    :param callers: folder of the keys of callers.
    :param seen: folder that remembers what was seen already.
    :param gate_ms: milliseconds that the rules at a gate may use.
    :param people: how people sign in; None shows no pages.
    :return: the application.
    :raises SettingsError: where something is missing: it refuses to start.
    """
    with served(url, read_platform(platform), seen / "off") as host:
        app = Flask("cleangov_served", static_folder=None)
        app.config["MAX_CONTENT_LENGTH"] = LARGEST
        app.register_blueprint(host.plugin.machines(callers, seen, gate_ms))
        desk = desk_of(host)
        if people is not None and (people.tickets or people.oidc):
            host.people = host.plugin.people(seen, people.tickets, people.oidc, people.origin)
            host.people.add_to(app, desk.keys.key("form"))
            app.register_blueprint(host.pages or Blueprint("cleangov", __name__))
        yield app


def application() -> Flask:
    """Make the application for a WSGI server, such as gunicorn.

    It is told where everything is by the variables ``SERVE_PLATFORM``, ``SERVE_CALLERS``,
    ``SERVE_SEEN`` and ``CLEANGOV_DATABASE_URL``; ``SERVE_GATE_MS`` may be left out, and so may, for
    people, ``SERVE_SIGN_IN``, ``SERVE_OIDC`` and ``SERVE_ORIGIN``. It stays open until the process
    ends.

    :raises SettingsError: where something is missing.
    """
    names = ("CLEANGOV_DATABASE_URL", "SERVE_PLATFORM", "SERVE_CALLERS", "SERVE_SEEN")
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise SettingsError("this must be set.", where=missing[0], remedy="See docs/serve.md.")
    url, platform, callers, seen = (os.environ[name] for name in names)
    tickets, oidc = (_place(name) for name in ("SERVE_SIGN_IN", "SERVE_OIDC"))
    people = People(tickets=tickets, oidc=oidc, origin=os.environ.get("SERVE_ORIGIN", ""))
    held = service(url, Path(platform), Path(callers), Path(seen), _gate_ms(), people)
    app = held.__enter__()
    app.extensions["cleangov_served"] = held
    return app


def _place(name: str) -> Path | None:
    found = os.environ.get(name)
    return Path(found) if found else None


def _gate_ms() -> int:
    text = os.environ.get("SERVE_GATE_MS") or str(GATE_MS)
    if not text.isascii() or not text.isdecimal() or not 10 <= int(text[:6]) <= 10_000:
        what = "a whole number from 10 to 10000 was expected."
        raise SettingsError(what, where="SERVE_GATE_MS", remedy="See docs/serve.md.")
    return int(text)
