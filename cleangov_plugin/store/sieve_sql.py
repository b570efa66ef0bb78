"""The statements that sift many cases at once in DuckDB, written once for the rules asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.rules import ANY_KIND
from cleangov_plugin.rules.bound import BoundRule
from cleangov_plugin.rules.core.lowered_rule import LoweredRule, lower_rule
from cleangov_plugin.rules.core.nodes import Input
from cleangov_plugin.rules.core.origins import Origin
from cleangov_plugin.rules.model import Scope
from cleangov_plugin.rules.tree import Name, Size, Source

from .predicate import judged
from .sieve_facts import Facts
from .sieve_fields import Fields, UnfitError, listed, quoted
from .sieve_where import SORTS, Pairs

_QUIET: Final = (Result.CLEAR.value, Result.NOT_APPLICABLE.value)
_PAST: Final = "CREATE OR REPLACE TEMP TABLE past AS {columns}"
_JUDGED: Final = "CREATE OR REPLACE TEMP TABLE judged AS {columns}"
_ASKED: Final = """
CREATE OR REPLACE TEMP TABLE asked AS
WITH met AS (SELECT j.r AS jr, j.d AS jd, j.kind AS jk, j.actor AS jactor,
    p.kind AS pk, p.d AS pd, p.pos AS pos{carried}
  FROM judged j LEFT JOIN past p ON p.c = j.c AND p.r < j.r{days}),
pair AS (SELECT *{tests} FROM met),
anchor AS (SELECT jr{anchors} FROM pair GROUP BY jr),
summed AS (SELECT jr, any_value(jd) AS jd, any_value(jactor) AS jactor{sums}
  FROM pair JOIN anchor USING (jr) GROUP BY jr),
fact AS (SELECT jr{facts} FROM summed)
SELECT judged.*, fact.* FROM judged JOIN fact ON judged.r = fact.jr
"""
#: Working days by civil day, counted from some day on.
DAYS_TAKEN: Final = """
CREATE TEMP TABLE working_day AS
SELECT unnest(from_json(?, '["BIGINT"]')) AS d, unnest(from_json(?, '["BIGINT"]')) AS w
"""
_DAYS: Final = """
    LEFT JOIN working_day judged_on ON judged_on.d = j.d
    LEFT JOIN working_day past_on ON past_on.d = p.d"""
_VERDICTS: Final = f"""
CREATE OR REPLACE TEMP TABLE verdict AS
SELECT asked.r, any_value(asked.c) AS c, any_value(d) AS d, any_value(unit) AS unit,
  any_value(step) AS step, any_value(actor) AS actor,
  coalesce(bool_or(outcome = '{_QUIET[0]}'), FALSE) AS is_clear,
  bool_or(is_odd) OR coalesce(bool_or(outcome NOT IN {_QUIET}), FALSE) AS is_live
