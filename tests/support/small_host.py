"""A small real host: one business table, the contract's services, plugins found by entry point.

It does what a good host does: the gate is asked before its first write, an event is sent inside
the transaction that writes the business row, and whatever a plugin does, its own rows stand.
It knows the contract alone.
"""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Flask

from cleangov_hooks import (
    BUDGET_MS,
    Actor,
    Agency,
    Answer,
    Attempt,
    AttributeType,
    Decision,
    Event,
    EventType,
    HostRecord,
    Input,
    Loaded,
    Money,
    Page,
    Party,
    Person,
    Privacy,
    Report,
    Step,
    Stream,
    ValueType,
    Verdict,
    announce,
    breaker,
    guarded_call,
    hookimpl,
    load,
    manager,
    register,
    strictest,
)
from tests.support.ends import close_plugin

ZONE = ZoneInfo("Asia/Shanghai")
#: Tuesday 10 March 2026, ten o'clock: the day of the demo.
TODAY = datetime(2026, 3, 10, 10, tzinfo=ZONE)
OURS = "cleangov"
PEOPLE = {
    "chen": Person(id="chen", name="陈静", roles=frozenset({"officer"}), unit="u-1"),
    "liu": Person(id="liu", name="刘敏", roles=frozenset({"officer", "reviewer"}), unit="u-1"),
    "zhao": Person(id="zhao", name="赵磊", roles=frozenset({"project_manager"}), unit="u-2"),
    "he": Person(id="he", name="何平", roles=frozenset({"chief_engineer"}), unit="u-2"),
}
_STREAMS = {
    "enf": Stream.ENFORCEMENT,
    "prm": Stream.PERMIT,
    "prj": Stream.PROJECT,
    "pet": Stream.PETITION,
    "hr": Stream.PERSONNEL,
    "doc": Stream.DOCUMENT,
}
_ATTRIBUTES = (
    AttributeType(code="band_min", type=ValueType.MONEY),
    AttributeType(code="band_max", type=ValueType.MONEY),
    AttributeType(code="contract_amount", type=ValueType.MONEY),
    AttributeType(code="approval_limit", type=ValueType.MONEY),
    AttributeType(code="variation_no", type=ValueType.TEXT),
    AttributeType(code="violation_code", type=ValueType.TEXT),
    AttributeType(code="result", type=ValueType.CHOICE, choices=("granted", "refused")),
    AttributeType(code="heard", type=ValueType.BOOLEAN),
    AttributeType(code="copies", type=ValueType.INTEGER),
    AttributeType(code="heard_on", type=ValueType.DATE),
    AttributeType(code="heard_at", type=ValueType.DATETIME),
    AttributeType(code="annexes", type=ValueType.LIST, max_length=5),
    AttributeType(code="statement", type=ValueType.TEXT, privacy=Privacy.PERSONAL),
    AttributeType(code="informant", type=ValueType.TEXT, privacy=Privacy.SECRET),
)
KINDS = (
    "enf.intent.notified",
    "enf.defence.received",
    "enf.facts.supplemented",
    "enf.decision.made",
    "enf.notice.served",
    "enf.penalty.added",
    "prm.accepted",
    "prm.decided",
    "prj.variation.requested",
    "prj.variation.approved",
    "prj.variation.executed",
    "pet.received",
)


