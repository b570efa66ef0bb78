"""The statements that sift many cases at once in DuckDB, written once for the rules asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.rules import ANY_KIND
from cleangov_plugin.rules.bound import BoundRule
from cleangov_plugin.rules.core.lowered_rule import LoweredRule, lower_rule
from cleangov_plugin.rules.core.nodes import Input, Sort
from cleangov_plugin.rules.core.origins import Origin
from cleangov_plugin.rules.model import Scope
from cleangov_plugin.rules.tree import Name, Size, Source

from .predicate import judged
from .sifting_facts import Facts
from .sifting_fields import MOMENT, Fields, UnfitError, has, listed, quoted

#: A case with more entries is the closures': pairs grow with the square of their number.
MOST_ENTRIES: Final = 200
_SORTS: "Final[Mapping[Sort, sa.types.TypeEngine[Any]]]" = {
    Sort.NUMBER: sa.BigInteger(),
    Sort.TRUTH: sa.Boolean(),
    Sort.TEXT: sa.Text(),
}
_QUIET: Final = (Result.CLEAR.value, Result.NOT_APPLICABLE.value)
#: The bodies, read as far as it is needed, see `ledger.body`: `a` are their fields.
_PARSED: Final = rf"""
CREATE OR REPLACE TEMP TABLE parsed AS
SELECT c, r, s, x, w, kind, moment, a,
  substr(moment, 1, 14) || (TRY_CAST(substr(moment, 15, 2) AS BIGINT) // 15) AS quarter,
  {has("e.precision", "choice").replace('choice","', 'choice","day"')} AS is_day,
  kind <> '' AND NOT contains(kind, '\') AND regexp_full_match(moment, '{MOMENT}')
    AND is_known AND NOT {has("e.supersedes", "text")} AS is_plain
FROM (SELECT c, r, s, x, w, ends_with(b, ',"v":1}}') AS is_known,
  regexp_extract(b, '^\{{(?:"_sd":\[[^\]]*\],)?"at":"([^"]*)"', 1) AS moment,
  regexp_extract(b, '"kind":"([^"]*)"', 1) AS kind,
  split_part(split_part(b, '"attrs":', 2), ',"calendar":', 1) AS a FROM raw)
"""  # noqa: S608 - our own names
#: Whether the evaluation of an event saw all that stands before it, see `backtested.sight`.
_SEEN: Final = """CASE WHEN s = '' THEN TRUE
  WHEN s LIKE 'id:%' THEN coalesce(max(r) OVER past, 0) <= TRY_CAST(substr(s, 4) AS BIGINT)
  ELSE max(x) OVER past IS NULL OR max(x) OVER past < TRY_CAST(split_part(s, ':', 1) AS BIGINT)
    OR (max(x) OVER past = x AND min(x) OVER past = x) END"""
_EVENTS: Final = """
CREATE OR REPLACE TEMP TABLE event AS
SELECT * EXCLUDE (s, x, w, is_plain, is_odd),
  row_number() OVER (PARTITION BY c ORDER BY d, CASE WHEN is_day THEN '' ELSE moment END, r) AS pos,
  is_plain AND NOT is_odd AND NOT w AND d IS NOT NULL AND coalesce({seen}, FALSE) AS is_plain
FROM ({columns})
WINDOW past AS (PARTITION BY c ORDER BY r ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
"""
_CASES: Final = f"""
CREATE OR REPLACE TEMP TABLE of_case AS
SELECT c, bool_and(is_plain) AND count(*) <= {MOST_ENTRIES}
  AND bool_or(is_day) = bool_and(is_day) AS is_plain
FROM event GROUP BY c
"""  # noqa: S608 - our own numbers
_ASKED: Final = """
CREATE OR REPLACE TEMP TABLE asked AS
WITH chosen AS (SELECT a, r, c, d, kind FROM event WHERE {judged}
    AND c IN (SELECT c FROM of_case WHERE is_plain)),
judged AS ({columns}),
pair AS (SELECT j.r AS jr, j.d AS jd, j.kind AS jk, j.actor AS jactor,
    p.kind AS pk, p.d AS pd, p.pos AS pos{taken}
  FROM judged j LEFT JOIN event p ON p.c = j.c AND p.r < j.r),
anchor AS (SELECT jr{anchors} FROM pair GROUP BY jr),
summed AS (SELECT jr, any_value(jd) AS jd, any_value(jactor) AS jactor{sums}
  FROM pair JOIN anchor USING (jr) GROUP BY jr),
fact AS (SELECT jr{facts} FROM summed)
SELECT judged.*, fact.* FROM judged JOIN fact ON judged.r = fact.jr
"""
_VERDICTS: Final = f"""
CREATE OR REPLACE TEMP TABLE verdict AS
SELECT asked.r, any_value(asked.c) AS c, any_value(d) AS d, any_value(unit) AS unit,
  any_value(step) AS step, any_value(actor) AS actor,
  coalesce(bool_or(outcome = '{_QUIET[0]}'), FALSE) AS is_clear,
  bool_or(is_odd) OR coalesce(bool_or(outcome NOT IN {_QUIET}), FALSE) AS is_live
FROM asked LEFT JOIN ({{said}}) AS said ON said.r = asked.r GROUP BY asked.r
"""  # noqa: S608 - our own words
_KEPT: Final = "c, r, s, x, w, moment, kind, is_day, is_plain, d"
_DATED: Final = "parsed LEFT JOIN day USING (quarter)"
#: The cases that the closures are asked about.
LIVE: Final = """SELECT c FROM of_case WHERE is_plain IS NOT TRUE
UNION SELECT c FROM verdict WHERE is_live"""
_QUIETLY: Final = """
CREATE OR REPLACE TEMP TABLE quiet AS
SELECT * FROM verdict WHERE is_clear AND c NOT IN (SELECT c FROM verdict WHERE is_live)
"""
QUARTERS: Final = """SELECT DISTINCT quarter FROM parsed
WHERE is_plain AND quarter NOT IN (SELECT quarter FROM day)"""
COUNTED: Final = "SELECT unit, step, d, count(*) FROM quiet GROUP BY unit, step, d"
OFFICERS: Final = "SELECT DISTINCT actor, d FROM quiet WHERE actor IS NOT NULL"
CASES: Final = "SELECT count(DISTINCT c) FROM quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """What is run for some cases, in this order.

    :param parsed: reads the bodies.
    :param rest: works out which events are clear and no more, once their days are known.
    """

    parsed: str
    rest: tuple[str, ...]


def statements(
    bound: Iterable[BoundRule], dialect: sa.Dialect, first: date | None, last: date | None
) -> Statements:
    """Write the statements for some rules.

    :param bound: rules with their bindings, as they are asked of events.
    :param dialect: DuckDB's.
    :param first: first civil day whose events are judged; None for all.
    :param last: last civil day.
    :return: the statements.
    :raises UnfitError: where something is not asked in DuckDB.
    """
    return _Writing(tuple(bound), dialect).written(first, last)


@dataclass(slots=True)
class _Writing:
    bound: tuple[BoundRule, ...]
    dialect: sa.Dialect
    fields: Fields = field(default_factory=Fields)

    def written(self, first: date | None, last: date | None) -> Statements:
        facts = Facts(Fields())
        for name in ("actor", "unit", "step"):
            self.fields.own(name)
        try:
            said = " UNION ALL ".join(self._said(bound, facts) for bound in self.bound)
        except RuleError:
            raise UnfitError("large") from None
        return Statements(
            parsed=_PARSED,
            rest=(
                _EVENTS.format(columns=facts.fields.select(_KEPT, _DATED), seen=_SEEN),
                _CASES,
                self._asked(facts, first, last),
                _VERDICTS.format(said=said),
                _QUIETLY,
            ),
        )

    def _asked(self, facts: Facts, first: date | None, last: date | None) -> str:
        kinds = {kind for bound in self.bound for kind in bound.rule.on}
        tests = [] if ANY_KIND in kinds else [f"kind IN {listed(kinds)}"]
        tests += [f"d >= {first.toordinal()}"] if first else []
        tests += [f"d <= {last.toordinal()}"] if last else []
        latest = {
            name: f"max(pos) FILTER (WHERE pk = {quoted(kind)})"
            for kind, name in facts.anchors.items()
        }
        return _ASKED.format(
            judged=" AND ".join(tests) or "TRUE",
            columns=self.fields.select("r, c, d, kind", "chosen"),
            taken="".join(f", p.{name} AS p_{name}" for name in sorted(facts.taken)),
            anchors=_more(latest),
            sums=_more(facts.sums),
            facts=_more(facts.columns),
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
    if given.sort not in _SORTS:
        raise UnfitError("field")
    return sa.column(name, _SORTS[given.sort])


def _within(bound: BoundRule) -> str:
    """Write which events a binding looks at, as `rules.planning` chooses them."""
    scope: Scope = bound.binding.scope
    tests = [] if ANY_KIND in bound.rule.on else [f"kind IN {listed(bound.rule.on)}"]
    tests += [f"stream IN {listed(scope.streams)}"] if scope.streams else []
    tests += [f"(unit IS NULL OR unit IN {listed(scope.units)})"] if scope.units else []
    tests += [f"step IN {listed(scope.steps)}"] if scope.steps else []
    tests += [f"source IN {listed(scope.sources)}"] if scope.sources else []
    return " AND ".join(tests) or "TRUE"


def _more(columns: "dict[str, str]") -> str:
    return "".join(f", {text} AS {name}" for name, text in columns.items())
