"""Somebody asked me to: sealed to oversight, under nobody's name, with a receipt."""

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleangov_plugin.cli.main import main
from cleangov_plugin.domain.our_kinds import NOTE_SEALED
from cleangov_plugin.ledger.sealed_box import new_opening_key, open_box
from cleangov_plugin.ledger.strict import Refused
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import attrs, bodies, fates, one, rows
from tests.plugin.steps import heavier, opened
from tests.plugin.test_before_sealing_at_work import edit
from tests.support.small_host import SmallHost
from tests.web.test_element_routes import DATA, forms

WORDS = "CANARY 王副局长来电，让我按 2,000 元办"
KEY = new_opening_key()


@pytest.fixture
def host(make_host: MakeHost) -> SmallHost:
    found = make_host(settings={"CLEANGOV_OVERSIGHT_KEY": KEY.public.text + "\n"})
    found.start()
    return found


def told(host: SmallHost) -> str:
    """Let the officer tell oversight; answer the prompt."""
    _, prompt = heavier(host)
    host.answer(prompt.id, "somebody_asked", text=WORDS)
    return str(prompt.id)


def notes(host: SmallHost, folder: Path, *more: str) -> tuple[int, str]:
    words = ["--database", host.settings["CLEANGOV_DATABASE_URL"], "--lang", "en"]
    done = CliRunner().invoke(main, [*words, "oversight", "notes", "--keys", str(folder), *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.exit_code, done.output


def test_it_is_offered_last_wherever_there_is_a_key(host: SmallHost) -> None:
    _, prompt = heavier(host)
    (*_, last) = prompt.choices
    assert (last.code, last.kind, last.label) == (
        "somebody_asked", "interference_reported", "有人要我这么做",
    )  # fmt: skip
    assert last.needs_text


def test_without_a_key_it_is_not_offered_and_not_taken(make_host: MakeHost) -> None:
    host = make_host()
    host.start()
    _, prompt = heavier(host)
    assert "somebody_asked" not in [choice.code for choice in prompt.choices]
    host.answer(prompt.id, "somebody_asked", text=WORDS)
    assert bodies(host, kind=NOTE_SEALED) == []


def test_nothing_of_it_stands_anywhere_but_in_the_box(host: SmallHost) -> None:
    before = host.dump()
    prompt_id = told(host)
    (body,) = bodies(host, kind=NOTE_SEALED)
    said = open_box(base64.b64decode(attrs(body)["a.box"]), KEY, "note to oversight").decode()
    for text in (WORDS, "C-1", prompt_id, "E07@1"):
        assert text in said
    entry = one(host, "entry", kind=NOTE_SEALED)
    assert (entry["subject"], entry["unit"]) == ("sealed", None)
    officer = one(host, "attempt")["actor"]
    assert entry["actor"] != officer
    assert prompt_id not in entry["body"]
    assert officer not in entry["body"]
    assert WORDS.encode() not in host.dump()
    assert b"CANARY" not in before + host.dump()
    assert rows(host, "answer") == []
    assert fates(host, prompt_id)[-1] != "answered", "the prompt waits as before"


def test_the_step_is_as_before_and_may_be_answered_afterwards(host: SmallHost) -> None:
    prompt_id = told(host)
    host.answer(prompt_id, "back")
    verdict = host.take(host.event("enf.decision.made", 800))
    assert verdict.decision == "pass"


def test_a_script_is_told_the_number_and_the_address_of_the_receipt(host: SmallHost) -> None:
    _, prompt = heavier(host)
    client = host.app.test_client()
    action, fields = forms(client.get(f"/cleangov/prompts/{prompt.id}").text)["somebody_asked"]
    done = client.post(action, data={**fields, "cleangov_text": WORDS}, headers=DATA)
    assert (done.status_code, done.mimetype) == (200, "application/json")
    (body,) = bodies(host, kind=NOTE_SEALED)
    told = done.json
    assert (told["note"], told["goes_on"]) == (body["id"].rpartition("\t")[2], False)
    later = client.get(told["receipt"], headers=DATA)
    assert (later.status_code, later.json["reason"]) == (404, "note.later")
    again = client.post(action, data={**fields, "cleangov_text": WORDS}, headers=DATA)
    assert again.json == told, "the same form again is the same note"
    page = client.post(action, data={**fields, "cleangov_text": WORDS})
    assert (page.mimetype, told["note"] in page.text) == ("text/html", True)
    assert len(bodies(host, kind=NOTE_SEALED)) == 1


@pytest.mark.parametrize("text", ["", "  \n "])
def test_without_words_there_is_nothing_to_seal(host: SmallHost, text: str) -> None:
    _, prompt = heavier(host)
    host.answer(prompt.id, "somebody_asked", text=text)
    assert bodies(host, kind=NOTE_SEALED) == []


def test_somebody_else_cannot_tell_it_at_this_prompt(host: SmallHost) -> None:
    _, prompt = heavier(host)
    host.sign_in("zhao")
    host.answer(prompt.id, "somebody_asked", text=WORDS)
    assert bodies(host, kind=NOTE_SEALED) == []


def test_it_opens_for_oversights_key_alone(host: SmallHost) -> None:
    told(host)
    box = base64.b64decode(attrs(*bodies(host, kind=NOTE_SEALED))["a.box"])
    with pytest.raises(Refused):
        open_box(box, new_opening_key(), "note to oversight")


def test_oversight_reads_it_with_the_command_line(host: SmallHost, tmp_path: Path) -> None:
    for name, key in (("oversight", KEY), ("other", new_opening_key())):
        (tmp_path / name).mkdir()
        (tmp_path / name / "oversight.secret").write_text(key.text, "utf-8")
    assert notes(host, tmp_path / "oversight") == (0, "no note was sealed\n")
    told(host)
    status, said = notes(host, tmp_path / "oversight")
    assert status == 0
    for text in (WORDS, "case C-1", "E07@1"):
        assert text in said
    status, said = notes(host, tmp_path / "other")
    assert status == 1
    assert "does not open it" in said
    row = one(host, "entry", kind=NOTE_SEALED)["id"]
    assert notes(host, tmp_path / "oversight", "--after", str(row)) == (0, "no note was sealed\n")
    edit(host, f"UPDATE {{s}}cleangov_entry SET body = '{{}}' WHERE id = {row}")
    assert notes(host, tmp_path / "oversight")[0] == 0, "what is no note is left to the verifier"


def test_a_key_that_is_none_leaves_the_plugin_inert_and_the_host_unharmed(
    make_host: MakeHost,
) -> None:
    host = make_host(settings={"CLEANGOV_OVERSIGHT_KEY": "not a key"})
    host.start()
    assert "CLEANGOV_OVERSIGHT_KEY" in host.plugin.inert.reason
    host.write(host.event("enf.intent.notified", 800))
    opened(host)
