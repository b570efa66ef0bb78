"""The pages for auditors and IT in a real browser: sound for everybody, on any screen."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.desk.choice import deputies, passings
from cleangov_plugin.desk.choice.modes import Wish, declare
from cleangov_plugin.desk.letters import sending
from cleangov_plugin.desk.letters.templates import TALK
from cleangov_plugin.desk.letters.writing import Given
from cleangov_plugin.desk.review.readers import reader_of
from cleangov_plugin.prompts.passing import Scope, Sort
from tests.browser.going import go_by
from tests.support import review_city
from tests.support.review_city import CASE, HOSTILE, JUSTIFIED, PROJECT
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost
from tests.web.letter_writing import signal

AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
#: Each page, and who opens it.
PAGES = {
    "today": ("/cleangov/", review_city.AUDITOR),
    "checkpoints": ("/cleangov/checkpoints", review_city.AUDITOR),
    "filtered": ("/cleangov/checkpoints?outcome=hit&since=bad", review_city.AUDITOR),
    "case": (f"/cleangov/cases/cg/{PROJECT}", review_city.AUDITOR),
    "justified": (f"/cleangov/cases/cg/{JUSTIFIED}", review_city.AUDITOR),
    "late": ("/cleangov/cases/cg/YT-CF-2025-0999", review_city.AUDITOR),
    "findings": ("/cleangov/findings", review_city.AUDITOR),
    "signals": ("/cleangov/signals", review_city.AUDITOR),
    "finding": ("/cleangov/findings/1", review_city.AUDITOR),
    "terms": ("/cleangov/terms", review_city.AUDITOR),
    "letters": ("/cleangov/letters", review_city.AUDITOR),
    "real": ("/cleangov/real", review_city.AUDITOR),
    "doctor": ("/cleangov/doctor", review_city.OPERATOR),
    "lead": ("/cleangov/checkpoints", review_city.LEAD),
    "refused": ("/cleangov/findings/999", review_city.AUDITOR),
    "turned away": ("/cleangov/checkpoints", review_city.OFFICER),
    "signal": ("/cleangov/findings/2", review_city.AUDITOR),
    "writing": ("/cleangov/findings/1/letter", review_city.AUDITOR),
    "letter": ("/cleangov/letters/1", review_city.AUDITOR),
    "asked": ("/cleangov/letters/1", PEOPLE["zhao"]),
    "talk": ("/cleangov/letters/2", PEOPLE["zhao"]),
    "inbox": ("/inbox", PEOPLE["zhao"]),
    "mine": ("/cleangov/mine", PEOPLE["zhao"]),
    "mine, to decide": ("/cleangov/mine", PEOPLE["he"]),
    "mine, empty": ("/cleangov/mine", review_city.OPERATOR),
    "mine, a lesson": ("/cleangov/", review_city.OFFICER),
    "duties": (f"/cleangov/mine/case?case={JUSTIFIED}", review_city.OFFICER),
    "modes": ("/cleangov/modes", review_city.AUDITOR),
    "modes, to read": ("/cleangov/modes", review_city.OFFICER),
    "exceptions": ("/cleangov/exceptions", review_city.AUDITOR),
}
#: Looks, and the pages that axe looks at in each: every page in one of the first two; in the full
#: counts, every page in all. How wide a page is, is measured on every page in each.
_EVEN, _ODD = list(PAGES)[::2], list(PAGES)[1::2]
LOOKS = [
    ("zh-CN", "light", 1280, _EVEN),
    ("en", "dark", 360, _ODD),
    pytest.param("zh-CN", "light", 1280, _ODD, marks=pytest.mark.slow),
    pytest.param("en", "dark", 360, _EVEN, marks=pytest.mark.slow),
    pytest.param("zh-CN", "dark", 360, [*PAGES], marks=pytest.mark.slow),
    pytest.param("en", "light", 360, [*PAGES], marks=pytest.mark.slow),
    pytest.param("en", "dark", 1280, [*PAGES], marks=pytest.mark.slow),
]


class Served:
    """The city with its address."""

    def __init__(self, host: SmallHost, url: str) -> None:
        self.host, self.url = host, url

    def open(self, page: Any, name: str, lang: str = "zh-CN") -> None:
        """Open one of the pages as who may see it."""
        path, self.host.who = PAGES[name]
        self.host.tongue = lang
        page.goto(f"{self.url}{path}")


@pytest.fixture(scope="module")
def city(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHost]:
    folder = tmp_path_factory.mktemp("city")
    path = folder / "city.db"
    path.write_bytes(_sqlite_template.read_bytes())
    host = review_city.city(f"sqlite:///{path}", folder)
    host.app.add_url_rule("/inbox", "inbox", lambda: inbox(host))
    review_city.ask(host, f"请说明计价依据 {HOSTILE}")
    invite(host)
    review_city.hold(host)
    until = host.clock + timedelta(days=2)
    wish = Wish(mode="emergency", why=f"防汛四级响应 {HOSTILE}", until=until)
    declare(host.plugin.desk, "cg", wish, review_city.AUDITOR, "zh-CN")
    except_for_a_time(host)
    yield host
    host.close()


def except_for_a_time(host: SmallHost) -> None:
    """One of each that waits, the deputy's for somebody else, and one that was withdrawn."""
    desk, until = host.plugin.desk, host.clock + timedelta(days=9)
    by = (PEOPLE["liu"], "zh-CN")
    quiet = {"sort": Sort.SUPPRESSION, "rule": "E60", "why": f"口径待定 {HOSTILE}", "until": until}
    for place in ("u-2", HOSTILE[:30]):
        passed = passings.Wish(places={Scope.UNIT: place}, **quiet)
        id_ = passings.declare(desk, "cg", passed, *by)
    passings.PASSINGS.end(desk, "cg", id_, by[0], "另行处理", by[1])
    law = {**quiet, "sort": Sort.EXEMPTION, "basis": "《行政许可法》第三十四条"}
    passings.declare(desk, "cg", passings.Wish(places={Scope.PARTY: "wang"}, **law), *by)
    deputy = {"deputy": "wu", "role": "reviewer", "begins": host.clock, "until": until}
    deputies.declare(desk, "cg", deputies.Wish(why="休假期间", **deputy), *by)


