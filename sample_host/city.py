"""What the whole platform shares: database, clock, settings and the plugins of the contract."""

from dataclasses import dataclass
from typing import Any

import pluggy
from flask import Flask, current_app
from sqlalchemy import Engine

from cleangov_hooks import Report, guarded_call

from .clock import Clock
from .settings import HostSettings

#: Name under which the city's own answers stand among the plugins.
OWN_ANSWERS = "yunting"


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The platform's shared parts; one of each application.

    :param settings: as read at the start.
    :param engine: the city's database.
    :param clock: the one clock.
    :param plugins: manager of the supervision contract.
    """

    settings: HostSettings
    engine: Engine
    clock: Clock
    plugins: pluggy.PluginManager

    def call(self, hook: str, **arguments: Any) -> Report:
        """Call a hook of every plugin, guarded.

        :param hook: name of the hook.
        :param arguments: its arguments.
        """
        return guarded_call(self.plugins, hook, **arguments)

    def is_switched_off(self) -> bool:
        """Answer whether the kill switch is on; the file is looked for each time."""
        switch = self.settings.kill_switch
        return switch is not None and switch.exists()

    def is_supervised(self) -> bool:
        """Answer whether a plugin besides our own answers is attached."""
        return any(name != OWN_ANSWERS and p for name, p in self.plugins.list_name_plugin())


def of(app: Flask) -> City:
    """Answer the shared parts of an application.

    :param app: made by `create_app`.
    """
    city: City = app.extensions["city"]
    return city


def here() -> City:
    """Answer the shared parts of the application that serves the current request."""
    return of(current_app)
