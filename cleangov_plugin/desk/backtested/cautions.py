"""What a back-test's figures do not say, and should not be taken to say."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

#: Fewer hits than this say little of what comes.
FEW: Final = 30
#: Where fewer than so many of 100 hits can be right, the base rate is told as a warning.
_RIGHT: Final = 50
#: One of 100,000: the unit of base rates.
_WHOLE: Final = 100_000


class Caution(StrEnum):
    """What a reader is told to mind, by code."""

    NOTHING = "nothing_looked_at"
    NO_HIT = "no_hit"
    FEW_HITS = "few_hits"
    BASE_RATE = "base_rate"
    UNKNOWN = "much_cannot_be_checked"


def cautions(found: Mapping[str, Any], base_rate: int) -> list[dict[str, Any]]:
    """Name what speaks against taking the figures at their word.

    With a base rate of b wrong cases in all, of h cases that the draft stops at most b/h are
    rightly stopped, even if it misses none: the base-rate fallacy (S. Axelsson, ACM Transactions
    on Information and System Security 3(3), 2000).

    :param found: the counts.
    :param base_rate: assumed cases in 100,000 in which something really is wrong.
    :return: warnings with their numbers, in a fixed order.
    """
    cases = found["cases"]
    looked, hits = cases["looked_at"], cases["new"] + cases["kept"]
    if not looked:
        return [{"code": Caution.NOTHING.value}]
    said: list[dict[str, Any]] = []
    if not hits:
        said.append({"code": Caution.NO_HIT.value, "cases": looked})
    elif hits < FEW:
        said.append({"code": Caution.FEW_HITS.value, "cases": hits, "few": FEW})
    at_most = min(100, base_rate * looked * 100 // (hits * _WHOLE)) if hits else 100
    if at_most < _RIGHT:
        numbers = {"hits": hits, "cases": looked, "base_rate": base_rate, "at_most": at_most}
        said.append({"code": Caution.BASE_RATE.value, **numbers})
    unknown = cases["cannot_be_checked"]
    if unknown * 10 > looked:
        said.append({"code": Caution.UNKNOWN.value, "cases": unknown, "of": looked})
    return said