class Declares:
    """The host's own module of the contract: what it sends, and what it holds.

    :param host: the host.
    """

    def __init__(self, host: "SmallHost") -> None:
        self._host = host

    @hookimpl
    def cleangov_event_types(self) -> Sequence[EventType]:
        """Declare the kinds; all have the same attributes here."""
        return [
            EventType(kind=kind, stream=stream_of(kind), attributes=_ATTRIBUTES) for kind in KINDS
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


class SmallHost:
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
        self.authority = Agency(
            id="cg", names={"zh": "城市管理局", "en": "City Bureau"}, zone="Asia/Shanghai"
        )
        self.app = Flask("small_host")
        self.renderers: list[Any] = []
        self.reports: list[Report] = []
        self.module: type[Declares] = Declares
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

    def close(self) -> None:
        """Close all connections of the host and of the plugin."""
        close_plugin(self.plugins)
        self.engine.dispose()

    # ---- What its officers do ----------------------------------------------------------------

    def open_case(self) -> str:
        """Begin a new case, which the next events are about; answer its number."""
        self.case = f"C-{next(self._numbers)}"
        return self.case

    def event(self, kind: str, amount: int | None = None, **changes: Any) -> Event:
        """Make an event as the host would send it now.

        :param kind: canonical kind.
        :param amount: in yuan.
        :param changes: other fields; names that are no field become attributes.
        """
        number = next(self._numbers)
        at = changes.pop("at", self.clock)
        values: dict[str, Any] = {
            "id": f"e{number:04d}",
            "source": self.name,
            "agency_id": self.authority.id,
            "stream": stream_of(kind),
            "case_id": self.case,
            "kind": kind,
            "step": kind.rpartition(".")[2],
            "actor": Actor(id=self.who.id if self.who else "nobody", unit="u-1"),
            "occurred_at": at,
            "recorded_at": at,
            "parties": (Party(id="p-1", role="owner"),),
            "amount": None if amount is None else yuan(amount),
            "attributes": dict(changes.pop("attributes", {})),
        }
        for name, value in changes.items():
            if name in Event.__dataclass_fields__:
                values[name] = value
            else:
                values["attributes"][name] = value
        return Event(**values)

    def step(self, event: Event, attempt_id: str | None = None) -> Step:
        """Answer the page on which an event is proposed.

        :param event: the event as the form stands.
        :param attempt_id: the attempt under way.
        """
        fields = {"amount": event.amount} if isinstance(event.amount, Money) else {}
        return Step(
            agency_id=event.agency_id,
            stream=event.stream,
            case_id=event.case_id,
            name=event.step,
            kind=event.kind,
            actor=event.actor,
            language=self.tongue,
            proposed=event,
            attempt_id=attempt_id,
            page_url=f"/cases/{event.case_id}",
            action_url=f"/cases/{event.case_id}/{event.step}",
            inputs=tuple(
                Input(name=name, value=str(money.minor // 100), field=name)
                for name, money in fields.items()
            ),
        )

    def attempt(self, event: Event, attempt_id: str | None = None) -> Attempt:
        """Answer one try to take a step.

        :param event: the event that would be recorded.
        :param attempt_id: its id; None is the one of the case.
        """
        attempt_id = attempt_id or f"a-{event.case_id}"
        step = self.step(event, attempt_id)
        return Attempt(id=attempt_id, step=step, event=event, at=self.clock)

    def call(self, hook: str, **arguments: Any) -> Report:
        """Call a hook as every host should, and keep the report.

        :param hook: its name.
        :param arguments: its arguments.
        """
        if self.budget_ms is not None and hook in BUDGET_MS:
            arguments.setdefault("budget_ms", self.budget_ms)
        self.reports.append(guarded_call(self.plugins, hook, **arguments))
        return self.reports[-1]

    def gate(self, event: Event, attempt_id: str | None = None) -> Verdict:
        """Ask whether a step may be taken.

        :param event: the event that would be recorded.
        :param attempt_id: the attempt.
        """
        attempt = self.attempt(event, attempt_id)
        return strictest(self.call("cleangov_step_gate", attempt=attempt).values, attempt.id)

    def write(self, *events: Event) -> None:
        """Write business rows and send their events, in one transaction.

        :param events: of one stream.
        """
        with self.engine.begin() as connection:
            self.write_on(connection, *events)

    def write_on(self, connection: sa.Connection, *events: Event) -> Report:
        """Write business rows and send their events, in a transaction that is open.

        :param connection: the host's own.
        :param events: of one stream.
        """
        self.insert(connection, *events)
        return self.call(hook_of(events[0].stream), events=list(events), connection=connection)

    def insert(self, connection: sa.Connection, *events: Event) -> None:
        """Write business rows alone; a row that is there already stays as it is.

        :param connection: the host's own.
        :param events: what the rows tell.
        """
        for event in events:
            connection.execute(
                sa.text(
                    "INSERT INTO host_case VALUES (:id, :case_id, :kind, :amount, :at)"
                    " ON CONFLICT (id) DO NOTHING"
                ),
                {
                    "id": event.id,
                    "case_id": event.case_id,
                    "kind": event.kind,
                    "amount": event.amount.minor if event.amount else None,
                    "at": event.occurred_at.astimezone(ZONE).isoformat(),
                },
            )

    def take(self, event: Event, attempt_id: str | None = None) -> Verdict:
        """Take a step: ask the gate, then write where it lets the step pass.

        :param event: the event.
        :param attempt_id: the attempt.
        """
        verdict = self.gate(event, attempt_id)
        if verdict.decision in (Decision.PASS, Decision.PASS_RECORDED):
            self.write(replace(event, attempt_id=verdict.attempt_id))
        return verdict

    def answer(self, prompt_id: str, choice: str, text: str = "", by: str | None = None) -> Report:
        """Hand on an answer that a screen of the host collected.

        :param prompt_id: the prompt.
        :param choice: code of the choice.
        :param text: words.
        :param by: who answers; None is who is signed in.
        """
        actor_id = by or (self.who.id if self.who else "nobody")
        given = Answer(
            prompt_id=prompt_id, choice=choice, actor_id=actor_id, at=self.clock, text=text
        )
        return self.call("cleangov_prompt_answered", answer=given)

    def abort(
        self, event: Event, attempt_id: str | None = None, reason: str = "cancelled"
    ) -> Report:
        """Tell that an attempt ended without its event.

        :param event: the event that was proposed.
        :param attempt_id: the attempt.
        :param reason: code of the reason.
        """
        attempt = self.attempt(event, attempt_id)
        return self.call("cleangov_step_aborted", attempt=attempt, reason=reason)

    def show(self, slot: str, event: Event | None = None, attempt_id: str | None = None) -> str:
        """Answer what the plugins show in a slot.

        :param slot: name of the slot.
        :param event: the event as the page's form stands.
        :param attempt_id: the attempt under way.
        """
        step = self.step(event, attempt_id or f"a-{event.case_id}") if event else None
        report = self.call("cleangov_slot", name=slot, step=step, medium="html")
        return "".join(fragment.content for fragment in report.values)

    def move(self, **passed: float) -> None:
        """Let time pass.

        :param passed: as `datetime.timedelta` takes it: ``days=1``.
        """
        self.clock += timedelta(**passed)

    def sign_in(self, person_id: str) -> None:
        """Let somebody else sit down at the screen.

        :param person_id: one of `PEOPLE`.
        """
        self.who = PEOPLE[person_id]

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


def yuan(number: int) -> Money:
    """Answer a sum of money.

    :param number: whole yuan.
    """
    return Money(minor=number * 100)


def stream_of(kind: str) -> Stream:
    """Answer the stream of a kind.

    :param kind: canonical kind.
    """
    return _STREAMS[kind.partition(".")[0]]


def hook_of(stream: Stream) -> str:
    """Answer the hook by which events of a stream are sent.

    :param stream: the stream.
    """
    own = (Stream.ENFORCEMENT, Stream.PERMIT, Stream.PROJECT)
    return f"cleangov_{stream.value if stream in own else 'context'}_events"
