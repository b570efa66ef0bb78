"""How values are written, how a case is drawn, and what is read from an address."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_hooks import Money, Precision
from cleangov_plugin.desk.review.case_views import PointView
from cleangov_plugin.domain.terms import FindingState
from cleangov_plugin.store.review import Place
from cleangov_plugin.store.review_findings import FindingPlace
from cleangov_plugin.web.asked import (
    Asked,
    entry_wish,
    finding_place_text,
    finding_wish,
    place_text,
)
from cleangov_plugin.web.links import Links
from cleangov_plugin.web.shown import Shown
from cleangov_plugin.web.timeline import timeline

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 10, 12, tzinfo=ZONE)
ZH, EN = Shown("zh-CN"), Shown("en")


# ---- Values ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap", "precision", "zh", "en"),
    [
        (timedelta(0), Precision.SECOND, "", ""),
        (timedelta(seconds=59), Precision.SECOND, "", ""),
        (timedelta(minutes=1), Precision.SECOND, "1 分钟后登记", "recorded 1 min later"),
        (timedelta(minutes=59), Precision.SECOND, "59 分钟后登记", "recorded 59 min later"),
        (timedelta(hours=1), Precision.SECOND, "1 小时后登记", "recorded 1 h later"),
        (timedelta(hours=47), Precision.SECOND, "47 小时后登记", "recorded 47 h later"),
        (timedelta(hours=48), Precision.SECOND, "2 天后登记", "recorded 2 d later"),
        (-timedelta(hours=3), Precision.SECOND, "登记早于发生 3 小时", "recorded 3 h before"),
        (-timedelta(days=9), Precision.SECOND, "登记早于发生 9 天", "recorded 9 d before"),
        (timedelta(hours=11), Precision.DAY, "", ""),
        (timedelta(hours=12), Precision.DAY, "1 天后登记", "recorded 1 d later"),
        (-timedelta(hours=13), Precision.DAY, "登记早于发生 1 天", "recorded 1 d before"),
    ],
)
def test_a_late_record_is_said_as_finely_as_the_act_is_known(
    gap: timedelta, precision: Precision, zh: str, en: str
) -> None:
    assert ZH.lag(NOON, NOON + gap, precision) == zh
    assert EN.lag(NOON, NOON + gap, precision) == en


def test_moments_are_written_as_finely_as_they_are_known() -> None:
    assert ZH.moment(NOON) == "2026-03-10 12:00"
    assert ZH.moment(NOON, Precision.SECOND) == "2026-03-10 12:00"
    assert ZH.moment(NOON, Precision.DAY) == "2026-03-10"
    assert EN.day(date(2026, 3, 10)) == "2026-03-10"


def test_sums_shares_and_lists() -> None:
    assert ZH.sum(Money(minor=80_000)) == "800 元"
    assert EN.sum(Money(minor=-80_050)) == "-¥800.50"
    assert EN.sum(Money(minor=3_600, currency="EUR")) == "€36.00"
    assert "XQX" in EN.sum(Money(minor=5, currency="XQX"))
    assert ZH.sum(None) == ""
    assert [
        ZH.share(*pair) for pair in ((0, 9), (1, 200), (1, 201), (149, 181), (5, 5), (0, 0))
    ] == [
        "0",
        "1",
        "0",
        "82",
        "100",
        "",
    ]
    assert (ZH.list(["1", "2"]), EN.list(["1", "2"])) == ("1、2", "1, 2")
    assert (ZH.short("abcdefghij"), EN.short(None)) == ("abcdef", "not known")


# ---- The drawing -----------------------------------------------------------------------------


def point(number: int, hours: float, lag: float = 0, **marks: bool) -> PointView:
    at = NOON + timedelta(hours=hours)
    told = {"is_hit": False, "is_unknown": False, **marks}
    return PointView(number=number, occurred_at=at, recorded_at=at + timedelta(hours=lag), **told)


def test_entries_stand_in_order_of_time_between_the_ends() -> None:
    drawn = timeline([point(1, 0), point(2, 50), point(3, 100)])
    assert [mark.x for mark in drawn.occurred] == ["2.0%", "50.0%", "98.0%"]
    assert drawn.recorded == drawn.occurred
    assert drawn.labels == (("2.0%", "1"), ("50.0%", "2"), ("98.0%", "3"))
    assert [anchor for _, anchor, _ in drawn.ticks] == ["start", "middle", "end"]


def test_one_moment_stands_in_the_middle() -> None:
    drawn = timeline([point(1, 0), point(2, 0)])
    assert [mark.x for mark in drawn.occurred] == ["50.0%"]
    assert drawn.labels == (("50.0%", "1–2"),)
    assert len(drawn.ticks) == 1


def test_a_record_made_later_is_linked_to_its_act() -> None:
    drawn = timeline([point(1, 0, lag=100)])
    assert drawn.links == (("2.0%", "98.0%"),)
    assert drawn.ticks[-1][2] == NOON + timedelta(hours=100)


def test_what_matters_is_drawn_on_top_and_has_a_shape() -> None:
    drawn = timeline(
        [point(1, 0, is_hit=True), point(2, 0, is_unknown=True), point(3, 0), point(4, 9)]
    )
    shapes = [mark.shape for mark in drawn.occurred]
    assert shapes == ["plain", "plain", "unknown", "hit"]


def test_a_drawing_does_not_grow_with_its_case() -> None:
    drawn = timeline([point(n, n * 0.37, lag=n % 900) for n in range(1, 5_001)])
    assert len(drawn.links) <= 200
    assert len(drawn.occurred) <= 201
    assert len(drawn.labels) <= 12


@given(
    st.lists(
        st.tuples(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), st.booleans()),
        min_size=1,
        max_size=40,
    )
)
def test_any_case_can_be_drawn(told: list[tuple[int, int, bool]]) -> None:
    points = [point(n, h, lag, is_hit=hit) for n, (h, lag, hit) in enumerate(sorted(told), 1)]
    drawn = timeline(points)
    places = [mark.x for mark in (*drawn.occurred, *drawn.recorded)]
    places += [x for pair in drawn.links for x in pair] + [x for x, _ in drawn.labels]
    assert all(2 <= float(place.rstrip("%")) <= 98 for place in places)


# ---- What is asked ---------------------------------------------------------------------------


@pytest.mark.thorough
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "agency",
                "stream",
                "kind",
                "case",
                "unit",
                "rule",
                "outcome",
                "since",
                "until",
                "before",
                "after",
                "state",
                "severity",
            ]
        ),
        st.text(max_size=260),
    )
)
def test_no_address_is_a_reason_to_fail(given_: dict[str, str]) -> None:
    asked = Asked(given_)
    wish, found = entry_wish(asked), finding_wish(Asked(given_), (FindingState.OPEN,))
    assert set(asked.ignored) <= set(given_)
    for text in (wish.agency, wish.kind, wish.case, wish.unit, wish.rule, found.rule, found.unit):
        assert text.isprintable()
        assert len(text) <= 200


def test_places_come_back_as_they_were_written() -> None:
    place = Place("2026-03-10T04:00:00.000000Z", 2**40)
    assert Asked({"before": place_text(place)}).place("before") == place
    for found in (FindingPlace("2026-03-10", 7), FindingPlace("", 7)):
        assert Asked({"after": finding_place_text(found)}).finding_place("after") == found
    assert (place_text(None), finding_place_text(None)) == ("", "")


class _Host:
    """Builds addresses as Flask does for these routes."""

    def url_for(self, endpoint: str, **values: object) -> str:
        return f"{endpoint}?{sorted(values.items())}"


@pytest.mark.parametrize("case", ["..", "a/../b", "/a", "a//b", ".", "a/", " "])
def test_a_case_that_no_path_can_name_is_looked_up(case: str) -> None:
    links = Links(_Host())  # type: ignore[arg-type]
    assert links.case("cg", case).startswith("cleangov.checkpoints?")
    assert links.case("cg", "2026/117").startswith("cleangov.case?")
    assert links.case("a/b", "1").startswith("cleangov.checkpoints?")
    assert links.case("cg", "1", 4).endswith("#n4")
