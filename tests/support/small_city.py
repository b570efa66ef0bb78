"""The city of the small host: its clock, its people, its money."""

from datetime import datetime
from zoneinfo import ZoneInfo

from cleangov_hooks import Money, Person

ZONE = ZoneInfo("Asia/Shanghai")
#: Tuesday 10 March 2026, ten o'clock: the day of the demo.
TODAY = datetime(2026, 3, 10, 10, tzinfo=ZONE)
#: The same hour without its zone, as no event may have it.
NAIVE = datetime(2026, 3, 10, 10)  # noqa: DTZ001
PEOPLE = {
    "chen": Person(id="chen", name="陈静", roles=frozenset({"officer"}), unit="u-1"),
    "liu": Person(id="liu", name="刘敏", roles=frozenset({"officer", "reviewer"}), unit="u-1"),
    "zhao": Person(id="zhao", name="赵磊", roles=frozenset({"project_manager"}), unit="u-2"),
    "he": Person(id="he", name="何平", roles=frozenset({"chief_engineer"}), unit="u-2"),
}


def yuan(number: int) -> Money:
    """Answer a sum of money.

    :param number: whole yuan.
    """
    return Money(minor=number * 100)
