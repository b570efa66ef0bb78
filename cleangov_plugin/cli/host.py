"""A host for history: the command line offers a replayed log what a platform offers its plugins."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import entry_points
from typing import Any, Final

import pluggy

from cleangov_hooks import (
    ENTRY_POINT_GROUP,
    Agency,
    EventType,
    Person,
    announce,
    hookimpl,
    load,
    manager,
)
from cleangov_hooks.host import SlotRenderer
from cleangov_plugin.domain.errors import SettingsError

#: The plugin that a replay is for. Plugins of strangers are not loaded: they may write letters.
OURS: Final = "cleangov"


class HistoryHost:
    """A platform without pages and people, whose clock stands where the log stands.

    :param name: name of the source system.
    :param agency: the authority of its own into which a log is fed.
    :param settings: settings of plugins.
    :param begin: where the clock stands at the start.
    """

    def __init__(
        self, name: str, agency: Agency, settings: Mapping[str, str], begin: datetime
    ) -> None:
        self.name = name
        self.settings = settings
        self.plugins: pluggy.PluginManager = manager()
        self.clock = begin.astimezone(UTC)
        self._agency = agency

    def now(self) -> datetime:
        """Answer when the event that is being fed was recorded."""
        return self.clock

    def agency(self) -> Agency:
        """Answer the authority of its own."""
        return self._agency

    def person(self) -> Person | None:
        """Answer that nobody is signed in."""
        return None

    def language(self) -> str:
        """Answer a language; nothing is shown in it."""
        return "zh-CN"

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Answer the path of a page; there is none.

        :param endpoint: Flask endpoint.
        :param values: variables of the route.
        """
        del endpoint, values
        return ""

    def csrf_field(self) -> str | None:
        """Answer that there are no forms."""
        return None

    def mount(self, blueprint: Any) -> bool:
        """Take pages that nobody will ask for.

        :param blueprint: the plugin's own.
        """
        del blueprint
        return True

    def provide_slot(self, render: SlotRenderer) -> None:
        """Take a renderer that nobody will ask.

        :param render: called with slot name, step and medium.
        """
        del render

    def switched_off(self) -> bool:
        """Answer that a replay is not switched off."""
        return False


class DeclaredKinds:
    """What the host's modules declare to plugins: the kinds of a mapping.

    :param types: the kinds with their attributes.
    """

    def __init__(self, types: Sequence[EventType]) -> None:
        self._types = tuple(types)

    @hookimpl
    def cleangov_event_types(self) -> Sequence[EventType]:
        """Declare the kinds."""
        return self._types


@contextmanager
def attached(host: HistoryHost, types: Sequence[EventType]) -> Iterator[None]:
    """Hold the plugin attached: loaded by its entry point, as every host does.

    :param host: the host.
    :param types: the kinds of event it will send.
    :raises SettingsError: where the plugin is not installed, or failed.
    """
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        if entry.name != OURS:
            host.plugins.set_blocked(entry.name)
    host.plugins.register(DeclaredKinds(types), "kinds")
    loaded = load(host.plugins)
    told = announce(host.plugins, host)
    failed = [line for line in (*loaded, *told) if line.name == OURS and line.error]
    if failed or not host.plugins.has_plugin(OURS):
        what = f"the plugin could not be loaded ({failed[0].error if failed else 'not found'})."
        remedy = failed[0].hint if failed else "Install the distribution cleangov-plugin."
        raise SettingsError(what, where=ENTRY_POINT_GROUP, remedy=remedy)
    # That a call was slow concerns nobody here; what fails is told by whoever feeds.
    guard = logging.getLogger("cleangov.guard")
    before = guard.level
    guard.setLevel(logging.ERROR)
    try:
        yield
    finally:
        guard.setLevel(before)
        # A host ends with its process, so the contract has no word for it; a command may not.
        plugin = host.plugins.get_plugin(OURS)
        if plugin is not None:
            plugin.close()
