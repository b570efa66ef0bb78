"""Sums whose currency the case decides: added and compared only where it is the same."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from cleangov_hooks import Money

from .kinds import Type

#: The sum of nothing: of no currency yet, so it goes together with each of them.
NOTHING: Final = Money(minor=0, currency="")


def common(a: Money, b: Money) -> str | None:
    """Answer the currency two sums have in common; None where they have none.

    :param a: the one.
    :param b: the other.
    """
    if a.currency and b.currency and a.currency != b.currency:
        return None
    return a.currency or b.currency


def total(sums: Iterable[Money]) -> Money | None:
    """Add sums; None where they are of more than one currency.

    :param sums: any number of them.
    """
    found = NOTHING
    for each in sums:
        currency = common(found, each)
        if currency is None:
            return None
        found = Money(minor=found.minor + each.minor, currency=currency)
    return found


def within(values: Iterable[Any], type_: Type) -> Any:
    """Add numbers or sums; None past the range, and for sums of more than one currency.

    :param values: whole numbers; sums where the case decides the currency.
    :param type_: type of their sum, with its range.
    """
    if type_.is_of_any_currency:
        money = total(value for value in values if isinstance(value, Money))
        return money if money is not None and type_.low <= money.minor <= type_.high else None
    number = sum(value for value in values if isinstance(value, int))
    return number if type_.low <= number <= type_.high else None


def extreme(values: list[Any], choose: Callable[[list[Any]], Any]) -> Any:
    """Choose the least or greatest of values; None for sums of more than one currency.

    :param values: at least one, of one type.
    :param choose: `min` or `max`.
    """
    if not isinstance(values[0], Money):
        return choose(values)
    if len({each.currency for each in values}) > 1:
        return None
    return Money(minor=choose([each.minor for each in values]), currency=values[0].currency)


def on_minors(
    operation: Callable[[int, int], Any], type_: Type, *, is_sum: bool = False
) -> Callable[[Any, Any], Any]:
    """Answer an operation on two numbers as one on two values of a type.

    :param operation: works on whole minor units.
    :param type_: type of both values.
    :param is_sum: whether its answer is a sum again.
    :return: the operation itself; for sums of any currency one that is unknown across currencies.
    """
    if not type_.is_of_any_currency:
        return operation

    def run(a: Money, b: Money) -> Any:
        currency = common(a, b)
        if currency is None:
            return None
        found = operation(a.minor, b.minor)
        return Money(minor=found, currency=currency) if is_sum else found

    return run


def scaled(value: Any, factor: int) -> Any:
    """Multiply a number or a sum.

    :param value: the number or sum.
    :param factor: a whole number.
    """
    if isinstance(value, Money):
        return Money(minor=value.minor * factor, currency=value.currency)
    return value * factor


def minor(value: Any) -> Any:
    """Answer a sum's minor units; a number is its own.

    :param value: the number or sum.
    """
    return value.minor if isinstance(value, Money) else value
