"""Scene 2 of the demo in the sample city: the window asks for a second paper, and is told once."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from sample_host import serve as demo
from sample_host.app import create_app
from sample_host.city import of
from sample_host.story import tell
from tests.support.ends import cities_end
from tests.support.play_case import Page, button

PERMIT = "/permits/YT-XK-2026-0088"
STEP = f"{PERMIT}/request_correction"
#: In the language of the letter, as she types it, whatever language her screen speaks.
SECOND = "房东同意书"
WORDS = {
    "zh-CN": {
        "headline": "3月6日已补正告知一次。",
        "body": (
            "法律要求五个工作日内一次告知全部内容（《行政许可法》第三十二条）；"
            "今天是第 3 日，周四到期。"
        ),
        "answers": [
            "合并成一份，今天发出（预览）",
            "说明为何现在才能知道",
            "不要这份材料",
            "这条提示不对",
        ],
        "done": "全部内容已在一份告知里。",
    },
    "en": {
        "headline": "You asked once on 6 March.",
        "body": (
            "The law wants everything in one notice within five working days "
            "(Licensing Law, Art 32); today is day 3, it ends on Thursday."
        ),
        "answers": [
            "One notice for both, send today (preview)",
            "Say why it could only be known now",
            "Do without it",
            "This prompt is wrong",
        ],
        "done": "Everything is in one notice.",
    },
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("story")
    with cities_end():
        tell(of(create_app(demo.config(folder))))
    return folder


class Window:
    """Liu Min at the permit window, with a browser without script."""

    def __init__(self, app: Any, language: str) -> None:
        self.app, self.client = app, app.test_client()
        self.client.get(f"/?lang={language}")
        form, choice = button(self.open("/people"), "刘敏", "Liu Min")
        self.post(form.action, form.data(choice, {}))

    def open(self, path: str) -> Page:
        answer = self.client.get(path, follow_redirects=True)
        return Page(path, answer.status_code, answer.text)

    def post(self, path: str, data: list[tuple[str, str]]) -> Page:
        fields: dict[str, list[str]] = {}
        for name, value in data:
            fields.setdefault(name, []).append(value)
        headers = {"Origin": "http://localhost"}
        answer = self.client.post(path, data=fields, headers=headers)
        if answer.status_code == 307:  # the officer's own form goes on as it is
            return self.post(answer.headers["Location"], data)
        onward = answer.headers.get("Location")
        return self.open(onward) if onward else Page(path, answer.status_code, answer.text)

    def asks_for(self, items: str) -> Page:
        page = self.open(STEP)
        form = next(form for form in page.forms if form.action.endswith("request_correction"))
        press = next(control for control in form.controls if control.is_button)
        return self.post(STEP, form.data(press, {"items": items}))

    def answers(self, page: Page, label: str, **changes: str) -> Page:
        """Press an answer; one that needs words has its button below them."""
        form, press = button(page, label) if not changes else self._with_words(page)
        return self.post(form.action, form.data(press, changes))

    def _with_words(self, page: Page) -> Any:
        return next(
            (form, control)
            for form in page.forms
            if any(entry.name == "cleangov_text" for entry in form.controls)
            for control in form.controls
            if control.is_button
        )

    def notices(self) -> list[str]:
        query = (
            "SELECT details FROM city_act WHERE matter_no = :no"
            " AND kind = 'prm.correction.requested' ORDER BY ordinal"
        )
        with of(self.app).engine.connect() as connection:
            rows = connection.execute(sa.text(query), {"no": PERMIT[-15:]})
            return [details for (details,) in rows]

    def acts(self) -> list[int]:
        query = "SELECT ordinal FROM city_act WHERE matter_no = :no ORDER BY ordinal"
        with of(self.app).engine.connect() as connection:
            return list(connection.execute(sa.text(query), {"no": PERMIT[-15:]}).scalars())

    def outcomes(self) -> list[tuple[str, str]]:
        """Answer what rules of permits said of the latest event that they named."""
        query = (
            "SELECT body FROM cleangov_entry WHERE subject = :no"
            " AND kind = 'prm.correction.requested' ORDER BY id DESC LIMIT 1"
        )
        with of(self.app).engine.connect() as connection:
            body = connection.execute(sa.text(query), {"no": PERMIT[-15:]}).scalar_one()
        return [(rule, result) for rule, _, result, *_ in json.loads(body)["outcomes"]]


@pytest.fixture
def app(told: Path, tmp_path: Path) -> Iterator[Any]:
    shutil.copytree(told, tmp_path / "city")
    with cities_end():
        yield create_app(demo.config(tmp_path / "city"))


@pytest.fixture
def window(app: Any) -> Window:
    return Window(app, "zh-CN")


@pytest.mark.parametrize("language", sorted(WORDS))
def test_a_second_paper_is_held_with_the_sentence_of_the_demo(app: Any, language: str) -> None:
    window, words = Window(app, language), WORDS[language]
    held = window.asks_for(SECOND)
    assert held.status == 409
    assert words["headline"] in held.text
    assert words["body"] in held.text
    shown = [held.text.index(str(label)) for label in words["answers"]]
    assert shown == sorted(shown)
    assert len(window.notices()) == 1


@pytest.mark.parametrize("language", sorted(WORDS))
def test_one_notice_for_both_goes_out_filled_in(app: Any, language: str) -> None:
    window, words = Window(app, language), WORDS[language]
    done = window.answers(window.asks_for(SECOND), words["answers"][0])
    assert done.status == 200
    assert words["done"] in done.text
    first, second = window.notices()
    assert "招牌效果图" in first
    assert "招牌效果图（标明尺寸、材质）" in second
    assert SECOND in second
    assert window.outcomes() == []
    paper = window.open(f"{PERMIT}/papers/{len(window.acts())}")
    items = re.findall(r"<li>(.*?)</li>", paper.text)
    assert items == ["招牌效果图（标明尺寸、材质）", SECOND]
    assert f"/papers/{len(window.acts())}" in done.text, "the way to print it stands there"


def test_a_reason_lets_the_second_notice_pass_and_stays_in_the_record(
    window: Window,
) -> None:
    held = window.asks_for(SECOND)
    done = window.answers(
        held, WORDS["zh-CN"]["answers"][1], cleangov_text="5 日图纸里才看出招牌装在房东的外墙上"
    )
    assert done.status == 200
    assert SECOND in window.notices()[1]
    assert window.outcomes() == [("P02", "suppressed")]


def test_to_do_without_it_sends_nothing(window: Window) -> None:
    window.answers(window.asks_for(SECOND), WORDS["zh-CN"]["answers"][2])
    assert len(window.notices()) == 1


def test_the_first_notice_of_a_permit_is_held_by_nobody(window: Window) -> None:
    other = "/permits/YT-XK-2026-0092/request_correction"
    page = window.open(other)
    form = next(form for form in page.forms if form.action.endswith("request_correction"))
    press = next(control for control in form.controls if control.is_button)
    done = window.post(other, form.data(press, {"items": "油水分离器合格证"}))
    assert done.status == 200


def test_the_paper_is_no_page_of_other_steps_nor_of_strangers(window: Window) -> None:
    assert window.open(f"{PERMIT}/papers/1").status == 404, "the application is no notice"
    assert window.open(f"{PERMIT}/papers/99").status == 404
    notice = window.acts()[-1]
    assert window.open(f"{PERMIT}/papers/{notice}").status == 200
    assert window.open(f"/cases/YT-CF-2026-0417/papers/{notice}").status == 404
    stranger = window.app.test_client()
    assert stranger.get(f"{PERMIT}/papers/{notice}").status_code == 404
