"""Asking 100 rules, as a ratio of functions that a programmer would write by hand for the same.

Both answer hit, clear or unknown for the same events, and the answers must be the same. What is
written by hand reads the record itself, looks for what is missing and compares. Timed are events in
order, as nearly all are; a hit or an unknown also has to name fields and values, which nothing
written by hand does here: what one takes is told beside it.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from benchmarks import _cases
from benchmarks import _common as common
from cleangov_hooks import Money
from cleangov_plugin.desk.checkpoint.checked import check_event
from cleangov_plugin.desk.people import People
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.intake.rule_files import load_rule_file
from cleangov_plugin.rules import (
    Knowledge,
    Plan,
    RuleSet,
    compile_bindings,
    compile_rule,
    evaluate,
    plan,
)

RULES: Final = 100
EVENTS: Final = 64
#: Events of one round.
STRETCH: Final = 8
#: The place of the event that hits, and of the one that cannot be checked.
_HIT: Final = 5
_UNKNOWN: Final = 9
ROUNDS: Final = 400
WARM: Final = 20
LIMIT: Final = 2.0
ZONE: Final = "Asia/Shanghai"
Native = Callable[[Record], bool | None]


def _amount(record: Record) -> int | None:
    return None if record.amount is None else record.amount.minor


def _band(record: Record, code: str) -> int | None:
    found = record.attributes.get(code)
    return found.minor if isinstance(found, Money) else None


def _above(yuan: int) -> Native:
    limit = yuan * 100

    def native(record: Record) -> bool | None:
        amount = _amount(record)
        return None if amount is None else amount > limit

    return native


def _outside(_: int) -> Native:
    def native(record: Record) -> bool | None:
        amount = _amount(record)
        low, high = _band(record, "band_min"), _band(record, "band_max")
        if amount is None or low is None or high is None:
            return None
        return amount < low or amount > high

    return native


def _far_above(yuan: int) -> Native:
    more = yuan * 100

    def native(record: Record) -> bool | None:
        amount, high = _amount(record), _band(record, "band_max")
        return None if amount is None or high is None else amount > high + more

    return native


def _wide(yuan: int) -> Native:
    limit = yuan * 100

    def native(record: Record) -> bool | None:
        low, high = _band(record, "band_min"), _band(record, "band_max")
        return None if low is None or high is None else high - low > limit

    return native


def _near(yuan: int) -> Native:
    limit = yuan * 100

    def native(record: Record) -> bool | None:
        amount, low = _amount(record), _band(record, "band_min")
        if amount is None or low is None:
            return None
        return amount > limit and not amount < low

    return native


#: What a rule says, and the same by hand; with the number of the rule in them.
SHAPES: Final[Sequence[tuple[str, Callable[[int], Native]]]] = (
    ("amount > {n}元", _above),
    ("amount < band_min or amount > band_max", _outside),
    ("amount > band_max + {n}元", _far_above),
    ("band_max - band_min > {n}元", _wide),
    ("amount > {n}元 and not amount < band_min", _near),
)


def main() -> int:
    """Measure; 1 where the limit is missed."""
    records = _records()
    asked, natives = _asked(records[0])
    known = Knowledge(zone=ZoneInfo(ZONE))
    for record in records:
        _same(asked, natives, record, known)
    odd = [records[place] for place in (_HIT, _UNKNOWN)]
    records = [record for record in records if record not in odd]

    def ours(number: int) -> object:
        return [evaluate(asked, r, known, is_brief=True) for r in _some(records, number)]

    def by_hand(number: int) -> object:
        return [[native(r) for native in natives] for r in _some(records, number)]

    times = common.interleaved([ours, by_hand], rounds=ROUNDS, warm=WARM)
    blocks = common.figures(common.ratio, *times)
    each = [round(min(way) * 1000 / STRETCH / RULES, 3) for way in times]
    is_kept = common.told(
        "evaluation",
        "none",
        blocks[1],
        LIMIT,
        "times native Python",
        blocks=blocks,
        us_a_rule={"ours": each[0], "by_hand": each[1]},
        us_a_rule_of_odd_events=[_odd(asked, record, known) for record in odd],
        rules=RULES,
        n=ROUNDS,
    )
    return int(not is_kept)


def _some(records: Sequence[Record], number: int) -> Sequence[Record]:
    """Answer some of the events, others each round."""
    first = number * STRETCH % (len(records) - STRETCH)
    return records[first : first + STRETCH]


def _odd(asked: Plan, record: Record, known: Knowledge) -> float:
    """Answer the microseconds that a rule takes where most of them hit, or cannot say."""
    ways = [lambda _: evaluate(asked, record, known, is_brief=True)]
    (times,) = common.interleaved(ways, rounds=WARM, warm=1)
    return round(min(times) * 1000 / RULES, 2)


def _asked(record: Record) -> tuple[Plan, list[Native]]:
    """Compile all rules into one plan, and write the same by hand, in the order of the plan."""
    bound, natives = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(RULES):
            condition, native = SHAPES[number % len(SHAPES)]
            yuan = 1_000 + 10 * number
            id_ = f"B{number:03d}"
            path = Path(folder) / f"{id_}.yaml"
            condition = condition.format(n=yuan)
            text = _cases.FILE.substitute(
                id=id_, kind=_cases.DECIDED, facts="", condition=condition
            )
            path.write_text(text, "utf-8")
            document = load_rule_file(path)
            rule = compile_rule(document)
            bindings = compile_bindings(document, rule)
            bound += [(rule, b) for b in bindings if Phase.EVENT in b.phases]
            natives[id_] = native(yuan)
    found = plan(
        RuleSet(1, tuple(bound)),
        record.kind,
        Phase.EVENT,
        on=common.NOON.date(),
        unit=record.unit,
        step=record.step,
        source=record.source,
    )
    return found, [natives[each.rule.id] for each in found.bound]


def _records() -> list[Record]:
    """Make decisions: one far above its band, and one of which the band is not known."""
    types = {type_.kind: type_ for type_ in _cases.event_types()}
    people, found = People(b"bench" * 8), []
    for number in range(EVENTS):
        event = _cases.event(f"c{number}", 1)
        sum_ = Money(minor=250_000 if number == _HIT else 50_000 + 500 * number)
        kept = {"violation_code": "CG-101"} if number == _UNKNOWN else event.attributes
        event = replace(event, amount=sum_, attributes=kept)
        found.append(check_event(event, types, people).record)
    return found


def _same(asked: Plan, natives: Sequence[Native], record: Record, known: Knowledge) -> None:
    """Make sure that both say the same."""
    said = {Result.HIT: True, Result.CLEAR: False, Result.CANNOT_BE_CHECKED: None}
    outcomes = evaluate(asked, record, known, is_brief=True).outcomes
    ours = [said[outcome.result] for outcome in outcomes]
    if ours != [native(record) for native in natives]:
        raise SystemExit(f"{record.event_id}: what is written by hand says something else")


if __name__ == "__main__":
    sys.exit(main())
