"""A host with the plugin attached: ten rules in files, six facts, cases with a real past."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from string import Template
from typing import Any, Final

import pluggy
import sqlalchemy as sa

from benchmarks import _common as common
from cleangov_hooks import (
    Actor,
    Agency,
    Attempt,
    AttributeType,
    AttributeValue,
    Event,
    EventType,
    Money,
    Party,
    Person,
    Privacy,
    Step,
    Stream,
    ValueType,
    announce,
    guarded_call,
    hookimpl,
    manager,
)

ENTRY_POINTS: Final = "smartcity.plugins"
YUNTING: Final = Agency(
    id="CN-330105",
    names={"zh": "云汀市城市管理局", "en": "Yunting Urban Management Bureau"},
    zone="Asia/Shanghai",
)
DECIDED: Final = "enf.decision.made"
#: The past of a case before its decision, as Order 55 (2022) has it: kind and days before. It is
#: as long as the cases of the public permit log are on average: 8,577 events in 1,434 cases.
PAST: Final = (
    ("enf.clue.received", 40),
    ("enf.case.filed", 35),
    ("enf.inspection.done", 30),
    ("enf.evidence.taken", 29),
    ("enf.intent.notified", 15),
    ("enf.defence.received", 10),
)

#: The six facts, and the expressions of the ten rules; nothing hits in a case as above.
FACTS: Final[Mapping[str, str]] = {
    "noticed": "{latest: amount, of: enf.intent.notified, before: enf.defence.received}",
    "defended": "{exists: enf.defence.received}",
    "new_facts": "{exists: enf.facts.supplemented, after: enf.defence.received}",
    "since_notice": "{elapsed_since: enf.intent.notified, in: civil_days}",
    "visits": "{count: enf.inspection.done, within: 90 days}",
    "skipped": "{missing_before: [enf.case.filed, enf.evidence.taken]}",
}
RULES: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "B01": (
        ("noticed", "defended", "new_facts"),
        "facts.defended and not facts.new_facts and amount > facts.noticed",
    ),
    "B02": ((), "amount < band_min or amount > band_max"),
    "B03": (("since_notice",), "facts.since_notice < 3 days"),
    "B04": (("since_notice", "defended"), "not facts.defended and facts.since_notice < 5 days"),
    "B05": (("visits",), "facts.visits == 0"),
    "B06": (("visits", "noticed"), "facts.visits > 6 and facts.noticed > 5000元"),
    "B07": (("skipped",), "size(facts.skipped) > 0"),
    "B08": (("noticed",), "amount > facts.noticed and amount > band_max"),
    "B09": (("skipped", "visits"), "size(facts.skipped) > 1 and facts.visits < 2"),
    "B10": (("since_notice", "noticed"), "facts.since_notice > 90 days and facts.noticed > 100元"),
}
FILE: Final = Template("""\
id: $id
version: 1
title: {zh: 量测用规则, en: rule of a benchmark}
why: {zh: 量测一步要多少时间。, en: To measure what a step costs.}
basis:
  - law: {zh: 行政处罚法, en: Administrative Penalty Law}
    article: {zh: 第四十五条, en: Art 45}
    status: law
    valid_from: "2021-07-15"
on: [$kind]
severity: revocable
fields:
  amount: {type: money, range: [0元, 10亿元], label: {zh: 罚款, en: fine}}
  band_min: {type: money, range: [0元, 10亿元], label: {zh: 区间下限, en: lower end of the band}}
  band_max: {type: money, range: [0元, 10亿元], label: {zh: 区间上限, en: upper end of the band}}
facts: {$facts}
condition: $condition
beside: amount
texts:
  headline: {zh: 这一步先停一下。, en: This step waits.}
  body: {zh: "现在填的是 {amount:money}（{basis}）。", en: "Now: {amount:amount} ({basis})."}
owner: legal-affairs
bindings:
  - {id: $id-gate, tier: 3, phases: [gate]}
  - {id: $id-event, tier: 0, phases: [event]}
""")


def write_rules(folder: Path) -> None:
    """Write the rule files.

    :param folder: where to.
    """
    for id_, (names, condition) in RULES.items():
        facts = ", ".join(f"{name}: {FACTS[name]}" for name in names)
        text = FILE.substitute(id=id_, kind=DECIDED, facts=facts, condition=condition)
        (folder / f"{id_}.yaml").write_text(text, "utf-8")


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
        self.counters: Mapping[str, int] = plugin.desk.counters.numbers

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


def event_types() -> list[EventType]:
    """Answer the kinds of an enforcement case, all with the attributes of a decision."""
    texts = [
        AttributeType(code=code, type=ValueType.TEXT)
        for code in ("article", "tier_chosen", "violation_code")
    ]
    sums = [AttributeType(code=code, type=ValueType.MONEY) for code in ("band_max", "band_min")]
    words = AttributeType(code="reason", type=ValueType.TEXT, privacy=Privacy.PERSONAL)
    return [
        EventType(kind=kind, stream=Stream.ENFORCEMENT, attributes=(*texts, *sums, words))
        for kind in (*(kind for kind, _ in PAST), DECIDED)
    ]


ATTRIBUTES: Final[Mapping[str, AttributeValue]] = {
    "violation_code": "CG-101",
    "article": "《城市市容和环境卫生管理条例》第三十六条",
    "tier_chosen": "ordinary",
    "band_min": Money(minor=50_000),
    "band_max": Money(minor=100_000),
    "reason": "占道摆放桌椅六张，已当场整改，无前科。",
}
WITH_SUM: Final = frozenset({"enf.intent.notified", DECIDED})


def event(no: str, ordinal: int, kind: str = DECIDED, days: int = 0) -> Event:
    """Make an event of a case.

    :param no: number of the case.
    :param ordinal: number of the step within it.
    :param kind: kind of the step.
    :param days: how many days ago it was.
    """
    at = common.NOON - timedelta(days=days)
    return Event(
        id=f"{no}-{ordinal:03d}",
        source="city",
        agency_id="CN-330105",
        stream=Stream.ENFORCEMENT,
        case_id=no,
        kind=kind,
        step=kind.rpartition(".")[2],
        actor=Actor(id=f"officer-{ordinal:02d}", roles=("enforcement_officer",), unit="U2"),
        occurred_at=at,
        recorded_at=at,
        parties=(Party(id=f"party-{no}", role="owner", is_organisation=True),),
        amount=Money(minor=80_000) if kind in WITH_SUM else None,
        attributes=ATTRIBUTES if kind == DECIDED else {"violation_code": "CG-101"},
    )


def attempt(what: Event) -> Attempt:
    """Make the attempt that leads to an event.

    :param what: the event.
    """
    step = Step(
        agency_id=what.agency_id,
        stream=what.stream,
        case_id=what.case_id,
        name=what.step,
        kind=what.kind,
        actor=what.actor,
        proposed=what,
    )
    return Attempt(id=f"try-{what.id}", step=step, event=what, at=common.NOON)


def after_gate(what: Event) -> Event:
    """Answer an event that names the attempt it came from.

    :param what: the event.
    """
    return replace(what, attempt_id=f"try-{what.id}")
