"""Reading what is particular to a figure over other cases: rank, wider group, least number."""

from typing import Final

from . import tree
from .document import Part
from .kinds import WHOLE, Kind, Type, of
from .model import FactSpec
from .names import near
from .quantities import literal
from .tree import Source

#: A share of events: 0 to 100 %, in thousandths of a percent.
SHARE: Final[Type] = of(Kind.PERCENT).within(0, WHOLE)
_FARTHEST: Final = WHOLE // 10_000
#: Figures that say nothing of few events: how many there must be at least is written down.
_OF_MANY: Final = ("mean", "quantile", "share")


def rank(part: Part) -> int:
    """Read the rank of a quantile: the share of events that are not above it.

    :param part: the fact as written; ``at: 90%``.
    :return: thousandths of a percent.
    :raises RuleError: where it is none that ten thousand events, the most that can be asked for,
        could carry.
    """
    found = literal(part.values.get("at"), SHARE, part.at("at"))
    if not isinstance(found, int) or not _FARTHEST <= found <= WHOLE - _FARTHEST:
        what = "the rank of a quantile lies between 0.01 and 99.99 %."
        raise part.wrong("at", what, "Write at: 90%.")
    return found


def toward(part: Part, per: tuple[str, ...] | None) -> tuple[str, ...]:
    """Read the fields of the wider group that the share of a small group is drawn to.

    :param part: the fact as written; without ``toward`` all events together are the wider group.
    :param per: the fields it is grouped by.
    :return: some of them, not all.
    """
    found = part.texts("toward") if "toward" in part.values else ()
    for name in found:
        if name not in (per or ()):
            what = f"'{name}' does not stand under 'per'."
            raise part.wrong("toward", what, near(name, per or ()))
    if per and not {*per} - {*found}:
        remedy = "Leave at least one field of 'per' out."
        raise part.wrong("toward", "the wider group is no wider.", remedy)
    return found


def fits_figure(part: Part, spec: FactSpec) -> None:
    """Refuse a figure that could say something of nearly nothing, or that no night can make.

    :param part: the fact as written.
    :param spec: the fact as read.
    :raises RuleError: where the least number of events is not written or cannot carry the rank,
        where a share is of nothing, or where the condition reads what is known of one event alone.
    """
    if spec.operation in _OF_MANY and "at_least" not in part.values:
        remedy = "Write at_least: 30."
        raise part.wrong("at_least", "the fewest events of this figure must stand here.", remedy)
    edge = min(spec.at, WHOLE - spec.at)
    if spec.operation == "quantile" and spec.at_least * edge < WHOLE:
        fewest = -(-WHOLE // edge)
        what = f"a quantile of this rank needs at least {fewest} events."
        raise part.wrong("at_least", what, f"Write at_least: {max(fewest, 30)}.")
    if spec.operation == "share" and spec.where is None:
        remedy = "Write where: and the condition that is counted."
        raise part.wrong("where", "a share needs a condition.", remedy)
    read = () if spec.where is None else tree.names(spec.where)
    if any(name.source is Source.CURRENT for name in read):
        remedy = "Write parameters and the fields of the past event."
        raise part.wrong("where", "by night there is no present event.", remedy)
