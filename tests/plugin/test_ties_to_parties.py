"""Who is tied to a party of the case does not decide; what is known stands in the entry."""

from typing import Any

import pytest

from cleangov_hooks import Party, Tie
from cleangov_plugin.store import case_parties
from tests.plugin.test_second_person_in_line import LIU, asked, decided, make_city, refusal, told

__all__ = ["make_city"]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"p-1": Tie.NO, "p-2": Tie.NO}, "none"),
        ({"p-1": Tie.NO}, "cannot_be_checked"),
        ({"p-1": Tie.NO, "p-2": Tie.UNKNOWN}, "cannot_be_checked"),
        ({"p-1": Tie.NO, "p-2": Tie.YES}, "tied"),
        ({}, "no parties"),
    ],
)
def test_a_second_person_with_a_tie_to_a_party(
    make_city: Any,
    known: dict[str, Tie],
    said: str,
) -> None:
    host = make_city(LIU)
    host.party_ties = {("liu", party): tie for party, tie in known.items()}
    asked(host)
    parties = [Party(id=party, role="owner") for party in ("p-1", "p-2") if known]
    host.write(host.event("enf.intent.notified", 800, parties=tuple(parties)))
    if said == "tied":
        assert refusal(host, LIU) == "inbox.tied"
        return
    decided(host, LIU)
    assert told(host).get("a.party_tie", "no parties") == said


@pytest.mark.parametrize(
    ("tie", "is_cut", "said"),
    [
        (Tie.YES, False, "tied"),  # named once, before a hundred entries that name nobody
        (Tie.NO, False, "none"),
        (Tie.NO, True, "cannot_be_checked"),  # a case longer than is looked at
    ],
)
def test_a_party_that_an_old_entry_names_is_a_party(
    make_city: Any, monkeypatch: pytest.MonkeyPatch, tie: Tie, is_cut: bool, said: str
) -> None:
    host = make_city(LIU)
    host.party_ties = {("liu", "p-1"): tie}
    asked(host)
    party = (Party(id="p-1", role="owner"),)
    host.write(host.event("enf.intent.notified", 800, parties=party))
    if is_cut:
        monkeypatch.setattr(case_parties.parties_of, "__kwdefaults__", {"newest": 100})
    for _ in range(101):
        host.write(host.event("enf.intent.notified", 800))
    if is_cut:
        host.write(host.event("enf.intent.notified", 800, parties=party))
    if said == "tied":
        assert refusal(host, LIU) == "inbox.tied"
        return
    decided(host, LIU)
    assert told(host).get("a.party_tie", "no parties") == said


def test_where_there_are_more_parties_than_are_asked_about_it_cannot_be_checked(
    make_city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_parties, "MOST", 2)
    host = make_city(LIU)
    host.party_ties = {("liu", f"p-{n}"): Tie.NO for n in range(3)}
    asked(host)
    parties = tuple(Party(id=f"p-{n}", role="owner") for n in range(3))
    host.write(host.event("enf.intent.notified", 800, parties=parties))
    decided(host, LIU)
    assert told(host)["a.party_tie"] == "cannot_be_checked"
