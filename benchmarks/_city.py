"""A host with the plugin attached, and what its officers do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pluggy
import sqlalchemy as sa

from benchmarks import _common as common
from benchmarks._cases import DECIDED, PAST, YUNTING, attempt, event, event_types, write_rules
from cleangov_hooks import (
    Agency,
    Event,
    EventType,
    Person,
    announce,
    guarded_call,
    hookimpl,
    manager,
)

ENTRY_POINTS: Final = "smartcity.plugins"


class City:
    """The services of a host, and what its officers do.

    :param url: SQLAlchemy URL of its database.
    :param folder: a folder for keys and rule files.
    :param rules: folder of its rules; None is the shipped rulebook.
    :param types: the schemas of its events.
    :param agency: its one authority.
    """

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        rules: Path | None,
        types: Sequence[EventType],
        agency: Agency = YUNTING,
    ) -> None:
        self.name = "city"
        self.engine = common.open_engine(url)
        self.settings: Mapping[str, str] = {
            "CLEANGOV_DATABASE_URL": url,
            "CLEANGOV_KEYS": str(folder / "keys"),
            "CLEANGOV_RULES": str(rules or ""),
        }
        self._agency = agency
        self.plugins: pluggy.PluginManager = manager(ENTRY_POINTS)
        self.plugins.register(Answers(types), "city")
        announce(self.plugins, self)
        plugin = self.plugins.get_plugin("cleangov")
        if plugin is None or plugin.desk is None:
            raise SystemExit(f"the plugin is inert: {plugin and plugin.inert.reason}")
        self._plugin = plugin
        self.desk: Any = plugin.desk
        self.counters: Mapping[str, int] = plugin.desk.counters.numbers

    def close(self) -> None:
        """Close the connections of the host and of the plugin."""
        self._plugin.close()
        self.engine.dispose()

    def now(self) -> datetime:
        """Answer the one moment of this city."""
        return common.NOON

    def agency(self) -> Agency:
        """Answer its one authority."""
        return self._agency

    def person(self) -> Person | None:
        """Answer that nobody is signed in."""
        return None

    def language(self) -> str:
        """Answer the language of the pages."""
        return "zh-CN"

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Answer a path.

        :param endpoint: the endpoint.
        :param values: variables of the route.
        """
        return f"/{endpoint}/{len(values)}"

    def csrf_field(self) -> str | None:
        """Answer that there is no hidden field."""
        return None

    def mount(self, blueprint: Any) -> bool:
        """Answer that no page is served.

        :param blueprint: the plugin's own.
        """
        return blueprint is None

    def provide_slot(self, render: Any) -> None:
        """Take a renderer of slots and leave it.

        :param render: the plugin's own.
        """

    def switched_off(self) -> bool:
        """Answer that the kill switch is off."""
        return False

    # ---- What its officers do ----------------------------------------------------------------

    def open_cases(self, letter: str, number: int, *, is_supervised: bool = True) -> None:
        """Open cases and take each through its past.

        :param letter: what their numbers begin with.
        :param number: how many.
        :param is_supervised: whether the plugin is told of every step.
        """
        for first in range(0, number, 100):
            with self.engine.begin() as connection:
                for n in range(first, min(number, first + 100)):
                    self._open_case(connection, f"{letter}{n}", is_supervised)

    def _open_case(self, connection: sa.Connection, no: str, is_supervised: bool) -> None:
        common.open_case(connection, no)
        for ordinal, (kind, days) in enumerate(PAST, start=1):
            common.take_step(connection, no, ordinal, kind)
            if is_supervised:
                self.record(connection, event(no, ordinal, kind, days))

    def record(self, connection: sa.Connection, what: Event) -> None:
        """Tell the plugins what has happened.

        :param connection: the host's connection.
        :param what: the event.
        """
        hook = f"cleangov_{what.stream.value}_events"
        guarded_call(self.plugins, hook, events=[what], connection=connection)

    def open_page(self, what: Event) -> None:
        """Open the page of a step, as every host does before the step is taken.

        :param what: the event that the step will lead to.
        """
        guarded_call(self.plugins, "cleangov_step_opened", step=attempt(what).step)

    def decide(self, no: str, what: Event | None) -> None:
        """Take the step that is measured, in one transaction of the host.

        :param no: number of the case.
        :param what: the event to tell the plugins; None tells them nothing.
        """
        with self.engine.begin() as connection:
            common.take_step(connection, no, len(PAST) + 1, DECIDED)
            if what is not None:
                self.record(connection, what)


class Answers:
    """What the host answers plugins: the schema of its events.

    :param types: the kinds.
    """

    def __init__(self, types: Sequence[EventType]) -> None:
        self._types = types

    @hookimpl
    def cleangov_event_types(self) -> Sequence[EventType]:
        """Answer the kinds."""
        return self._types


def measured(url: str, folder: Path) -> City:
    """Open the city of ten rules and six facts.

    :param url: SQLAlchemy URL of its database.
    :param folder: a folder for keys and rule files.
    """
    rules = folder / "rules"
    rules.mkdir(parents=True)
    write_rules(rules)
    return City(url, folder, rules=rules, types=event_types())
