"""What a rule saw, drawn: four bars under a line, with a table, as known when it hit."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cleangov_hooks import Money, Precision
from cleangov_plugin.desk.review.finding_views import BarsView, BarView
from cleangov_plugin.web.bars import drawn
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, PROJECT
from tests.support.small_city import PEOPLE, TODAY, yuan
from tests.support.small_host import SmallHost

Get = Callable[..., Checked]


def bars(*shares: int | None) -> BarsView:
    def bar(number: int, share: int | None) -> BarView:
        at = TODAY + timedelta(days=number)
        own = number == len(shares) - 1
        return BarView(at, Precision.MINUTE, "x", Money(minor=1), Money(minor=1), share, own)

    return BarsView(value="v", line="l", bars=tuple(bar(n, s) for n, s in enumerate(shares)))


def signal(get: Get, **given: str) -> Checked:
    listed = get("/cleangov/signals", **given)
    (path,) = {
        e.given["href"] for e in listed.found("a") if "/findings/" in e.given.get("href", "")
    }
    return get(path, **given)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_four_bars_stand_under_a_line_with_a_table(get: Get, lang: str) -> None:
    page = signal(get, lang=lang)
    assert len(page.found("rect")) == 4
    assert len(page.found("line", **{"class": "cg-limit"})) == 1
    assert len(page.found("rect", **{"class": "cg-own"})) == 1
    rows = [row.text for row in page.found("tr", role="row")]
    for share in ("93%", "96%", "91%", "98%"):
        assert any(share in row for row in rows)
    figure = page.found("figure")[0].text
    wanted = "35 天内 4 项，均在 91%–98% 之间" if lang == "zh-CN" else "4 within 35 days, each at"
    assert wanted in figure
    described = page.found("desc")[0].text
    assert "93%" in described


def test_the_story_the_rule_and_how_good_it_is_stand_beside_it(get: Get) -> None:
    page = signal(get)
    assert "90 天内 3 次变更贴近同一审批人的权限，本次又是。" in page.text
    assert "连续几次都贴着同一审批人的权限上限" in page.text
    assert "案例太少，还说不准" in page.text


def test_a_rule_that_asks_for_no_drawing_has_none(get: Get) -> None:
    page = get("/cleangov/findings/1")
    assert page.found("figure") == []


def test_what_came_later_is_not_drawn(own_city: SmallHost) -> None:
    """The drawing shows what the rule saw; and what was corrected before is not counted."""
    own_city.who, own_city.case = PEOPLE["zhao"], PROJECT
    limit = {"approval_limit": yuan(500_000), "contract_amount": yuan(16_000_000)}
    own_city.write(own_city.event("prj.variation.approved", 499_000, **limit))
    own_city.who = AUDITOR
    client = own_city.app.test_client()
    page = Checked(client.get("/cleangov/findings/2").text)
    assert len(page.found("rect")) == 4
    assert "499,000" not in page.text


def test_a_hidden_signal_is_not_drawn_for_anybody_else(own_city: SmallHost) -> None:
    own_city.who = PEOPLE["zhao"]
    assert own_city.app.test_client().get("/cleangov/findings/2").status_code == 403


@pytest.mark.parametrize(
    "shares",
    [(930, 960), (0,), (-50, 100), (None,), (None, 1_000), (5_000, 100), (10**9,), (1,) * 12],
)
def test_no_bar_leaves_the_drawing(shares: tuple[int | None, ...]) -> None:
    found = drawn(bars(*shares))
    assert len(found.bars) == len(shares)
    assert 0 < found.line < found.floor < found.height
    for bar, share in zip(found.bars, shares, strict=True):
        assert bar.y + bar.height == found.floor
        assert bar.y >= 0
        assert (bar.share == "") is (share is None)
        assert bar.is_cut is (share is not None and share > 4_000)
    assert float(found.bars[-1].x[:-1]) + float(found.bars[-1].width[:-1]) <= 100


def test_what_is_below_the_line_is_never_written_as_upon_it() -> None:
    found = drawn(bars(999, 1_000))
    assert [bar.share for bar in found.bars] == ["99%", "100%"]
    below, upon = found.bars
    assert below.y > found.line
    assert upon.y == found.line
