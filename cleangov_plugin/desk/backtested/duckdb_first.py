"""Asking DuckDB first: cases about which the rules are clear are counted there, all others here."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Final
from zoneinfo import ZoneInfo

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules.bound import BoundRule, bind
from cleangov_plugin.store.judged_entries import Horizon, JudgedEntry
from cleangov_plugin.store.sieve import Sieve, is_installed
from cleangov_plugin.store.sieve_fields import UnfitError

from .asking import Reading, Sides
from .counting import Counts

#: Entries that are sifted at once; the last case of a handful is whole.
_HANDFUL: Final = 40_000
#: What keeps DuckDB from being asked, in Chinese and English.
WHY: Final[Mapping[str, tuple[str, str]]] = {
    "where": ("事实的条件又引用事实", "the condition of a fact reads another fact"),
    "across": ("事实涉及其他案件", "a fact looks at other cases"),
    "duration": ("按时长计算", "a duration is measured"),
    "field": ("用到清单、时刻或文本函数", "a list, a moment or a function of texts is asked for"),
    "large": ("条件过长", "the condition is too long"),
}


def unfit(sides: Sides) -> str | None:
    """Answer why DuckDB is not asked about some rules; None where it is.

    :param sides: the rules.
    :return: a key of `WHY`.
    :raises RuleError: where it is not installed.
    """
    if not is_installed():
        remedy = "Install the extra: cleangov-plugin[duckdb]; or ask with --engine python."
        raise RuleError("DuckDB is not installed here.", where="--engine", remedy=remedy)
    try:
        Sieve(_bound(sides), ZoneInfo("UTC")).close()
    except UnfitError as problem:
        return problem.code
    return None


def sift(reading: Reading, counts: Counts, entries: Iterable[JudgedEntry]) -> None:
    """Go through cases with DuckDB.

    Where it has to hand most cases of a handful back, it is not asked about the next: that would be
    work twice.

    :param reading: asks the closures.
    :param counts: what is counted.
    :param entries: case by case, in row order.
    """
    ledger, bound = reading.ledger, _bound(reading.sides)
    sieve = Sieve(bound, ledger.zone, reading.first, reading.last, calendar=ledger.calendar)
    within = reading.within
    try:
        is_worth = True
        for cases in _handfuls(entries):
            if not is_worth:
                for case in cases:
                    counts.case(case[0].subject, reading.case(case))
                continue
            found = sieve.sifted(cases if within.is_even else [_held(c, within) for c in cases])
            is_worth = len(found.live) * 2 <= len(cases)
            for place, case in enumerate(cases):
                if place in found.live:
                    counts.case(case[0].subject, reading.case(case))
                else:
                    reading.passed(case)
            counts.clear(reading.sides.rules, found.cases, found.events, found.officers)
    finally:
        sieve.close()


def _bound(sides: Sides) -> list[BoundRule]:
    return [bind(rule, binding) for rule, binding in sides.ruleset.bound]


def _held(case: list[JudgedEntry], within: Horizon) -> list[JudgedEntry]:
    """Leave a case to the closures where something stands in it that is there to be seen alone."""
    return case if all(map(within.holds, case)) else []


def _handfuls(entries: Iterable[JudgedEntry]) -> Iterator[list[list[JudgedEntry]]]:
    """Put whole cases together."""
    cases: list[list[JudgedEntry]] = []
    number = 0
    for _, of_case in groupby(entries, itemgetter(0)):
        cases.append(list(of_case))
        number += len(cases[-1])
        if number >= _HANDFUL:
            yield cases
            cases, number = [], 0
    if cases:
        yield cases
