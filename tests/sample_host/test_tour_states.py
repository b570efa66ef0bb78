"""What the bar says: each state of the story, and each place in it."""

import itertools
import re
from typing import Any

import pytest

from cleangov_hooks import AnswerKind
from sample_host import tour
from sample_host.tour.bars import CORRECT, DECIDE, FILE
from sample_host.tour.stage import Sheet
from sample_host.words import WORDS
from tests.support.scripted_day import DRAIN, NOODLES

FRESH = tour.Story(is_decided=False)
FINED = tour.Story(is_decided=True, fine=80_000)
DECIDED = tour.Story(is_decided=True, fine=80_000, is_noticed=True)
PLAYED = tour.Story(is_decided=True, fine=80_000, is_noticed=True, fourth=49_000_000)
AT_CORRECT = Sheet(path=CORRECT, attempt="try-3", form="request-correction-form")
AT_DECIDE = Sheet(path=DECIDE, attempt="try-1", form="decide-form")
AT_FILE = Sheet(path=FILE, attempt="try-2", form="request-variation-form")
LETTER = frozenset({"letter"})
ANSWERED = LETTER | {"answer"}


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
    (stage(FRESH, "wang-xiulan"), "tour.1.be", "chen-jing"),
    (stage(FINED), "tour.2.be", "liu-min"),
    (stage(FRESH, "liu-min"), "tour.2.go", CORRECT),
    (stage(FINED, "liu-min", CORRECT, sheet=AT_CORRECT), "tour.2.type", "tour.2.items"),
    (
        stage(FINED, "liu-min", sheet=AT_CORRECT, notice=waits("held", AnswerKind.CORRECTED)),
        "tour.2.held",
        "cleangov-corrected",
    ),
    (stage(FINED, "liu-min", sheet=AT_CORRECT, notice=waits("held")), "tour.2.waits", None),
    (stage(FRESH, "chen-jing", "/inbox"), "tour.1.go", "chen-jing"),
    (stage(FRESH, "chen-jing", NOODLES, sheet=AT_DECIDE), "tour.1.type", "2000"),
    (
        stage(FRESH, "chen-jing", sheet=AT_DECIDE, fine=waits("held", AnswerKind.CORRECTED)),
        "tour.1.held",
        "cleangov-corrected",
    ),
    (stage(FRESH, "chen-jing", sheet=AT_DECIDE, fine=waits("waiting")), "tour.1.waits", "800"),
    (stage(DECIDED, "chen-jing"), "tour.3.be", "zhao-lei"),
    (stage(FRESH, "zhao-lei", "/inbox"), "tour.3.go", "zhao-lei"),
    (stage(DECIDED, "zhao-lei", DRAIN, sheet=AT_FILE), "tour.3.type", "490000"),
    (
        stage(DECIDED, "zhao-lei", sheet=AT_FILE, variation=HELD),
        "tour.3.held",
        "cleangov-second_person_asked",
    ),
    (
        stage(DECIDED, "zhao-lei", sheet=AT_FILE, variation=waits("waiting")),
        "tour.3.waiting",
        "he-ping",
    ),
    (stage(DECIDED, "he-ping", "/", variation=waits("waiting")), "tour.3.inbox", "he-ping"),
    (stage(DECIDED, "he-ping", "/"), "tour.3.inbox", "he-ping"),
    (
        stage(DECIDED, "he-ping", "/inbox", variation=waits("waiting"), asked=ASKED),
        "tour.3.agree",
        "cleangov-second_person_approved",
    ),
    (
        stage(DECIDED, "he-ping", "/inbox", asked=ASKED),
        "tour.3.agree",
        "cleangov-second_person_approved",
    ),
    (stage(DECIDED, "he-ping", "/inbox", variation=waits("agreed")), "tour.3.agreed", FILE),
    (stage(DECIDED, "he-ping", "/inbox"), "tour.3.nothing", "zhao-lei"),
    (stage(DECIDED, "he-ping", "/", variation=HELD), "tour.3.nothing", "zhao-lei"),
    (stage(DECIDED, "he-ping", "/inbox", variation=waits("refused")), "tour.3.nothing", "zhao-lei"),
    (stage(DECIDED, "he-ping", "/inbox", variation=waits("waiting")), "tour.3.elsewhere", None),
    (
        stage(DECIDED, "zhao-lei", sheet=AT_FILE, variation=waits("agreed")),
        "tour.3.again",
        "request-variation-form",
    ),
    (
        stage(
            DECIDED,
            "zhao-lei",
            sheet=AT_FILE,
            variation=waits("refused", AnswerKind.SECOND_PERSON_ASKED),
        ),
        "tour.3.held",
        "cleangov-second_person_asked",
    ),
    (
        stage(DECIDED, "zhao-lei", sheet=AT_FILE, variation=waits("held")),
        "tour.3.waits",
        None,
    ),
    (
        stage(tour.Story(is_decided=True, is_noticed=True, may_vary=False), "zhao-lei"),
        "tour.3.over",
        "/cleangov/",
    ),
    (stage(PLAYED, "zhao-lei"), "tour.4.be", "/cleangov/"),
    (stage(PLAYED), "tour.4.be", "/cleangov/"),
    (stage(PLAYED, is_supervised=False), "tour.end.off", None),
    (stage(PLAYED, "lin-lan"), "tour.4.ask", "/cleangov/"),
    (stage(DECIDED, "lin-lan"), "tour.4.unplayed", "/cleangov/"),
    (stage(PLAYED, "lin-lan", seen=LETTER), "tour.4.asked", "zhao-lei"),
    (stage(PLAYED, "zhao-lei", "/", seen=LETTER), "tour.4.inbox", "/inbox"),
    (stage(PLAYED, "zhao-lei", "/inbox", seen=LETTER), "tour.4.answer", None),
    (stage(PLAYED, "zhao-lei", "/inbox", seen=ANSWERED), "tour.4.be", "/cleangov/"),
    (stage(PLAYED, "lin-lan", seen=ANSWERED), "tour.5.answered", "/cleangov/real"),
    (stage(PLAYED, "lin-lan", seen=LETTER | {"real"}), "tour.4.asked", "zhao-lei"),
    (stage(PLAYED, "lin-lan", seen=frozenset({"real"})), "tour.end", None),
    (stage(DECIDED, "lin-lan", seen=frozenset({"real"})), "tour.end.unplayed", None),
    (stage(PLAYED, "lin-lan", seen=ANSWERED | {"real"}), "tour.end", None),
    (
        stage(PLAYED, "lin-lan", seen=ANSWERED | {"real"}, has_administrator=True),
        "tour.end.administrator",
        None,
    ),
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
    known = {key for key in WORDS if re.match(r"tour\.(\d\.|end)", key)}
    notes = {"tour.1.note", "tour.1.calm", "tour.1.heavier", "tour.1.unstopped", "tour.1.none"}
    notes |= {"tour.2.note", "tour.2.calm", "tour.3.note"}
    assert said == known - notes - {"tour.2.items", "tour.3.reason"}


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
    small = tour.Story(is_decided=True, is_noticed=True, fourth=4_900_000)
    assert tour.bar(stage(small)).key == "tour.3.be"
    assert tour.bar(stage(small, seen=frozenset({"variation"}))).key == "tour.4.be"


