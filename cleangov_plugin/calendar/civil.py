"""Civil days: what a person in a place reads on the wall calendar, whatever the clock did."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def civil_day(moment: datetime, zone: ZoneInfo) -> date:
    """Answer the day on which a moment falls in a place.

    :param moment: aware.
    :param zone: the place's IANA zone.
    :return: the civil day.
    :raises ValueError: if the moment is naive: its day would depend on this machine.
    """
    if moment.utcoffset() is None:
        raise ValueError("a moment without an offset has no civil day")
    return moment.astimezone(zone).date()


def civil_days_between(a: datetime, b: datetime, zone: ZoneInfo) -> int:
    """Count civil days from one moment to another; the day after the first is day 1.

    Days are counted, not seconds: over a change of the clock a day has 23 or 25 hours, and 60
    days stay 60 days.

    :param a: start, aware.
    :param b: end, aware.
    :param zone: the place's IANA zone.
    :return: days; negative where `b` falls on an earlier day.
    """
    return (civil_day(b, zone) - civil_day(a, zone)).days


def month_before(day: date, months: int) -> date:
    """Answer the first day of a month that lies so many months back.

    :param day: any day.
    :param months: how many; 0 is the month of the day itself.
    :raises ValueError: where the calendar has no such month.
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)
