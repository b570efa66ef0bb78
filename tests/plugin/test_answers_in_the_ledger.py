"""Every answer is an entry of the ledger, whether a step follows on it or not."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.desk.checkpoint import recording
from cleangov_plugin.desk.checkpoint.entering import Owed
from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.domain.our_kinds import PROMPT_ANSWERED
from cleangov_plugin.domain.terms import GapReason
from cleangov_plugin.ledger import disclosure
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import attrs, bodies, one, rows, tick
from tests.plugin.steps import heavier
from tests.plugin.test_before_sealing_at_work import edit, verified
from tests.plugin.test_second_person_at_work import asked, decided
from tests.support.small_host import SmallHost

WORDS = "执法记录仪的新录像，2026-03-08 收到"


@pytest.fixture
def host(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    found = make_host(settings={"CLEANGOV_RECEIPTS": str(tmp_path / "receipts")})
    found.start()
    return found


def told(host: SmallHost) -> list[dict[str, object]]:
    return bodies(host, kind=PROMPT_ANSWERED)


def explained(host: SmallHost) -> None:
    """Let the officer give reasons in her own words."""
    _, prompt = heavier(host)
    host.answer(prompt.id, "new_facts", text=WORDS)


def disclosed(entry: dict[str, Any]) -> dict[str, str]:
    return dict(disclosure.read(each) for each in disclosure.split(entry["disc"]))


def codes(found: Verified) -> list[tuple[str, str]]:
    return [(alarm.detector.value, alarm.code) for alarm in found.alarms]


def test_an_answer_is_an_entry_before_any_step_follows(host: SmallHost) -> None:
    explained(host)
    (body,) = told(host)
    answer = one(host, "answer")
    said = attrs(body)
    size = len(WORDS.encode())
    assert {code: text for code, text in said.items() if code.startswith("a.")} == {
        "a.prompt": answer["prompt_id"],
        "a.answer": answer["answer_id"],
        "a.words": f"{sha256(WORDS.encode()).hexdigest()}:{size}",
    }
    entry = one(host, "entry", kind=PROMPT_ANSWERED)
    assert disclosed(entry) == {"choice": "new_facts", "answer_kind": "deferred"}
    assert not any(text in entry["body"] for text in (WORDS, "new_facts", "deferred"))
    assert (entry["subject"], entry["actor"]) == ("C-1", answer["answered_by"])
    assert entry["unit"] == one(host, "attempt")["unit"]
    assert rows(host, "gap") == []


def test_an_answer_that_is_sent_twice_is_one_entry(host: SmallHost) -> None:
    _, prompt = heavier(host)
    for _ in range(2):
        host.answer(prompt.id, "wrong", text=WORDS)
    assert len(told(host)) == 1


def test_a_second_persons_decision_is_an_entry_under_their_own_name(host: SmallHost) -> None:
    asked(host)
    decided(host, agrees=False, reason="先补勘验记录")
    kinds = [disclosed(row)["answer_kind"] for row in rows(host, "entry", kind=PROMPT_ANSWERED)]
    assert kinds == ["second_person_asked", "second_person_refused"]
    officers = [row["actor"] for row in rows(host, "entry", kind=PROMPT_ANSWERED)]
    assert len(set(officers)) == 2


@pytest.mark.parametrize(
    "problem", [Owed(GapReason.BUSY), RuntimeError("no"), Owed(GapReason.TIMEOUT)]
)
def test_an_answer_stands_though_its_entry_has_to_wait(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    _, prompt = heavier(host)

    def fails(*_: object, **__: object) -> None:
        raise problem

    with monkeypatch.context() as patched:
        patched.setattr(recording, "enter", fails)
        host.answer(prompt.id, "new_facts", text=WORDS)
    assert one(host, "answer")["words"] == WORDS
    assert (len(told(host)), len(rows(host, "gap"))) == (0, 1)
    assert WORDS not in rows(host, "gap")[0]["event"], "what is secret waits as its digest, too"
    tick(host)
    assert attrs(*told(host))["a.words"].startswith(sha256(WORDS.encode()).hexdigest())


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE {s}cleangov_answer SET choice = 'second_person'", "answer_changed"),
        ("UPDATE {s}cleangov_answer SET kind = 'corrected'", "answer_changed"),
        ("UPDATE {s}cleangov_answer SET words = 'as the director wishes'", "answer_changed"),
        ("DELETE FROM {s}cleangov_answer", "answer_gone"),
    ],
)
def test_an_answer_that_is_changed_or_taken_out_is_named(
    host: SmallHost, statement: str, code: str
) -> None:
    explained(host)
    assert codes(verified(host)) == []
    edit(host, "DELETE FROM {s}cleangov_pass", statement)
    found = verified(host, host.now())
    assert codes(found) == [("COL", code)]
    (alarm,) = found.alarms
    assert alarm.entry == one(host, "entry", kind=PROMPT_ANSWERED)["id"]


def test_words_that_are_not_there_are_said_to_be_unchecked(host: SmallHost) -> None:
    explained(host)
    edit(host, "UPDATE {s}cleangov_answer SET words = NULL")
    found = verified(host)
    assert codes(found) == []
    assert {"number": 1} in [u.values for u in found.unchecked if u.code == "answer_words"]


def test_one_that_is_gone_after_its_time_is_no_alarm(host: SmallHost) -> None:
    explained(host)
    edit(
        host,
        "UPDATE {s}cleangov_entry SET retain_until = '2026-03-01'",
        "DELETE FROM {s}cleangov_pass",
        "DELETE FROM {s}cleangov_answer",
    )
    found = verified(host, host.now())
    # That the last day was brought nearer here is named; that the answer is gone is not.
    assert {alarm.values.get("names") for alarm in found.alarms} == {"retain_until"}
    assert {"number": 1} in [u.values for u in found.unchecked if u.code == "answers_over"]
