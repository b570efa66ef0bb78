"""The tour with other deeds between the presses of the bar: wandering breaks nothing."""

import random
from pathlib import Path

import pytest

from sample_host.people import PEOPLE
from tests.sample_host.played_city import Make, folder, make, rows, told
from tests.sample_host.pressing import END, BarPage, Presser, play_on
from tests.support.scripted_day import BOOKSHOP, DRAIN, NOODLES

__all__ = ("folder", "make", "told")

WAYS = [NOODLES, f"{NOODLES}/decide", f"{NOODLES}/new_facts", DRAIN, f"{DRAIN}/request_variation"]
WAYS += ["/", "/cases", "/inbox", "/people", "/projects", f"{DRAIN}/execute_variation", BOOKSHOP]
WAYS += [f"{BOOKSHOP}/request_correction", "/cleangov/", "/cleangov/real"]


def wander(presser: Presser, chance: random.Random, before: list[BarPage], folder: Path) -> None:
    """Do something that the bar did not ask for."""
    deed = chance.randrange(6)
    if deed == 0:
        presser.open(chance.choice(WAYS))
    elif deed == 1:
        person, onward = chance.choice(sorted(PEOPLE)), chance.choice(WAYS)
        token = presser.page.csrf
        if token:
            sent = [("csrf_token", token), ("person", person), ("next", onward)]
            presser.send("/who", sent)
    elif deed == 2 and before:  # back, and the old page's button once more
        presser.page = chance.choice(before)
        presser.press(chance.choice(sorted(set(presser.page.buttons) & {"do", "following"})))
    elif deed == 3:
        forms = [f for f in presser.page.forms.values() if f.action.endswith("/request_variation")]
        for form in forms[:1]:
            presser.send(f"{form.action}/cancel", form.fields)
    elif deed == 4:
        switch = folder / "supervision.off"
        switch.unlink() if switch.exists() else switch.touch()
    else:
        presser.open(f"/?lang={chance.choice(['zh-CN', 'en'])}")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_wandering_breaks_nothing(make: Make, folder: Path, seed: int) -> None:
    chance, app = random.Random(seed), make()
    presser, before = Presser(app), list[BarPage]()
    for _ in range(25):
        wander(presser, chance, before, folder)
        assert presser.status < 500 or presser.path.startswith("/cleangov"), presser.path
        if {"do", "following"} & set(presser.page.buttons):
            before.append(presser.page)
        if "do" in presser.page.buttons and chance.random() < 0.5:
            presser.press()
            assert presser.status < 500 or presser.path.startswith("/cleangov"), presser.path
    (folder / "supervision.off").unlink(missing_ok=True)
    presser.open("/")
    presser.send("/who", [("csrf_token", presser.page.csrf)])  # a visitor again
    play_on(presser)
    assert presser.path == END
    assert rows(app, "SELECT state FROM city_case WHERE no = 'YT-CF-2026-0417'") != [("reviewed",)]
