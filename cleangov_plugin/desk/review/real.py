"""What the rules saw of imported logs: read from what was counted when each log was fed."""

from collections.abc import Iterable
from typing import Any, Final

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.desk.tally import RuleTally
from cleangov_plugin.domain.terms import Severity
from cleangov_plugin.store import run_counts
from cleangov_plugin.store.run_counts import LedgerCount, RuleCount

from .checkpoints import agencies_of, agency_view, named
from .day_views import LogView, RealView, RuleSeen
from .entry_views import AgencyView
from .readers import Reader, open_ledger
from .rule_words import Teller

#: The operation of a rule that compares who took two steps, and what kinds of permits begin with.
_SAME: Final = "same_actor"
_PERMIT: Final = "prm."
#: Unread parts of a file that the page names; the replay itself names all.
_SHOWN: Final = 5


def keep_tally(
    connection: Connection, run_id: str, tallies: Iterable[RuleTally], entries: int
) -> None:
    """Keep what a replay has counted, for the page that shows it.

    :param connection: a writing connection of our own.
    :param run_id: the run that fed the log.
    :param tallies: what each rule saw of its ledger.
    :param entries: entries of the ledger.
    """
    rules: dict[str, dict[str, Any]] = {
        rule.rule_id: {
            "cases": rule.cases,
            "hits": rule.hits,
            "cannot_be_checked": rule.cannot_be_checked,
            "missing": dict(rule.missing),
        }
        for rule in tallies
    }
    run_counts.keep(connection, run_id, rules, entries)


def real(desk: Desk, reader: Reader) -> RealView:
    """Answer what the rules saw of every imported log that the reader may look into.

    :param desk: the desk.
    :param reader: who looks.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        agencies = agencies_of(connection, reader)
        logs: list[LogView] = []
        pairs: dict[str, tuple[int, int]] = {}
        for count in run_counts.counted(connection):
            ledger = open_ledger(desk, connection, reader, count.log_id)
            if ledger is None:
                continue
            teller = Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)
            logs.append(_log(teller, count, agency_view(agencies, count.log_id)))
            for rule_id, seen in _pairs(ledger, count):
                cases, hits = pairs.get(rule_id, (0, 0))
                pairs[rule_id] = (cases + seen.cases, hits + seen.hits)
        # Of several plain rules the one that could be asked most often, and the first of those.
        fullest = max(sorted(pairs), key=lambda rule_id: pairs[rule_id][0], default=None)
        found = pairs[fullest] if fullest else (0, 0)
        return RealView(logs=tuple(logs), pairs=found if found[0] else None)


def _log(teller: Teller, count: LedgerCount, agency: AgencyView) -> LogView:
    summary, rules = count.summary, count.rules
    unread = summary.get("unread") or []
    seen = None if rules is None else [(i, r) for i, r in sorted(rules.items()) if r.cases]
    return LogView(
        agency=agency,
        title=named(summary.get("title") or {}, teller.reader.language) or agency.name,
        doi=str(summary.get("doi") or ""),
        citation=str(summary.get("citation") or ""),
        file=str(summary.get("file") or ""),
        cases=int(summary.get("cases") or 0),
        events=int(summary.get("events") or 0),
        rules=None if seen is None else tuple(_seen(teller, id_, rule) for id_, rule in seen),
        idle=tuple(sorted(id_ for id_, rule in (rules or {}).items() if not rule.cases)),
        unread=tuple((str(u["where"]), str(u["what"])) for u in unread[:_SHOWN]),
        unread_number=len(unread),
        odd=tuple(
            (name, int(odd["number"]), str(odd["where"]), str(odd["what"]))
            for name, odd in sorted((summary.get("odd") or {}).items())
        ),
    )


def _seen(teller: Teller, rule_id: str, count: RuleCount) -> RuleSeen:
    version = next((r.version for r, _ in teller.ledger.rules.bound if r.id == rule_id), 1)
    missing = sorted(count.missing.items(), key=lambda item: (-item[1], item[0]))
    return RuleSeen(
        rule_id=rule_id,
        title=teller.title(rule_id),
        cases=count.cases,
        hits=count.hits,
        unknown=count.cannot_be_checked,
        missing=tuple((teller.field(code, rule_id, version), number) for code, number in missing),
    )


def _pairs(ledger: Ledger, count: LedgerCount) -> list[tuple[str, RuleCount]]:
    """Answer what the plain rules of two different people saw of permits: those without tiers."""
    plain = {
        rule.id
        for rule, _ in ledger.rules.bound
        if rule.severity is Severity.SIGNAL
        and any(fact.operation == _SAME for fact in rule.facts.values())
        and any(kind.startswith(_PERMIT) for kind in rule.on)
    }
    return [(id_, seen) for id_, seen in sorted((count.rules or {}).items()) if id_ in plain]
