"""How values are written for people: money, days and percentages in zh and en."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, parse_pattern

from cleangov_hooks import Money
from cleangov_plugin.domain.evaluation import Value

from .kinds import minor_digits

_LOCALES: Final = {"zh": Locale("zh", "CN", script="Hans"), "en": Locale("en", "GB")}
#: Read now, so that showing a text later touches no file.
_LOADED: Final = tuple(locale.months for locale in _LOCALES.values())
_DATES: Final = {"zh": "y年M月d日", "en": "d MMMM y"}
_SHORT_DATES: Final = {"zh": "M月d日", "en": "d MMMM"}
_WEEKDAYS: Final = {"zh": "EEE", "en": "EEEE"}
_TIMES: Final = {"zh": "M月d日 HH:mm", "en": "d MMMM, HH:mm"}
_SPANS: Final = {"zh": ("{} 小时", "{} 分钟"), "en": ("{} hours", "{} minutes")}


def language_of(tag: str) -> str:
    """Answer the language whose texts are shown for a BCP 47 tag.

    :param tag: ``"zh-CN"``, ``"en-GB"``, ...
    :return: ``"zh"`` or ``"en"``; English for everybody else.
    """
    return "zh" if tag.lower().startswith("zh") else "en"


#: Patterns of numbers, read once each.
_pattern: Final = lru_cache(maxsize=64)(parse_pattern)


def money(value: Money, language: str) -> str:
    """Write a sum of money: ``"2,000 元"``, ``"¥2,000"``, ``"€36.00"``.

    :param value: the sum.
    :param language: BCP 47 tag.
    """
    tongue = language_of(language)
    if not value.currency:  # the sum of nothing
        return amount(value, language)
    if value.currency == "CNY":
        number = amount(value, language)
        return f"{number} 元" if tongue == "zh" else f"¥{number}".replace("¥-", "-¥")
    return format_currency(_decimal(value), value.currency, locale=_LOCALES[tongue])


def amount(value: Money, language: str) -> str:
    """Write a sum without its currency; minor units only where there are some.

    :param value: the sum.
    :param language: BCP 47 tag.
    """
    digits = minor_digits(value.currency)
    is_round = value.minor % 10**digits == 0
    pattern = "#,##0" if is_round else f"#,##0.{'0' * digits}"
    return format_decimal(
        _decimal(value), _pattern(pattern), locale=_LOCALES[language_of(language)]
    )


def percent(value: int, language: str) -> str:
    """Write a percentage to two places, half rounded up: ``"11.81%"``, ``"11.81 %"``.

    :param value: thousandths of a percent.
    :param language: BCP 47 tag.
    """
    exact = Decimal((value + 5) // 10).scaleb(-2)
    number = format_decimal(exact, _pattern("#,##0.##"), locale=_LOCALES["en"])
    return f"{number}%" if language_of(language) == "zh" else f"{number} %"


def write(value: Value, form: str, language: str) -> str:
    """Write a value in a form of a template.

    :param value: the value, of a kind the form can show.
    :param form: one of `templates.FORMS`.
    :param language: BCP 47 tag.
    :return: plain text.
    """
    return _WRITERS.get(form, _plain)(value, language_of(language))


def _decimal(value: Money) -> Decimal:
    return Decimal(value.minor).scaleb(-minor_digits(value.currency))


def _dated(patterns: Mapping[str, str]) -> Callable[[Any, str], str]:
    def written(value: Any, tongue: str) -> str:
        if isinstance(value, datetime):
            return format_datetime(value, patterns[tongue], locale=_LOCALES[tongue])
        if isinstance(value, date):
            return format_date(value, patterns[tongue], locale=_LOCALES[tongue])
        return _plain(value, tongue)

    return written


def _integer(value: Any, tongue: str) -> str:
    return format_decimal(value, _pattern("#,##0"), locale=_LOCALES[tongue])


def _duration(value: Any, tongue: str) -> str:
    hours, minutes = _SPANS[tongue]
    number, rest = divmod(int(value), 3600)
    return hours.format(number) if not rest else minutes.format(int(value) // 60)


def _list(value: Any, tongue: str) -> str:
    return ("、" if tongue == "zh" else ", ").join(str(item) for item in value)


def _plain(value: Any, tongue: str) -> str:  # noqa: ARG001 - one signature for all
    return str(value)


_WRITERS: Final[Mapping[str, Callable[[Any, str], str]]] = {
    "money": money,
    "amount": amount,
    "percent": percent,
    "date": _dated(_DATES),
    "date_short": _dated(_SHORT_DATES),
    "weekday": _dated(_WEEKDAYS),
    "time": _dated(_TIMES),
    "integer": _integer,
    "duration": _duration,
    "list": _list,
}