def invite(host: SmallHost) -> None:
    """Invite the officer of the signal, who has a letter already, to a talk as well."""
    desk, meets = host.plugin.desk, (host.clock + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    reader = reader_of(desk, review_city.AUDITOR, "zh-CN")
    assert reader is not None
    given = Given(kind=TALK, meets=meets, place=f"三楼 {HOSTILE}", reason="四次都贴近权限")
    assert sending.send(desk, reader, signal(host), given) == 2


def inbox(host: SmallHost) -> str:
    """A personal page of the host, with our slot in it."""
    return (
        f'<!doctype html><html lang="{host.tongue}"><head><meta name="viewport"'
        ' content="width=device-width"><title>x</title></head><body><main><h1>x</h1>'
        f"{host.show('person.inbox')}</main>{host.show('page.end')}</body></html>"
    )


@pytest.fixture
def served(city: SmallHost, serve: Callable[[Any], str]) -> Served:
    return Served(city, serve(city.app))


def findings_of_axe(page: Any) -> list[str]:
    """Let axe look at a page; answer what it found, with the elements."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    assert len(found["passes"]) > 10
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(("lang", "scheme", "width", "looked_at"), LOOKS)
def test_axe_finds_nothing_on_any_page(
    served: Served,
    open_page: Callable[..., Any],
    lang: str,
    scheme: str,
    width: int,
    looked_at: list[str],
) -> None:
    viewport = {"width": width, "height": 900}
    page = open_page(locale=lang, color_scheme=scheme, viewport=viewport, bypass_csp=True)
    wrong = {}
    for name in PAGES:
        served.open(page, name, lang)
        if name in looked_at and (found := findings_of_axe(page)):
            wrong[name] = found
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            wrong[f"{name} is wider than the screen"] = [str(wide)]
    assert wrong == {}


def test_axe_would_find_something(served: Served, open_page: Callable[..., Any]) -> None:
    page = open_page(bypass_csp=True)
    served.open(page, "today")
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"x.png\"><input>'")
    assert len(findings_of_axe(page)) >= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_forms_and_the_name_are_sound_too(
    served: Served, open_page: Callable[..., Any], scheme: str
) -> None:
    page = open_page(color_scheme=scheme, bypass_csp=True)
    served.open(page, "justified")
    page.locator("summary").first.click()
    assert findings_of_axe(page) == []
    page.locator("textarea").first.fill("核对回避情况")
    go_by(page, page.get_by_role("button", name="查看姓名").first)
    page.wait_for_selector("strong")
    assert page.locator("strong").inner_text() == review_city.CANARY
    assert findings_of_axe(page) == []


def test_everything_works_without_script_and_by_keyboard(
    served: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(java_script_enabled=False)
    served.open(page, "checkpoints")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "跳到正文"
    page.keyboard.press("Enter")
    assert page.url.endswith("#cg-main")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("核验结果").select_option("hit")
    page.get_by_label("案件号").fill(PROJECT)
    page.keyboard.press("Enter")
    page.wait_for_url("**case=YT-GC-2025-12*")
    assert page.locator("tbody tr").count() == 1
    go_by(page, page.get_by_role("link", name=PROJECT))
    assert page.locator("h1").inner_text() == f"案件 {PROJECT}"


def test_hostile_text_runs_nowhere(served: Served, open_page: Callable[..., Any]) -> None:
    page = open_page(bypass_csp=True)  # so that escaping alone must hold
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda problem: said.append(str(problem)))
    for name in PAGES:
        served.open(page, name)
    served.open(page, "findings")
    go_by(page, page.get_by_role("link", name=HOSTILE[:20]).first)
    assert HOSTILE[:30] in page.locator("h1").inner_text()
    assert page.locator("main script, main img").count() == 0
    assert said == []


def test_a_case_can_be_printed(served: Served, page: Any) -> None:
    served.open(page, "justified")
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert not page.locator("summary").first.is_visible()
    assert page.locator("svg[role=img]").is_visible()
    assert page.locator("tbody tr").first.is_visible()
    assert page.locator("blockquote").first.is_visible()


def test_how_a_rule_decided_is_printed_with_its_heading_where_it_stands_open(
    served: Served, page: Any
) -> None:
    served.open(page, "finding")
    page.emulate_media(media="print")
    heading = page.locator("summary", has_text="如何判定")
    assert not heading.is_visible()
    heading.evaluate("one => { one.parentElement.open = true }")
    assert heading.is_visible()
    assert page.locator("details[open] li").first.is_visible()


def test_pages_fetch_their_style_and_nothing_else(served: Served, page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    served.open(page, "case")
    kinds = {url.partition("?")[0].rpartition("/")[2] for url in asked}
    assert kinds == {PROJECT, "cleangov.css"}
    assert CASE not in kinds


def test_a_letter_is_printed_as_a_letter(served: Served, page: Any) -> None:
    served.open(page, "asked")
    page.emulate_media(media="print")
    for gone in (".cg-top", ".cg-standing", "textarea", "button", ".cg-screen"):
        assert not page.locator(gone).first.is_visible(), gone
    paper = page.locator(".cg-letter")
    assert paper.is_visible()
    assert page.locator(".cg-annex svg").is_visible()
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9]+)[0-9.]* ([0-9]+)[0-9.]*\]", printed)
    assert len(boxes) >= 2, "what it stands on begins a page of its own"
    assert set(boxes) == {(b"594", b"841")}, "A4, in points"


def test_somebody_who_is_asked_answers_without_script(
    served: Served, open_page: Callable[..., Any]
) -> None:
    page = open_page(java_script_enabled=False)
    served.open(page, "inbox")
    go_by(page, page.get_by_role("link", name="阅读并答复 询"))
    page.get_by_role("textbox", name="答复").fill(f"按框架合同计价 {HOSTILE}")
    go_by(page, page.get_by_role("button", name="提交答复"))
    assert HOSTILE in page.locator("blockquote").first.inner_text()
    served.open(page, "signal")
    assert HOSTILE in page.locator("main").inner_text()
