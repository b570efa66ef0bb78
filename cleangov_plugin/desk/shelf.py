"""What is known of each ledger without asking again: zone, rules in force, working days."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cleangov_plugin.calendar import Calendar
from cleangov_plugin.rules import Binding, Rule, RuleSet, compile_binding, compile_rule
from cleangov_plugin.rules.clocks import Clock, read_clock
from cleangov_plugin.store import calendars, clock_versions, rulebook, rules_in_force

#: A connection of the store; only the store looks inside.
Connection: TypeAlias = Any


@dataclass(slots=True, kw_only=True)
class Ledger:
    """One agency's ledger, as this process knows it.

    :param log_id: the agency.
    :param zone: its IANA zone.
    :param rules: the rules in force.
    :param calendar: its working days; None where it has none.
    :param older: rules of earlier texts that prompts still show, by id and version.
    :param takes_notes: whether an officer can tell oversight something that nobody else may read.
    :param clocks: clocks that findings name, by id and version; None stands for the newest one.
    """

    log_id: str
    zone: ZoneInfo
    rules: RuleSet = field(default_factory=lambda: RuleSet(0, ()))
    calendar: Calendar | None = None
    older: dict[tuple[str, int], Rule | None] = field(default_factory=dict)
    takes_notes: bool = False
    clocks: dict[tuple[str, int | None], Clock | None] = field(default_factory=dict)
    _recusals: tuple[int, bool] = (-1, False)

    @property
    def takes_recusals(self) -> bool:
        """Answer whether a rule in force lets an officer step back from a case."""
        if self._recusals[0] != self.rules.revision:
            is_one = any(a.then == "recuse" for rule, _ in self.rules.bound for a in rule.answers)
            self._recusals = (self.rules.revision, is_one)
        return self._recusals[1]

    @property
    def revisions(self) -> tuple[int, int]:
        """Answer the revision of the rules, and the version of the calendar."""
        return self.rules.revision, self.calendar.version if self.calendar else 0

    def bound(self, rule_id: str, version: int) -> Rule | None:
        """Answer a rule in force; None where this version of it is not.

        :param rule_id: the rule.
        :param version: its version.
        """
        return next(
            (r for r, _ in self.rules.bound if (r.id, r.version) == (rule_id, version)), None
        )


class Shelf:
    """The ledgers this process has met. What has changed is read anew, nothing else.

    :param takes_notes: whether there is a key of oversight's to seal notes to.
    """

    def __init__(self, *, takes_notes: bool = False) -> None:
        self._ledgers: dict[str, Ledger] = {}
        self._takes_notes = takes_notes

    def knows(self, log_id: str) -> bool:
        """Answer whether a ledger was met before.

        :param log_id: the agency.
        """
        return log_id in self._ledgers

    def ledger(self, connection: Connection, log_id: str) -> Ledger | None:
        """Answer a ledger; None where no such agency is kept.

        :param connection: any connection; asked only for a ledger not met before.
        :param log_id: the agency.
        """
        found = self._ledgers.get(log_id)
        if found is None:
            found = _opened(connection, log_id)
            if found is not None:
                found.takes_notes = self._takes_notes
                self._ledgers[log_id] = found
        return found

    def refresh(self, connection: Connection, ledger: Ledger, ruleset: int, calendar: int) -> bool:
        """Read anew what is of another revision.

        :param connection: the connection that told the revisions: both are of one snapshot.
        :param ledger: the ledger.
        :param ruleset: revision of rules and bindings there.
        :param calendar: version of the calendar there.
        :return: whether anything was read anew.
        """
        is_stale = ledger.revisions != (ruleset, calendar)
        if ledger.rules.revision != ruleset:
            ledger.rules = _rules(connection, ledger.log_id)
            ledger.older.clear()
            ledger.clocks.clear()
        if (ledger.calendar.version if ledger.calendar else 0) != calendar:
            ledger.calendar = _calendar(connection, ledger.log_id)
        return is_stale

    def rule(
        self, connection: Connection, ledger: Ledger, rule_id: str, version: int
    ) -> Rule | None:
        """Answer a rule by its version, in force or not; None where it was never kept.

        :param connection: any connection.
        :param ledger: the ledger.
        :param rule_id: the rule.
        :param version: its version.
        """
        found = ledger.bound(rule_id, version)
        if found is not None:
            return found
        key = (rule_id, version)
        if key not in ledger.older:
            document = rulebook.document(connection, ledger.log_id, rule_id, version)
            ledger.older[key] = None if document is None else compile_rule(document)
        return ledger.older[key]

    def clock(
        self, connection: Connection, ledger: Ledger, clock_id: str, version: int | None
    ) -> Clock | None:
        """Answer a clock, in force or not; None where it was never kept.

        :param connection: any connection.
        :param ledger: the ledger.
        :param clock_id: the clock.
        :param version: its version; the newest one where left out.
        """
        key = (clock_id, version)
        if key not in ledger.clocks:
            document = clock_versions.document(connection, ledger.log_id, clock_id, version)
            ledger.clocks[key] = None if document is None else read_clock(document)
        return ledger.clocks[key]


def _opened(connection: Connection, log_id: str) -> Ledger | None:
    row = rulebook.agency(connection, log_id)
    if row is None:
        return None
    try:
        zone = ZoneInfo(row["zone"])
    except (ZoneInfoNotFoundError, ValueError):
        return None
    return Ledger(
        log_id=log_id,
        zone=zone,
        rules=_rules(connection, log_id),
        calendar=_calendar(connection, log_id),
    )


def _rules(connection: Connection, log_id: str) -> RuleSet:
    revision, found = rules_in_force.texts(connection, log_id)
    return RuleSet(revision, tuple(pair for texts in found for pair in _compiled(texts)))


@lru_cache(maxsize=2_048)
def _compiled(texts: rules_in_force.Texts) -> tuple[tuple[Rule, Binding], ...]:
    """Compile a rule and its bindings, once in a process for equal texts.

    Where one rule of a hundred has changed, the next officer's step compiles that one alone.
    """
    document = rules_in_force.read(texts)
    rule = compile_rule(document)
    return tuple((rule, compile_binding(binding, rule)) for binding in document["bindings"])


def _calendar(connection: Connection, log_id: str) -> Calendar | None:
    stored = calendars.load(connection, log_id)
    if stored is None:
        return None
    return Calendar(
        version=stored.version,
        first=stored.first,
        ordinals=stored.ordinals,
        provisional_years=stored.provisional_years,
    )
