"""Letters are recorded or not done at all, and people's words stand where they can be erased."""

import re

import pytest
import sqlalchemy as sa

from cleangov_plugin.ledger import disclosure
from cleangov_plugin.store import tables
from tests.support.review_city import AUDITOR, LEAD, PROJECT, refuse_entries
from tests.support.small_host import SmallHost
from tests.web.letter_writing import (
    ANSWER,
    ZHAO,
    ask,
    do,
    entries,
    finding,
    letters,
    opened,
    post,
    reply,
    rows,
    sent,
)

# ---- Both or neither ---------------------------------------------------------------------------


def test_what_is_not_recorded_is_not_done(own_city: SmallHost) -> None:
    letter = sent(own_city)
    refuse_entries(own_city)
    response = ask(own_city, finding(own_city))
    assert response.status_code == 409
    assert "未能记入账本" in response.text
    assert "未能记入账本" in reply(own_city, letter, words=ANSWER).text
    assert "未能记入账本" in do(own_city, letter, "withdrawal", reason="不再需要").text
    assert [row["state"] for row in letters(own_city)] == ["waiting"]
    assert rows(own_city, "instrument_act") == []


def test_a_database_that_fails_is_told_and_never_the_hosts_failure(own_city: SmallHost) -> None:
    letter = sent(own_city)
    page = opened(own_city, letter, ZHAO)
    schema = "" if own_city.engine.dialect.name == "sqlite" else "cleangov."
    with own_city.engine.begin() as connection:
        for table in ("instrument_act", "instrument"):
            connection.exec_driver_sql(f"DROP TABLE {schema}cleangov_{table}")
    opened(own_city, letter, ZHAO, 503)
    opened(own_city, "/cleangov/", AUDITOR, 503)
    assert post(own_city, f"{letter}/answers", ZHAO, page, words=ANSWER).status_code == 409
    own_city.who = ZHAO
    assert own_city.show("person.inbox") == ""


def test_acts_of_letters_stay_out_of_the_story_and_of_a_leads_lists(own_city: SmallHost) -> None:
    before = opened(own_city, f"/cleangov/cases/cg/{PROJECT}", AUDITOR)
    reply(own_city, sent(own_city), words=ANSWER)
    after = opened(own_city, f"/cleangov/cases/cg/{PROJECT}", AUDITOR)
    count = [
        len([e for e in page.elements if e.given.get("id", "").startswith("n")])
        for page in (before, after)
    ]
    assert count[0] == count[1]
    assert "发出函件" in opened(own_city, "/cleangov/checkpoints", AUDITOR).text
    assert "发出函件" not in opened(own_city, "/cleangov/checkpoints", LEAD).text


# ---- What can be erased ------------------------------------------------------------------------


def test_peoples_words_stand_where_they_can_be_erased_and_nowhere_else(
    own_city: SmallHost, caplog: pytest.LogCaptureFixture
) -> None:
    """A scan of every column of every table, after everything that can be done about a letter."""
    letter = sent(own_city, words="CANARY-middle", reason="CANARY-reason")
    reply(own_city, letter, act="time", why="CANARY-wish")
    do(own_city, letter, "term", days="3", reason="CANARY-grant")
    reply(own_city, letter, words="CANARY-answer")
    other = ask(own_city, finding(own_city), reason="CANARY-other").location
    do(own_city, other, "withdrawal", reason="CANARY-withdrawn")
    places: dict[str, set[str]] = {}
    with own_city.engine.connect() as connection:
        for table in tables.metadata_for(own_city.engine.dialect.name).sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                for column, value in row.items():
                    seen = set(re.findall(r"CANARY-\w+", str(value)))
                    if seen:
                        places.setdefault(f"{table.name}.{column}", set()).update(seen)
    reasons = {"CANARY-reason", "CANARY-other"}
    acts_ = {"CANARY-wish", "CANARY-grant", "CANARY-withdrawn"}
    assert places == {
        "cleangov_instrument.words": {"CANARY-middle"},
        "cleangov_instrument.reason": reasons,
        "cleangov_instrument_act.words": {*acts_, "CANARY-answer"},
    }
    disclosed = {
        disclosure.read(text)[1]
        for row in entries(own_city)
        for text in disclosure.split(row["disc"])
    }
    assert disclosed == {*reasons, *acts_}, "written as erasable disclosures, not as they are"
    assert "CANARY" not in caplog.text
