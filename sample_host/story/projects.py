"""Public works beside the storm drain of the story."""

from datetime import date
from typing import Final

from cleangov_hooks import Stream
from sample_host.matter import Texts

from .parties import PARTIES
from .plot import Deed, Tale, both, moment

_CROSSING: Final = both("过街段改为顶管施工。", "The street crossing is pipe-jacked instead.")
_LAMPS: Final = both("灯杆减少 8 基。", "Eight lamp posts fewer.")
_KERBS: Final = both("校门口增设缓坡和盲道。", "Ramps and tactile paving at the school gate.")
_PIPES: Final = both("探明旧管三处，改线绕行。", "Three old pipes found; the line goes round them.")


def sign(day: str, yuan: str) -> Deed:
    """Tell that the contract was signed.

    :param day: ``"2025-09-01"``.
    :param yuan: contract sum as typed.
    """
    return Deed(
        step="sign",
        who="ma-chao",
        at=moment(date.fromisoformat(day), "10:00"),
        typed={"amount": yuan},
    )


def asked(day: str, yuan: str, cause: str, reason: Texts) -> Deed:
    """Tell that a variation was asked for.

    :param day: when.
    :param yuan: its sum as typed.
    :param cause: code of the cause.
    :param reason: the manager's words.
    """
    return Deed(
        step="request_variation",
        who="zhao-lei",
        at=moment(date.fromisoformat(day), "14:20"),
        typed={"amount": yuan, "cause": cause, "reason": reason.zh},
        english={"reason": reason.en},
    )


def approved(day: str, no: str) -> Deed:
    """Tell that a variation was approved.

    :param day: when.
    :param no: ``"V1"``, ``"V2"``, ...
    """
    at = moment(date.fromisoformat(day), "10:00")
    return Deed(step="approve_variation", who="ma-chao", at=at, typed={"variation_no": no})


def executed(day: str, no: str) -> Deed:
    """Tell that a variation was carried out.

    :param day: when.
    :param no: ``"V1"``, ``"V2"``, ...
    """
    at = moment(date.fromisoformat(day), "16:40")
    return Deed(step="execute_variation", who="zhao-lei", at=at, typed={"variation_no": no})


def paid(day: str, yuan: str) -> Deed:
    """Tell that a sum was paid.

    :param day: when.
    :param yuan: the sum as typed.
    """
    at = moment(date.fromisoformat(day), "11:15")
    return Deed(step="pay", who="qian-yu", at=at, typed={"amount": yuan})


def _accepted(day: str) -> Deed:
    at = moment(date.fromisoformat(day), "15:00")
    return Deed(step="accept_works", who="he-ping", at=at, typed={"quality": "passed"})


def _works(no: str, title: Texts, place: Texts, party: str, *deeds: Deed) -> Tale:
    return Tale(
        stream=Stream.PROJECT,
        no=f"YT-GC-{no}",
        title=title,
        place=place,
        party=PARTIES[party],
        officer="zhao-lei",
        deeds=deeds,
    )


_WORKS: Final = (
    _works(
        "2025-04",
        both("学校周边人行道改造", "Pavements around the schools"),
        both("江岸路、市场街", "Jiang’an Road, Market Street"),
        "pingan-bridge",
        sign("2025-04-14", "3200000"),
        asked("2025-06-03", "120000", "design", _KERBS),
        approved("2025-06-09", "V1"),
        executed("2025-06-27", "V1"),
        paid("2025-07-18", "2000000"),
        paid("2025-10-16", "1260000"),
        _accepted("2025-10-24"),
    ),
    _works(
        "2025-07",
        both("滨江公园照明", "Lighting of the riverside park"),
        both("滨江大道", "Binjiang Avenue"),
        "mingdeng",
        sign("2025-07-21", "5600000"),
        paid("2025-09-12", "2200000"),
        asked("2025-11-05", "-80000", "quantity", _LAMPS),
        approved("2025-11-10", "V1"),
        paid("2026-01-16", "1800000"),
    ),
    _works(
        "2025-09",
        both("老旧小区雨污管网", "Pipes of the old quarter"),
        both("梧桐小区、桂园小区", "Wutong and Guiyuan Estates"),
        "tongda",
        sign("2025-08-25", "9800000"),
        paid("2025-11-21", "3100000"),
        asked("2025-12-08", "210000", "ground", _PIPES),
        approved("2025-12-11", "V1"),
        executed("2025-12-26", "V1"),
        asked("2026-03-06", "150000", "design", _CROSSING),
    ),
    _works(
        "2026-01",
        both("公共厕所提升", "Refit of the public toilets"),
        both("中心广场等六处", "Central Square and five more"),
        "anju",
        sign("2026-01-19", "2100000"),
    ),
    _works(
        "2026-02",
        both("北桥栏杆养护", "Railings of the north bridge"),
        both("北桥", "North bridge"),
        "pingan-bridge",
        sign("2026-02-26", "1450000"),
    ),
)


def projects() -> tuple[Tale, ...]:
    """Tell the other public works."""
    return _WORKS
