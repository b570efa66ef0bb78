"""Sums in the currency of the case, in the core: minor units, and the currencies in them."""

from typing import Final

from .nodes import All, Any, Compared, Constant, First, Input, Term, Where

#: The currency of a sum of nothing.
_NONE: Final = Constant("")


def alike(ours: tuple[Term, ...], others: tuple[Term, ...], item: Term) -> Term:
    """Answer a term of two sums where their currencies go together; else it is unknown.

    :param ours: the currencies in the one sum; an empty one goes with each. Where two of its own
        differ, the sum is unknown already.
    :param others: the currencies in the other.
    :param item: the term.
    """
    pairs = dict.fromkeys((a, b) for a in ours for b in others if a != b)
    tests = tuple(
        Any((Compared("==", a, _NONE), Compared("==", b, _NONE), Compared("==", a, b)))
        for a, b in pairs
    )
    return Where(tests[0] if len(tests) == 1 else All(tests), item) if tests else item


def first(sums: list[tuple[Term, tuple[Term, ...]]]) -> tuple[Term, tuple[Term, ...]]:
    """Answer the first sum that is known, with its currency.

    :param sums: minor units and currencies of each.
    """
    currencies: list[Term] = []
    for minor, own in sums:
        named = [Where(Compared("!=", c, _NONE), c) for c in own[:-1]]
        currency = First((*named, own[-1])) if named else own[-1]
        # The currency of a sum that is not known is not known, whatever it was made from.
        is_known = Compared("==", minor, minor)
        currencies.append(currency if isinstance(minor, Input) else Where(is_known, currency))
    return First(tuple(minor for minor, _ in sums)), (First(tuple(currencies)),)
