"""A form of ours that cannot be taken is told so: it never becomes the host's own failure."""

from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.web import blueprint
from tests.support.small_host import SmallHost


@pytest.fixture
def database() -> str:
    return "sqlite"


def test_a_database_that_fails_is_told_and_no_word_is_logged(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    host = SmallHost(database_url, tmp_path)
    host.start()
    host.write(host.event("enf.intent.notified", 800))
    host.write(host.event("enf.defence.received"))
    verdict = host.gate(host.event("enf.decision.made", 2000))
    (prompt,) = verdict.prompts

    def fail(*_: Any) -> None:
        raise RuntimeError("the words of the officer")

    monkeypatch.setattr(blueprint, "token_is_good", lambda *_: True)
    monkeypatch.setattr(blueprint, "take_answer", fail)
    answer = host.app.test_client().post(
        f"/cleangov/prompts/{prompt.id}/answers", data={"cleangov_choice": "wrong"}
    )
    assert answer.status_code == 503
    assert "RuntimeError" in caplog.text
    assert "the words of the officer" not in caplog.text
    host.close()
