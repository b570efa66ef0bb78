"""The three matters that the demo plays: a fine, a permit, a variation."""

from datetime import date
from typing import Final

from cleangov_hooks import Stream

from .parties import PARTIES
from .plot import Deed, Remark, Tale, both, moment
from .projects import approved, asked, executed, paid, sign

_FEB_5, _FEB_9, _FEB_13 = date(2026, 2, 5), date(2026, 2, 9), date(2026, 2, 13)
_MAR_2, _MAR_4, _MAR_5 = date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 5)
_MAR_6, _MAR_9 = date(2026, 3, 6), date(2026, 3, 9)

_FOUND: Final = both(
    "店前人行道摆放桌椅 8 套，遮阳棚一处，占道约 14 平方米。",
    "Eight sets of tables and chairs and an awning on the pavement, about 14 m².",
)
_STATEMENT: Final = both(
    "遮阳棚是房东的。外摆的手续我问过两次，没人告诉我怎么办。",
    "The awning is the landlord’s. I asked for a permit twice and nobody told me how.",
)
_REVIEW: Final = both(
    "事实清楚，申辩已复核；告知的 800 元在裁量区间内，同意。",
    "Facts clear, the answer was considered; the 800 noticed lies within the band. Agreed.",
)
_PHONE: Final = both("“给他点教训。”——电话里说的。", "“Teach him a lesson.” – told by phone.")
_DRAWING: Final = both(
    "招牌效果图（标明尺寸、材质）", "Drawing of the sign with its size and material"
)
_WELLS: Final = both(
    "K0+120 处地下水位高于勘察值，增加降水井。",
    "Groundwater at K0+120 is above the survey; more dewatering wells.",
)
_JACKING: Final = both(
    "站前路过街段改为顶管。", "The crossing of Station Road is pipe-jacked instead."
)
_MANHOLES: Final = both("检查井增加 6 座。", "Six more manholes.")
_NOODLE_DEEDS: Final = (
    Deed(
        step="clue",
        who="chen-jing",
        at=moment(_FEB_5, "10:12"),
        typed={"violation_code": "CG-101", "clue_source": "patrol"},
    ),
    Deed(step="file", who="sun-ying", at=moment(_FEB_9, "09:40")),
    Deed(
        step="investigate",
        who="chen-jing",
        at=moment(_FEB_13, "15:25"),
        typed={"officers": "2", "tier": "ordinary", "findings": _FOUND.zh},
        english={"findings": _FOUND.en},
    ),
    Deed(
        step="notify",
        who="chen-jing",
        at=moment(_MAR_2, "09:30"),
        typed={"amount": "800", "kind_of_penalty": "fine"},
    ),
    Deed(
        step="defend",
        who="wang-xiulan",
        at=moment(_MAR_4, "15:10"),
        typed={"channel": "written", "statement": _STATEMENT.zh},
        english={"statement": _STATEMENT.en},
    ),
    Deed(
        step="review",
        who="tang-wen",
        at=moment(_MAR_6, "11:05"),
        typed={"result": "agree", "opinion": _REVIEW.zh},
        english={"opinion": _REVIEW.en},
    ),
)


def scenes() -> tuple[Tale, ...]:
    """Tell what went before the scenes of the demo."""
    return (_noodles(), _bookshop(), _storm_drain())


def _noodles() -> Tale:
    return Tale(
        stream=Stream.ENFORCEMENT,
        no="YT-CF-2026-0417",
        title=both("王记面馆占用人行道摆放桌椅", "Tables on the pavement: Wang’s Noodles"),
        place=both("解放路 36 号", "36 Jiefang Road"),
        party=PARTIES["wang-noodles"],
        officer="chen-jing",
        deeds=_NOODLE_DEEDS,
        remarks=(Remark(author="chen-jing", at=moment(_MAR_9, "16:40"), text=_PHONE),),
    )


def _bookshop() -> Tale:
    return Tale(
        stream=Stream.PERMIT,
        no="YT-XK-2026-0088",
        title=both("晨光书店户外招牌", "Outdoor sign of Chenguang Bookshop"),
        place=both("滨江大道 9 号", "9 Binjiang Avenue"),
        party=PARTIES["chenguang-books"],
        officer="liu-min",
        deeds=(
            Deed(
                step="apply",
                who="liu-min",
                at=moment(_MAR_5, "09:20"),
                typed={"permit_kind": "outdoor_sign"},
            ),
            Deed(
                step="request_correction",
                who="liu-min",
                at=moment(_MAR_6, "10:45"),
                typed={"items": _DRAWING.zh},
                english={"items": _DRAWING.en},
            ),
        ),
    )


def _storm_drain() -> Tale:
    return Tale(
        stream=Stream.PROJECT,
        no="YT-GC-2025-12",
        title=both("站前片区雨水管工程", "Storm drain of the station quarter"),
        place=both("站前路、环城西路", "Station Road, West Ring Road"),
        party=PARTIES["yunjian"],
        officer="zhao-lei",
        deeds=(
            sign("2025-10-15", "16000000"),
            paid("2025-12-19", "3000000"),
            asked("2026-01-28", "465000", "ground", _WELLS),
            approved("2026-02-02", "V1"),
            executed("2026-02-06", "V1"),
            asked("2026-02-10", "480000", "design", _JACKING),
            paid("2026-02-12", "4000000"),
            approved("2026-02-13", "V2"),
            asked("2026-02-25", "455000", "quantity", _MANHOLES),
            approved("2026-02-27", "V3"),
        ),
    )
