"""How moments, sums, shares and pseudonyms are written on the screens."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from cleangov_hooks import Money, Precision
from cleangov_plugin.rules.writing import money, write

from .words import word

#: Letters of a pseudonym that are shown: two people of one case will not share them.
_LETTERS: Final = 6
#: Between what happened and its record, less than this is said of nothing.
_NO_LAG: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """Writes values in one language.

    :param language: BCP 47 tag.
    """

    language: str

    def moment(self, at: datetime, precision: Precision = Precision.MINUTE) -> str:
        """Write a moment as finely as it is known, to the minute at most.

        :param at: in the zone in which it is shown.
        :param precision: how finely it is known.
        """
        return at.strftime("%Y-%m-%d" if precision is Precision.DAY else "%Y-%m-%d %H:%M")

    def day(self, day: date) -> str:
        """Write a civil day.

        :param day: the day.
        """
        return day.isoformat()

    def long_day(self, day: date) -> str:
        """Write a civil day as it stands in a letter.

        :param day: the day.
        """
        return write(day, "date", self.language)

    def short_day(self, day: date) -> str:
        """Write a civil day where there is little room.

        :param day: the day.
        """
        return day.strftime("%m-%d")

    def lag(self, occurred: datetime, recorded: datetime, precision: Precision) -> str:
        """Say how far the record is from the act; empty where that is nothing to speak of.

        :param occurred: when it happened.
        :param recorded: when it was recorded.
        :param precision: how finely `occurred` is known.
        """
        if precision is Precision.DAY:
            return self._days((recorded.date() - occurred.date()).days)
        gap = recorded - occurred
        if abs(gap) < _NO_LAG:
            return ""
        span = abs(gap)
        if span < timedelta(hours=1):
            said = word("lag.minutes", self.language, number=span // timedelta(minutes=1))
        elif span < timedelta(days=2):
            said = word("lag.hours", self.language, number=span // timedelta(hours=1))
        else:
            return self._days(gap // timedelta(days=1) if gap > timedelta(0) else -span.days)
        return self._said(said, is_later=gap > timedelta(0))

    def short(self, pseudonym: str | None) -> str:
        """Shorten a pseudonym.

        :param pseudonym: the whole one; None where nobody is named.
        """
        return pseudonym[:_LETTERS] if pseudonym else word("entry.nobody", self.language)

    def sum(self, amount: Money | None) -> str:
        """Write a sum of money; empty where there is none.

        :param amount: the sum.
        """
        if amount is None:
            return ""
        try:
            return money(amount, self.language)
        except Exception:  # a currency that no table of the world knows: its code and number
            return f"{amount.currency} {amount.minor}"

    def quantity(self, value: Money | int | None) -> str:
        """Write a sum of money or a whole number; empty where there is none.

        :param value: the value.
        """
        return self.sum(value) if isinstance(value, Money) or value is None else self.number(value)

    def share(self, part: int, whole: int) -> str:
        """Write a share in whole percent, half rounded up; empty where there is no whole.

        :param part: the part.
        :param whole: the whole.
        """
        return str((200 * part + whole) // (2 * whole)) if whole else ""

    def number(self, number: int) -> str:
        """Write a count with its thousands apart.

        :param number: the count.
        """
        return f"{number:,}"

    def list(self, items: list[str]) -> str:
        """Write several things one after the other.

        :param items: the things.
        """
        return ("、" if self.language.lower().startswith("zh") else ", ").join(items)

    def _days(self, days: int) -> str:
        said = word("lag.days", self.language, number=abs(days))
        return self._said(said, is_later=days > 0) if days else ""

    def _said(self, lag: str, *, is_later: bool) -> str:
        return word("entry.later" if is_later else "entry.earlier", self.language, lag=lag)
