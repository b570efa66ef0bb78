"""A condition on past events as a test of pairs in DuckDB: of an earlier event and a judged one."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules.core.lowering import Lowering
from cleangov_plugin.rules.core.nodes import Input, Sort, Term, inputs_of
from cleangov_plugin.rules.core.origins import Origin
from cleangov_plugin.rules.kinds import Kind
from cleangov_plugin.rules.model import EventField
from cleangov_plugin.rules.tree import Core, Name, Node, Source

from .predicate import Checked, predicate
from .sieve_fields import Fields, UnfitError

#: Columns of DuckDB by the sort of what stands in them.
SORTS: "Final[Mapping[Sort, sa.types.TypeEngine[Any]]]" = {
    Sort.NUMBER: sa.BigInteger(),
    Sort.TRUTH: sa.Boolean(),
    Sort.TEXT: sa.Text(),
}


class Pairs:
    """Writes conditions over pairs; `taken` and `given` are the columns that these carry.

    :param past: fields of earlier events.
    :param judged: fields of the events that are judged.
    :param dialect: DuckDB's.
    """

    def __init__(self, past: Fields, judged: Fields, dialect: sa.Dialect) -> None:
        self._past, self._judged, self._dialect = past, judged, dialect
        #: Columns of the earlier event, in pairs called `p_` and their name.
        self.taken: set[str] = set()
        #: Columns of the judged event, in pairs called `j_` and their name.
        self.given: set[str] = set()

    def test(
        self, node: Node, fields: Mapping[str, EventField], parameters: Mapping[str, Core]
    ) -> str:
        """Write a condition; what it answers is true, false or NULL.

        :param node: its checked tree.
        :param fields: the fields of its rule.
        :param parameters: the binding's values.
        :raises UnfitError: where it reads what has no column, or another fact.
        """
        lowering = _OfPairs(parameters, "where")
        try:
            term = lowering.lower(node)
            columns = {
                each.name: self._column(each, lowering.origins[each.name], fields)
                for each in inputs_of(term)
            }
            checked = Checked(sa.select(sa.true()).subquery(), columns, "duckdb")
            found = predicate(term, checked)
        except RuleError:  # too long, or more than the core can say
            raise UnfitError("field") from None
        options: dict[str, Any] = {"literal_binds": True}
        return str(found.compile(dialect=self._dialect, compile_kwargs=options))

    def _column(
        self, given: Input, origin: Origin, fields: Mapping[str, EventField]
    ) -> "sa.ColumnClause[Any]":
        name = origin.node
        if not isinstance(name, Name) or origin.part == "entries" or given.sort not in SORTS:
            raise UnfitError("field")
        if name.source not in (Source.EVENT, Source.CURRENT):
            raise UnfitError("where")
        if name.key not in fields:
            raise UnfitError("field")
        is_judged = name.source is Source.CURRENT
        side = self._judged if is_judged else self._past
        found = side.column(fields[name.key])
        column = found.value
        if origin.part == "currency":
            column = found.currency or found.value
        (self.given if is_judged else self.taken).add(column)
        return sa.column(f"{'j' if is_judged else 'p'}_{column}", SORTS[given.sort])


class _OfPairs(Lowering):
    """Lowers conditions in which the present event has inputs of its own."""

    def _name(self, name: Name) -> Term:
        if name.source is Source.CURRENT and name.type.kind is not Kind.LIST:
            return self._input(name.path, name.type, Origin(name))
        return super()._name(name)
