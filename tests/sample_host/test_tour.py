"""What the bar says: each state of the story, each place in it, and guests that answer nonsense."""

import itertools
import json
from typing import Any

import pytest
from flask import Flask

from cleangov_hooks import AnswerKind, Decision, Fragment, Verdict, hookimpl
from sample_host import create_app, tour
from sample_host.tour.scenes import DECIDE, FILE
from sample_host.tour.stage import Sheet
from sample_host.words import WORDS
from tests.sample_host.pressing import BarPage, Presser
from tests.support.page_check import Checked
from tests.support.scripted_day import DRAIN, NOODLES, Visit, make_city

FRESH = tour.Story(is_decided=False)
DECIDED = tour.Story(is_decided=True, fine=80_000)
PLAYED = tour.Story(is_decided=True, fine=80_000, fourth=49_000_000)
AT_DECIDE = Sheet(path=DECIDE, attempt="try-1", form="decide-form")
AT_FILE = Sheet(path=FILE, attempt="try-2", form="request-variation-form")


def control(kind: AnswerKind, label: str = "words of a rule") -> tour.Control:
    return tour.Control(kind=kind, label=label, form=f"cleangov-{kind}", name="", value="")


def waits(state: str, *kinds: AnswerKind) -> tour.Standing:
    return tour.Standing(case_id="x", state=state, controls=tuple(map(control, kinds)))


HELD = waits("held", AnswerKind.SECOND_PERSON_ASKED, AnswerKind.PROMPT_IS_WRONG)
ASKED = waits("asked", AnswerKind.SECOND_PERSON_APPROVED, AnswerKind.SECOND_PERSON_REFUSED)


def stage(story: tour.Story, who: str | None = None, path: str = "/", **more: Any) -> tour.Stage:
    return tour.Stage(story=story, who=who, path=path, **more)


#: One line for each state: what there is, what is said, what the first button does.
STATES = [
    (stage(FRESH), "tour.1.be", "chen-jing"),
    (stage(FRESH, "liu-min"), "tour.1.be", "chen-jing"),
    (stage(FRESH, "chen-jing", "/inbox"), "tour.1.go", "chen-jing"),
    (stage(FRESH, "chen-jing", NOODLES, sheet=AT_DECIDE), "tour.1.type", "2000"),
    (
        stage(FRESH, "chen-jing", sheet=AT_DECIDE, fine=waits("held", AnswerKind.CORRECTED)),
        "tour.1.held",
        "cleangov-corrected",
    ),
    (stage(FRESH, "chen-jing", sheet=AT_DECIDE, fine=waits("waiting")), "tour.1.waits", "800"),
    (stage(DECIDED, "chen-jing"), "tour.2.be", "zhao-lei"),
    (stage(FRESH, "zhao-lei", "/inbox"), "tour.2.go", "zhao-lei"),
    (stage(DECIDED, "zhao-lei", DRAIN, sheet=AT_FILE), "tour.2.type", "490000"),
    (
        stage(DECIDED, "zhao-lei", sheet=AT_FILE, variation=HELD),
        "tour.2.held",
        "cleangov-second_person_asked",
    ),
    (
        stage(DECIDED, "zhao-lei", sheet=AT_FILE, variation=waits("waiting")),
        "tour.2.waiting",
        "he-ping",
    ),
    (stage(DECIDED, "he-ping", "/", variation=waits("waiting")), "tour.2.inbox", "he-ping"),
    (stage(DECIDED, "he-ping", "/"), "tour.2.inbox", "he-ping"),
    (
        stage(DECIDED, "he-ping", "/inbox", variation=waits("waiting"), asked=ASKED),
        "tour.2.agree",
        "cleangov-second_person_approved",
    ),
    (
        stage(DECIDED, "he-ping", "/inbox", asked=ASKED),
        "tour.2.agree",
        "cleangov-second_person_approved",
    ),
    (stage(DECIDED, "he-ping", "/inbox", variation=waits("agreed")), "tour.2.agreed", FILE),
    (stage(DECIDED, "he-ping", "/inbox"), "tour.2.nothing", "zhao-lei"),
    (stage(DECIDED, "he-ping", "/", variation=HELD), "tour.2.nothing", "zhao-lei"),
    (stage(DECIDED, "he-ping", "/inbox", variation=waits("refused")), "tour.2.nothing", "zhao-lei"),
    (stage(DECIDED, "he-ping", "/inbox", variation=waits("waiting")), "tour.2.elsewhere", None),
    (
        stage(DECIDED, "zhao-lei", sheet=AT_FILE, variation=waits("agreed")),
        "tour.2.again",
        "request-variation-form",
    ),
    (
        stage(
            DECIDED,
            "zhao-lei",
            sheet=AT_FILE,
            variation=waits("refused", AnswerKind.SECOND_PERSON_ASKED),
        ),
        "tour.2.held",
        "cleangov-second_person_asked",
    ),
    (
        stage(DECIDED, "zhao-lei", sheet=AT_FILE, variation=waits("held")),
        "tour.2.waits",
        None,
    ),
    (
        stage(tour.Story(is_decided=True, may_vary=False), "zhao-lei"),
        "tour.2.over",
        "/cleangov/",
    ),
    (stage(PLAYED, "zhao-lei"), "tour.end", "/cleangov/"),
    (stage(PLAYED), "tour.end", "/cleangov/"),
    (stage(PLAYED, is_supervised=False), "tour.end.off", None),
    (stage(PLAYED, "lin-lan"), "tour.end.here", "/cleangov/"),
    (stage(DECIDED, "lin-lan"), "tour.end.unplayed", "/cleangov/"),
    (stage(PLAYED, "lin-lan", is_supervised=False), "tour.end.off", None),
]


