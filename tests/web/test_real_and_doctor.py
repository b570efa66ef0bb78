"""The page of imported logs, whose numbers lead to their records; and the page for IT."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.plugin import CleanGov
from tests.cli.log_replaying import few_rules, replay
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, LEAD, OPERATOR, SETTINGS
from tests.support.small_host import SmallHost

LOGS = Path(__file__).parents[2] / "sample_host" / "logs"
AGENCY = "nl-receipt"


@pytest.fixture(scope="module")
def replayed(
    _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SmallHost, dict[str, Any]]]:
    """A host in whose database a public log was replayed, and what the replay said."""
    folder = tmp_path_factory.mktemp("replayed")
    path = folder / "city.db"
    path.write_bytes(_sqlite_template.read_bytes())
    url = f"sqlite:///{path}"
    with pytest.MonkeyPatch.context() as patched:
        few_rules(folder, patched, "E07", "X10", "X12")
        host = SmallHost(url, folder, SETTINGS)
        host.start()
        told = replay(url, LOGS / "receipt.xes.gz", "receipt", folder / "keys")
    host.who = AUDITOR
    yield host, told
    host.close()


def opened(host: SmallHost, path: str, *, lang: str = "zh-CN", status: int = 200) -> Checked:
    host.tongue = lang
    response = host.app.test_client().get(path)
    assert response.status_code == status
    page = Checked(response.text)
    assert [p for p in page.problems if "https://doi.org/" not in p] == []
    assert len(response.data) <= 150 * 1024
    return page


def all_cases(host: SmallHost, path: str, onward: str) -> set[str]:
    """Follow a list to its end, and answer the cases it leads to."""
    found: set[str] = set()
    while path:
        page = opened(host, path)
        links = [e.given.get("href", "") for e in page.found("a")]
        found |= {link for link in links if f"/cases/{AGENCY}/" in link}
        path = next((e.given["href"] for e in page.found("a") if e.text.strip() == onward), "")
    return found


def test_the_numbers_are_those_the_replay_told(replayed: tuple[SmallHost, dict[str, Any]]) -> None:
    host, told = replayed
    page = opened(host, "/cleangov/real")
    rows = {
        re.search(r"\b[A-Z]\d\d\b", row.text)[0]: row.text  # type: ignore[index]
        for row in page.found("tr")[1:]
    }
    assert set(rows) == {id_ for id_, seen in told["rules"].items() if seen["cases"]}
    for id_, text in rows.items():
        seen = told["rules"][id_]
        numbers = [int(n.replace(",", "")) for n in re.findall(r"^\s*([\d,]+)", text, re.MULTILINE)]
        assert numbers[:2] == [seen["cases"], seen["hits"]], text
    assert f"{told['cases']} 件案件，{told['events']:,} 条事件" in page.text
    assert "E07" in page.text, "a rule that had nothing to look at is named"


def test_source_and_doi_are_told(replayed: tuple[SmallHost, dict[str, Any]]) -> None:
    host, _ = replayed
    zh, en = opened(host, "/cleangov/real"), opened(host, "/cleangov/real", lang="en")
    (link,) = zh.found("a", href="https://doi.org/10.4121/12709127")
    assert link.text == "doi:10.4121/12709127"
    assert "Buijs, J. (2014)" in zh.text
    assert "环境许可受理阶段日志" in zh.text
    assert "Receipt phase of an environmental permit" in en.text


def test_the_big_line_is_computed(replayed: tuple[SmallHost, dict[str, Any]]) -> None:
    host, told = replayed
    seen = told["rules"]["X10"]
    share = (200 * seen["hits"] + seen["cases"]) // (2 * seen["cases"])
    zh = re.sub(r"\s+", " ", opened(host, "/cleangov/real").text)
    assert f"会在这些真实许可中的约 {share}% 命中" in zh
    assert f"{seen['hits']} / {seen['cases']} 件" in zh
    en = re.sub(r"\s+", " ", opened(host, "/cleangov/real", lang="en").text)
    assert f"fires on about {share} % of these real permits" in en


def test_each_number_leads_to_its_records(replayed: tuple[SmallHost, dict[str, Any]]) -> None:
    host, told = replayed
    page = opened(host, "/cleangov/real")
    for id_ in ("X10", "X12"):
        links = [
            e.given["href"] for e in page.found("a") if f"rule={id_}" in e.given.get("href", "")
        ]
        signals = next(link for link in links if "/signals" in link)
        assert len(all_cases(host, signals, "下一页")) == told["rules"][id_]["hits"]
        looked = next(link for link in links if "/checkpoints" in link and "outcome" not in link)
        assert len(all_cases(host, looked, "较早")) >= told["rules"][id_]["cases"]


def test_a_case_of_an_imported_log_is_for_study_and_names_nobody(
    replayed: tuple[SmallHost, dict[str, Any]],
) -> None:
    host, _ = replayed
    path = min(all_cases(host, f"/cleangov/signals?agency={AGENCY}&rule=X12", "下一页"))
    page = opened(host, path)
    assert "仅供研究" in page.text
    assert "查看姓名" not in page.text
    assert not page.found("form", method="post")


def test_an_imported_log_can_be_chosen_and_is_told_to_be_one(
    replayed: tuple[SmallHost, dict[str, Any]],
) -> None:
    host, _ = replayed
    page = opened(host, f"/cleangov/checkpoints?agency={AGENCY}")
    (chosen,) = [e for e in page.found("option", value=AGENCY) if "selected" in e.given]
    assert "导入的日志" in chosen.text


def test_a_lead_may_not_open_it(replayed: tuple[SmallHost, dict[str, Any]]) -> None:
    host, _ = replayed
    host.who = LEAD
    try:
        opened(host, f"/cleangov/checkpoints?agency={AGENCY}", status=404)
        opened(host, f"/cleangov/signals?agency={AGENCY}", status=404)
        assert "还没有导入日志" in opened(host, "/cleangov/real").text
    finally:
        host.who = AUDITOR


def test_a_log_that_nobody_has_counted_says_so(
    replayed: tuple[SmallHost, dict[str, Any]],
) -> None:
    host, _ = replayed
    with host.engine.begin() as connection:
        kept = connection.execute(sa.text("SELECT summary FROM cleangov_replay_run")).scalar_one()
        connection.execute(sa.text("UPDATE cleangov_replay_run SET summary = '{}'"))
    try:
        page = opened(host, "/cleangov/real")
        assert "这份日志还没有统计" in page.text
        assert "荷兰某市政府" in page.text
    finally:
        with host.engine.begin() as connection:
            update = sa.text("UPDATE cleangov_replay_run SET summary = :kept")
            connection.execute(update, {"kept": kept})


# ---- How it runs -----------------------------------------------------------------------------


def test_it_sees_the_checks_with_what_to_do(city: SmallHost, get: Callable[..., Checked]) -> None:
    zh, en = (get("/cleangov/doctor", as_=OPERATOR, lang=lang) for lang in ("zh-CN", "en"))
    assert "表结构版本 0008" in zh.text
    assert "tables are at revision 0008" in en.text
    assert "entries" in zh.text
    assert not [e for e in zh.found("a") if "checkpoints" in e.given.get("href", "")]


def test_what_must_be_mended_is_counted(
    city: SmallHost, get: Callable[..., Checked], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    desk = city.plugin.desk
    wrong = replace(desk.settings, database_url=f"sqlite:///{tmp_path / 'empty.db'}")
    monkeypatch.setattr(desk, "settings", wrong)
    page = get("/cleangov/doctor", as_=OPERATOR)
    assert "需要处理：1" in page.text
    assert "cleangov db upgrade" in page.text


def test_an_auditor_is_not_it(get: Callable[..., Checked]) -> None:
    assert "供信息中心使用" in get("/cleangov/doctor", as_=AUDITOR, status=403).text


def test_somebody_may_be_both(city: SmallHost, get: Callable[..., Checked]) -> None:
    from dataclasses import replace

    both = replace(AUDITOR, roles=AUDITOR.roles | OPERATOR.roles)
    page = get("/cleangov/doctor", as_=both)
    assert {"检查点", "运行状况"} <= {e.text.strip() for e in page.found("a")}


def test_an_inert_plugin_says_so_and_shows_nothing(database_url: str, tmp_path: Path) -> None:
    host = SmallHost(database_url, tmp_path, {"CLEANGOV_OWNR": "x"})
    host.start(CleanGov())
    host.who = OPERATOR
    client = host.app.test_client()
    for path in ("/cleangov/", "/cleangov/checkpoints", "/cleangov/real"):
        assert client.get(path).status_code == 503
    response = client.get("/cleangov/doctor")
    assert response.status_code == 503
    assert "cleangov doctor" in response.text
    assert client.post("/cleangov/names").status_code == 503
    host.close()


def test_roles_come_from_the_settings(database_url: str, tmp_path: Path) -> None:
    assert Settings().leads == ""
    host = SmallHost(database_url, tmp_path, {"CLEANGOV_REVIEWERS": "inspector  clerk"})
    host.start()
    client = host.app.test_client()
    from dataclasses import replace

    # Whoever does not review is led to their own page.
    for roles, status in ((AUDITOR.roles, 303), (frozenset({"clerk"}), 200), (LEAD.roles, 303)):
        host.who = replace(AUDITOR, roles=roles)
        assert client.get("/cleangov/").status_code == status
    host.close()
