"""Attacks 45 to 49 on disclosures, by raw SQL, and what of an erasure is no alarm."""

import json

import pytest

from cleangov_plugin.desk.personal.erasing_names import erase_again, erase_name
from cleangov_plugin.desk.verified.alarms import Detector
from cleangov_plugin.ledger import disclosure
from tests.desk.personal.erasing_city import BASIS, CLERK, LOG, City, erasing_city, texts

__all__ = ("erasing_city",)


def test_45_a_disclosure_that_is_gone_without_a_record_is_an_alarm(erasing_city: City) -> None:
    row = erasing_city.rows()[1]
    erasing_city.set_disc(row, None)
    (alarm,) = erasing_city.verify().alarms
    assert (alarm.code, alarm.entry, alarm.detector) == ("field_missing", row, Detector.ERASURE)
    assert alarm.leaf is not None


@pytest.mark.parametrize("part", ["value", "salt"])
def test_46_a_disclosure_with_another_value_or_salt_is_an_alarm(
    erasing_city: City, part: str
) -> None:
    row = erasing_city.rows()[0]
    salt = bytes(16)
    value = "something else" if part == "value" else "CANARY-first-statement"
    forged, _ = disclosure.make("statement", value, salt)
    erasing_city.set_disc(row, forged)
    assert erasing_city.alarms() == [("field_forged", row), ("field_missing", row)]


def test_47_disclosures_that_change_places_are_an_alarm_at_both(erasing_city: City) -> None:
    one, two, _ = erasing_city.rows()
    first, second = erasing_city.disc(one), erasing_city.disc(two)
    erasing_city.set_disc(one, second)
    erasing_city.set_disc(two, first)
    assert {("field_forged", one), ("field_forged", two)} <= set(erasing_city.alarms())


def test_47_a_disclosure_under_another_name_is_an_alarm(erasing_city: City) -> None:
    row = erasing_city.rows()[0]
    (text,) = texts(erasing_city.disc(row))
    name, value = disclosure.read(text)
    renamed, _ = disclosure.make(f"{name}x", value, bytes(range(16)))
    erasing_city.set_disc(row, renamed)
    assert ("field_forged", row) in erasing_city.alarms()


def said(city: City, row: int) -> dict[str, list[str]]:
    ((body,),) = city.ask("SELECT body FROM {s}cleangov_entry WHERE id = :row", row=row)
    return {code: [type_, text] for code, type_, text in json.loads(body)["attrs"]}


def rewritten(city: City, row: int, old: str, new: str) -> None:
    changed = city.edit(
        "UPDATE {s}cleangov_entry SET body = replace(body, :old, :new) WHERE id = :row",
        old=old,
        new=new,
        row=row,
    )
    assert changed == 1


def test_48_an_erasure_without_a_basis_erases_nothing(erasing_city: City) -> None:
    row = erasing_city.rows()[0]
    (record,) = erasing_city.erase(row).records
    assert said(erasing_city, record)["a.basis"] == ["text", BASIS]
    rewritten(erasing_city, record, BASIS, " ")
    alarms = erasing_city.alarms()
    assert ("erasure_baseless", record) in alarms
    assert ("field_missing", row) in alarms


def test_48_an_erasure_of_a_field_that_the_entry_does_not_have_is_an_alarm(
    erasing_city: City,
) -> None:
    one, two, _ = erasing_city.rows()
    (record,) = erasing_city.erase(one).records
    (other,) = texts(erasing_city.disc(two))
    own = json.loads(said(erasing_city, record)["a.erased"][1])[0].split("/")[2]
    rewritten(erasing_city, record, own, disclosure.digest(other))
    alarms = erasing_city.alarms()
    assert ("erasure_of_nothing", record) in alarms
    assert ("field_missing", one) in alarms


def test_48_an_erasure_of_an_entry_that_is_not_there_is_an_alarm(erasing_city: City) -> None:
    (record,) = erasing_city.erase(erasing_city.rows()[0]).records
    item = json.loads(said(erasing_city, record)["a.erased"][1])[0]
    lane, _, rest = item.split("/", 2)
    rewritten(erasing_city, record, item, f"{lane}/99999/{rest}")
    assert ("erasure_of_nothing", record) in erasing_city.alarms()


