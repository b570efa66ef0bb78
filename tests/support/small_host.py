"""A small real host: one business table, the contract's services, plugins found by entry point.

It does what a good host does: the gate is asked before its first write, an event is sent inside
the transaction that writes the business row, and whatever a plugin does, its own rows stand.
It knows the contract alone. What its officers do is in `small_officers`.
"""

import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from cleangov_hooks import (
    Agency,
    EventType,
    HostRecord,
    Loaded,
    Page,
    Person,
    Relation,
    Report,
    Tie,
    announce,
    breaker,
    hookimpl,
    load,
    manager,
    register,
)
from tests.support.ends import close_plugin
from tests.support.small_city import PEOPLE, TODAY, ZONE
from tests.support.small_kinds import ATTRIBUTES, KINDS, stream_of
from tests.support.small_officers import Officers

OURS = "cleangov"


class Declares:
    """The host's own module of the contract: what it sends, and what it holds.

    :param host: the host.
    """

    def __init__(self, host: "SmallHost") -> None:
        self._host = host

    @hookimpl
    def cleangov_event_types(self) -> Sequence[EventType]:
        """Declare the kinds; all have the same attributes here."""
        called = self._host.called
        return [
            EventType(
                kind=kind,
                stream=stream_of(kind),
                labels=called.get(kind, {}),
                attributes=ATTRIBUTES,
            )
            for kind in KINDS
        ]

    @hookimpl
    def cleangov_host_records(self, kind: str, since: datetime, cursor: str | None) -> Page:
        """Answer the business rows of a kind, two a page."""
        query = (
            "SELECT id, case_id, kind, at FROM host_case"
            " WHERE kind = :kind AND at >= :since AND id > :after ORDER BY id LIMIT 3"
        )
        values = {"kind": kind, "since": since.astimezone(ZONE).isoformat(), "after": cursor or ""}
        with self._host.engine.connect() as connection:
            rows = connection.execute(sa.text(query), values).fetchall()
        records = tuple(
            HostRecord(
                id=r.id, case_id=r.case_id, kind=r.kind, occurred_at=datetime.fromisoformat(r.at)
            )
            for r in rows[:2]
        )
        return Page(records=records, cursor=records[-1].id if len(rows) > 2 else None)

    @hookimpl
    def cleangov_reporting_tie(self, officer_id: str, second_id: str) -> Relation | None:
        """Answer a tie, where a test says that it is known."""
        found = self._host.ties.get((officer_id, second_id))
        return None if found is None else Relation(tie=found, source="staff register")

    @hookimpl
    def cleangov_relation(self, officer_id: str, party_id: str) -> Relation | None:
        """Answer a tie to a party, where a test says that it is known."""
        found = self._host.party_ties.get((officer_id, party_id))
        return None if found is None else Relation(tie=found, source="register of interests")

    @hookimpl
    def cleangov_people(self, role: str) -> Sequence[Person] | None:
        """Answer who has a role; a test may say otherwise, or that it is not known."""
        known = [person for person in PEOPLE.values() if role in person.roles]
        return self._host.staff.get(role, known)


