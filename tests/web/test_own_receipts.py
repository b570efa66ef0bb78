"""Receipts of one's own steps: on the record of one's duties, and by the line after a step."""

from pathlib import Path

from cleangov_hooks import Actor
from tests.support.page_check import Checked
from tests.support.review_city import BAND, CASE, OFFICER
from tests.support.small_host import SmallHost
from tests.web.letter_writing import ZHAO
from tests.web.page_reading import link
from tests.web.test_check import Sealed, mark
from tests.web.test_own_case import PATH, duties


def receipts(host: SmallHost) -> list[str]:
    page = duties(host, CASE)
    return [e.given["href"] for e in page.found("a") if e.text == "取回执"]


def test_each_step_has_a_receipt_once_it_is_sealed_and_it_is_genuine(
    own_city: SmallHost, tmp_path: Path
) -> None:
    city = Sealed(own_city, tmp_path)
    asked = receipts(own_city)
    told = own_city.app.test_client().get(f"{PATH}?case={CASE}&as=json").json
    assert told is not None
    assert len(asked) == len(told["steps"]) > 1
    early = own_city.app.test_client().get(asked[0])
    assert early.status_code == 404
    assert "还没有封存" in early.text
    city.seal()
    papers = [own_city.app.test_client().get(each) for each in asked]
    assert {paper.mimetype for paper in papers} == {"text/plain"}
    assert len({paper.text for paper in papers}) == len(asked)
    own_city.tongue = "en"
    for paper in papers:
        assert paper.headers["Content-Disposition"].startswith("attachment")
        assert CASE not in paper.text
        assert mark(city.post(receipt_=paper.text)).startswith("Genuine")


def test_of_steps_of_others_there_is_none(own_city: SmallHost, tmp_path: Path) -> None:
    own = receipts(own_city)[0]
    Sealed(own_city, tmp_path).seal()
    place = own.rpartition("=")[2]
    client = own_city.app.test_client()
    for hostile in ("", "0-999999", "x", f"{place} ", f"{place}-1", "0-1%00", "-1-1", "9" * 5_000):
        assert client.get(f"{PATH}?case={CASE}&receipt={hostile}").status_code == 404, hostile
    own_city.who = ZHAO
    assert client.get(own).status_code == 404


def test_the_line_after_a_step_leads_an_officer_there_and_a_citizen_not(
    own_city: SmallHost,
) -> None:
    own_city.who, own_city.case = OFFICER, "YT-CF-2026-0901"
    event = own_city.event("enf.decision.made", 700, **BAND)
    own_city.write(event)
    shown = Checked(own_city.show("step.done", event))
    assert link(shown, "履职记录和回执") == f"{PATH}?case=YT-CF-2026-0901"
    answer = own_city.event("enf.defence.received", None, actor=Actor(id="wang"))
    own_city.write(answer)
    assert "已记录" in own_city.show("step.done", answer)
    assert "履职记录" not in own_city.show("step.done", answer)