FROM asked LEFT JOIN ({{said}}) AS said ON said.r = asked.r GROUP BY asked.r
"""  # noqa: S608 - our own words
#: The cases that the closures are asked about.
LIVE: Final = "SELECT c FROM live"
_LIVELY: Final = """
CREATE OR REPLACE TEMP TABLE live AS
SELECT c FROM past WHERE is_odd UNION SELECT c FROM verdict WHERE is_live
"""
_QUIETLY: Final = """
CREATE OR REPLACE TEMP TABLE quiet AS
SELECT * FROM verdict WHERE is_clear AND c NOT IN (SELECT c FROM live)
"""
COUNTED: Final = "SELECT unit, step, d, count(*) FROM quiet GROUP BY unit, step, d"
OFFICERS: Final = "SELECT DISTINCT actor, d FROM quiet WHERE actor IS NOT NULL"
CASES: Final = "SELECT count(DISTINCT c) FROM quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """What is run for some cases, in this order.

    :param past: takes in the events that are looked back at.
    :param past_fields: the texts that it takes of each.
    :param judged: takes in the events that are judged.
    :param judged_fields: the texts that it takes of each.
    :param rest: works out which events are clear, and no more.
    :param kinds: kinds that are judged; None for every kind.
    :param history: kinds that are looked back at.
    """

    past: str
    past_fields: Fields
    judged: str
    judged_fields: Fields
    rest: tuple[str, ...]
    kinds: frozenset[str] | None
    history: frozenset[str]


def statements(bound: Iterable[BoundRule], dialect: sa.Dialect) -> Statements:
    """Write the statements for some rules.

    :param bound: rules with their bindings, as they are asked of events.
    :param dialect: DuckDB's.
    :return: the statements.
    :raises UnfitError: where something is not asked in DuckDB.
    """
    return _Writing(tuple(bound), dialect).written()


@dataclass(slots=True)
class _Writing:
    bound: tuple[BoundRule, ...]
    dialect: sa.Dialect
    fields: Fields = field(default_factory=Fields)

    def written(self) -> Statements:
        past = Fields()
        facts = Facts(past, Pairs(past, self.fields, self.dialect))
        for name in ("actor", "unit", "step"):
            self.fields.own(name)
        try:
            said = " UNION ALL ".join(self._said(bound, facts) for bound in self.bound)
        except RuleError:
            raise UnfitError("large") from None
        kinds = frozenset(kind for bound in self.bound for kind in bound.rule.on)
        return Statements(
            past=_PAST.format(columns=facts.fields.select()),
            past_fields=facts.fields,
            judged=_JUDGED.format(columns=self.fields.select()),
            judged_fields=self.fields,
            rest=(_asked(facts), _VERDICTS.format(said=said), _LIVELY, _QUIETLY),
            kinds=None if ANY_KIND in kinds else kinds,
            history=frozenset(facts.kinds),
        )

    def _said(self, bound: BoundRule, facts: Facts) -> str:
        lowered = lower_rule(bound, Phase.EVENT)
        inputs = {each.name: each for each in lowered.inputs}
        names = {name: self._column(bound, lowered, name, facts) for name in inputs}
        columns = {names[name]: _typed(names[name], each) for name, each in inputs.items()}
        asked = sa.table("asked", sa.column("r", sa.BigInteger()), *columns.values())
        source = (
            sa.select(*asked.c)
            .where(sa.literal_column(_within(bound), sa.Boolean()))
            .subquery("source")
        )
        for name in ("stream", "source"):
            if getattr(bound.binding.scope, f"{name}s"):
                self.fields.own(name)
        query = judged(lowered, source, "duckdb", keys=["r"], columns=names)
        answers = query.subquery("answers")
        said = sa.select(answers.c.r, answers.c.outcome)
        options: dict[str, Any] = {"literal_binds": True}
        return str(said.compile(dialect=self.dialect, compile_kwargs=options))

    def _column(self, bound: BoundRule, lowered: LoweredRule, name: str, facts: Facts) -> str:
        """Answer the column of an input."""
        origin = lowered.origins[name]
        node = origin.node.item if isinstance(origin.node, Size) else origin.node
        if not isinstance(node, Name) or origin.part == "entries":
            raise UnfitError("field")
        if node.source is Source.EVENT and not isinstance(origin.node, Size):
            return self._of_event(bound, node, origin)
        if node.source is not Source.FACT:
            raise UnfitError("field")
        rule = bound.rule
        found = facts.column(bound.facts[node.key], rule.fields, bound.binding.parameters)
        parts = {"currency": found.currency, "blank": found.blank}
        return parts.get(origin.part, found.value)

    def _of_event(self, bound: BoundRule, node: Name, origin: Origin) -> str:
        of = bound.rule.fields.get(node.key)
        if of is None:
            raise UnfitError("field")
        found = self.fields.column(of)
        if origin.part == "currency":
            return found.currency or found.value
        return found.value


def _typed(name: str, given: Input) -> "sa.ColumnClause[Any]":
    if given.sort not in SORTS:
        raise UnfitError("field")
    return sa.column(name, SORTS[given.sort])


def _within(bound: BoundRule) -> str:
    """Write which events a binding looks at, as `rules.planning` chooses them."""
    scope: Scope = bound.binding.scope
    tests = [] if ANY_KIND in bound.rule.on else [f"kind IN {listed(bound.rule.on)}"]
    tests += [f"stream IN {listed(scope.streams)}"] if scope.streams else []
    tests += [f"(unit IS NULL OR unit IN {listed(scope.units)})"] if scope.units else []
    tests += [f"step IN {listed(scope.steps)}"] if scope.steps else []
    tests += [f"source IN {listed(scope.sources)}"] if scope.sources else []
    return " AND ".join(tests) or "TRUE"


def _asked(facts: Facts) -> str:
    carried = {f"p_{name}": f"p.{name}" for name in sorted(facts.pairs.taken)}
    carried |= {f"j_{name}": f"j.{name}" for name in sorted(facts.pairs.given)}
    days, sums = "", facts.sums
    if facts.counts_days:
        carried |= {"jw": "judged_on.w", "pw": "past_on.w"}
        days, sums = _DAYS, {"jw": "any_value(jw)", **sums}
    latest = {
        name: f"max(pos) FILTER (WHERE pk = {quoted(kind)})" for kind, name in facts.anchors.items()
    }
    return _ASKED.format(
        carried=_more(carried),
        days=days,
        tests=_more(facts.tests),
        anchors=_more(latest),
        sums=_more(sums),
        facts=_more(facts.columns),
    )


def _more(columns: "dict[str, str]") -> str:
    return "".join(f", {text} AS {name}" for name, text in columns.items())
