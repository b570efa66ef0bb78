"""Random cases for a rule: events of its kinds with its fields, some of them unusual."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, insert

from cleangov_hooks import ActorKind, Money, Precision, Stream
from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import Place, Versions, encode_body
from cleangov_plugin.rules import Rule
from cleangov_plugin.rules.kinds import Kind
from cleangov_plugin.rules.model import EventField
from cleangov_plugin.store import entries, tables
from cleangov_plugin.store.run import run

NOON: Final = datetime(2026, 3, 10, 4, tzinfo=UTC)
RETENTION: Final = ("case", "2056-12-31")
_VERSIONS: Final = Versions(ruleset=1, calendar=0, contract=1)


@dataclass(slots=True)
class Log:
    """Writes random cases of one ledger, as a desk would have written them.

    :param connection: a writing connection; its ledger is new and nobody else writes.
    :param log_id: the ledger.
    :param random: decides.
    :param row: number of the last row.
    """

    connection: Connection
    log_id: str
    random: Random
    row: int
    no: int = 0

    def fill(self, rules: Iterable[Rule], cases: int, odd: float = 0.02) -> None:
        """Write cases.

        :param rules: whose kinds and fields they have.
        :param cases: how many.
        :param odd: share of the events that are unusual in each of some ways.
        """
        rules = list(rules)
        fields = [f for rule in rules for f in rule.fields.values() if f.code]
        kinds = sorted(frozenset().union(*map(kinds_of, rules)))
        for number in range(cases):
            self.write(self._case(kinds, f"{self.log_id}-{number}", odd), fields, odd)

    def write(
        self, events: Iterable[Record], fields: Iterable[EventField] = (), odd: float = 0
    ) -> None:
        """Write the events of a case.

        :param events: in the order of their rows.
        :param fields: those that get random values.
        :param odd: as for `fill`.
        """
        rows = [self._row(event, fields, odd) for event in events]
        run(self.connection, insert(tables.entry), rows)

    def event(self, subject: str, kind: str, *, days: int, yuan: int | None) -> Record:
        """Make an event as most are.

        :param subject: its case.
        :param kind: its kind.
        :param days: how many days after 10 March 2026.
        :param yuan: its sum.
        """
        self.no += 1
        at = NOON + timedelta(days=days)
        return Record(
            event_id=f"E{self.no}",
            source="tests",
            log_id=self.log_id,
            stream=Stream.ENFORCEMENT,
            case_id=subject,
            kind=kind,
            step="decide",
            actor="chen",
            actor_kind=ActorKind.PERSON,
            unit="U1",
            amount=None if yuan is None else Money(minor=yuan * 100),
            occurred_at=at,
            recorded_at=at,
        )

    def _case(self, kinds: Sequence[str], subject: str, odd: float) -> Iterator[Record]:
        choose, chance = self.random.choice, self.random.random
        is_by_day, at, last = chance() < 0.2, NOON, None
        for _ in range(self.random.randrange(1, 8)):
            at += timedelta(minutes=choose((-90, 0, 1, 700, 2_000, 9_000, 60_000)))
            self.no += 1
            event = Record(
                event_id=f"E{self.no}",
                source="tests",
                log_id=self.log_id,
                stream=choose((Stream.ENFORCEMENT, Stream.PERMIT)),
                case_id=subject,
                kind=choose(kinds),
                step='a"b' if chance() < odd else choose(("decide", "决定")),
                actor=choose((None, "chen", "chen", "li")),
                actor_kind=ActorKind.PERSON,
                unit=choose(("U1", "U2", None)),
                amount=self._money() if chance() < 0.94 else None,
                occurred_at=at,
                recorded_at=at,
                precision=Precision.DAY if is_by_day is (chance() >= odd) else Precision.SECOND,
                supersedes=last if chance() < odd else None,
            )
            last = event.event_id
            yield event

    def _row(self, event: Record, fields: Iterable[EventField], odd: float) -> Any:
        place = Place(0, self.row + 1)
        self.row += 1
        pairs = {pair[0]: pair for f in fields if (pair := self._pair(f, odd))}
        body = encode_body(event, place, _VERSIONS, pairs=tuple(pairs.values()))
        unseen = self.random.randrange(3) if self.random.random() < odd else 0
        return entries.draft(
            event,
            place,
            body,
            digest=self.row.to_bytes(32, "big"),
            now=NOON,
            seen=entries.Seen(snapshot=f"id:{self.row - 1 - unseen}"),
            retention=RETENTION,
        )._asdict()

    def _money(self) -> Money:
        is_odd = self.random.random() < 0.06
        minors = (-1, 10**12) if is_odd else (0, 50_000, 50_001, 80_000, 300_000)
        currency = "EUR" if self.random.random() < 0.06 else "CNY"
        return Money(minor=self.random.choice(minors), currency=currency)

    def _pair(self, field: EventField, odd: float) -> tuple[str, str, str] | None:
        if self.random.random() < 0.06:
            return None
        type_, text = self._value(field, odd)
        return f"a.{field.code}", type_, text

    def _value(self, field: EventField, odd: float) -> tuple[str, str]:
        choose = self.random.choice
        match field.type.kind:
            case Kind.MONEY:
                money = self._money()
                return "money", f"{money.currency}:{money.minor}"
            case Kind.BOOLEAN:
                return "boolean", choose(("true", "false"))
            case Kind.DATE:
                days = ("date", "2026-03-09"), ("date", "2026-04-01"), ("date", "2024-02-29")
                return choose(_MOMENTS if self.random.random() < odd else days)
            case Kind.CHOICE | Kind.TEXT:
                if self.random.random() < odd:
                    return "text", 'q"uoted'
                return choose(("text", "choice")), choose((*field.type.choices, "其他", ""))
            case Kind.LIST:
                return "list", choose(('["a","b"]', "[]"))
            case Kind.INSTANT:
                return choose(_MOMENTS)
        return "integer", str(choose((0, 1, 2, 30, field.type.low, field.type.high)))


_MOMENTS: Final = (
    ("datetime", "2026-03-09T17:00:00.000000Z"),
    ("datetime", "2026-03-09T03:00:00.000000Z"),
)


def kinds_of(rule: Rule) -> frozenset[str]:
    """Answer the kinds of event that a rule judges or looks back at.

    :param rule: the rule.
    """
    return frozenset({*rule.on, *(k for f in rule.facts.values() for k in f.history_kinds)})