@pytest.mark.parametrize(("there", "key", "does"), STATES)
def test_each_state_has_its_sentence_and_its_button(
    there: tour.Stage, key: str, does: str | None
) -> None:
    bar = tour.bar(there)
    assert bar.key == key
    if does is None:
        assert bar.do is None
    else:
        button = bar.do or tour.Button()
        assert does in (button.form, button.link, *button.fields.values())


def test_no_state_is_a_dead_end() -> None:
    for there, _, _ in STATES:
        bar = tour.bar(there)
        assert bar.do or bar.following or bar.scene is None  # after the last there is the home link


def test_every_sentence_of_the_bar_is_said_somewhere() -> None:
    said = {tour.bar(there).key for there, _, _ in STATES}
    known = {key for key in WORDS if key.startswith(("tour.1.", "tour.2.", "tour.end"))}
    notes = {"tour.1.note", "tour.1.calm", "tour.1.heavier", "tour.1.unstopped", "tour.1.none"}
    assert said == known - notes - {"tour.2.note", "tour.2.reason"}


@pytest.mark.parametrize(
    ("fine", "seen", "note"),
    [
        (80_000, {"fine"}, "tour.1.note"),
        (70_000, set(), "tour.1.calm"),
        (200_000, {"fine"}, "tour.1.heavier"),
        (200_000, set(), "tour.1.unstopped"),
        (None, {"fine"}, "tour.1.none"),
    ],
)
def test_the_side_note_says_what_became_of_the_fine(
    fine: int | None, seen: set[str], note: str
) -> None:
    story = tour.Story(is_decided=True, fine=fine)
    bar = tour.bar(stage(story, "chen-jing", seen=frozenset(seen)))
    assert (bar.note, bar.sum) == (note, fine)


def test_a_small_fourth_variation_is_not_the_scene_but_one_that_waited_is() -> None:
    small = tour.Story(is_decided=True, fourth=4_900_000)
    assert tour.bar(stage(small)).key == "tour.2.be"
    assert tour.bar(stage(small, seen=frozenset({"variation"}))).key == "tour.end"


def test_whatever_is_skipped_the_bar_never_leads_back() -> None:
    """Each press of [next] leads to a later scene, and after the last there is none."""
    for story, supervised in itertools.product((FRESH, DECIDED, PLAYED), (True, False)):
        first = tour.bar(
            stage(story, "chen-jing", sheet=AT_DECIDE, is_supervised=supervised)
        ).following
        second = tour.bar(stage(story, "zhao-lei", is_supervised=supervised)).following
        last = tour.bar(stage(story, "lin-lan", is_supervised=supervised))
        assert first is None or first.fields["person"] in ("zhao-lei", "lin-lan")
        assert second is None or second.fields["person"] == "lin-lan"
        assert last.following is None
        assert last.do is None or last.do.link == "/cleangov/"


# ---- On the pages --------------------------------------------------------------------------


class Guest:
    """A plugin that holds the sums it is told to hold, and says what it is told to say."""

    def __init__(self, said: object = None) -> None:
        self.held = {200_000, 49_000_000}
        self.said = said

    @hookimpl
    def cleangov_step_gate(self, attempt: Any) -> Verdict | None:
        amount = attempt.event.amount
        if amount is None or amount.minor not in self.held:
            return None
        return Verdict(decision=Decision.HOLD, attempt_id=attempt.id)

    @hookimpl
    def cleangov_slot(self, name: str, step: Any, medium: str) -> Fragment | None:
        if medium != "json" or self.said is None:
            return None
        text = self.said if isinstance(self.said, str) else json.dumps(self.said)
        return Fragment(medium="json", content=text)


