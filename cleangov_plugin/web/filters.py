"""The filter above a list: a form that puts what is wanted into the address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cleangov_hooks import Stream
from cleangov_plugin.desk.letters.listing import OF_TALKS, LettersView, LettersWish, Standing
from cleangov_plugin.desk.letters.templates import INQUIRY, KINDS, TALK
from cleangov_plugin.desk.review.checkpoints import Wish
from cleangov_plugin.desk.review.entry_views import AgencyView, CheckpointsView
from cleangov_plugin.desk.review.finding_views import FindingsView
from cleangov_plugin.desk.review.findings import FindingWish
from cleangov_plugin.desk.review.readers import Reader
from cleangov_plugin.domain.terms import FindingState, Severity

from .words import word

Option = tuple[str, str]

#: Streams that have steps; the others are context.
_STREAMS = (Stream.ENFORCEMENT, Stream.PERMIT, Stream.PROJECT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a filter.

    :param name: name of the parameter.
    :param label: how it is called.
    :param kind: ``"select"``, ``"text"`` or ``"date"``.
    :param value: what is chosen; empty for any.
    :param options: value and text of each choice.
    """

    name: str
    label: str
    kind: str
    value: str
    options: tuple[Option, ...] = ()


def entry_fields(reader: Reader, wish: Wish, view: CheckpointsView) -> tuple[Field, ...]:
    """Make the filter of the checkpoints.

    :param reader: who looks.
    :param wish: what they asked for.
    :param view: the page, with what can be chosen.
    """
    say = _Say(reader.language)
    outcomes = (
        ("hit", word("filter.outcome.hit", reader.language)),
        ("unknown", word("filter.outcome.unknown", reader.language)),
    )
    return (
        *_agency(say, view.agency, view.agencies),
        say.text("filter.case", "case", wish.case),
        say.select("filter.outcome", "outcome", wish.outcome, outcomes),
        say.select("filter.rule", "rule", wish.rule, _titled(view.rules)),
        say.select("filter.kind", "kind", wish.kind, view.kinds),
        say.select("filter.stream", "stream", wish.stream, _streams(reader.language)),
        *_unit(say, reader, wish.unit, view.units),
        say.day("filter.since", "since", wish.since),
        say.day("filter.until", "until", wish.until),
    )


def finding_fields(
    reader: Reader, wish: FindingWish, view: FindingsView, states: Sequence[FindingState]
) -> tuple[Field, ...]:
    """Make the filter of findings or signals.

    :param reader: who looks.
    :param wish: what they asked for.
    :param view: the page, with what can be chosen.
    :param states: states this list shows.
    """
    say = _Say(reader.language)
    named = [(state.value, word(f"state.{state.value}", reader.language)) for state in states]
    chosen = say.choose("filter.state", "state", wish.state.value, named)
    severities = [(s.value, word(f"severity.{s.value}", reader.language)) for s in Severity]
    return (
        *_agency(say, view.agency, view.agencies),
        *((chosen,) if len(named) > 1 else ()),
        say.select("filter.rule", "rule", wish.rule, _titled(view.rules)),
        say.select("filter.severity", "severity", wish.severity, severities),
        say.select("filter.stream", "stream", wish.stream, _streams(reader.language)),
        *_unit(say, reader, wish.unit, view.units),
        say.day("filter.since", "since", wish.since),
        say.day("filter.until", "until", wish.until),
    )


def letter_fields(reader: Reader, wish: LettersWish, view: LettersView) -> tuple[Field, ...]:
    """Make the filter of the letters.

    :param reader: who looks.
    :param wish: what they asked for.
    :param view: the page, with what can be chosen.
    """
    say = _Say(reader.language)
    offered = [s for s in Standing if wish.kind == TALK or s not in OF_TALKS]
    named = [(s.value, word(f"standing.{s.value}", reader.language)) for s in offered]
    kinds = [("" if k == INQUIRY else k, word(f"letters.kind.{k}", say.language)) for k in KINDS]
    return (
        say.choose("letters.kind", "kind", "" if wish.kind == INQUIRY else wish.kind, kinds),
        say.select("filter.state", "state", wish.standing.value if wish.standing else "", named),
        say.text("filter.case", "case", wish.case),
        *_unit(say, reader, wish.unit, view.units),
        say.day("filter.since", "since", wish.since),
        say.day("filter.until", "until", wish.until),
    )


@dataclass(frozen=True, slots=True)
class _Say:
    """Makes fields in one language."""

    language: str

    def choose(self, key: str, name: str, value: str, options: Iterable[Option]) -> Field:
        """Make a choice of which one must be taken."""
        label = word(key, self.language)
        return Field(name=name, label=label, kind="select", value=value, options=tuple(options))

    def select(self, key: str, name: str, value: str, options: Iterable[Option]) -> Field:
        """Make a choice that may be left open; what is chosen is always among the options."""
        known = tuple(options)
        strange = ((value, value),) if value and value not in {v for v, _ in known} else ()
        any_ = ("", word("filter.any", self.language))
        return self.choose(key, name, value, (any_, *known, *strange))

    def text(self, key: str, name: str, value: str) -> Field:
        """Make a field to write into."""
        return Field(name=name, label=word(key, self.language), kind="text", value=value)

    def day(self, key: str, name: str, value: date | None) -> Field:
        """Make a field for a civil day."""
        shown = value.isoformat() if value else ""
        return Field(name=name, label=word(key, self.language), kind="date", value=shown)


def _agency(say: _Say, chosen: AgencyView, all_: Sequence[AgencyView]) -> tuple[Field, ...]:
    options = [
        (
            agency.log_id,
            word("filter.agency.imported", say.language, name=agency.name)
            if agency.is_imported
            else agency.name,
        )
        for agency in all_
    ]
    field = say.choose("filter.agency", "agency", chosen.log_id, options)
    return (field,) if len(options) > 1 else ()


def _unit(say: _Say, reader: Reader, value: str, units: Sequence[str]) -> tuple[Field, ...]:
    """Leave the choice of units to those who may see more than one."""
    if not reader.is_reviewer:
        return ()
    return (say.select("filter.unit", "unit", value, [(unit, unit) for unit in units]),)


def _titled(rules: Iterable[Option]) -> list[Option]:
    return [(id_, f"{id_} {title}" if title != id_ else id_) for id_, title in rules]


def _streams(language: str) -> list[Option]:
    return [(stream.value, word(f"stream.{stream.value}", language)) for stream in _STREAMS]
