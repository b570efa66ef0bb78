"""Personal text stands in the few columns that may hold it: a scan of all columns and logs."""

import io
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from cleangov_hooks import Actor, Input, Party, Person
from cleangov_plugin.cli.main import main
from cleangov_plugin.desk.answers.second_person import decide
from cleangov_plugin.desk.wire import to_text
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import PROMPT_ANSWERED
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.store import tables
from tests.plugin.day import BAND, SLOTS
from tests.plugin.inside import rows, tick
from tests.support.small_city import PEOPLE, TODAY, yuan
from tests.support.small_host import SmallHost

#: Seeded words, by where they were put. ASCII, so that no encoding hides them.
OFFICER, PARTY, OWNER = "CANARY-officer-id", "CANARY-party-id", "CANARY-owner-id"
NAME, CERTIFICATE, ROLE = "CANARY-officers-name", "CANARY-certificate", "CANARY-role"
STATEMENT, INFORMANT, UNDECLARED = "CANARY-statement", "CANARY-informant", "CANARY-undeclared"
FORM, WORDS, REFUSAL = "CANARY-typed-in-the-form", "CANARY-words-of-answer", "CANARY-words-of-no"
INVALID, DOUBT = "CANARY-in-an-invalid-event", "CANARY-words-of-doubt"
IDENTITIES = {OFFICER, PARTY, OWNER, "chen", "zhao", "he"}
CANARIES = {
    OFFICER, PARTY, OWNER, NAME, CERTIFICATE, ROLE, STATEMENT, INFORMANT, UNDECLARED, FORM, WORDS,
    REFUSAL, INVALID, DOUBT,
}  # fmt: skip
#: The only columns that may hold personal text, and what of it.
ALLOWED = {
    "cleangov_pseudonym.identity": {OFFICER, PARTY, OWNER},
    "cleangov_answer.words": {WORDS, REFUSAL, DOUBT},
    "cleangov_second_request.words": {REFUSAL},
    "cleangov_gap.event": {INVALID, OFFICER, PARTY, CERTIFICATE, ROLE},
}


def who(host: SmallHost) -> Actor:
    return Actor(id=OFFICER, unit="u-1", certificate=CERTIFICATE, roles=(ROLE,))


def enforcement(host: SmallHost) -> None:
    """An enforcement case with everything personal that a host may send."""
    host.who = Person(id=OFFICER, name=NAME, roles=frozenset({"officer"}), unit="u-1")
    parties = (Party(id=PARTY, role="owner"), Party(id=OWNER, role="landlord"))
    personal = {
        "statement": STATEMENT,
        "informant": INFORMANT,
        "telephone": UNDECLARED,
        "violation_code": "CG-101",
    }

    def event(kind: str, amount: int | None = None, **more: Any) -> Any:
        made = host.event(kind, amount, parties=parties, **personal, **more)
        return replace(made, actor=who(host))

    host.write(event("enf.intent.notified", 800, at=TODAY - timedelta(days=8)))
    host.write(event("enf.defence.received", at=TODAY - timedelta(days=6)))
    heavier = event("enf.decision.made", 1_500, **BAND)
    (prompt,) = host.gate(heavier).prompts
    for slot in SLOTS:
        shown(host, slot, heavier)
    host.answer(prompt.id, "wrong", DOUBT)
    host.answer(prompt.id, "second_person")
    host.abort(heavier)
    outside = event("enf.decision.made", 400, **BAND)
    (prompt,) = host.gate(outside, "a-2").prompts
    host.answer(prompt.id, "deviation", WORDS)
    host.take(outside, "a-2")
    shown(host, "step.done", outside)
    host.write(replace(outside, id="not heeded", attempt_id="a-3"))


def shown(host: SmallHost, slot: str, event: Any) -> None:
    """Show a page whose form holds what nobody has sent yet."""
    step = host.step(event)
    typed = (*step.inputs, Input(name="remark", value=FORM, field=None))
    host.call("cleangov_slot", name=slot, step=replace(step, inputs=typed), medium="html")


