"""Bundles out of a city's database, on both kinds of it: letters, replies, fields, gaps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.evidence import parts
from cleangov_plugin.desk.evidence.exporting import Exported, Wish, export
from cleangov_plugin.desk.evidence.proving import NotProven
from cleangov_plugin.desk.evidence.verifying import VerifiedBundle, verify_bundle
from cleangov_plugin.desk.letters.receiving import answer
from cleangov_plugin.desk.sealed.outside import Outside, signer_of
from cleangov_plugin.desk.sealed.sealing import seal
from cleangov_plugin.ledger import canonical
from cleangov_plugin.ledger.evidence_zip import read_zip
from cleangov_plugin.ledger.policy import NONE, Policy
from tests.desk.evidence.made_log import run_script
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import LOG, NOON, write_entry
from tests.support.review_city import HOSTILE, PROJECT, ask, city
from tests.support.small_city import PEOPLE, TODAY
from tests.support.small_host import SmallHost

WORDS = f"请说明四次变更贴近权限的原因。{HOSTILE}"
REPLY = f"四次均经集体讨论。{HOSTILE}"


class Bureau:
    """A city whose auditor wrote a letter and got an answer, sealed."""

    def __init__(self, host: SmallHost, folder: Path) -> None:
        self.host, self.folder = host, folder
        self.database = host.plugin.desk.database
        self.log_id = host.plugin.desk.host.agency().id
        signer = signer_of(folder / "tree", self.log_id, is_made=True)
        assert signer is not None
        self.signer, self.outside = signer, Outside(folder / "heads", self.log_id)

    def seal(self) -> None:
        seal(self.database, self.outside, self.signer, lambda: TODAY + timedelta(days=1))

    def export(self, *disclose: str, case: str = PROJECT) -> Exported:
        wish = Wish(case=case, disclose=disclose)
        return export(self.database, self.folder / "heads", wish, TODAY)

    def verify(self, made: Exported) -> VerifiedBundle:
        return verify_bundle(made.data, Policy((self.signer.verifier,), {}, {}, NONE))

    def told(self, made: Exported, name: str) -> dict[str, object]:
        return dict(canonical.decode(read_zip(made.data)[name]))

    def sql(self, statement: str) -> None:
        prefix = "" if self.host.engine.dialect.name == "sqlite" else "cleangov."
        with self.host.engine.begin() as connection:
            connection.exec_driver_sql(statement.replace("{s}", prefix))


@pytest.fixture
def bureau(database_url: str, tmp_path: Path) -> Iterator[Bureau]:
    host = city(database_url, tmp_path)
    number = ask(host, WORDS)
    answer(host.plugin.desk, PEOPLE["zhao"], number, REPLY, wants_time=False)
    found = Bureau(host, tmp_path)
    found.seal()
    yield found
    host.close()


def test_letters_and_answers_are_in_it_with_their_words(bureau: Bureau, tmp_path: Path) -> None:
    made = bureau.export()
    found = bureau.verify(made)
    assert (found.case, found.entries, made.unsealed, made.fields) == (PROJECT, made.entries, 0, 0)
    letters = bureau.told(made, parts.REPLIES)["letters"]
    assert [letter["words"] for letter in letters] == [WORDS, REPLY]  # type: ignore[attr-defined]
    assert "J11" in found.rules
    assert run_script(tmp_path / "u", read_zip(made.data), bureau.signer.verifier.text)


def test_a_letters_reason_is_shown_where_it_was_chosen(bureau: Bureau) -> None:
    made = bureau.export("reason")
    (fields,) = bureau.verify(made).shown.values()
    assert fields == {"reason": f"四次都贴近权限 {HOSTILE}"}
    hidden = bureau.export()
    assert all("四次都贴近权限".encode() not in data for data in read_zip(hidden.data).values())
    with pytest.raises(NotProven, match="no_disclosure"):
        bureau.export("name")


def test_words_that_were_erased_are_said_to_be(bureau: Bureau) -> None:
    bureau.sql("UPDATE {s}cleangov_instrument SET words = NULL")
    made = bureau.export()
    assert bureau.told(made, parts.REPLIES)["letters"][0]["not_shown"] == "erased"  # type: ignore[index]
    bureau.verify(made)
    bureau.sql("UPDATE {s}cleangov_instrument_act SET words = 'another answer'")
    made = bureau.export()
    assert bureau.told(made, parts.REPLIES)["letters"][1]["not_shown"] == "erased"  # type: ignore[index]
    bureau.verify(made)


def test_what_a_template_says_is_said_to_be_the_templates(bureau: Bureau) -> None:
    bureau.host.who = None
    case = "YT-CF-2026-0701"
    bureau.verify(bureau.export(case=case))
    assert parts.REPLIES not in read_zip(bureau.export(case=case).data)


def test_how_often_a_rule_was_wrong_is_counted(bureau: Bureau) -> None:
    bureau.sql(
        "UPDATE {s}cleangov_finding SET state = 'closed', disposition = 'cleared'"
        " WHERE rule_id = 'J11'"
    )
    made = bureau.export()
    (rule,) = [r for r in bureau.verify(made).said["rules"] if r["rule"] == "J11"]
    assert (rule["closed"], rule["cleared"], rule["confirmed"]) == (1, 1, 0)
    assert (rule["needed"], rule["cases"]) == (30, None)


def test_what_came_later_is_counted_and_left_out(bureau: Bureau) -> None:
    before = bureau.export()
    bureau.host.case, bureau.host.who = PROJECT, PEOPLE["zhao"]
    bureau.host.write(bureau.host.event("prj.variation.requested", 1_000, id="later"))
    made = bureau.export()
    assert (made.entries, made.unsealed) == (before.entries, 1)
    assert bureau.verify(made).said["gaps"]["unsealed"] == 1
    bureau.seal()
    assert bureau.export().entries == before.entries + 1
    bureau.verify(bureau.export())


def test_gaps_of_the_case_are_named(bureau: Bureau) -> None:
    event = '{"case_id":"' + PROJECT + '"}'
    bureau.sql(
        "INSERT INTO {s}cleangov_gap (log_id, event_key, event, reason, detail, state, tries,"
        f" owed_at, retention_class) VALUES ('{bureau.log_id}', 'k', '{event}',"
        " 'busy', '', 'owed', 0, '2026-03-10T02:00:00.000000Z', 'gap')"
    )
    gaps = bureau.verify(bureau.export()).said["gaps"]
    assert gaps["owed"] == 1
    assert [gap["reason"] for gap in gaps["case"]] == ["busy"]
    assert bureau.verify(bureau.export(case="YT-CF-2026-0701")).said["gaps"]["case"] == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {s}cleangov_entry SET body = replace(body, 'request', 'requesT')",
        "DELETE FROM {s}cleangov_entry WHERE id = (SELECT max(id) FROM {s}cleangov_entry"
        " WHERE subject = '" + PROJECT + "')",
        "UPDATE {s}cleangov_entry SET subject = '"
        + PROJECT
        + "' WHERE subject = 'YT-CF-2026-0701'",
        "UPDATE {s}cleangov_entry SET subject = 'x' WHERE id = (SELECT max(id) FROM"
        " {s}cleangov_entry WHERE subject = '" + PROJECT + "')",
        "DELETE FROM {s}cleangov_case_index",
    ],
)
def test_a_ledger_that_was_changed_gives_no_bundle(
    bureau: Bureau, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleangov_plugin.desk.evidence import exporting

    monkeypatch.setattr(exporting, "_PAUSE", 0.0)
    bureau.sql(change)
    with pytest.raises(NotProven, match=r"not_in_tree|index_differs"):
        bureau.export()


def test_leaves_at_the_edges_of_tiles(engine: sa.Engine, tmp_path: Path) -> None:
    sealer = Sealer(engine, tmp_path)
    with engine.begin() as connection:
        for number in range(1, 261):
            write_entry(connection, number, case_id=f"C{number}")
    sealer.seal()
    believed = Policy((sealer.signer.verifier,), {}, {}, NONE)
    for number in (1, 255, 256, 257, 260):
        wish = Wish(case=f"C{number}", log_id=LOG)
        made = export(sealer.database, tmp_path / "heads", wish, NOON)
        assert (made.log_id, made.entries) == (LOG, 1)
        assert verify_bundle(made.data, believed).entries == 1
    assert run_script(tmp_path / "u", read_zip(made.data), sealer.signer.verifier.text)
    with pytest.raises(NotProven, match="no_case"):
        export(sealer.database, tmp_path / "heads", Wish(case="C0", log_id=LOG), NOON)
    sealer.database.dispose()


def test_a_case_of_two_ledgers_has_to_be_named(bureau: Bureau) -> None:
    bureau.sql(
        "INSERT INTO {s}cleangov_agency (log_id, names, zone, country)"
        f" VALUES ('{LOG}', '{{}}', 'Asia/Shanghai', 'CN')"
    )
    with bureau.host.engine.begin() as connection:
        write_entry(connection, 1, case_id=PROJECT)
    with pytest.raises(NotProven, match="case_of_many"):
        bureau.export()
    wish = Wish(case=PROJECT, log_id=bureau.log_id)
    assert export(bureau.database, bureau.folder / "heads", wish, TODAY).entries > 4
    away = replace(wish, log_id=LOG)
    with pytest.raises(NotProven, match="no_head"):
        export(bureau.database, bureau.folder / "heads", away, TODAY)
