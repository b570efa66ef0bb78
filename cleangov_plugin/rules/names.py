"""Which names an expression may use, and what each means."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from cleangov_hooks import ActorKind, Clock, Mode, Origin

from .kinds import Kind, Type, of
from .tokens import refused
from .tree import Name, Source

#: Labels that are second names: Latin letters and Chinese signs, no radicals or forms like them.
_SPELLING: Final = re.compile(
    r"[A-Za-z_㐀-䶿一-鿿\U00020000-\U0003134f][\w㐀-䶿一-鿿\U00020000-\U0003134f]*", re.ASCII
)

#: The names every event has, whatever the rule declares.
EVENT_NAMES: Final[Mapping[str, Type]] = MappingProxyType(
    {
        "amount": of(Kind.MONEY),
        "actor": of(Kind.TEXT),
        "actor_kind": of(Kind.CHOICE, choices=tuple(ActorKind)),
        "unit": of(Kind.TEXT),
        "step": of(Kind.TEXT),
        "kind": of(Kind.TEXT),
        "mode": of(Kind.CHOICE, choices=tuple(Mode)),
        "origin": of(Kind.CHOICE, choices=tuple(Origin)),
        "clock": of(Kind.CHOICE, choices=tuple(Clock)),
        "occurred_at": of(Kind.INSTANT),
        "occurred_on": of(Kind.DATE),
        "recorded_at": of(Kind.INSTANT),
        "recorded_on": of(Kind.DATE),
    }
)
#: Other spellings of these names.
EVENT_ALIASES: Final[Mapping[str, str]] = {
    "金额": "amount",
    "经办人": "actor",
    "经办人类别": "actor_kind",
    "单位": "unit",
    "环节": "step",
    "事件": "kind",
    "办理方式": "mode",
    "数据来源": "origin",
    "时钟来源": "clock",
    "发生时间": "occurred_at",
    "发生日期": "occurred_on",
    "记录时间": "recorded_at",
    "记录日期": "recorded_on",
}


def near(word: str, known: Iterable[str]) -> str:
    """Answer the sentence that offers the nearest known word; empty where none is near.

    :param word: what was written.
    :param known: what could have been meant.
    """
    return _near(word, tuple(known))


@lru_cache(maxsize=1_024)
def _near(word: str, known: tuple[str, ...]) -> str:
    """Compare with each known word: milliseconds, and a mutant repeats its rule's mistakes."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"Did you mean '{found[0]}'?" if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that may stand in one expression.

    :param event: the event's own fields by name: those of `EVENT_NAMES` and the declared ones.
    :param parameters: the rule's parameters.
    :param facts: the facts declared so far.
    :param counted: facts that also have a number of cases, ``facts.usual.n``.
    :param values: named values of the rule; only texts and patches may use them.
    :param aliases: other spellings, such as Chinese labels, each with the names it may stand for.
    :param is_past: whether bare names mean the past event of a fact's ``where``.
    :param counts_days: whether a day may be moved by working days: in named values alone, which
        are worked out while the calendar is at hand. A condition is explained without one.
    """

    event: Mapping[str, Type]
    parameters: Mapping[str, Type] = field(default_factory=dict)
    facts: Mapping[str, Type] = field(default_factory=dict)
    counted: frozenset[str] = frozenset()
    values: Mapping[str, Type] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_past: bool = False
    counts_days: bool = False
    _known: dict[str, Type] = field(init=False, repr=False, compare=False, default_factory=dict)

    def called(self, label: str, name: str) -> "Names":
        """Answer these names with one spelling more: the label of a field, parameter or fact.

        :param label: the label; what is no word of Latin letters or Chinese signs is no spelling,
            for a letter that only looks like another would let a text be read as what it is not.
        :param name: the name it stands for.
        """
        meant = self.aliases.get(label, ())
        if not _SPELLING.fullmatch(label) or name in meant:
            return self
        return replace(self, aliases={**self.aliases, label: (*meant, name)})

    def resolve(self, path: str, where: str, at: int = 1) -> Name:
        """Find what a name means.

        :param path: as written.
        :param where: path of the expression in its rule, for messages.
        :param at: position in the expression.
        :return: the name with its type.
        :raises RuleError: where there is no such name, with the nearest one, or a label that two
            fields have.
        """
        head, _, rest = path.partition(".")
        if head == "current" and rest:
            path = f"current.{self._canonical(rest, where, at)}"
        else:
            path = self._canonical(path, where, at)
        type_ = self._all().get(path)
        if type_ is None:
            hint = near(path, [*self._all(), *self.aliases])
            remedy = hint or "Declare it under 'fields', 'parameters' or 'facts'."
            raise refused(f"there is no name '{path}'", where, at, remedy)
        head, _, rest = path.partition(".")
        if head == "facts" and rest.endswith(".n"):
            return Name(type_, path, Source.FACT_COUNT, rest.removesuffix(".n"))
        if head in ("facts", "params", "values", "current") and rest:
            return Name(type_, path, Source(head), rest)
        return Name(type_, path, Source.EVENT, path)

    def _canonical(self, path: str, where: str, at: int) -> str:
        """Answer the name behind another spelling; a name itself is never taken for a spelling."""
        head, _, rest = path.rpartition(".")
        if rest == "n" and head in self.aliases:  # of a figure: from how many events
            return f"{self._canonical(head, where, at)}.n"
        meant = () if path in self.event else self.aliases.get(path, ())
        if len(meant) > 1:
            what = f"'{path}' may mean {' or '.join(meant)}"
            raise refused(what, where, at, "Write the name of the field.")
        return meant[0] if meant else path

    def _all(self) -> dict[str, Type]:
        """Answer every name; they are put together once."""
        if self._known:
            return self._known
        found = self._known
        found.update(self.event)
        found.update({f"params.{name}": type_ for name, type_ in self.parameters.items()})
        found.update({f"facts.{name}": type_ for name, type_ in self.facts.items()})
        found.update({f"facts.{name}.n": _COUNT for name in self.counted})
        found.update({f"values.{name}": type_ for name, type_ in self.values.items()})
        if self.is_past:
            found.update({f"current.{name}": type_ for name, type_ in self.event.items()})
        return found


#: From how many cases a figure over other cases may be made; more count as so many.
MOST_CASES: Final = 10**9
_COUNT: Final = of(Kind.INTEGER).within(0, MOST_CASES)