def project(host: SmallHost) -> None:
    """A variation to which the second person says no."""
    host.open_case()
    host.sign_in("zhao")
    event = host.event("prj.variation.requested", 200, contract_amount=yuan(1_000))
    (prompt,) = host.gate(event).prompts
    host.answer(prompt.id, "chief_engineer")
    (request,) = (row for row in rows(host, "second_request") if row["state"] == "open")
    decide(host.plugin.desk, request["request_id"], PEOPLE["he"], agrees=False, reason=REFUSAL)
    with pytest.raises(AnswerRefused):
        decide(host.plugin.desk, request["request_id"], PEOPLE["he"], agrees=True, reason=REFUSAL)


def mishaps(host: SmallHost) -> None:
    """Everything that goes wrong with personal text in it."""
    host.sign_in("chen")
    wrong = host.event("enf.intent.notified", 800, step="", statement=INVALID)
    host.write(replace(wrong, parties=(Party(id=PARTY),), actor=who(host)))
    host.write(replace(wrong, step="x", recorded_at=f"{INVALID} is no time"))
    report = host.call("cleangov_step_gate", attempt=host.attempt(replace(wrong, amount=INVALID)))
    assert [o for o in report.troubles if o.error] == []
    host.answer(INVALID, INVALID, INVALID, by=INVALID)
    host.abort(replace(wrong, actor=Actor(id=INVALID)), reason="cancelled")


def found(host: SmallHost) -> dict[str, set[str]]:
    """Scan every column of every table of the plugin; answer the seeded words by column."""
    places: dict[str, set[str]] = {}
    sqlite = host.engine.dialect.name == "sqlite"
    with host.engine.connect() as connection:
        for table in tables.metadata_for(host.engine.dialect.name).sorted_tables:
            assert table.schema is None or not sqlite
            for row in connection.execute(sa.select(table)).mappings():
                for column, value in row.items():
                    text = value.hex() if isinstance(value, bytes) else str(value)
                    seen = {word for word in CANARIES if word in text}
                    if seen:
                        places.setdefault(f"{table.name}.{column}", set()).update(seen)
    return places


@pytest.fixture
def scanned(host: SmallHost, caplog: pytest.LogCaptureFixture) -> SmallHost:
    caplog.set_level(logging.DEBUG)
    enforcement(host)
    project(host)
    mishaps(host)
    host.call("cleangov_step_opened", step=host.step(host.event("enf.decision.made", 1, **BAND)))
    return host


def test_personal_text_stands_only_in_the_columns_that_may_hold_it(scanned: SmallHost) -> None:
    places = found(scanned)
    assert set(places) == set(ALLOWED)
    for column, words in places.items():
        assert words <= ALLOWED[column], column
    assert places["cleangov_pseudonym.identity"] == {OFFICER, PARTY, OWNER}
    assert places["cleangov_answer.words"] == {WORDS, REFUSAL, DOUBT}


def test_a_personal_attribute_stands_in_its_disclosure_alone(scanned: SmallHost) -> None:
    read = [
        disclosure.read(text)
        for row in rows(scanned, "entry")
        for text in disclosure.split(row["disc"])
        if row["kind"] != PROMPT_ANSWERED
    ]
    assert set(read) == {("statement", STATEMENT)}
    assert len(read) == len(rows(scanned, "entry", stream="enforcement"))
    every = [text for row in rows(scanned, "entry") for text in disclosure.split(row["disc"])]
    assert len(set(every)) == len(every) > len(read)  # equal statements are not told to be equal


def test_only_the_mapping_of_pseudonyms_knows_the_ids_of_people(scanned: SmallHost) -> None:
    identities = {row["identity"] for row in rows(scanned, "pseudonym")}
    assert {OFFICER, PARTY, OWNER} <= identities
    for table in ("entry", "attempt", "prompt", "answer", "second_request", "finding"):
        for row in rows(scanned, table):
            held = {str(value) for value in row.values()}
            assert not held & IDENTITIES, table


