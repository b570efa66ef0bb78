"""Pages that ``cleangov serve`` shows to people: who may say who somebody is, and the ways in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import Flask, redirect, request
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.served.once import open_once
from cleangov_plugin.desk.served.refusals import Refusals
from cleangov_plugin.desk.served.tickets import Key, read_platform_keys
from cleangov_plugin.domain.errors import SettingsError

from . import session
from .link import Gate, signing_in
from .oidc import add_oidc
from .provider import Client, Provider, is_safe, read_client

#: What everybody may ask for: our style, and whether the service lives.
_OPEN: Final = frozenset({"cleangov.static", "cleangov.health"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways in, as whoever runs the service wants them.

    :param tickets: folder of the keys of platforms; None for none.
    :param oidc: file that says who the provider of OpenID Connect is; None for none.
    :param origin: our own, as people see it: ``https://supervision.example``.
    """

    tickets: Path | None = None
    oidc: Path | None = None
    origin: str = ""


class Pages:
    """Signing in at pages of our own application.

    :param ways: the ways in.
    :param desk_of: answers the desk, or None while the plugin is inert.
    :param seen: folder that remembers what was used already.
    :raises SettingsError: where a way in cannot be used.
    """

    def __init__(self, ways: Ways, desk_of: Callable[[], Desk | None], seen: Path) -> None:
        self._ways = ways
        self._desk_of = desk_of
        self._seen = seen
        self._keys: dict[str, Key] = read_platform_keys(ways.tickets) if ways.tickets else {}
        self._client: Client | None = read_client(ways.oidc) if ways.oidc else None
        if not is_safe(ways.origin):
            what = "name our own address as people see it; by http on this machine alone."
            raise SettingsError(what, where="--origin", remedy="https://supervision.example")
        names = [self._client.name] if self._client else []
        self._known = frozenset([*self._keys, *names])

    def add_to(self, app: Flask, key: bytes) -> None:
        """Let people sign in at an application of ours.

        :param app: the application; never a host's.
        :param key: a key of this service.
        """
        is_secure = urlsplit(self._ways.origin).scheme == "https"
        session.prepare(app, key, is_secure=is_secure)
        once = open_once(self._seen)
        gate = Gate(desk_of=self._desk_of, keys=self._keys, once=once, refusals=Refusals(once=once))
        bp = signing_in(gate)
        if self._client is not None:
            add_oidc(bp, gate, Provider(self._client), self._ways.origin)
            app.before_request(self._to_provider)
        app.register_blueprint(bp)
        # Every page of ours has a way back to "/", the platform's front door; here we are it.
        app.add_url_rule("/", "front", lambda: redirect("/cleangov/", 303))

    def person(self) -> Person | None:
        """Answer who is signed in."""
        return session.signed_in(self._known)

    def language(self) -> str:
        """Answer the language of the page."""
        return session.language()

    def _to_provider(self) -> Wire | None:
        """Send whoever opens a page and is not signed in to the provider, and then back there."""
        is_page = request.blueprint == "cleangov" and request.endpoint not in _OPEN
        if request.method != "GET" or not is_page or self.person() is not None:
            return None
        wanted = urlencode({"next": request.full_path.rstrip("?")})
        return redirect(f"/cleangov/sign-in/oidc?{wanted}", 303)
