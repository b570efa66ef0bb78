"""What a rule's past hits were worth, and how often something weightier comes; pure numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Final, TypeAlias

#: Scale of a share: a millionth.
MILLION: Final = 1_000_000
_THOUSAND: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What is known of one rule's hits. Of a new rule nothing is: it comes after those that are.

    :param precision: lower bound of the share of its hits that were confirmed, in millionths.
    :param better: weightier panels that all but one in a hundred days of officers bring.
    """

    precision: int = 0
    better: int = 0

    def places(self, most: int) -> int:
        """Answer how many of a day's panels may be spent before this rule must stand back.

        A place is kept free for as many weightier panels as all but one day in a hundred bring;
        one is always left, so that of no rule it is never known again what it is worth.

        :param most: panels of tiers 2 and 3 that an officer may be shown on a day.
        """
        return max(1, most - self.better)


#: Weights by id of the rule.
Weights: TypeAlias = Mapping[str, Weight]

UNKNOWN: Final = Weight()


def lower_bound(good: int, number: int) -> int:
    """Answer the lower end of the 95 % interval of a share.

    Wilson, E. B. (1927): Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212. It draws few cases towards
    nothing known: one confirmed hit of one is 20.6 %, a hundred of a hundred 96.3 %. Whole
    numbers throughout, with z = 1.96.

    :param good: how many were.
    :param number: of how many.
    :return: millionths, rounded down; 0 where there are none.
    :raises ValueError: where more were than there are, or a number is negative.
    """
    if not 0 <= good <= number:
        raise ValueError(f"{good} of {number} is no share")
    if number == 0:
        return 0
    square = 38_416  # 1.96 squared, in ten-thousandths
    # (g + z2/2 - z * sqrt(g * (n - g) / n + z2 / 4)) / (n + z2), each part times 10,000.
    scale = 10_000
    inner = (4 * good * (number - good) * scale + square * number) * square
    root = isqrt(inner * MILLION // (4 * number)) + 1
    above = (good * scale + square // 2) * _THOUSAND - root
    return max(0, above * MILLION // ((number * scale + square) * _THOUSAND))
