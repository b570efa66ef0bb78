"""Ties are told over HTTP by a call of their own: who is tied to the officer does not decide."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import Client

from cleangov_plugin.desk.own_kinds import SOURCE
from tests.cli.served_calling import BASE, PLATFORM, event
from tests.cli.served_here import MARK, Signer, signed_service
from tests.plugin.weighed import write_rules
from tests.support.ends import opened

CITY = {
    **PLATFORM,
    "kinds": [
        {
            "kind": "enf.decision.made",
            "stream": "enforcement",
            "attributes": [{"code": "violation_code", "type": "text"}],
        }
    ],
}
WU, LIU = ({"id": name, "roles": ["reviewer"]} for name in ("wu", "liu"))
TIED = {"second_id": "wu", "tie": "yes", "degree": 1, "source": "人事系统", "as_of": "2026-03-01"}


@pytest.fixture
def app(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Signer]:
    monkeypatch.setenv("CLEANGOV_RULES", str(write_rules(tmp_path)))
    with signed_service(database_url, tmp_path, CITY) as found:
        yield found


def call(app: Signer, path: str, document: Any, officer: str = "chen", once: str = "") -> Any:
    head = {
        "CleanGov-Signature": MARK,
        "CleanGov-Officer": officer,
        "Idempotency-Key": once or secrets.token_hex(8),
    }
    return Client(app).post(BASE + path, headers=head, json=document)


def waiting(app: Signer) -> str:
    """Let the officer ask a reviewer; answer the request."""
    asked = event("e-1", 700, attributes={"violation_code": "CG-4"})
    held = call(app, "/gate", {"attempt_id": "a-1", "event": asked})
    assert held.status_code == 409, held.json
    given = {"prompt_id": held.json["prompts"][0]["id"], "choice": "ask_s4"}
    assert call(app, "/answers", given).json["state"] == "waiting"
    return str(call(app, "/inbox", {"actor": WU}, "wu").json["requests"][0]["id"])


def ties(app: Signer, *told: Any, officer: str = "chen", once: str = "") -> Any:
    return call(app, "/ties", {"attempt_id": "a-1", "ties": told}, officer, once)


def decided(app: Signer, request: str, who: Any, **more: Any) -> Any:
    document = {"request_id": request, "actor": who, "agrees": True, **more}
    return call(app, "/decisions", document, who["id"])


def entries(url: str, kind: str) -> list[dict[str, Any]]:
    with opened(url) as engine, engine.connect() as connection:
        name = "cleangov_entry" if engine.dialect.name == "sqlite" else "cleangov.cleangov_entry"
        query = sa.text(f"SELECT body FROM {name} WHERE kind = :kind ORDER BY id")
        found = [json.loads(body) for body in connection.execute(query, {"kind": kind}).scalars()]
    return [{code: text for code, _, text in body["attrs"]} for body in found]


def test_who_is_tied_is_refused_until_it_is_told_otherwise(app: Signer, database_url: str) -> None:
    request = waiting(app)
    first = ties(app, TIED, {"second_id": "liu", "tie": "no"}, once="ties-of-a-1")
    assert (first.status_code, first.json) == (200, {"attempt_id": "a-1", "kept": 2})
    again = ties(app, TIED, {"second_id": "liu", "tie": "no"}, once="ties-of-a-1")
    assert (again.json, again.headers["Idempotent-Replayed"]) == (first.json, "true")
    assert ties(app, TIED).json["kept"] == 0, "what is known is not new"
    for more in ({}, {"tie": "no"}):  # the decision itself does not untie them
        refused = decided(app, request, WU, **more)
        assert (refused.status_code, refused.json["reason"]) == (409, "inbox.tied")
    assert ties(app, {**TIED, "tie": "no"}).json["kept"] == 1
    assert decided(app, request, WU).status_code == 200
    told = entries(database_url, "int.tie.told")
    assert [each["a.tie"] for each in told] == ["yes", "no", "no"]
    assert (told[0]["a.source"], told[0]["a.as_of"]) == ("人事系统", "2026-03-01")
    assert "wu" not in {each["a.second"] for each in told}, "people stand by pseudonym"
    assert entries(database_url, "int.prompt.answered")[-1]["a.tie"] == "none"


def test_who_is_tied_to_a_party_is_refused_and_no_other(app: Signer, database_url: str) -> None:
    sold = event("e-0", 700, parties=[{"id": "wang", "role": "owner"}])
    told = call(app, "/events", [sold], officer="")
    assert told.json["results"][0]["is_kept"], told.json
    request = waiting(app)
    of_wang = {"second_id": "wu", "party_id": "wang", "source": "利益申报"}
    first = ties(app, {**of_wang, "tie": "yes"}, {"second_id": "wu", "tie": "no"})
    assert first.json == {"attempt_id": "a-1", "kept": 2}
    assert ties(app, {**of_wang, "tie": "yes"}).json["kept"] == 0, "what is known is not new"
    for more in ({}, {"tie": "no"}):  # no tie to the officer is none to the party
        refused = decided(app, request, WU, **more)
        assert (refused.status_code, refused.json["reason"]) == (409, "inbox.tied")
    assert ties(app, {**of_wang, "tie": "no"}).json["kept"] == 1
    assert decided(app, request, WU).status_code == 200
    said = entries(database_url, "int.tie.told")
    assert [each.get("a.party") is None for each in said] == [False, True, False]
    assert "wang" not in {each.get("a.party") for each in said}, "people stand by pseudonym"
    last = entries(database_url, "int.prompt.answered")[-1]
    assert (last["a.tie"], last["a.party_tie"]) == ("none", "none")


def test_a_tie_is_told_by_whom_it_concerns_and_of_a_step_that_waits(app: Signer) -> None:
    request = waiting(app)
    assert ties(app, TIED, officer="li").status_code == 404, "it is another officer's step"
    assert ties(app, TIED, officer="").json["type"].endswith("officer")
    for wrong in (
        {**TIED, "tie": "perhaps"},
        {**TIED, "degree": 0},
        {**TIED, "as_of": "yesterday"},
        {**TIED, "second_id": "w" * 201},
        {**TIED, "party_id": ""},
        {"tie": "yes"},
        {**TIED, "case": "C-9"},
    ):
        assert ties(app, wrong).status_code == 422, wrong
    assert ties(app, *[TIED] * 101).status_code == 422
    assert decided(app, request, LIU).status_code == 200
    forged = event("e-9", 700, attributes={})
    own = {**forged, "source": SOURCE, "type": "int.tie.told"}
    assert call(app, "/events", [own]).json["results"][0]["status"] == "refused"
