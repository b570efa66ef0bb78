"""The demo city's published table of discretion bands (裁量基准). Bands are demo values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .matter import Texts

TIERS: Final = ("lighter", "ordinary", "heavier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One row of the table.

    :param title: the offence.
    :param article: the legal ground.
    :param bands: lowest and highest fine by tier, in fen; both ends are included.
    """

    title: Texts
    article: Texts
    bands: Mapping[str, tuple[int, int]]


def _row(titles: tuple[str, str], article: tuple[str, str], *yuan: int) -> Benchmark:
    ends = list(yuan)
    bands = {
        tier: (ends[2 * rank] * 100, ends[2 * rank + 1] * 100) for rank, tier in enumerate(TIERS)
    }
    return Benchmark(
        title=Texts(zh=titles[0], en=titles[1]),
        article=Texts(zh=article[0], en=article[1]),
        bands=bands,
    )


_APPEARANCE: Final = (
    "《城市市容和环境卫生管理条例》第三十六条",
    "Regulation on City Appearance and Sanitation, Art 36",
)

BENCHMARKS: Final[Mapping[str, Benchmark]] = {
    "CG-101": _row(
        ("占用人行道摆放桌椅", "Tables on the pavement"),
        _APPEARANCE,
        100,
        500,
        500,
        1000,
        1000,
        2000,
    ),
    "CG-102": _row(
        ("擅自设置户外招牌", "Outdoor sign without permit"),
        _APPEARANCE,
        *(500, 2000, 2000, 3500, 3500, 5000),
    ),
    "CG-103": _row(
        ("建筑垃圾运输沿途遗撒", "Construction waste spilled on the road"),
        ("《城市建筑垃圾管理规定》第二十三条", "Provisions on Construction Waste, Art 23"),
        *(5000, 18500, 18500, 36500, 36500, 50000),
    ),
    "CG-104": _row(
        ("占道堆放物料", "Material piled on the road"), _APPEARANCE, 100, 500, 500, 1500, 1500, 3000
    ),
    "CG-105": _row(
        ("未按规定倾倒生活垃圾", "Household waste dumped"), _APPEARANCE, 50, 100, 100, 150, 150, 200
    ),
}