@pytest.mark.parametrize(
    "item", ["x", "1/2", "-1/2/3/4", "0/0/d/c", f"{2**31}/1/d/c", f"0/{2**70}/d/c"]
)
def test_48_an_erasure_that_cannot_be_read_is_named_and_is_no_crash(
    erasing_city: City, item: str
) -> None:
    (record,) = erasing_city.erase(erasing_city.rows()[0]).records
    own = json.loads(said(erasing_city, record)["a.erased"][1])[0]
    rewritten(erasing_city, record, own, item)
    codes = {code for code, _ in erasing_city.alarms()}
    assert codes & {"erasure_unread", "erasure_of_nothing", "no_body"}


def test_49_a_disclosure_that_was_added_is_an_alarm(erasing_city: City) -> None:
    row = erasing_city.rows()[0]
    added, _ = disclosure.make("telephone", "1", bytes(16))
    disc = erasing_city.disc(row)
    erasing_city.set_disc(row, f"{disc}~{added}")
    assert erasing_city.alarms() == [("field_forged", row)]
    erasing_city.set_disc(row, f"{disc}~{disc}")
    assert erasing_city.alarms() == [("field_forged", row)], "the same twice is not as written"
    erasing_city.set_disc(row, f"{disc}~\u57ce")
    assert erasing_city.alarms() == [("field_forged", row)]


def test_49_a_disclosure_beside_an_entry_without_personal_fields_is_an_alarm(
    erasing_city: City,
) -> None:
    ((row,),) = erasing_city.ask(
        "SELECT id FROM {s}cleangov_entry WHERE kind = 'enf.notice.served'"
    )
    added, _ = disclosure.make("telephone", "1", bytes(16))
    erasing_city.set_disc(row, added)
    assert erasing_city.alarms() == [("field_forged", row)]


def test_a_lawful_erasure_is_no_alarm_before_sealing_and_after(erasing_city: City) -> None:
    one, two, _ = erasing_city.rows()
    erasing_city.erase(one)
    assert erasing_city.alarms() == []
    erasing_city.seal()
    assert erasing_city.alarms() == []
    erasing_city.erase(two)
    erasing_city.host.write(erasing_city.host.event("enf.notice.served"))
    assert erasing_city.alarms() == []


def test_what_was_put_back_from_a_backup_is_an_alarm_until_it_is_erased_again(
    erasing_city: City,
) -> None:
    row = erasing_city.rows()[0]
    before = erasing_city.disc(row)
    (record,) = erasing_city.erase(row).records
    erasing_city.seal()
    erasing_city.set_disc(row, before)
    (alarm,) = erasing_city.verify().alarms
    assert (alarm.code, alarm.entry) == ("field_again", row)
    assert alarm.values == {"field": "statement", "told": record}
    assert erase_again(erasing_city.desk, LOG).fields == 1
    assert erasing_city.disc(row) is None
    assert erasing_city.alarms() == []
    assert erase_again(erasing_city.desk, LOG).fields == 0


def test_a_name_is_erased_with_a_record_or_it_is_an_alarm(erasing_city: City) -> None:
    ((officer,),) = erasing_city.ask(
        "SELECT pseudonym FROM {s}cleangov_pseudonym WHERE identity = 'chen'"
    )
    ((party,),) = erasing_city.ask(
        "SELECT pseudonym FROM {s}cleangov_pseudonym WHERE identity = 'p-1'"
    )
    done = erase_name(erasing_city.desk, LOG, officer, BASIS, CLERK)
    assert erasing_city.alarms() == []
    forget = "UPDATE {s}cleangov_pseudonym SET identity = :i WHERE pseudonym = :p"
    erasing_city.edit(forget, i=None, p=party)
    assert [(a.code, a.values) for a in erasing_city.verify().alarms] == [
        ("name_missing", {"pseudonym": party})
    ]
    erasing_city.edit(forget, i="p-1", p=party)
    erasing_city.edit(forget, i="chen", p=officer)
    assert erasing_city.alarms() == [("name_again", done.record)]
    assert erase_again(erasing_city.desk, LOG).names == 1
    assert erasing_city.alarms() == []
