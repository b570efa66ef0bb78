"""The head of a body is what JSON says of it, or JSON is asked."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from cleangov_plugin.ledger.body_head import UNSEEN, Sayings, body_head
from tests.ledger import sample_bodies

KEYS = ("at", "kind", "lane", "log_id", "no", "prev", "recorded", "subject")


def plain(**changes: object) -> dict[str, object]:
    return {
        "_sd": ["a" * 43, "b" * 43],
        "at": "2026-03-10T04:00:00.000000Z",
        "att": ["00ff"],
        "attrs": [
            ["a.note", "text", '他说："等一下":再来 {"kind":"x"}'],
            ["e.step", "text", "decide"],
        ],
        "calendar": 1,
        "contract": 1,
        "id": 'E"1',
        "kind": "enf.decision.made",
        "lane": 3,
        "log_id": "CN-330105",
        "no": 17,
        "outcomes": [["E07", 1, "hit", "b"]],
        "prev": "ab" * 32,
        "recorded": "2026-03-10T04:00:03.000000Z",
        "ruleset": 1,
        "subject": "2026-0117",
        "v": 1,
        **changes,
    }


def text_of(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def agrees(text: str) -> bool:
    """Whether the head is what JSON says; True where JSON has to be asked."""
    head = body_head(text.encode())
    if head is None:
        return True
    document = json.loads(text)
    return all(head[key] == document[key] for key in KEYS) and head.get("_sd") == document.get(
        "_sd"
    )


@pytest.mark.parametrize("name", ["_sd", "att"])
@pytest.mark.parametrize("note", ["x", "城管", "a],b", '],"calendar":1', "\\", "a\\\\", "{}"])
def test_an_ordinary_body_is_read(name: str, note: str) -> None:
    document = plain(attrs=[["a.note", "text", note]], id="E1")
    del document[name]
    text = text_of(document)
    assert agrees(text)
    if '"' not in note:
        assert body_head(text.encode()) is not None


def test_sample_bodies_are_read_or_left_to_json() -> None:
    made = [sample_bodies.whole(), sample_bodies.bare()]
    texts = [body.decode() for body in made]
    assert all(agrees(text) for text in texts)
    assert body_head(texts[1].encode()) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        text_of(plain(subject='quoted "case"')),
        text_of(plain(attrs=[{"kind": "nested", "v": 1}])),
        text_of(plain(outcomes=[{"subject": "other"}])),
        text_of(plain(no=2**60)),
        text_of(plain(v=2)),
        text_of(plain(id="E1", attrs=[])).replace('"attrs":[]', '"attrs":[],"kind":"first"'),
        text_of(plain(id="E1")).replace('"outcomes":[', '"outcomes":[],"kind":"last","outcomes":['),
        text_of(plain(id="E1", lane=0)).replace('"lane":0', '"lane":00'),
    ],
)
def test_what_could_mislead_is_left_to_json(text: str) -> None:
    assert body_head(text.encode()) is None


PIECES = (
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '":',
    '"kind":"z"',
    ',"at":"z"',
    "0",
    "城",
    '","',
    "\\u0022",
)


def changed_at_random(text: str) -> Iterator[str]:
    """Texts that are JSON still, each changed in one place."""
    chosen = random.Random(14)
    for _ in range(20_000):
        at = chosen.randrange(len(text))
        cut = chosen.randrange(0, 3)
        changed = text[:at] + chosen.choice(PIECES) + text[at + cut :]
        try:
            json.loads(changed)
        except ValueError:
            continue
        yield changed


def test_whatever_is_changed_it_never_says_other_than_json() -> None:
    text = text_of(plain(id="E1", attrs=[["a.note", "text", "x, y"]]))
    read = 0
    for changed in changed_at_random(text):
        read += 1
        assert agrees(changed), changed
    assert read > 1_000


def simple() -> dict[str, Any]:
    document = plain(id="E1", outcomes=[], attrs=[["a.note", "text", "x, y"], ["e.step", "", "d"]])
    del document["att"]
    return document


def said(document: dict[str, Any], *texts: str) -> list[bytes | None]:
    """What is seen of bodies that should all say what a document says."""
    named = ("log_id", "kind", "subject", "lane", "no", "at", "recorded")
    should = [[document[key]] * (len(texts) + 1) for key in named]
    bodies = [text_of(document).encode(), *(text.encode() for text in texts)]
    found = Sayings().look(bodies, should, [document["prev"]] * len(bodies))
    return found[1:]


def test_what_a_body_should_say_is_seen_with_its_digests() -> None:
    document = simple()
    bare = {key: value for key, value in document.items() if key != "_sd"}
    empty = document | {"_sd": []}
    made = said(document, *(text_of(each) for each in (document, bare, empty)))
    assert made == [f'"{"a" * 43}","{"b" * 43}"'.encode(), None, b""]


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "enf.decision.other"},
        {"no": 18},
        {"prev": "ac" * 32},
        {"subject": "2026-0118"},
        {"at": "2026-03-10T04:00:01.000000Z"},
        {"outcomes": [["E07", 1, "hit", "b"]]},
        {"id": 'E"1'},
        {"v": 2},
    ],
)
def test_what_says_something_else_is_not_seen(changes: dict[str, object]) -> None:
    document = simple()
    assert said(document, text_of(document | changes)) == [UNSEEN]


@pytest.mark.thorough
def test_whatever_is_changed_it_is_seen_only_where_json_says_the_same() -> None:
    document = simple()
    seen = 0
    for changed in changed_at_random(text_of(document)):
        (digests,) = said(document, changed)
        if digests == UNSEEN:
            continue
        seen += 1
        there = json.loads(changed)
        assert all(there[key] == document[key] for key in KEYS), changed
        listed = json.loads(f"[{(digests or b'').decode()}]") if digests is not None else None
        assert listed == there.get("_sd"), changed
    assert seen > 1_000


@pytest.mark.parametrize("name", ["subject", "kind", "at"])
@pytest.mark.parametrize("value", ['x","v":1,"subject":"y', "a\\b", "a\nb", b"bytes", None, 5])
def test_columns_that_could_mislead_see_nothing(name: str, value: object) -> None:
    document = simple()
    text = text_of(document)
    named = ("log_id", "kind", "subject", "lane", "no", "at", "recorded")
    should = [[value if key == name else document[key]] for key in named]
    assert Sayings().look([text.encode()], should, [str(document["prev"])]) == [UNSEEN]
