"""In by the platform's link and out again, in a browser that says itself where a form is from."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.cli.wsgi import People, service
from tests.cli.served_calling import KEY, PLATFORM
from tests.web.signing_in.test_tickets_at_the_door import ticket


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_person_is_named_presses_is_in_and_goes_out(
    serve: Callable[[Any], str],
    open_page: Callable[..., Any],
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    for folder in ("callers", "platforms"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "yun-1.key").write_text(KEY.hex())
    (tmp_path / "platform.json").write_text(json.dumps(PLATFORM), encoding="utf-8")
    monkeypatch.setenv("CLEANGOV_KEYS", str(tmp_path / "keys"))
    people = People(tickets=tmp_path / "platforms", origin="http://localhost")
    places = (tmp_path / "platform.json", tmp_path / "callers", tmp_path / "seen")
    page = open_page(locale=language, java_script_enabled=False)
    with service(database_url, *places, people=people) as app:
        root = serve(app)
        link = f"{root}/cleangov/sign-in?ticket={ticket(key=KEY)}&next=/cleangov/mine"
        page.goto(link)
        assert "吴敏（wu）" in page.inner_text("main") or "吴敏 (wu)" in page.inner_text("main")
        page.get_by_role("button").press("Enter")
        assert page.url == f"{root}/cleangov/mine"
        page.goto(f"{root}/cleangov/sign-out")
        page.get_by_role("button").press("Enter")
        assert page.goto(f"{root}/cleangov/mine").status == 401
