"""Going through a list page by page: each entry and finding is met once, on both databases."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from cleangov_plugin.domain.terms import FindingState, Mark
from cleangov_plugin.store import review, review_findings
from cleangov_plugin.store.review import Place
from cleangov_plugin.store.review_findings import FindingPlace
from cleangov_plugin.store.schema import fingerprint
from tests.store.big_ledger import ENTRIES, FINDINGS, entry, finding


def test_every_entry_is_met_once_in_both_directions(big: sa.Engine) -> None:
    query = entry(marks=Mark.HIT.value)
    met: list[int] = []
    with big.connect() as connection:
        place: Place | None = None
        while True:
            page = review.entries(connection, query, size=7, before=place)
            met += [row["id"] for row in page.rows]
            if page.older is None:
                break
            place = page.older
        wanted = [n for n in range(5003, ENTRIES + 1, 5003) if n % 10]
        assert len(met) == len(wanted)
        assert len(set(met)) == len(met)
        back: list[int] = []
        place = Place("2026-03-01T00:00:00.000000Z", 0)
        while place is not None:
            page = review.entries(connection, query, size=7, after=place)
            back = [*(row["id"] for row in page.rows), *back]
            place = page.newer
    assert back == met


def test_a_search_that_is_broken_off_says_so_and_goes_on(big: sa.Engine) -> None:
    query = entry(kinds=("enf.none",))
    with big.connect() as connection:
        page, stretches = review.entries(connection, query, size=50), 1
        while page.older is not None:
            assert page.rows == ()
            assert page.searched_to == page.older
            page = review.entries(connection, query, size=50, before=page.older)
            stretches += 1
        assert page.searched_to is None
    assert stretches == ENTRIES * 9 // 10 // review.STRETCH_OF_ROWS


def test_what_is_asked_of_one_case_is_the_same_by_either_index(
    big: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = entry(subject="case 700")
    with big.connect() as connection:
        by_case = review.entries(connection, query, size=50)
        monkeypatch.setattr(review, "_is_large", lambda *_: True)
        walked = review.entries(connection, query, size=50)
        while walked.older is not None and not walked.rows:
            walked = review.entries(connection, query, size=50, before=walked.older)
    assert by_case.rows
    assert [row["id"] for row in by_case.rows] == [row["id"] for row in walked.rows]


def test_findings_are_met_once(big: sa.Engine) -> None:
    for query in (finding(FindingState.OPEN, rule_id="RARE"), finding(rule_id="RARE"), finding()):
        met: list[int] = []
        place: FindingPlace | None = None
        with big.connect() as connection:
            while True:
                page = review_findings.page(connection, query, size=500, after=place)
                met += [row["id"] for row in page.rows]
                place = page.onward
                if place is None:
                    break
        assert len(met) == len(set(met))
        rare = [n for n in range(499, FINDINGS + 1, 499) if n % 10]
        is_signal = query.state is FindingState.SIGNAL
        wanted = [n for n in rare if (n % 2 == 0) is is_signal]
        assert len(met) == (len(wanted) if query.rule_id else FINDINGS // 2 - FINDINGS // 10)


def test_another_ledger_is_never_shown(big: sa.Engine) -> None:
    with big.connect() as connection:
        page = review.entries(connection, replace(entry(), log_id="other"), size=50)
        assert {row["log_id"] for row in page.rows} == {"other"}
        assert review.entries(connection, replace(entry(), log_id="none"), size=50).rows == ()
        assert fingerprint(connection)
