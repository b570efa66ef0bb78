"""Opening a case, or a finding of it, is an entry, once a day; whoever acted there is told."""

import json
from typing import Any

import pytest

from cleangov_hooks import Person
from cleangov_plugin.desk.evidence.exporting import Exported, Wish
from cleangov_plugin.desk.evidence.recorded import NotRecorded, record_export
from cleangov_plugin.desk.review import viewing
from cleangov_plugin.domain.our_kinds import CASE_VIEWED, EVIDENCE_EXPORTED
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, PROJECT, refuse_entries
from tests.support.small_host import SmallHost
from tests.web.letter_writing import ZHAO, rows, signal

CASE = PROJECT
PAGE = f"/cleangov/cases/cg/{CASE}"
BUNDLE = Exported(data=b"zip", log_id="cg", entries=3, unsealed=0, size=9, fields=1)
WISH = Wish(case=CASE, disclose=("reason",))


def opened(host: SmallHost, path: str, as_: Person | None = AUDITOR, status: int = 200) -> Checked:
    host.who = as_
    response = host.app.test_client().get(path)
    assert response.status_code == status, response.text
    return Checked(response.text)


def views(host: SmallHost) -> list[dict[str, Any]]:
    return rows(host, "entry", f"kind = '{CASE_VIEWED}'")


def told(row: dict[str, Any]) -> dict[str, str]:
    return {code: text for code, _, text in json.loads(row["body"])["attrs"]}


def test_a_case_that_is_opened_is_an_entry_once_a_day(own_city: SmallHost) -> None:
    before = len(views(own_city))
    opened(own_city, PAGE)
    (entry,) = views(own_city)[before:]
    assert (entry["subject"], entry["unit"]) == (CASE, "oversight")
    assert "lin" not in entry["body"], "who looked is a pseudonym"
    opened(own_city, f"{PAGE}?from=2")
    id_ = signal(own_city)
    opened(own_city, f"/cleangov/findings/{id_}")
    assert len(views(own_city)) == before + 1, "the same case, on the same day"
    own_city.move(hours=24)
    opened(own_city, f"/cleangov/findings/{id_}")
    assert told(views(own_city)[-1])["a.finding"] == str(id_)
    assert len(views(own_city)) == before + 2


def test_what_is_not_there_and_ones_own_record_are_no_views(own_city: SmallHost) -> None:
    before = len(views(own_city))
    opened(own_city, "/cleangov/cases/cg/nothing", status=404)
    opened(own_city, PAGE, ZHAO, status=403)
    opened(own_city, f"/cleangov/mine/case?case={CASE}", ZHAO)
    assert len(views(own_city)) == before


def test_a_view_that_cannot_be_written_is_owed_and_one_that_is_lost_shows_nothing(
    own_city: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_entries(own_city)
    owed = len(rows(own_city, "gap"))
    opened(own_city, PAGE)
    assert len(rows(own_city, "gap")) == owed + 1

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(viewing, "record_one", fails)
    page = opened(own_city, PAGE, status=503)
    assert "未能记入账本" in page.text
    assert CASE not in page.text


def test_whoever_acted_is_told_who_opened_the_case_and_who_took_it_away(
    own_city: SmallHost,
) -> None:
    desk = own_city.plugin.desk
    opened(own_city, PAGE)
    record_export(desk, BUNDLE, WISH, None, None)
    record_export(desk, BUNDLE, WISH, "lin", "上级调阅")
    path = f"/cleangov/mine/case?case={CASE}"
    assert "打开了本案" not in opened(own_city, path, ZHAO).text, "not before its time"
    own_city.move(hours=24 * desk.settings.look_days + 1)
    page = opened(own_city, path, ZHAO)
    assert page.problems == []
    assert page.text.count("打开了本案") == 1
    assert page.text.count("导出了本案的证据包") == 2
    assert page.text.count("使用服务器系统账号的人") == 1
    assert "上级调阅" in page.text
    assert "理由已依法删除" not in page.text, "where none was asked for, none was erased"
    assert "导出了证据包" in opened(own_city, PAGE).text


def test_an_export_is_told_by_whom_and_of_what(own_city: SmallHost) -> None:
    desk = own_city.plugin.desk
    for by, known_as in (("lin", "named"), (None, "account")):
        row = record_export(desk, BUNDLE, WISH, by, None)
        entry = rows(own_city, "entry", f"id = {row}")[0]
        says = told(entry)
        assert (entry["kind"], says["a.known_as"]) == (EVIDENCE_EXPORTED, known_as)
        assert (says["a.entries"], says["a.size"]) == ("3", "9")
        assert "reason" in says["a.fields"]
    own = desk.people.pseudonym("cg", "officer", "lin")
    made = rows(own_city, "entry", f"kind = '{EVIDENCE_EXPORTED}'")
    assert [row["actor"] == own for row in made] == [True, False]
    refuse_entries(own_city)
    with pytest.raises(NotRecorded, match="could not be recorded"):
        record_export(desk, BUNDLE, WISH, "lin", None)
