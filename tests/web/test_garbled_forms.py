"""U+0000 in an address or a form: refused as garbled on both databases, never called busy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.small_host import SmallHost
from tests.web.test_element_routes import DATA, forms

NUL = "a\0b"


@pytest.fixture
def host(database_url: str, tmp_path: Path) -> Iterator[SmallHost]:
    host = SmallHost(database_url, tmp_path)
    host.start()
    yield host
    host.close()


def test_what_no_column_can_hold_is_garbled_and_nothing_is_taken(host: SmallHost) -> None:
    host.write(host.event("enf.intent.notified", 800))
    host.write(host.event("enf.defence.received"))
    (prompt,) = host.gate(host.event("enf.decision.made", 2000)).prompts
    client = host.app.test_client()
    page = client.get(f"/cleangov/prompts/{prompt.id}").text
    action, fields = forms(page)["wrong"]
    for name in ("cleangov_text", "cleangov_second", "cleangov_reason"):
        answer = client.post(action, data={**fields, name: NUL}, headers=DATA)
        assert (answer.status_code, answer.json["reason"]) == (400, "gone"), name
    assert client.get("/cleangov/prompts/a%00b").status_code == 404
    assert client.get("/cleangov/notes/a%00b").status_code == 404
    for path in ("prompts/a%00b/answers", "prompts/a%00b/seen", "requests/a%00b",
                 "doubts/a%00b", "follow-ups/a%00b"):  # fmt: skip
        assert client.post(f"/cleangov/{path}", headers=DATA).status_code == 400, path
    assert client.post(action, data=fields, headers=DATA).status_code == 200, "the prompt stands"
