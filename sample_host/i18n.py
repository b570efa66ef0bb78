"""Words, sums and dates in the two languages of the platform."""

from datetime import date, datetime
from typing import Final

from .clock import ZONE
from .words import WORDS

LANGUAGES: Final = ("zh-CN", "en")
_WEEKDAYS: Final = (
    ("星期一", "Monday"),
    ("星期二", "Tuesday"),
    ("星期三", "Wednesday"),
    ("星期四", "Thursday"),
    ("星期五", "Friday"),
    ("星期六", "Saturday"),
    ("星期日", "Sunday"),
)
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def language_tag(text: str) -> str | None:
    """Answer the tag of a language however it is written, or None for one we do not have.

    :param text: ``"zh"``, ``"zh_CN"``, ``"en-GB"``, ...
    """
    first = text.strip().lower().replace("_", "-").split("-")[0]
    return {"zh": "zh-CN", "en": "en"}.get(first)


def is_chinese(language: str) -> bool:
    """Answer whether a tag means Chinese.

    :param language: BCP 47 tag.
    """
    return language.lower().startswith("zh")


def word(key: str, language: str, **values: object) -> str:
    """Answer a text of the catalogue.

    :param key: dotted key.
    :param language: BCP 47 tag.
    :param values: what stands in the braces of the text.
    :raises KeyError: where there is no such text: a mistake of ours, seen by the tests.
    """
    zh, en = WORDS[key]
    text = zh if is_chinese(language) else en
    return text.format(**values) if values else text


def money(minor: int, language: str) -> str:
    """Write a sum; fen only where there are some.

    :param minor: fen.
    :param language: BCP 47 tag.
    :return: ``"16,000,000 元"`` or ``"¥16,000,000"``.
    """
    sign, rest = ("-" if minor < 0 else ""), abs(minor)
    text = f"{rest // 100:,}" + (f".{rest % 100:02d}" if rest % 100 else "")
    return f"{sign}{text} 元" if is_chinese(language) else f"{sign}¥{text}"


def day(value: date | datetime, language: str) -> str:
    """Write a civil day of the city.

    :param value: a date, or an aware instant.
    :param language: BCP 47 tag.
    :return: ``"2026年3月10日"`` or ``"10 March 2026"``.
    """
    local = value.astimezone(ZONE).date() if isinstance(value, datetime) else value
    if is_chinese(language):
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def minute(value: datetime, language: str) -> str:
    """Write an instant to the minute, in the city's zone.

    :param value: aware.
    :param language: BCP 47 tag.
    """
    return f"{day(value, language)} {value.astimezone(ZONE):%H:%M}"


def second(value: datetime, language: str) -> str:
    """Write an instant to the second, in the city's zone.

    :param value: aware.
    :param language: BCP 47 tag.
    """
    return f"{day(value, language)} {value.astimezone(ZONE):%H:%M:%S}"


def weekday(value: datetime, language: str) -> str:
    """Name the day of the week in the city's zone.

    :param value: aware.
    :param language: BCP 47 tag.
    """
    zh, en = _WEEKDAYS[value.astimezone(ZONE).weekday()]
    return zh if is_chinese(language) else en