def test_it_says_that_nothing_will_stop_the_step_without_a_plugin(app: Flask) -> None:
    assert "没有安装监督插件" in Presser(app).page.said
    assert "No supervision plugin is installed" in Presser(app, "en").page.said


def test_a_guest_that_holds_and_says_nothing_more_is_no_dead_end(url: str) -> None:
    presser = Presser(make_city(url, PLUGINS=False, guests=[("holding", Guest())]))
    presser.press()
    presser.press()
    assert "这一步停着" in presser.page.said
    presser.press()  # types 800 herself
    assert "已按 800 元决定" in presser.page.said
    presser.press()
    presser.press()
    assert "按提示办" in presser.page.said
    assert set(presser.page.buttons) == {"following"}


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{",
        "[" * 5_000,
        "null",
        "7",
        [7, None, "x", {}],
        [{"state": "agreed", "choices": 7}],
        [{"state": "held", "case_id": {}, "choices": [{"kind": "corrected", "form": None}, 3]}],
        [{"state": "held", "choices": [{"kind": "corrected", "form": "x", "needs_text": True}]}],
        [{"state": ["held"], "choices": {"kind": "corrected"}}],
    ],
    ids=str,
)
def test_whatever_a_guest_says_the_page_is_shown(url: str, said: object) -> None:
    app = make_city(url, PLUGINS=False, guests=[("guest", Guest(said))])
    for who, path in (("chen-jing", NOODLES), ("zhao-lei", DRAIN), ("he-ping", "/inbox")):
        html = Visit(app, who).get(path)
        assert 'class="tour"' in html
        assert "Traceback" not in html


def test_what_a_guest_says_is_text_and_never_markup(url: str) -> None:
    evil = '"><script>alert(1)</script>'
    choice = {"kind": "corrected", "label": evil, "form": evil, "name": evil, "value": evil}
    said = [{"case_id": "YT-CF-2026-0417", "state": "held", "choices": [choice]}]
    app = make_city(url, PLUGINS=False, guests=[("guest", Guest(said))])
    html = Visit(app, "chen-jing").get(NOODLES)
    assert "<script>alert" not in html
    assert BarPage(html).buttons["do"].form == evil


def test_the_pages_with_the_bar_are_sound(app: Flask) -> None:
    presser = Presser(app)
    for _ in range(4):
        problems = Checked(presser.page.html).problems
        assert problems == []
        presser.press()


def test_another_visit_finds_the_story_where_it_stands(app: Flask) -> None:
    Visit(app, "chen-jing").take(NOODLES, "decide", amount="700", kind_of_penalty="fine")
    said = Presser(app).page.said
    assert said.startswith("2/2 已按 700 元决定。 轮到赵磊")
    assert "先前" not in said  # what she had typed is nobody's business


def test_the_works_may_be_over_before_the_scene(app: Flask) -> None:
    Visit(app, "he-ping").take(DRAIN, "accept_works", quality="passed")
    Visit(app, "chen-jing").take(NOODLES, "decide", amount="800", kind_of_penalty="fine")
    presser = Presser(app)
    assert "不能再报变更" in presser.page.said
    presser.press()
    assert presser.path == "/"  # without a plugin there are no pages of hers
    assert "do" not in presser.page.buttons


def test_start_leads_to_the_first_scene_that_was_not_played(app: Flask) -> None:
    def start() -> str:
        html = Visit(app).get("/")
        return html[html.index('class="hero"') :].partition("</section>")[0]

    assert 'value="chen-jing"' in start()
    Visit(app, "chen-jing").take(NOODLES, "decide", amount="800", kind_of_penalty="fine")
    assert 'value="zhao-lei"' in start()
    asked = {"amount": "490000", "cause": "ground", "reason": "K1+240"}
    Visit(app, "zhao-lei").take(DRAIN, "request_variation", **asked)
    assert "do.py demo --reset" in start()
    assert "<button" not in start()  # nothing to be seen of the auditor without a plugin


def test_without_the_story_there_is_no_bar_and_it_can_be_left_out(
    url: str, tmp_path: object
) -> None:
    empty = create_app({"DATABASE_URL": f"sqlite:///{tmp_path}/empty.db", "PLUGINS": False})
    quiet = make_city(url, PLUGINS=False, TOUR=False)
    for app in (empty, quiet):
        html = Visit(app).get("/")
        assert 'class="tour"' not in html


@pytest.mark.parametrize("path", [tour.CASE, tour.PROJECT])
def test_its_addresses_are_those_of_the_story(app: Flask, path: str) -> None:
    assert path.rpartition("/")[2] in Visit(app).get(path)
