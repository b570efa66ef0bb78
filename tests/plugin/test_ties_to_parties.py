"""Who is tied to a party of the case does not decide; what is known stands in the entry."""

from typing import Any

import pytest

from cleangov_hooks import Party, Tie
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
