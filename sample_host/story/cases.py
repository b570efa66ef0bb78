"""Cases of the months before: nine like that of the noodle shop, and others beside them."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from cleangov_hooks import Stream
from sample_host.benchmarks import BENCHMARKS
from sample_host.matter import Texts

from .parties import PARTIES
from .plot import Deed, Tale, both, hour_of, moment, workday

_Row = Mapping[str, str]

_FILE: Final = Path(__file__).with_name("cases.csv")
#: Working days after the clue on which each step of an ordinary case is taken.
_PACE: Final[Mapping[str, int]] = {
    "clue": 0,
    "file": 2,
    "investigate": 6,
    "notify": 9,
    "defend": 11,
    "new_facts": 13,
    "review": 15,
    "discuss": 16,
    "decide": 17,
    "serve": 18,
    "collect": 24,
    "close": 27,
}
_SOMETIMES: Final = frozenset({"defend", "new_facts", "discuss"})
#: Who takes a step that is not the case's own officer's.
_BY: Final = {
    "file": "sun-ying",
    "review": "tang-wen",
    "discuss": "sun-ying",
    "collect": "qian-yu",
    "close": "sun-ying",
}
_FOUND: Final[Mapping[str, Texts]] = {
    "CG-101": both(
        "店前人行道摆放桌椅 {n} 套，已当场责令改正。",
        "{n} sets of tables and chairs on the pavement; told to clear them at once.",
    ),
    "CG-102": both(
        "未经许可设置招牌一块，约 {n} 平方米。", "One sign put up without a permit, about {n} m²."
    ),
    "CG-103": both(
        "运输车辆沿途遗撒，污染路面约 {n} 米。", "A lorry spilled waste over about {n} m of road."
    ),
    "CG-104": both(
        "沙石堆放占用车行道约 {n} 平方米。", "Sand and gravel on about {n} m² of the carriageway."
    ),
    "CG-105": both(
        "将生活垃圾 {n} 袋倒在绿化带内。", "Household waste in the planted strip, bags: {n}."
    ),
}
_SAID: Final = both(
    "已经改正，第一次被查到，希望从轻。",
    "Put right already, and the first time; asks for leniency.",
)
_NEW: Final = both(
    "复查发现物料未清，面积扩大一倍。",
    "A second visit found the material still there, twice as much.",
)
_REVIEWED: Final = both(
    "事实清楚，证据充分，裁量适当，同意。",
    "Facts clear, evidence sufficient, discretion appropriate. Agreed.",
)
_DISCUSSED: Final = both("同意按告知的金额处罚。", "Agreed to the fine as noticed.")
_MEMBERS: Final = both("孙颖、唐雯、高峰", "Sun Ying, Tang Wen, Gao Feng")


def cases() -> tuple[Tale, ...]:
    """Tell the cases of the months before."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_tale(row, rank) for rank, row in enumerate(csv.DictReader(file)))


def _tale(row: _Row, rank: int) -> Tale:
    offence, party = BENCHMARKS[row["code"]].title, PARTIES[row["party"]]
    officer = ("chen-jing", "gao-feng")[rank % 2]
    return Tale(
        stream=Stream.ENFORCEMENT,
        no=f"YT-CF-{row['no']}",
        title=both(f"{party.name.zh}{offence.zh}", f"{offence.en}: {party.name.en}"),
        place=both(row["place_zh"], row["place_en"]),
        party=party,
        officer=officer,
        deeds=tuple(_deeds(row, officer)),
    )


def _deeds(row: _Row, officer: str) -> Iterator[Deed]:
    begun = date.fromisoformat(row["begun"])
    for rank, (step, days) in enumerate(_PACE.items()):
        if step not in _SOMETIMES or step in row["also"].split():
            told = _words(row, step)
            yield Deed(
                step=step,
                who=_BY.get(step, officer),
                at=moment(workday(begun, days), hour_of(row["no"], rank)),
                typed={**_choices(row, step), **{name: text.zh for name, text in told.items()}},
                english={name: text.en for name, text in told.items()},
            )
        if step == row["last"]:
            return


def _choices(row: _Row, step: str) -> dict[str, str]:
    """Answer what was chosen or typed in figures."""
    source = ("patrol", "hotline", "transfer")[int(row["no"][-4:]) % 3]
    return {
        "clue": {"violation_code": row["code"], "clue_source": source},
        "investigate": {"officers": "2", "tier": row["tier"]},
        "notify": {"amount": row["noticed"], "kind_of_penalty": "fine"},
        "defend": {"channel": "written"},
        "review": {"result": "agree"},
        "decide": {"amount": row["decided"], "kind_of_penalty": "fine"},
        "serve": {"service": "direct"},
        "collect": {"amount": row["decided"], "payment": "electronic"},
        "close": {"closing": "executed"},
    }.get(step, {})


def _words(row: _Row, step: str) -> dict[str, Texts]:
    """Answer what was written in words."""
    found, n = _FOUND[row["code"]], row["extent"]
    return {
        "investigate": {"findings": both(found.zh.format(n=n), found.en.format(n=n))},
        "defend": {"statement": _SAID},
        "new_facts": {"facts": _NEW},
        "review": {"opinion": _REVIEWED},
        "discuss": {"members": _MEMBERS, "conclusion": _DISCUSSED},
    }.get(step, {})
