"""Documents that are printed: filled in from the step that made them, and nobody else's to read."""

from collections.abc import Callable

from flask import Flask

from tests.support.page_check import Checked
from tests.support.scripted_day import BOOKSHOP, NOODLES, Visit

BOTH = "招牌效果图\n\n  房东同意书 <b>\n"


def noticed(app: Flask) -> tuple[Visit, str]:
    """Send a notice; answer who sent it and where it is printed."""
    liu = Visit(app, "liu-min")
    liu.take(BOOKSHOP, "request_correction", items=BOTH)
    links = [link for link in Checked(liu.get(BOOKSHOP)).found("a") if link.text == "补正告知书"]
    return liu, links[0].given["href"]


def test_a_notice_names_each_thing_on_a_line_of_its_own(app: Flask) -> None:
    liu, path = noticed(app)
    listed = [item.text for item in Checked(liu.get(path)).found("li")]
    assert [line for line in listed if line in ("招牌效果图", "房东同意书 <b>")] == [
        "招牌效果图",
        "房东同意书 <b>",
    ]
    assert "YT-XK-2026-0088" in liu.get(path)
    assert "Chenguang Bookshop" in liu.get(f"{path}?lang=en")


def test_a_document_is_for_those_who_may_read_the_matter(
    app: Flask, be: Callable[..., Visit]
) -> None:
    _, path = noticed(app)
    be("wang-xiulan").get(path, expect=404)  # another citizen
    be().get(path, expect=404)


def test_what_no_step_printed_is_not_found(app: Flask) -> None:
    liu, path = noticed(app)
    liu.get(f"{BOOKSHOP}/papers/0", expect=404)
    liu.get(f"{BOOKSHOP}/papers/{10**30}", expect=404)
    liu.get(f"{BOOKSHOP}-none/papers/1", expect=404)
    Visit(app, "chen-jing").get(f"{NOODLES}/papers/1", expect=404)  # a step without a document
    liu.get(path)