class SmallHost(Officers):
    """A city platform in one class. Its public attributes may be changed by a test at any time.

    :param url: SQLAlchemy URL of its database, which holds the plugin's tables as well.
    :param folder: an empty folder for keys, spool and kill switch.
    :param settings: settings for plugins, besides database, keys and spool.
    :param options: for its engine, for example ``isolation_level``.
    """

    name = "small"

    def __init__(
        self, url: str, folder: Path, settings: Mapping[str, str] | None = None, **options: Any
    ) -> None:
        self.engine = sa.create_engine(url, **options)
        self.plugins = manager()
        self.settings = {
            "CLEANGOV_DATABASE_URL": url,
            "CLEANGOV_KEYS": str(folder / "keys"),
            "CLEANGOV_SPOOL": str(folder / "spool"),
            **(settings or {}),
        }
        self.clock = TODAY
        self.who: Person | None = PEOPLE["chen"]
        self.tongue = "zh-CN"
        self.csrf: str | None = None
        self.switch = folder / "off"
        self.staff: dict[str, Sequence[Person] | None] = {}
        self.ties: dict[tuple[str, str], Tie] = {}
        self.party_ties: dict[tuple[str, str], Tie] = {}
        self.authority = Agency(
            id="cg", names={"zh": "城市管理局", "en": "City Bureau"}, zone="Asia/Shanghai"
        )
        self.app = Flask("small_host")
        self.renderers: list[Any] = []
        self.reports: list[Report] = []
        self.module: type[Declares] = Declares
        self.called: dict[str, dict[str, str]] = {}
        self.case = "C-1"
        self.budget_ms: int | None = 5_000  # a busy machine is no reason to judge nothing
        self._numbers = itertools.count(1)
        with self.engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TABLE IF NOT EXISTS host_case (id TEXT PRIMARY KEY, case_id TEXT NOT NULL,"
                " kind TEXT NOT NULL, amount BIGINT, at TEXT NOT NULL)"
            )

    # ---- The services of the contract --------------------------------------------------------

    def now(self) -> datetime:
        """Answer what the clock shows."""
        return self.clock

    def agency(self) -> Agency:
        """Answer the one authority."""
        return self.authority

    def person(self) -> Person | None:
        """Answer who is signed in."""
        return self.who

    def language(self) -> str:
        """Answer the language of the page."""
        return self.tongue

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Answer the path of an endpoint.

        :param endpoint: Flask endpoint.
        :param values: variables of the route.
        """
        return self.app.url_map.bind("localhost").build(endpoint, values)

    def csrf_field(self) -> str | None:
        """Answer the hidden input, if there is one."""
        return self.csrf

    def mount(self, blueprint: Any) -> bool:
        """Mount pages.

        :param blueprint: the plugin's own.
        """
        self.app.register_blueprint(blueprint)
        return True

    def provide_slot(self, render: Any) -> None:
        """Keep a renderer.

        :param render: called with slot name, step and medium.
        """
        self.renderers.append(render)

    def switched_off(self) -> bool:
        """Answer whether the file of the kill switch is there."""
        return self.switch.exists()

    # ---- Start and end -----------------------------------------------------------------------

    def start(
        self, plugin: object | None = None, *, before: object = None, after: object = None
    ) -> tuple[Loaded, ...]:
        """Register the host's own module and the plugins, and tell them that the host is ready.

        :param plugin: registered under our name; None loads by entry point; False loads none.
        :param before: a plugin registered first.
        :param after: a plugin registered last.
        :return: what became of each.
        """
        lines = [register(self.plugins, self.module(self), "small_host")]
        if before is not None:
            lines.append(register(self.plugins, before, "before"))
        if plugin is None:
            lines.extend(load(self.plugins))
        elif plugin is not False:
            lines.append(register(self.plugins, plugin, OURS))
        if after is not None:
            lines.append(register(self.plugins, after, "after"))
        for hook in ("opened", "edited", "gate"):
            breaker(self.plugins, OURS, f"cleangov_step_{hook}").limit = 1_000
        return (*lines, *announce(self.plugins, self))

    @property
    def plugin(self) -> Any:
        """Answer the plugin registered under our name."""
        return self.plugins.get_plugin(OURS)

    def number_from(self, first: int) -> None:
        """Number what is written from now on from another number.

        :param first: that number.
        """
        self._numbers = itertools.count(first)

    def close(self) -> None:
        """Close all connections of the host and of the plugin."""
        close_plugin(self.plugins)
        self.engine.dispose()

    # ---- What it holds -----------------------------------------------------------------------

    def dump(self) -> bytes:
        """Answer all tables of the host itself, as bytes to be compared."""
        found: dict[str, list[list[Any]]] = {}
        with self.engine.connect() as connection:
            names = sa.inspect(connection).get_table_names()
            for name in sorted(name for name in names if not name.startswith("cleangov")):
                rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"').fetchall()
                found[name] = sorted(([*row] for row in rows), key=repr)
        return json.dumps(found, ensure_ascii=False).encode()
