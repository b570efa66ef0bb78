"""A page that says no says whether something was tried, or only looked for."""

from tests.support.review_city import OFFICER
from tests.support.small_host import SmallHost
from tests.web.letter_writing import opened
from tests.web.page_reading import plain


def test_who_only_looked_is_not_told_that_something_failed(city: SmallHost) -> None:
    page = opened(city, "/cleangov/findings", OFFICER, 403)
    assert [e.text for e in page.found("h1")] == ["这一页没有打开"]
    city.tongue = "en"
    assert "This page was not opened" in plain(opened(city, "/cleangov/findings", OFFICER, 403))
    posted = city.app.test_client().post("/cleangov/names")
    assert "That did not work" in posted.text
