"""What a bundle says besides its entries has to be there, and to agree with them."""

from collections.abc import Callable
from typing import Any

import pytest

from cleangov_plugin.desk.evidence import parts
from tests.desk.evidence.made_log import SINGLE, changed, rich_log, summed
from tests.desk.evidence.refusing import document, rule_of


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda letters: letters[:1], "evidence.replies"),
        (lambda letters: letters[::-1], "evidence.replies"),
        (lambda letters: [*letters, letters[1]], "evidence.replies"),
        (lambda letters: [letters[0], {"entry": 4, "words": "没有意见。"}], "evidence.replies"),
        (lambda letters: [letters[0], {"entry": 4, "not_shown": "template"}], "evidence.replies"),
        (lambda letters: [letters[0], {"entry": 4, "not_shown": "field"}], "evidence.replies"),
        (lambda letters: [letters[0], {"entry": 4, "not_shown": "erased"}], ""),
        (lambda letters: [letters[0], {"entry": 4}], "evidence.document"),
        (lambda _: "none", "evidence.document"),
    ],
)
def test_the_replies_are_there(change: Callable[[Any], Any], rule: str) -> None:
    letters = change(document("replies.json")["letters"])
    assert rule_of(changed(rich_log().files(), "replies.json", letters=letters)) == rule


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ({"closed": 40, "cleared": 30, "confirmed": 8, "untold": 2}, ""),
        ({"closed": 40}, "evidence.rules"),
        ({"cases": 10, "hits": 1, "cannot_be_checked": 4}, ""),
        ({"cases": 10, "hits": 7, "cannot_be_checked": 4}, "evidence.rules"),
        ({"cases": 10}, "evidence.rules"),
        ({"rule": "E08"}, "evidence.rules"),
        ({"versions": [1, 2]}, "evidence.rules"),
        ({"versions": [2, 2]}, "evidence.document"),
        ({"unknown_here": 1}, "evidence.rules"),
        ({"closed": -1}, "evidence.document"),
        ({"closed": None}, "evidence.document"),
    ],
)
def test_how_often_each_rule_was_wrong_is_told(told: dict[str, Any], rule: str) -> None:
    (first,) = document("rules.json")["rules"]
    files = rich_log().files()
    assert rule_of(changed(files, "rules.json", rules=[{**first, **told}])) == rule
    assert rule_of(changed(files, "rules.json", rules=[])) == "evidence.rules"


def test_gaps_and_clocks_are_told() -> None:
    files = rich_log().files()
    gap = {"gap": 1, "reason": "busy", "state": "owed", "owed_at": "2026-03-11T00:00:00.000000Z"}
    assert rule_of(changed(files, "gaps.json", case=[gap])) == ""
    for told in ({"owed": -1}, {"case": [{"gap": 1}]}, {"at": "now"}, {"at": 1}, {"case": None}):
        assert rule_of(changed(files, "gaps.json", **told)) == "evidence.document"
    (first, *rest) = document("clock.json")["entries"]
    for wrong in ([{**first, "precision": "day"}, *rest], rest, [*rest, first]):
        assert rule_of(changed(files, "clock.json", entries=wrong)) == "evidence.clock"
    assert rule_of(summed({**files, "clock.json": b'{"v":1, "entries":[]}'})) == "evidence.document"


def test_what_says_nothing_is_left_out_and_nothing_else() -> None:
    files, bare = rich_log().files(), rich_log().files(SINGLE)
    assert not parts.LEFT_OUT.keys() & bare.keys()
    for name, empty in parts.LEFT_OUT.items():
        assert rule_of(summed({**bare, name: empty})) == "evidence.document"
        assert rule_of(summed({**files, name: b""})) == "evidence.document"
        less = summed({key: data for key, data in files.items() if key != name})
        assert rule_of(less) == ("evidence.replies" if name == parts.REPLIES else "")
