"""Fields of events as columns of DuckDB, each of its declared type or NULL.

What has no column here is refused with a code; an event whose value is written in another way than
ours, or escaped, is odd, and the closures are asked about its case.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cleangov_plugin.rules.kinds import RANGES, Kind, Type
from cleangov_plugin.rules.model import EventField

from .run import StoreError
from .sieve_entries import texts_after

_WHOLE: Final = r"-?(0|[1-9][0-9]{0,17})"
_MONEY: Final = rf"[A-Z]{{3}}:{_WHOLE}"
_DAY: Final = r"\d{4}-\d\d-\d\d"
#: An event's own texts, and their types in a body.
_OWN: Final = {
    "actor": "pseudonym",
    "unit": "text",
    "step": "text",
    "source": "text",
    "stream": "choice",
}
#: Others, and what is meant where they are not written, see `ledger.body`.
_IMPLIED: Final = {"clock": "server", "origin": "live", "mode": "ordinary"}


#: What `numbered` puts into one number: the case's place in its handful, with which and with its
#: place in the case an event is named; its place in the order of time; its civil day.
PARTS: Final = {"c": "n >> 38", "r": "n >> 30", "pos": "(n >> 22) & 255", "d": "n & 4194303"}


def numbered(case: int, row: int, position: int, day: int) -> int:
    """Answer one number that holds what `PARTS` takes out of it.

    :param case: place of the case in its handful.
    :param row: place of the event among its case's rows, below 256.
    :param position: its place among them in the order of time, below 256.
    :param day: its civil day as a number, below 2 ** 22.
    """
    return case << 38 | row << 30 | position << 22 | day


@dataclass(frozen=True, slots=True)
class Events:
    """Events that are taken in, column by column.

    :param numbers: what `numbered` answers of each.
    :param kinds: their kinds.
    :param bodies: their bodies.
    """

    numbers: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    def add(self, number: int, kind: str, body: str) -> None:
        """Add one.

        :param number: what `numbered` answers of it.
        :param kind: its kind.
        :param body: its body.
        """
        self.numbers.append(number)
        self.kinds.append(kind)
        self.bodies.append(body)


class UnfitError(StoreError):
    """Something that is not asked in DuckDB; `code` says what."""

    def __init__(self, code: str) -> None:
        """Name it.

        :param code: ``"where"``, ``"across"``, ``"working_days"``, ``"field"`` or ``"large"``.
        """
        super().__init__(f"this is not asked in DuckDB: {code}.")
        self.code = code


def quoted(text: str) -> str:
    """Write a text of a rule as a constant of SQL.

    :param text: the text.
    """
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Write texts as a list in brackets.

    :param texts: at least one text.
    """
    return "(" + ", ".join(quoted(str(text)) for text in sorted(texts)) + ")"


@dataclass(frozen=True, slots=True)
class Column:
    """Where a value stands.

    :param value: name of the column with the value.
    :param currency: name of the column with its currency, for sums of any currency.
    """

    value: str
    currency: str | None = None


def _head(code: str, type_: str) -> str:
    """Write what stands before the text of a field in a body.

    :param code: its code, with its prefix.
    :param type_: its type.
    """
    return f'[{json.dumps(code, ensure_ascii=False)},"{type_}","'