def test_what_waited_is_dropped_from_the_gap_once_it_is_settled(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        def fail(*_: Any, **__: Any) -> Any:
            raise RuntimeError(INVALID)

        broken.setattr("cleangov_plugin.store.entries.append", fail)
        host.write(host.event("enf.defence.received", statement=STATEMENT))
    assert found(host)["cleangov_gap.event"] == {STATEMENT}
    tick(host)
    assert found(host) == {}


def test_logs_hold_no_personal_text(scanned: SmallHost, caplog: pytest.LogCaptureFixture) -> None:
    tick(scanned)
    logged = (*caplog.get_records("setup"), *caplog.records)
    ours = [record for record in logged if record.name.startswith("cleangov")]
    assert ours, "nothing was logged at all"
    for record in ours:
        text = f"{record.getMessage()} {record.args!r} {record.exc_text or ''}"
        assert not any(word in text for word in CANARIES), record.getMessage()
        assert record.exc_info is None  # a traceback would carry values


def test_what_is_written_out_by_logging_holds_no_personal_text(host: SmallHost) -> None:
    """As a host's own handler writes it, of every logger of ours and of what we use."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(args)s"))
    root = logging.getLogger()
    before, level = root.handlers, root.level
    root.handlers, root.level = [handler], logging.DEBUG
    try:
        enforcement(host)
        project(host)
        mishaps(host)
        spooled = replace(host.event("enf.defence.received", statement=STATEMENT), actor=who(host))
        host.plugin.desk.spool.put(to_text(spooled))
        tick(host)
        host.plugin.inert.keep([spooled, INVALID], {})
        client = host.app.test_client()
        host.who = Person(id=OFFICER, name=NAME, roles=frozenset({"it", "auditor"}), unit="u-1")
        for page in ("", "checkpoints", "findings", "signals", "doctor", "health"):
            assert client.get(f"/cleangov/{page}").status_code == 200
        client.post("/cleangov/prompts/nobody/answers", data={"cleangov_text": WORDS})
    finally:
        root.handlers, root.level = before, level
    text = written.getvalue()
    assert "cleangov WARNING" in text
    assert not [word for word in CANARIES if word in text], text


def test_the_command_line_says_nothing_personal_of_how_it_is(scanned: SmallHost) -> None:
    url = scanned.settings["CLEANGOV_DATABASE_URL"]
    settings = {name: value for name, value in scanned.settings.items() if "URL" not in name}
    for words in (("doctor",), ("status",), ("tick",), ("db", "check"), ("db", "uninstall")):
        for options in ((), ("--json",)):
            command = ["--database", url, *options, *words]
            result = CliRunner(env=settings).invoke(main, command)
            assert result.output
            assert not [word for word in CANARIES if word in result.output], words


def test_a_failing_database_says_nothing_personal_either(
    host: SmallHost, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "cleangov")
    schema = "" if host.engine.dialect.name == "sqlite" else "cleangov."
    end = "" if host.engine.dialect.name == "sqlite" else " CASCADE"
    with host.engine.begin() as connection:
        for name in ("entry", "gap", "attempt"):
            connection.exec_driver_sql(f"DROP TABLE {schema}cleangov_{name}{end}")
    enforced = host.event("enf.defence.received", statement=STATEMENT)
    host.write(replace(enforced, parties=(Party(id=PARTY),), actor=who(host)))
    host.gate(replace(enforced, kind="enf.decision.made", actor=who(host)))
    host.answer(INVALID, "back", WORDS, by=OFFICER)
    host.abort(replace(enforced, actor=who(host)))
    assert len(caplog.records) >= 1
    assert not any(word in caplog.text for word in CANARIES)


def test_the_scan_finds_a_word_in_a_column_where_it_may_not_stand(host: SmallHost) -> None:
    host.write(host.event("enf.intent.notified", 800, case_id=f"C-{NAME}"))
    assert found(host) == {
        "cleangov_entry.subject": {NAME},
        "cleangov_entry.body": {NAME},
    }
