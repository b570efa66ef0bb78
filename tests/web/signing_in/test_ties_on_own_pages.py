"""Who is tied is refused on the service's own pages as on the platform's, until told otherwise."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient

from cleangov_plugin.cli.wsgi import People, service
from tests.cli.served_calling import KEY, event
from tests.cli.served_here import Signer
from tests.cli.test_serve_ties import CITY, call, ties, waiting
from tests.plugin.weighed import write_rules
from tests.support.page_check import Checked
from tests.web.letter_writing import token
from tests.web.page_reading import plain
from tests.web.signing_in.test_tickets_at_the_door import enter, ticket


class Served(NamedTuple):
    """One service, as a platform calls it and as a person opens it."""

    calls: Signer
    person: FlaskClient


@pytest.fixture
def at_desk(
    tmp_path: Path, _sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    """A service with calls and pages; Liu, a reviewer, is signed in."""
    for folder in ("callers", "platforms"):
        (tmp_path / folder).mkdir()
    (tmp_path / "callers/old-1.key").write_text(KEY.hex())
    (tmp_path / "platforms/yun-1.key").write_text(KEY.hex())
    (tmp_path / "platform.json").write_text(json.dumps(CITY), encoding="utf-8")
    (tmp_path / "city.db").write_bytes(_sqlite_template.read_bytes())
    monkeypatch.setenv("CLEANGOV_RULES", str(write_rules(tmp_path)))
    monkeypatch.setenv("CLEANGOV_KEYS", str(tmp_path / "keys"))
    people = People(tickets=tmp_path / "platforms", origin="http://localhost")
    places = (tmp_path / "platform.json", tmp_path / "callers", tmp_path / "seen")
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with service(url, *places, gate_ms=10_000, people=people) as app:
        browser = app.test_client()
        text = ticket(key=KEY, person="liu", name="刘", roles=("reviewer",))
        assert enter(browser, text).status_code == 303
        yield Served(Signer(app), browser)


def press(browser: FlaskClient) -> Any:
    """Agree on one's own page to what waits there."""
    page = Checked(browser.get("/cleangov/mine").text)
    (path,) = re.findall(r'action="(/cleangov/requests/[^"]+)"', page.html)
    form = {"cleangov_token": token(page, path), "cleangov_choice": "approve"}
    head = {"Origin": "http://localhost", "Referer": "http://localhost/cleangov/mine"}
    return browser.post(path, data=form, headers=head)


@pytest.mark.parametrize("of", [{}, {"party_id": "wang"}])
def test_a_tie_that_was_told_keeps_a_person_from_deciding_on_our_pages(
    at_desk: Served, of: dict[str, str]
) -> None:
    sold = event("e-0", 700, parties=[{"id": "wang", "role": "owner"}])
    assert call(at_desk.calls, "/events", [sold], officer="").json["kept"] == 1
    waiting(at_desk.calls)
    told = {"second_id": "liu", "tie": "yes", **of}
    assert ties(at_desk.calls, told).json["kept"] == 1
    refused = press(at_desk.person)
    assert refused.status_code == 409
    assert "隶属或利害关系" in refused.text
    assert ties(at_desk.calls, {**told, "tie": "no"}).json["kept"] == 1
    assert press(at_desk.person).location == "/cleangov/mine"
    assert "已记录：您同意了案件 C-1" in plain(Checked(at_desk.person.get("/cleangov/mine").text))