@dataclass(slots=True)
class Fields:
    """The columns that are asked for; equal fields share theirs."""

    #: What stands in a body before each text that is cut out of it, by name; the first counts.
    cuts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: What is made of the texts, by name.
    columns: dict[str, str] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    _known: dict[tuple[str, str | None, Type], Column] = field(default_factory=dict)

    def own(self, name: str) -> Column:
        """Answer where one of an event's own texts stands.

        :param name: actor, unit, step, source or stream.
        """
        if name not in self.cuts:
            self.cuts[name] = (_head(f"e.{name}", _OWN[name]),)
            self.odd.append(f"contains({name}, '\\')")
            if name in ("step", "source", "stream"):
                self.odd.append(f"{name} IS NULL")
            self.columns[name] = name
        return Column(name)

    def column(self, of: EventField) -> Column:
        """Answer where a field stands.

        :param of: the field.
        :raises UnfitError: where it has no column.
        """
        key = (of.name, of.code, of.type)
        if key not in self._known:
            self._known[key] = self._made(of)
        return self._known[key]

    def _made(self, of: EventField) -> Column:
        if of.code is None:
            return self._own_field(of)
        code, kind = f"a.{of.code}", of.type.kind
        if kind is Kind.MONEY:
            return self._money(of.type, self._cut(code, "money"))
        if kind in RANGES:
            return self._number(of.type, self._cut(code, "integer"))
        if kind in (Kind.TEXT, Kind.CHOICE):
            text = self._cut(code, "text", "choice")
            self.odd.append(f"contains({text}, '\\')")
            choices = listed(of.type.choices) if of.type.choices else ""
            return self._new(f"CASE WHEN {text} IN {choices} THEN {text} END" if choices else text)
        if kind is Kind.BOOLEAN:
            return self._new(f"{self._cut(code, 'boolean')} = 'true'")
        if kind is Kind.DATE:
            return self._date(code)
        raise UnfitError("field")

    def _own_field(self, of: EventField) -> Column:
        if of.name == "amount":
            return self._money(of.type, self._cut("e.amount", "money"))
        if of.name in ("kind", "occurred_on"):
            return Column({"occurred_on": "d"}.get(of.name, of.name))
        if of.name in _OWN:
            return self.own(of.name)
        if of.name in _IMPLIED:
            text = self._cut(f"e.{of.name}", "choice")
            return self._new(f"coalesce({text}, '{_IMPLIED[of.name]}')")
        raise UnfitError("field")

    def _cut(self, code: str, *types: str) -> str:
        name = f"t{len(self.cuts)}"
        self.cuts[name] = tuple(_head(code, type_) for type_ in types)
        return name

    def _new(self, expression: str) -> Column:
        name = f"f{len(self.columns)}"
        self.columns[name] = expression
        return Column(name)

    def _number(self, type_: Type, text: str) -> Column:
        self._odd(text, _WHOLE)
        number = f"TRY_CAST({text} AS BIGINT)"
        return self._new(
            f"CASE WHEN {number} BETWEEN {type_.low} AND {type_.high} THEN {number} END"
        )

    def _money(self, type_: Type, text: str) -> Column:
        self._odd(text, _MONEY)
        minor = f"TRY_CAST(substr({text}, 5) AS BIGINT)"
        is_good = f"{minor} BETWEEN {type_.low} AND {type_.high}"
        if not type_.is_of_any_currency:
            is_good += f" AND substr({text}, 1, 3) = {quoted(type_.currency)}"
        found = self._new(f"CASE WHEN {is_good} THEN {minor} END")
        if not type_.is_of_any_currency:
            return found
        self.columns[f"{found.value}_of"] = f"CASE WHEN {is_good} THEN substr({text}, 1, 3) END"
        return Column(found.value, f"{found.value}_of")

    def _date(self, code: str) -> Column:
        text = self._cut(code, "date")
        self._odd(text, _DAY)
        self.odd.append(f"{self._cut(code, 'datetime')} IS NOT NULL")
        day = f"TRY_CAST({text} AS DATE)"
        self.odd.append(f"{text} IS NOT NULL AND {day} IS NULL")
        return self._new(f"date_diff('day', DATE '0001-01-01', {day}) + 1")

    def _odd(self, text: str, form: str) -> None:
        """Let events be odd that write a value in another form than we do."""
        self.odd.append(f"NOT regexp_full_match({text}, {quoted(form)})")

    def select(self) -> str:
        """Write the query that takes events in and answers their fields, and `is_odd`.

        Each column is one JSON text: DuckDB reads a list of Python's values at half the pace.
        """
        given = [("n", "BIGINT"), ("kind", "VARCHAR"), *((name, "VARCHAR") for name in self.cuts)]
        taken = ", ".join(
            f"unnest(from_json(?, '[\"{type_}\"]')) AS {name}" for name, type_ in given
        )
        kept = ", ".join(f"{text} AS {name}" for name, text in PARTS.items())
        made = "".join(f", {text} AS {name}" for name, text in self.columns.items())
        odd = " OR ".join(["FALSE", *(f"coalesce({each}, FALSE)" for each in self.odd)])
        columns = f"{kept}, kind{made}, ({odd}) AS is_odd"
        return f"SELECT {columns} FROM (SELECT {taken})"  # noqa: S608 - names of ours; texts are quoted

    def columns_of(self, events: Events) -> tuple[str, ...]:
        """Write events as `select` takes them in.

        :param events: the events.
        """
        texts = (texts_after(heads, events.bodies) for heads in self.cuts.values())
        columns = (events.numbers, events.kinds, *texts)
        return tuple(json.dumps(column, ensure_ascii=False) for column in columns)
