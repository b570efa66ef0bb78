"""What the bar says: each state of the story, and each place in it."""

import itertools
from typing import Any

import pytest

from cleangov_hooks import AnswerKind
from sample_host import tour
from sample_host.tour.scenes import DECIDE, FILE
from sample_host.tour.stage import Sheet
from sample_host.words import WORDS
from tests.support.scripted_day import DRAIN, NOODLES

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
