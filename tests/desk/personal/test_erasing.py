"""Erasing is one transaction: all of it or nothing, and what is sent again changes nothing."""

from dataclasses import replace
from typing import Any

import pytest

from cleangov_hooks import Origin
from cleangov_plugin.desk.personal import erasing
from cleangov_plugin.desk.personal.erasing import Wish, erase, look
from cleangov_plugin.desk.personal.erasing_names import erase_name
from cleangov_plugin.desk.personal.refused import ErasureRefused
from cleangov_plugin.ledger.disclosure import read
from tests.desk.personal.erasing_city import (
    BASIS,
    CASE,
    CLERK,
    LOG,
    SAID,
    City,
    erasing_city,
    texts,
)

__all__ = ("erasing_city",)


def number(city: City) -> int:
    return int(city.ask("SELECT count(*) FROM {s}cleangov_entry")[0][0])


def test_what_is_changed_meanwhile_fails_whole(
    erasing_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _ = erasing_city.rows()
    entries = number(erasing_city)
    shrink = erasing.erasures.shrink

    def shrinking(connection: Any, log_id: str, row: Any, rest: str | None) -> bool:
        stale = row._replace(disc="what was there before") if row.id == two else row
        return shrink(connection, log_id, stale, rest)

    monkeypatch.setattr(erasing.erasures, "shrink", shrinking)
    with pytest.raises(ErasureRefused, match="meanwhile"):
        erasing_city.erase(one, two)
    assert erasing_city.disc(one)
    assert erasing_city.disc(two)
    assert number(erasing_city) == entries
    assert erasing_city.alarms() == []


def test_what_cannot_be_recorded_is_not_erased(
    erasing_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise erasing.Busy("somebody else writes.")

    monkeypatch.setattr(erasing, "enter", fails)
    with pytest.raises(ErasureRefused, match="could not be written"):
        erasing_city.erase(erasing_city.rows()[0])
    ((pseudonym,),) = erasing_city.ask(
        "SELECT pseudonym FROM {s}cleangov_pseudonym WHERE identity = 'p-1'"
    )
    with pytest.raises(ErasureRefused, match="could not be written"):
        erase_name(erasing_city.desk, LOG, pseudonym, BASIS, CLERK)
    assert all(erasing_city.disc(row) for row in erasing_city.rows())
    assert erasing_city.ask("SELECT 1 FROM {s}cleangov_pseudonym WHERE identity IS NULL") == []


def test_many_fields_are_told_by_several_entries(
    erasing_city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "MOST_FIELDS", 1)
    one, two, _ = erasing_city.rows()
    assert len(erasing_city.erase(one, two).records) == 2
    assert erasing_city.alarms() == []


def test_only_the_named_field_goes(erasing_city: City) -> None:
    """A name shown to somebody has a reason; an entry with two personal fields loses one."""
    host = erasing_city.host
    kinds = erasing_city.desk.types()
    kind = kinds["enf.defence.received"]
    (statement,) = [a for a in kind.attributes if a.code == "statement"]
    more = replace(kind, attributes=(*kind.attributes, replace(statement, code="telephone")))
    erasing_city.desk._types = (erasing_city.desk._types[0], {**kinds, kind.kind: more})
    host.write(host.event(kind.kind, statement="one", telephone="two"))
    row = erasing_city.rows()[-1]
    assert len(texts(erasing_city.disc(row))) == 2
    erasing_city.erase(row)
    assert [read(text) for text in texts(erasing_city.disc(row))] == [("telephone", "two")]
    assert erasing_city.alarms() == []


def test_an_event_that_is_sent_again_brings_nothing_back(erasing_city: City) -> None:
    """A log of the past has salts that can be made again: a replay ends in the same bytes."""
    host = erasing_city.host
    host.case = CASE
    event = host.event("enf.defence.received", statement=SAID[2], origin=Origin.HISTORIC)
    host.write(event)
    row = erasing_city.rows()[-1]
    erasing_city.erase(row)
    host.write(event)
    assert erasing_city.rows()[-1] == row
    assert erasing_city.disc(row) is None
    assert erasing_city.alarms() == []


def test_a_forged_disclosure_is_left_where_it_is(erasing_city: City) -> None:
    """It is evidence of a forgery, and its name was never in the body."""
    one, two, _ = erasing_city.rows()
    erasing_city.set_disc(one, f"{erasing_city.disc(one)}~{erasing_city.disc(two)}")
    erasing_city.erase(one)
    assert erasing_city.disc(one) == erasing_city.disc(two)
    assert erasing_city.alarms() == [("field_forged", one)]


@pytest.mark.parametrize("basis", ["", "  ", "abc", "\x00\x01\x02\x03", "x" * 501])
def test_without_a_legal_basis_nothing_is_erased(erasing_city: City, basis: str) -> None:
    with pytest.raises(ErasureRefused, match="legal basis"):
        erasing_city.erase(erasing_city.rows()[0], basis=basis)
    assert erasing_city.disc(erasing_city.rows()[0])


def test_of_several_named_entries_each_must_have_the_field(erasing_city: City) -> None:
    one = erasing_city.rows()[0]
    ((other,),) = erasing_city.ask(
        "SELECT id FROM {s}cleangov_entry WHERE kind = 'enf.notice.served'"
    )
    with pytest.raises(ErasureRefused, match=f"entry {other} has no field statement"):
        erasing_city.erase(one, other)
    wish = Wish(log_id=LOG, codes=("statement",), case_id="C-0500")
    assert [field.row.id for field in look(erasing_city.desk, wish).doomed] == [
        erasing_city.rows()[2]
    ]
    assert erase(erasing_city.desk, wish, BASIS, CLERK).records
