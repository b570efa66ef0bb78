"""Permits of the months before, of all eight kinds."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from cleangov_hooks import Stream
from sample_host.matter import Texts

from .parties import PARTIES
from .plot import Deed, Tale, both, hour_of, moment, workday

_Row = Mapping[str, str]

_FILE: Final = Path(__file__).with_name("permits.csv")
#: Working days after the application on which each step is taken; the terms of Licensing Law
#: Arts 32, 42 and 44 (5, 20 and 10 working days) are kept.
_PACE: Final[Mapping[str, tuple[int, str]]] = {
    "apply": (0, "liu-min"),
    "request_correction": (1, "liu-min"),
    "supplement": (2, "liu-min"),
    "accept": (3, "liu-min"),
    "visit": (6, "xu-bin"),
    "review": (9, "xu-bin"),
    "decide": (12, "fang-hua"),
    "deliver": (15, "liu-min"),
}
_SOMETIMES: Final = frozenset({"request_correction", "supplement"})
_ITEMS: Final = both("现场照片两张", "Two photographs of the site")
_OPINIONS: Final[Mapping[str, Texts]] = {
    "granted": both("符合条件，准予许可。", "The conditions are met; granted."),
    "refused": both(
        "绿地系规划保留绿地，不予许可。", "The green is kept by the plan; the permit is refused."
    ),
}


def permits() -> tuple[Tale, ...]:
    """Tell the permits of the months before."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_tale(row) for row in csv.DictReader(file))


def _tale(row: _Row) -> Tale:
    return Tale(
        stream=Stream.PERMIT,
        no=f"YT-XK-{row['no']}",
        title=both(row["title_zh"], row["title_en"]),
        place=both(row["place_zh"], row["place_en"]),
        party=PARTIES[row["party"]],
        officer="liu-min",
        deeds=tuple(_deeds(row)),
    )


def _deeds(row: _Row) -> Iterator[Deed]:
    begun = date.fromisoformat(row["begun"])
    for rank, (step, (days, who)) in enumerate(_PACE.items()):
        if step not in _SOMETIMES or step in row["also"].split():
            told = _words(row, step)
            yield Deed(
                step=step,
                who=who,
                at=moment(workday(begun, days), hour_of(row["no"], rank)),
                typed={**_choices(row, step), **{name: text.zh for name, text in told.items()}},
                english={name: text.en for name, text in told.items()},
            )
        if step == row["last"]:
            return


def _choices(row: _Row, step: str) -> dict[str, str]:
    proposal = "grant" if row["result"] == "granted" else "refuse"
    return {
        "apply": {"permit_kind": row["kind"]},
        "visit": {"officers": "2", "site": "as_described"},
        "review": {"proposal": proposal},
        "decide": {"result": row["result"]},
        "deliver": {"delivery": "electronic"},
    }.get(step, {})


def _words(row: _Row, step: str) -> dict[str, Texts]:
    return {
        "request_correction": {"items": _ITEMS},
        "supplement": {"items": _ITEMS},
        "decide": {"opinion": _OPINIONS[row["result"]]},
    }.get(step, {})
