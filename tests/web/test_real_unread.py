"""The page of imported logs says what of a file could not be read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.log_replaying import few_rules, run
from tests.intake.test_odd_values import permits
from tests.support.review_city import AUDITOR, SETTINGS
from tests.support.small_host import SmallHost
from tests.web.test_real_and_doctor import opened


@pytest.fixture
def host(
    _sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SmallHost]:
    path = tmp_path / "city.db"
    path.write_bytes(_sqlite_template.read_bytes())
    few_rules(tmp_path, monkeypatch, "E07", "X10")
    found = SmallHost(f"sqlite:///{path}", tmp_path, SETTINGS)
    found.start()
    found.who = AUDITOR
    yield found
    found.close()


def replayed(host: SmallHost, folder: Path, log: Path, mapping: str) -> int:
    url = f"sqlite:///{folder / 'city.db'}"
    words = ["replay", str(log), "--mapping", mapping, "--keys", str(folder / "keys")]
    return run(url, *words).exit_code


def test_values_that_count_as_unknown_are_named_with_their_number(
    host: SmallHost, tmp_path: Path
) -> None:
    odd = [{"dueDate": "soon"}, {"dueDate": "<b>later</b>"}]
    assert replayed(host, tmp_path, permits(tmp_path, *odd), "bpic2015") == 0
    page = opened(host, "/cleangov/real")
    assert "没有读到的部分" in page.text
    assert "due：2 个值无法读取" in page.text
    assert "What could not be read" in opened(host, "/cleangov/real", lang="en").text


def test_records_that_were_not_read_are_counted_and_the_first_are_named(
    host: SmallHost, tmp_path: Path
) -> None:
    lines = [json.dumps({"ocid": f"ocds-{n}", "id": n}) for n in range(8)]
    log = tmp_path / "releases.jsonl"
    log.write_text("\n".join(lines), encoding="utf-8")
    assert replayed(host, tmp_path, log, "ocds") == 1
    page = opened(host, "/cleangov/real")
    assert "8 条未读入" in page.text
    assert page.text.count("releases.jsonl") == 5


def test_what_comes_next_is_said_even_where_no_log_is_there(host: SmallHost) -> None:
    assert "cleangov replay --inspect" in opened(host, "/cleangov/real").text
