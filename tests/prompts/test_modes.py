"""What entries tell of modes is read strictly: no end, no second person, no mode."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cleangov_hooks import Mode, Stream
from cleangov_plugin.domain.our_kinds import MODE_CONFIRMED, MODE_DECLARED, MODE_ENDED
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Eased
from cleangov_plugin.prompts.modes import Declared, declared, easing

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def told(kind: str, actor: str | None = "a", hours: float = 0, **attributes: Any) -> Record:
    at = NOW + timedelta(hours=hours)
    return Record(
        event_id=f"{kind}{hours}",
        source="cleangov",
        log_id="cg",
        stream=Stream.PERSONNEL,
        case_id="cleangov.modes",
        kind=kind,
        step="mode",
        actor=actor,
        unit="u-1",
        occurred_at=at,
        recorded_at=at,
        attributes={"mode_id": "m", **attributes},
    )


DECLARED = told(MODE_DECLARED, mode="emergency", until=NOW + timedelta(days=1), why="flood")
CONFIRMED = told(MODE_CONFIRMED, "b", 1)


def read(*records: Record) -> Declared:
    (mode,) = declared(records)
    return mode


def test_a_mode_is_in_force_from_the_second_person_to_its_end() -> None:
    mode = read(DECLARED, CONFIRMED)
    hours = [h for h in range(-1, 30) if mode.is_in_force(NOW + timedelta(hours=h))]
    assert hours == list(range(1, 24))
    ended = read(DECLARED, CONFIRMED, told(MODE_ENDED, "c", 5, why="over"))
    assert not ended.is_in_force(NOW + timedelta(hours=5))


@pytest.mark.parametrize(
    "records",
    [
        [DECLARED],
        [DECLARED, replace(CONFIRMED, actor="a")],
        [DECLARED, replace(CONFIRMED, actor=None)],
        [DECLARED, told(MODE_CONFIRMED, "b", 24)],
        [CONFIRMED, DECLARED],
    ],
)
def test_without_a_second_person_in_time_none_is_in_force(records: list[Record]) -> None:
    mode = read(*records)
    assert not any(mode.is_in_force(NOW + timedelta(hours=h)) for h in range(48))


@pytest.mark.parametrize(
    "changes", [{"until": None}, {"until": "for ever"}, {"mode": "war"}, {"mode": "instant"}]
)
def test_what_does_not_fit_declares_nothing(changes: dict[str, Any]) -> None:
    assert declared([replace(DECLARED, attributes={**DECLARED.attributes, **changes})]) == ()


def test_no_entry_makes_a_mode_longer_than_its_kind_may_be() -> None:
    far = replace(
        DECLARED, attributes={**DECLARED.attributes, "until": NOW + timedelta(days=9_000)}
    )
    assert read(far).ends == NOW + timedelta(days=14)
    again = replace(far, recorded_at=NOW + timedelta(days=1))
    assert declared([DECLARED, again]) == declared([DECLARED])


def test_what_defers_goes_before_what_does_not() -> None:
    green = told(MODE_DECLARED, mode_id="g", mode="green_channel", until=NOW + timedelta(hours=9))
    modes = declared([DECLARED, CONFIRMED, green, told(MODE_CONFIRMED, "b", 1, mode_id="g")])
    step = replace(DECLARED, stream=Stream.PERMIT, mode=Mode.INSTANT)
    at = NOW + timedelta(hours=2)

    def why(*eased: Eased) -> Eased | None:
        found = easing(modes, step, frozenset(eased), at)
        return found[0] if found else None

    assert why(*Eased) is Eased.EMERGENCY
    assert why(Eased.GREEN_CHANNEL, Eased.INSTANT) is Eased.GREEN_CHANNEL
    assert why(Eased.INSTANT) is Eased.INSTANT
    assert why(Eased.ON_COMMITMENT, Eased.CAMPAIGN) is None
    assert why() is None
