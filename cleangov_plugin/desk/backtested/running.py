"""One back-test from beginning to end, and the same one again."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from cleangov_plugin.desk.collecting import rarely_collected
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.store import judged_entries as store
from cleangov_plugin.store.judged_entries import Horizon
from cleangov_plugin.store.sieve import is_installed

from .asking import Sides
from .cautions import cautions
from .duckdb_first import unfit
from .manifest import FORMAT, differing, manifest
from .parts import Engine, Part, Wanted, ledger_of, part_of
from .second import WORTH, Beside

#: Longest saved back-test that is read, in characters.
_LONGEST: Final = 16_000_000


def _silent(*_: object) -> None:
    """Tell nobody."""


def backtest(
    connection: Connection,
    wanted: Wanted,
    *,
    within: Horizon | None = None,
    told: Callable[[int, int], object] = _silent,
    beside: Beside | None = None,
    noted: Callable[[str], object] = _silent,
) -> dict[str, Any]:
    """Ask a draft about every event there is, as it was known when the event was judged.

    :param connection: a reading connection.
    :param wanted: what is to be tested.
    :param within: up to where to read, for a repetition; None for all that is there now.
    :param told: called from time to time with entries read, and entries there are.
    :param beside: a second process for the half of a large ledger; None has none.
    :param noted: called with the code of what keeps DuckDB from being asked: `duckdb_first.WHY`.
    :return: the back-test: whole numbers and texts alone, the same for the same input.
    :raises RuleError: where a text is no rule, or there is no such ledger, or DuckDB is wanted
        and not installed.
    """
    within = within or store.horizon(connection, wanted.log_id)
    number = store.number_within(connection, wanted.log_id, within)
    ledger = ledger_of(connection, wanted.log_id)
    wanted = _by(wanted, number, noted)
    whole = _whole(connection, wanted, within, number, told, beside)
    told(number, number)
    found = whole.counts.told()
    return {
        "manifest": manifest(whole, ledger, wanted, within),
        "texts": {side.value: text for side, text in wanted.documents().items()},
        "base_rate": wanted.base_rate,
        **found,
        "cautions": cautions(found, wanted.base_rate),
    }


def _by(wanted: Wanted, number: int, noted: Callable[[str], object]) -> Wanted:
    """Settle what asks: DuckDB where it is wanted or is there and worth it, and can."""
    engine = wanted.engine
    if engine is Engine.AUTO:
        engine = Engine.DUCKDB if number >= WORTH and is_installed() else Engine.PYTHON
    if engine is Engine.DUCKDB:
        why = unfit(Sides(wanted.documents()))
        if why is not None:
            noted(why)
            engine = Engine.PYTHON
    return replace(wanted, engine=engine)


def _whole(
    connection: Connection,
    wanted: Wanted,
    within: Horizon,
    number: int,
    told: Callable[[int, int], object],
    beside: Beside | None,
) -> Part:
    """Ask about all cases; about the second half of a large ledger in a second process."""
    middle = None
    if beside is not None and number >= WORTH:
        middle = store.middle(connection, wanted.log_id, within, number)
    shown = 1 if middle is None else 2

    def whole_told(done: int) -> object:
        return told(min(done * shown, number), number)

    if beside is None or middle is None:
        return part_of(connection, wanted, within, told=whole_told)
    with rarely_collected(), beside.begun(wanted, within, middle) as second:
        first = part_of(connection, wanted, within, until=middle, told=whole_told)
        other = second()
    if other is None:  # it could not be had: one process does it all
        other = part_of(connection, wanted, within, since=middle)
    first.add(other)
    return first


def written(found: Mapping[str, Any]) -> str:
    """Write a back-test: one text for one back-test, to the byte.

    :param found: the back-test.
    """
    return json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A back-test that was run again.

    :param found: the back-test now.
    :param is_same: whether it is the same to the byte.
    :param differing: what decides it and is not the same any more, by name in the manifest.
    """

    found: Mapping[str, Any]
    is_same: bool
    differing: tuple[str, ...]


def repeat(
    connection: Connection,
    saved: str,
    where: str,
    *,
    told: Callable[[int, int], object] = _silent,
    beside: Beside | None = None,
    engine: Engine = Engine.PYTHON,
    noted: Callable[[str], object] = _silent,
) -> Repeated:
    """Run a saved back-test again, with its own texts and up to where it had read.

    :param connection: a reading connection.
    :param saved: the saved back-test; hostile.
    :param where: its file, for messages.
    :param told: as for `backtest`.
    :param beside: as for `backtest`.
    :param engine: what asks, whatever asked then.
    :param noted: as for `backtest`.
    :return: what came out, and whether it is the same.
    :raises RuleError: where it is no saved back-test.
    """
    wanted, within, before = _read(saved, where)
    wanted = replace(wanted, engine=engine)
    found = backtest(connection, wanted, within=within, told=told, beside=beside, noted=noted)
    return Repeated(
        found=found,
        is_same=written(found) == saved,
        differing=differing(before, found["manifest"]),
    )


def _read(saved: str, where: str) -> tuple[Wanted, Horizon, Mapping[str, Any]]:
    try:
        document = _document(saved)
        before, texts = document["manifest"], document["texts"]
        wanted = Wanted(
            log_id=_text(before["log_id"]),
            draft=dict(texts["draft"]),
            against=dict(texts["against"]) if "against" in texts else None,
            first=_day(before["from"]),
            last=_day(before["to"]),
            base_rate=_number(document["base_rate"]),
        )
        horizon = {name: _number(number) for name, number in before["horizon"].items()}
        return wanted, Horizon(**horizon), before
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        remedy = "Name a file that 'cleangov rules backtest --save' wrote."
        raise RuleError("this is no saved back-test.", where=where, remedy=remedy) from None


def _document(saved: str) -> Any:
    document: Any = json.loads(saved) if len(saved) <= _LONGEST else {}
    if document["manifest"]["format"] != FORMAT:
        raise ValueError
    return document


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError
    return value


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(_text(value))
