"""Every kind of answer in every weather: by keyboard, cut off, lost, slow, two tabs, and back."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.ledger.sealed_box import new_opening_key
from tests.browser.element_place import Place
from tests.browser.going import arriving
from tests.browser.test_element_answers import NO_SECOND_TRY, walk_to
from tests.browser.test_kinds_of_answer_pressed import fill
from tests.support.answer_rules import answer_rules
from tests.support.small_city import PEOPLE

WORDS = "No 7 <b>as agreed</b>"
DOWN = "ArrowDown"
ANSWERS = re.compile(r"/answers$")
KEPT = "Object.keys(localStorage).filter(k => k.startsWith('cleangov:'))"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How one kind of answer is given.

    :param step: what the officer tries.
    :param label: what stands on the answer.
    :param keys: what is typed into its fields, each reached by Tab.
    :param send: what stands on the button below them; empty where the answer is the button.
    :param goes_on: whether the host's step follows.
    """

    step: str
    label: str
    keys: tuple[str, ...] = ()
    send: str = "Send"
    goes_on: bool = False


KINDS = {
    "corrected": Kind(step="heavier_fine", label="Back to 800", send="", goes_on=True),
    "justified": Kind(
        step="outside_the_band",
        label="The deviation has",
        keys=("Decided", "〔2026〕3"),
        goes_on=True,
    ),
    "deferred": Kind(
        step="outside_the_band",
        label="Go on; the approval",
        keys=("It is", "03122026"),
        goes_on=True,
    ),
    "recusal_declared": Kind(step="outside_the_band", label="I have to step", keys=(WORDS,)),
    "break_glass": Kind(
        step="heavier_fine",
        label="Danger; reviewed",
        keys=("Danger", DOWN, WORDS),
        goes_on=True,
    ),
    "acknowledged": Kind(step="outside_the_band", label="Read, and go on", send="", goes_on=True),
    "second_person_asked": Kind(step="heavier_fine", label="Ask a second person", send=""),
    "prompt_is_wrong": Kind(
        step="heavier_fine", label="This prompt is wrong", keys=(WORDS,), send="The rule is wrong"
    ),
    "note": Kind(step="heavier_fine", label="Somebody asked me to", keys=(WORDS,)),
}


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A kind of answer on the page of its step.

    :param name: code of the kind.
    :param place: the host.
    :param page: the page.
    :param url: its address.
    """

    name: str
    place: Place
    page: Any
    url: str

    @property
    def kind(self) -> Kind:
        """Answer how it is given."""
        return KINDS[self.name]

    def fill(self, page: Any) -> None:
        """Fill in what the answer asks for, without pressing it."""
        page.locator(".cg-panel:visible").wait_for()
        if self.kind.send:
            page.locator("summary:visible", has_text=self.kind.label).click()
            box = page.locator("details[open]:visible")
            if self.name in ("prompt_is_wrong", "note"):
                box.locator("textarea").fill(WORDS)
            fill(box, self.name)
        elif self.name == "second_person_asked":
            page.locator("select:visible").select_option("liu")

    def button(self, page: Any) -> Any:
        """Answer the button that sends it."""
        if self.kind.send:
            return page.locator("details[open]:visible button", has_text=self.kind.send).first
        return page.get_by_role("button", name=self.kind.label).locator("visible=true")

    def counts(self, number: int) -> None:
        """Assert that it was taken so often, and that nothing is left on the device."""
        query = "SELECT count(*) FROM cleangov_entry WHERE kind = 'int.note.sealed'"
        notes = self.place.rows(query)[0][0]
        found = [self.name] * number if self.name != "note" else []
        assert self.place.answers() == found
        assert notes == (number if self.name == "note" else 0)
        if number and self.name == "second_person_asked":
            ((state, asked),) = self.place.rows("SELECT state, asked FROM cleangov_second_request")
            assert (state, bool(asked)) == ("open", True), "one person was asked by name"


def keyboard(scene: Scene) -> None:
    """No hand on a mouse."""
    page, kind = scene.page, scene.kind
    page.locator(".cg-panel:visible").wait_for()
    if scene.name == "second_person_asked":
        walk_to(page, "Anybody")
        page.keyboard.press(DOWN)
    walk_to(page, kind.label)
    if kind.send:
        page.keyboard.press("Enter")
        for keys in kind.keys:
            page.keyboard.press("Tab")
            page.keyboard.press(DOWN) if keys == DOWN else page.keyboard.type(keys)
        walk_to(page, kind.send)
    with arriving(page):
        page.keyboard.press("Enter")
    scene.counts(1)


def cut(scene: Scene) -> None:
    """The connection is lost before it is sent, and comes back."""
    page = scene.page
    scene.fill(page)
    page.context.set_offline(True)
    scene.button(page).click()
    if scene.name == "note":
        page.get_by_text("nothing can be kept on this device").wait_for()
        assert page.locator("details[open] textarea:visible").input_value() == WORDS
        assert page.evaluate(KEPT) == []
        scene.counts(0)
        page.context.set_offline(False)
        with arriving(page):
            scene.button(page).click()
        scene.counts(1)
        return
    page.get_by_text("No connection. Your answer of").wait_for()
    scene.counts(0)
    page.context.set_offline(False)
    page.get_by_role("button", name="Go on").wait_for(timeout=60_000)
    scene.counts(1)
    assert scene.place.synced() == ["synced"]
    assert page.evaluate(KEPT) == []


def lost(scene: Scene) -> None:
    """The server has it; its answer never comes."""
    page, taken = scene.page, []
    page.add_init_script(NO_SECOND_TRY)
    page.reload()
    scene.fill(page)

    def lose(route: Any) -> None:
        taken.append(route.fetch())
        route.abort()

    page.route("**/answers", lose, times=1)
    scene.button(page).click()
    page.get_by_text("No connection. Your answer of").wait_for()
    assert len(taken) == 1
    scene.counts(1)
    page.get_by_role("button", name="Try now").click()
    page.get_by_role("button", name="Go on").wait_for(timeout=60_000)
    scene.counts(1)


def slow(scene: Scene) -> None:
    """It is long on its way, and pressed again meanwhile."""
    page, held = scene.page, []
    scene.fill(page)

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/answers", hold)
    button = scene.button(page)
    with page.expect_request(ANSWERS):
        button.click()
    page.get_by_text("Sending…").wait_for()
    button.dispatch_event("click")
    assert len(held) == 1
    with arriving(page):
        held[0].continue_()
    scene.counts(1)


def tabs(scene: Scene) -> None:
    """The same step stands in two tabs."""
    page, other = scene.page, scene.page.context.new_page()
    other.goto(scene.url)
    for tab in (page, other):
        scene.fill(tab)
    with arriving(page):
        scene.button(page).click()
    if scene.name == "prompt_is_wrong":  # the prompt stands meanwhile, and says that it was said
        with arriving(other):
            scene.button(other).click()
    else:
        scene.button(other).click()
        other.locator(".cg-state[data-tone=bad]").wait_for()
    scene.counts(1)


def back(scene: Scene) -> None:
    """The officer goes back to where they answered."""
    page = scene.page
    scene.fill(page)
    with arriving(page):
        scene.button(page).click()
    page.go_back()
    again = page.locator("summary:visible, button:visible", has_text=scene.kind.label)
    if again.count():  # a page that the browser kept as it was
        if not scene.button(page).count():
            scene.fill(page)
        # Where the step goes on, its page is waited for: a browser that is closed on its way hangs.
        with arriving(page) if scene.kind.goes_on else page.expect_response(ANSWERS):
            scene.button(page).click()
    scene.counts(1)


WAYS = {way.__name__: way for way in (keyboard, cut, lost, slow, tabs, back)}
#: Each kind and each way is met; all with all, in the full counts.
MET = {
    ("justified", "keyboard"),
    ("deferred", "lost"),
    ("recusal_declared", "tabs"),
    ("break_glass", "cut"),
    ("acknowledged", "back"),
    ("second_person_asked", "slow"),
    ("note", "cut"),
}
#: A note to oversight goes as a browser sends a form: its words are never on the device, and two
#: tabs are two notes. What is sent twice is in test_element_offline.
NOT_SO = {("note", "lost"), ("note", "slow"), ("note", "tabs"), ("note", "back")}
PAIRS = [
    pytest.param(kind, way, marks=() if (kind, way) in MET else pytest.mark.slow)
    for kind in KINDS
    for way in WAYS
    if (kind, way) not in NOT_SO
]


@pytest.fixture
def database() -> str:
    """The database's kind makes no difference to a browser."""
    return "sqlite"


@pytest.mark.parametrize(("kind", "way"), PAIRS)
def test_an_answer_counts_once_in_every_weather(
    make_place: Callable[..., Place],
    tmp_path: Path,
    open_page: Callable[..., Any],
    serve: Callable[[Any], str],
    kind: str,
    way: str,
) -> None:
    rules = str(answer_rules(tmp_path / "rules"))
    key = new_opening_key().public.text
    place = make_place("en", CLEANGOV_RULES=rules, CLEANGOV_OVERSIGHT_KEY=key)
    place.host.staff["reviewer"] = [PEOPLE["liu"], replace(PEOPLE["liu"], id="tang", name="唐")]
    getattr(place, KINDS[kind].step)()
    page = open_page(locale="en-US")
    url = f"{serve(place.host.app)}/page"
    page.goto(url)
    WAYS[way](Scene(name=kind, place=place, page=page, url=url))
    is_taken = KINDS[kind].goes_on and way in ("keyboard", "slow", "tabs")
    assert len(place.posted) == is_taken or way == "back"
