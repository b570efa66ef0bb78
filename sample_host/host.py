"""The services this platform hands to its plugins: the contract's `Host`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pluggy
from flask import Flask, has_request_context, url_for
from markupsafe import Markup

from cleangov_hooks import Agency, Fragment, Person, Step
from cleangov_hooks.host import SlotRenderer

from . import visit
from .city import City
from .events import AGENCY
from .people import PEOPLE
from .words import WORDS

YUNTING = Agency(
    id=AGENCY,
    names={"zh": "云汀市城市管理局", "en": "Yunting Urban Management Bureau"},
    zone="Asia/Shanghai",
    units={
        official.unit: dict(zip(("zh", "en"), WORDS[f"unit.{official.unit}"], strict=True))
        for official in PEOPLE.values()
        if official.unit
    },
)


class HostServices:
    """Clock, people, pages and switch of the city, as plugins may use them.

    :param app: the application.
    :param city: its shared parts.
    """

    def __init__(self, app: Flask, city: City) -> None:
        self.name = "yunting"
        self.settings: Mapping[str, str] = city.settings.supervision
        self.plugins: pluggy.PluginManager = city.plugins
        self.renderers: list[SlotRenderer] = []
        self._app = app
        self._city = city

    def now(self) -> datetime:
        """Answer the present time of the city's clock."""
        return self._city.clock.now()

    def agency(self) -> Agency:
        """Answer the one authority of this platform."""
        return YUNTING

    def person(self) -> Person | None:
        """Answer who is signed in."""
        official = visit.who()
        return official.person(visit.language()) if official else None

    def language(self) -> str:
        """Answer the language of the current page."""
        return visit.language() if has_request_context() else self._city.settings.language

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Answer the path of an endpoint, inside and outside a request.

        :param endpoint: Flask endpoint.
        :param values: variables of the route.
        """
        if has_request_context():
            return url_for(endpoint, **values)
        return self._app.url_map.bind("localhost").build(endpoint, values)

    def csrf_field(self) -> str | None:
        """Answer the hidden input that every form posted to this platform carries."""
        return csrf_field() if has_request_context() else None

    def mount(self, blueprint: Any) -> bool:
        """Mount a blueprint; False where the platform is already serving.

        :param blueprint: the plugin's own.
        """
        try:
            self._app.register_blueprint(blueprint)
        except (AssertionError, ValueError):  # already serving, or the name is taken
            return False
        return True

    def provide_slot(self, render: SlotRenderer) -> None:
        """Take a slot renderer. This platform calls `cleangov_slot`, so it only keeps it.

        :param render: called with slot name, step and medium.
        """
        self.renderers.append(render)

    def switched_off(self) -> bool:
        """Answer whether the kill switch is on."""
        return self._city.is_switched_off()


def csrf_field() -> Markup:
    """Write the hidden input with the visit's token."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(visit.csrf_token())


def slot(city: City, name: str, step: Step | None) -> Markup:
    """Answer what the plugins show in a slot of a page; empty without plugins.

    :param city: the shared parts.
    :param name: name of the slot.
    :param step: where the officer stands.
    """
    report = city.call("cleangov_slot", name=name, step=step, medium="html")
    fragments = [value for value in report.values if isinstance(value, Fragment)]
    html = "".join(f.content for f in fragments if f.medium == "html" and f.content)
    return Markup(html)  # noqa: S704 - the contract: HTML of a slot is complete and escaped
