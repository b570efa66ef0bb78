"""Steps and units are called as the host calls them; a code stands for itself."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from cleangov_hooks import register
from tests.support.review_city import AUDITOR, CASE, LEAD, PROJECT, hold
from tests.support.small_host import SmallHost
from tests.web.letter_writing import HE, ZHAO, opened
from tests.web.page_reading import link, plain, rows

UNITS = {"u-1": {"zh": "执法二中队", "en": "Squad 2"}, "u-2": {"zh": "工程科"}}
STEPS = {
    "prj.variation.requested": {"zh": "申报变更", "en": "File a variation"},
}
Open = Callable[..., str]


@pytest.fixture
def named(own_city: SmallHost) -> SmallHost:
    """A host that says how it calls a kind of event and its units."""
    own_city.called = STEPS
    own_city.authority = replace(own_city.authority, units=UNITS)
    register(own_city.plugins, object(), "one more")  # then the kinds are asked for anew
    return own_city


def read(host: SmallHost, path: str, language: str = "zh-CN", as_: object = AUDITOR) -> str:
    host.tongue = language
    return plain(opened(host, f"/cleangov/{path}", as_))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["checkpoints", "findings", f"cases/cg/{CASE}"])
def test_units_are_named_in_the_readers_language(named: SmallHost, path: str) -> None:
    zh, en = read(named, path), read(named, path, "en")
    assert "执法二中队" in zh
    assert "Squad 2" in en
    assert not re.search(r"\bu-[12]\b", zh + en)
    if path != f"cases/cg/{CASE}":
        assert "工程科" in en, "the Chinese name, where there is no other"


def test_a_unit_is_chosen_by_its_name_and_sent_as_its_code(named: SmallHost) -> None:
    named.tongue = "zh-CN"
    page = opened(named, "/cleangov/checkpoints?unit=u-2", AUDITOR)
    (chosen,) = [e for e in page.found("option", value="u-2")]
    assert chosen.text == "工程科"
    assert all("工程科" in row for row in rows(page))
    modes = opened(named, "/cleangov/modes", AUDITOR)
    assert [e.text for e in modes.found("option", value="u-1")] == ["执法二中队"]
    exceptions = opened(named, "/cleangov/exceptions", AUDITOR)
    assert [e.text for e in exceptions.found("option", value="u-1")] == ["执法二中队"]


def test_a_lead_reads_the_name_of_their_unit(named: SmallHost) -> None:
    assert "仅限本单位：工程科" in read(named, "", as_=LEAD)


def test_a_step_is_called_as_what_it_leads_to(named: SmallHost) -> None:
    hold(named)
    zh, en = (read(named, "mine", tongue, ZHAO) for tongue in ("zh-CN", "en"))
    assert "环节 申报变更" in zh
    assert "step File a variation" in en
    (request,) = set(re.findall(r"requests/[\w-]+", opened(named, "/cleangov/mine", HE).html))
    assert "环节 申报变更" in read(named, request, as_=HE)
    assert link(opened(named, f"/cleangov/{request}", HE), "我的页面") == "/cleangov/mine"
    assert "环节 申报变更" in read(named, f"cases/cg/{PROJECT}")


def test_where_the_host_names_nothing_its_codes_stand(own_city: SmallHost) -> None:
    event = hold(own_city)
    assert f"环节 {event.step}" in read(own_city, "mine", as_=ZHAO)
    assert "u-2" in read(own_city, f"cases/cg/{PROJECT}")
