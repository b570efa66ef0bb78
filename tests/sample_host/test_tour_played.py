"""The tour played with nothing but the bar's buttons, the plugin attached: each press leads on.

The same is played in a browser in tests/browser/test_tour.py; here every way through it is tried.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from sample_host import serve as demo
from tests.sample_host.played_city import Make, begin_anew, check_played, folder, make, rows, told
from tests.sample_host.pressing import END, MOST, Presser, is_over, play_on
from tests.support.counts import full
from tests.support.page_check import Checked

__all__ = ("folder", "make", "told")

#: Who leaves scenes half played and comes back to them presses a few times more.
LONGEST = MOST + 3


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pressing_do_it_for_me_plays_the_whole_tour_for_real(make: Make, language: str) -> None:
    app = make()
    presser = Presser(app, language)
    said = play_on(presser)
    assert presser.path == END
    assert presser.status == 200
    assert presser.presses <= MOST
    assert len(set(said)) == len(said), "nothing is said twice"
    check_played(app)
    kinds = rows(app, "SELECT kind FROM cleangov_answer ORDER BY answered_at, answer_id")
    assert sorted(kinds) == [
        ("corrected",),
        ("corrected",),
        ("second_person_approved",),
        ("second_person_asked",),
    ]
    requests = rows(app, "SELECT role, state FROM cleangov_second_request")
    assert requests == [("chief_engineer", "approved")]
    asked, decided = rows(app, "SELECT requested_by, decided_by FROM cleangov_second_request")[0]
    assert asked != decided
    bodies = rows(
        app, "SELECT kind, body FROM cleangov_entry WHERE body LIKE '%e.attempt%' ORDER BY id"
    )
    assert [kind for kind, _ in bodies] == [
        "enf.decision.made",
        "prm.correction.requested",
        "prj.variation.requested",
    ]
    assert all("e.prompt.0" in body and "e.answer" in body for _, body in bodies)


def test_each_page_of_the_tour_is_sound(make: Make) -> None:
    presser = Presser(make())
    while not is_over(presser):
        assert Checked(presser.page.html).problems == [], presser.path
        presser.press()


def test_the_bar_names_whose_turn_it_is(make: Make) -> None:
    said = play_on(Presser(make(), "en"))
    turns = ["Chen Jing"] * 3 + ["Liu Min"] * 3 + ["Zhao Lei"] * 3
    turns += ["He Ping", "He Ping", "Zhao Lei", "He Ping has agreed", "Lin Lan"]
    assert len(said) == len(turns)
    assert [turn for turn, sentence in zip(turns, said, strict=True) if turn not in sentence] == []


def test_the_words_of_buttons_come_from_the_rule_files(make: Make, folder: Path) -> None:
    """The bar quotes what the panel says; with the rule's words changed it says the new ones."""
    presser = Presser(make())
    said = play_on(presser)
    assert "“改回 800 元”" in said[2]
    assert "“合并成一份，今天发出（预览）”" in said[5]
    assert "“请总工同意”" in said[8]
    host = "".join(
        path.read_text(encoding="utf-8") for path in Path(demo.__file__).parent.rglob("*.py")
    )
    for words in (
        "改回 800",
        "合并成一份",
        "请总工同意",
        "Back to 800",
        "Ask the chief engineer",
        "第四十五条",
    ):
        assert words not in host


def ways_through(app: Flask, told: Path, folder: Path) -> Iterator[str]:
    """Play every way of pressing the two buttons, and answer each as letters: d and n."""
    waiting = [""]
    while waiting:
        begun = waiting.pop()
        begin_anew(told, folder)
        presser, way, open_ = Presser(app), "", []
        while not is_over(presser):
            assert len(way) < LONGEST, way
            if len(way) >= len(begun) and {"do", "following"} <= set(presser.page.buttons):
                open_.append(f"{way}n")
            is_next = begun[len(way) : len(way) + 1] == "n" or "do" not in presser.page.buttons
            way += "n" if is_next else "d"
            presser.press("following" if is_next else "do")
            assert presser.status in (200, 409), way
        assert presser.path == END, way
        waiting += open_
        yield way


@pytest.mark.long
@pytest.mark.slow
def test_whichever_buttons_are_pressed_the_tour_ends_with_the_auditor(
    make: Make, told: Path, folder: Path
) -> None:
    found = sorted(ways_through(make(), told, folder))
    assert len(set(found)) == len(found) > 20
    assert "d" * 14 in found  # everything done
    assert "dnnn" in found  # nothing done at all
    assert max(map(len, found)) <= LONGEST


def played_to(presser: Presser, presses: int) -> None:
    for _ in range(presses):
        presser.press()


@pytest.mark.long
@pytest.mark.parametrize("presses", full(2, 9, 12, slow=(1, 5, 6, 8, 10, 11, 13)))
def test_a_restart_in_the_middle_changes_nothing(make: Make, presses: int) -> None:
    presser = Presser(make())
    played_to(presser, presses)
    said, path = presser.page.said, presser.path
    presser.moved_to(make())
    presser.open(path)
    if "何平同意后，已申报" not in said:  # the line after a step is said once
        assert presser.page.said == said
    play_on(presser)
    assert presser.presses == 14
    check_played(make())


@pytest.mark.long
@pytest.mark.parametrize("presses", full(5, 11, slow=(2, 8, 9, 12)))
def test_another_browser_can_go_on_wherever_it_was_left(make: Make, presses: int) -> None:
    app = make()
    played_to(Presser(app), presses)
    other = Presser(app, "en")
    play_on(other)
    assert other.path == END
    check_played(app)


@pytest.mark.long
@pytest.mark.parametrize("presses", [0, 2, 5, 8, 9, 11])
def test_switched_off_in_the_middle_the_city_goes_on_and_the_bar_says_so(
    make: Make, folder: Path, presses: int
) -> None:
    app = make()
    presser = Presser(app)
    played_to(presser, presses)
    (folder / "supervision.off").touch()
    presser.open(presser.path)
    assert "监督插件已关闭" in presser.page.said
    play_on(presser)
    assert "林岚的页面打不开" in presser.page.said
    assert presser.path != END
    assert rows(app, "SELECT state FROM city_case WHERE no = 'YT-CF-2026-0417'") == [("decided",)]
    (folder / "supervision.off").unlink()
    presser.open("/")
    play_on(presser)
    assert presser.path == END


@pytest.mark.long
@pytest.mark.parametrize("presses", [2, 5, 9, 11])
def test_with_the_plugin_gone_in_the_middle_the_tour_still_ends(make: Make, presses: int) -> None:
    presser = Presser(make())
    played_to(presser, presses)
    presser.moved_to(make(PLUGINS=False))
    presser.open("/")
    assert "没有安装监督插件" in presser.page.said
    play_on(presser)
    assert "林岚的页面打不开" in presser.page.said
