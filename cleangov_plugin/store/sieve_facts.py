"""Facts over the earlier events of a case as aggregates of DuckDB, for many events at once.

They are computed over pairs of an event that is judged and an earlier one of its case, the way
`rules.operations` does it for one. In the cases that come here the order of events is one number,
`pos`: within a case either all events are known to the day alone or none is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cleangov_plugin.rules.facts import Fact, constant
from cleangov_plugin.rules.kinds import RANGES, Kind
from cleangov_plugin.rules.model import EventField, FactSpec
from cleangov_plugin.rules.tree import Core, Node

from .sieve_fields import Column, Fields, UnfitError, listed, quoted
from .sieve_where import Pairs

#: What is asked of pairs: `j*` are columns of the judged event, `p*` of the earlier one.
_KNOWN: Final = frozenset(
    {
        "count",
        "exists",
        "sum",
        "distinct",
        "latest",
        "first",
        "elapsed_since",
        "missing_before",
        "same_actor",
    }
)


@dataclass(frozen=True, slots=True)
class FactColumns:
    """Where a fact stands.

    :param value: name of the column with its value.
    :param currency: name of the column with its currency.
    :param blank: name of the column that says whether its events lack a field.
    """

    value: str
    currency: str
    blank: str


@dataclass(slots=True)
class Facts:
    """The facts that are asked for; equal facts share their columns.

    :param fields: the fields of earlier events.
    :param pairs: writes conditions on earlier events.
    """

    fields: Fields
    pairs: Pairs
    #: Kinds of event that are looked back at.
    kinds: set[str] = field(default_factory=set)
    #: Conditions on pairs, by name.
    tests: dict[str, str] = field(default_factory=dict)
    #: Whether working days are counted.
    counts_days: bool = False
    #: Kinds whose latest event is an anchor, by name of the column with its place.
    anchors: dict[str, str] = field(default_factory=dict)
    #: Aggregates over the pairs of an event, by name.
    sums: dict[str, str] = field(default_factory=dict)
    #: What is made of them, by name.
    columns: dict[str, str] = field(default_factory=dict)
    _known: dict[str, FactColumns] = field(default_factory=dict)

    def column(
        self, fact: Fact, fields: Mapping[str, EventField], parameters: Mapping[str, Core]
    ) -> FactColumns:
        """Answer where a fact stands.

        :param fact: the fact as one binding uses it.
        :param fields: the fields of its rule.
        :param parameters: the binding's values.
        :raises UnfitError: where it is not computed here.
        """
        found = self._known.get(fact.id)
        if found is None:
            found = self._known[fact.id] = self._made(fact.spec, fields, parameters)
        return found

    def _made(
        self, spec: FactSpec, fields: Mapping[str, EventField], parameters: Mapping[str, Core]
    ) -> FactColumns:
        _fits(spec)
        no = len(self._known)
        self.kinds |= spec.history_kinds
        taken = None if spec.field is None else self.fields.column(fields[spec.field])
        if taken is not None:
            self.pairs.taken |= {name for name in (taken.value, taken.currency) if name}
        made = _Made(self, spec, f"s{no}", taken)
        if spec.within is not None:
            made.within = constant(spec.within, parameters)
        if spec.where is not None:
            made.where = f"w{no}"
            self.tests[made.where] = self.pairs.test(spec.where, fields, parameters)
        value, currency, blank = made.written()
        if made.perhaps:
            blank = f"({blank}) OR {made.perhaps}"
        if spec.type.kind in RANGES:  # see `rules.facts._proven`
            is_good = f"({value}) BETWEEN {spec.type.low} AND {spec.type.high}"
            blank = f"({blank}) OR coalesce(NOT ({is_good}), FALSE)"
            value = f"CASE WHEN {is_good} THEN {value} END"
        names = FactColumns(f"v{no}", f"v{no}_of", f"v{no}_blank")
        self.columns[names.value], self.columns[names.currency] = value, currency
        self.columns[names.blank] = blank
        return names


def _fits(spec: FactSpec) -> None:
    if spec.per is not None or spec.operation not in _KNOWN:
        raise UnfitError("across")
    units = {spec.within.type.kind} if spec.within is not None else set()
    if spec.operation == "elapsed_since":
        units.add(spec.type.kind)
    if units - {Kind.DAYS, Kind.WORKING_DAYS}:
        raise UnfitError("duration")


@dataclass(slots=True)
class _Made:
    """One fact being written.

    :param facts: all of them.
    :param spec: its definition.
    :param name: what its aggregates' names begin with.
    :param taken: the field that it takes.
    :param within: its window in days.
    :param where: name of its condition on pairs.
    :param perhaps: whether of an event it cannot be told that it counts; empty where it always can.
    """

    facts: Facts
    spec: FactSpec
    name: str
    taken: Column | None
    within: int | None = None
    where: str = ""
    perhaps: str = ""

    def written(self) -> tuple[str, str, str]:
        """Write its value, its currency and whether it is blank."""
        if self.spec.operation == "missing_before":
            return " + ".join(self._lacks(kind) for kind in self.spec.kinds), "NULL", "FALSE"
        if self.spec.operation == "same_actor":
            return self._same_actor()
        sure, unknown = self._events()
        match self.spec.operation:
            case "count":
                return self._known(unknown, self._agg("count(*)", sure)), "NULL", "FALSE"
            case "exists":
                return self._known(unknown, f"{self._agg('count(*)', sure)} > 0"), "NULL", "FALSE"
            case "elapsed_since":
                return self._elapsed(sure, unknown)
            case "latest" | "first" as end:
                return self._one(sure, unknown, "max_by" if end == "latest" else "min_by")
        return self._all(sure, unknown)

    def _agg(self, aggregate: str, test: str) -> str:
        name = f"{self.name}_{len(self.facts.sums)}"
        self.facts.sums[name] = f"{aggregate} FILTER (WHERE {test})"
        return name

    @staticmethod
    def _known(unknown: str, value: str) -> str:
        return f"CASE WHEN {unknown} THEN NULL ELSE {value} END"

    def _lacks(self, kind: str) -> str:
        return f"CAST({self._agg('count(*)', f'pk = {quoted(kind)}')} = 0 AS BIGINT)"

    def _events(self) -> tuple[str, str]:
        """Answer which pairs count for sure, and whether that cannot be told, see `_find` there."""
        test = f"pk IN {listed(self.spec.kinds)}"
        unknown = ["FALSE"]
        for kind, sign in ((self.spec.after, ">"), (self.spec.before, "<")):
            if kind is not None:
                names = self.facts.anchors
                anchor = names.setdefault(kind, f"a{len(names)}")
                some = self._agg("count(*)", test)
                unknown.append(f"({some} > 0 AND {self._agg(f'max({anchor})', 'TRUE')} IS NULL)")
                test += f" AND pos {sign} {anchor}"
        tests = [self.where] if self.where else []
        if self.within is not None:
            tests.append(f"{self._distance(self.spec.within)} BETWEEN 0 AND {self.within}")
        if tests:  # true, false or NULL: an event of which it is NULL counts perhaps
            both = " AND ".join(tests)
            self.perhaps = f"{self._agg('count(*)', f'{test} AND ({both}) IS NULL')} > 0"
            unknown.append(self.perhaps)
            test += f" AND coalesce({both}, FALSE)"
        return test, f"({' OR '.join(unknown)})"

    def _distance(self, of: Node | None) -> str:
        """Write how far the earlier event of a pair lies back, in the days that are counted."""
        if of is None or of.type.kind is not Kind.WORKING_DAYS:
            return "jd - pd"
        self.facts.counts_days = True
        return "jw - pw"

    def _elapsed(self, sure: str, unknown: str) -> tuple[str, str, str]:
        """Write how long ago the latest was; where the calendar does not reach there, unknown."""
        if self.spec.type.kind is not Kind.WORKING_DAYS:
            return self._known(unknown, f"jd - {self._agg('max(pd)', sure)}"), "NULL", "FALSE"
        self.facts.counts_days = True
        since = f"jw - {self._agg('max_by(struct_pack(v := pw), pos)', sure)}.v"
        blank = f"{self._agg('count(*)', sure)} > 0 AND ({since}) IS NULL"
        return self._known(unknown, since), "NULL", blank

    def _one(self, sure: str, unknown: str, chosen: str) -> tuple[str, str, str]:
        """Write the value of the latest or the first; one that lacks it is blank.

        Where it cannot be told which one it is, each that lacks it may be: blank, to be sure.
        """
        if self.taken is None:
            raise UnfitError("field")
        currency = self.taken.currency or "NULL"
        packed = f"struct_pack(v := p_{self.taken.value}, u := {_past(currency)})"
        one = self._agg(f"{chosen}({packed}, pos)", sure)
        some = self._agg("count(*)", sure)
        kinds = f"pk IN {listed(self.spec.kinds)}"
        lacking = self._agg("count(*)", f"{kinds} AND p_{self.taken.value} IS NULL")
        blank = f"CASE WHEN {unknown} THEN {lacking} > 0 ELSE {some} > 0 AND {one}.v IS NULL END"
        return self._known(unknown, f"{one}.v"), self._known(unknown, f"{one}.u"), blank

    def _all(self, sure: str, unknown: str) -> tuple[str, str, str]:
        """Write a sum or how many values there are: unknown where an event has none."""
        if self.taken is None:
            raise UnfitError("field")
        value = f"p_{self.taken.value}"
        lacking = f"{self._agg('count(*)', f'{sure} AND {value} IS NULL')} > 0"
        currency = "NULL"
        if self.spec.operation == "distinct":
            packed = f"struct_pack(v := {value}, u := {_past(self.taken.currency or 'NULL')})"
            found = self._agg(f"count(DISTINCT {packed})", sure)
        else:
            found = f"coalesce({self._agg(f'sum({value})', sure)}, 0)"
            if self.taken.currency:
                of = _past(self.taken.currency)
                first = self._agg(f"min({of})", sure)
                lacking = (
                    f"{lacking} OR coalesce({first} <> {self._agg(f'max({of})', sure)}, FALSE)"
                )
                currency = f"coalesce({first}, '')"
        unknown_ = f"({unknown} OR {lacking})"
        return self._known(unknown_, found), self._known(unknown_, currency), lacking

    def _same_actor(self) -> tuple[str, str, str]:
        self.facts.pairs.taken.add(self.facts.fields.own("actor").value)
        kinds = self.spec.by_kind
        own = [f"(jk = {quoted(k)} AND pk IN {listed(of)})" for k, of in kinds.items()]
        test = f"({' OR '.join(own)})" if own else f"pk IN {listed(self.spec.kinds)}"
        mine = f"{self._agg('count(*)', f'{test} AND p_actor = jactor')} > 0"
        nameless = f"{self._agg('count(*)', f'{test} AND p_actor IS NULL')} > 0"
        value = f"CASE WHEN jactor IS NULL THEN NULL WHEN {mine} THEN TRUE"
        value += f" WHEN {nameless} THEN NULL ELSE FALSE END"
        return value, "NULL", f"jactor IS NULL OR (NOT {mine} AND {nameless})"


def _past(column: str) -> str:
    return column if column == "NULL" else f"p_{column}"