def test_whatever_is_skipped_the_bar_never_leads_back() -> None:
    """Each press of [next] leads to a later scene, and after the last there is none."""
    order = ["chen-jing", "liu-min", "zhao-lei", "lin-lan"]
    sheets = {"chen-jing": AT_DECIDE, "liu-min": AT_CORRECT, "zhao-lei": AT_FILE}
    for story, supervised in itertools.product((FRESH, FINED, DECIDED, PLAYED), (True, False)):
        for place, who in enumerate(order):
            there = stage(story, who, sheet=sheets.get(who), is_supervised=supervised)
            onward = tour.bar(there).following
            if onward is None or onward.link == "/cleangov/real":
                continue
            assert order.index(onward.fields["person"]) > place
        last = tour.bar(stage(story, "lin-lan", is_supervised=supervised))
        assert last.do is None or last.do.link == "/cleangov/"


def test_whose_scene_was_passed_over_may_begin_it_or_go_on() -> None:
    """Somebody else's front page offers the way past a scene only once a later one was played."""
    passed = tour.Story(is_decided=False, is_noticed=True)
    assert tour.bar(stage(FRESH)).following is None
    onward = tour.bar(stage(passed)).following
    assert onward is not None
    assert onward.fields["person"] == "zhao-lei"


def test_the_note_on_a_scene_stands_on_the_next_one() -> None:
    seen = frozenset({"fine", "notice"})
    assert tour.bar(stage(FINED, "chen-jing", seen=seen)).note == "tour.1.note"
    assert tour.bar(stage(DECIDED, "liu-min", seen=seen)).note == "tour.2.note"
    assert tour.bar(stage(DECIDED, "liu-min")).note == "tour.2.calm"
    assert tour.bar(stage(PLAYED, "zhao-lei", seen=seen | {"agreed"})).note == "tour.3.note"
    assert tour.bar(stage(PLAYED, "zhao-lei", seen=ANSWERED | {"agreed"})).note is None
