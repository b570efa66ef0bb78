"""Mappings are checked wholly when they are read; each error has file, line and what to do."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Actor, Money, Privacy, ValueType
from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.json_schema import mapping_json_schema
from cleangov_plugin.intake.mapping import (
    find_mapping,
    load_mapping,
    mappings_folder,
    shipped_mappings,
)
from tests.intake.log_building import (
    FINES,
    csv_log,
    mapping,
    mapping_document,
    translated,
    written_mapping,
)

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs" / "mapping.schema.json"


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_shipped_mapping_says_where_its_log_is_from(name: str) -> None:
    found = find_mapping(name)
    assert found.id == name
    assert found.doi.startswith("10.4121/") or found.document["source"]["url"]
    assert found.citation
    assert set(found.title) == {"zh", "en"}
    assert found.agency.id != found.id
    for title in (told.get("title") for told in found.document["steps"].values()):
        assert title is None or set(title) == {"zh", "en"}


def test_the_mappings_that_are_promised_are_there() -> None:
    promised = ("bpic2015", "nyc311", "ocds", "receipt", "road-traffic-fines")
    assert shipped_mappings() == promised


@pytest.mark.parametrize(
    ("old", "new", "what", "remedy"),
    [
        ("stream: enforcement", "straem: enforcement", "Did you mean 'stream'", "schema"),
        ("stream: enforcement", "stream: police", "Must be one of", "schema"),
        ("version: 1", "version: one", "Not a valid integer", "schema"),
        ("    kind: enf.decision.made", "    kind: Decision", "A kind is written", "schema"),
        ("    kind: enf.decision.made", "    knid: enf.decision.made", "Did you mean 'kind'", ""),
        ("zone: Europe/Rome", "zone: Europe/Roma", "no time zone 'Europe/Roma'", "IANA name"),
        ("  id: road-traffic-fines\n  doi", "  id: cleangov\n  doi", "plugin's own", "own source"),
        ("occurred_at: {name: at,", "occurred_at: {name: att,", "no name 'att'", "mean 'at'"),
        (
            "amount: {name: paid, currency: EUR}",
            "amount: {name: payd, currency: EUR}",
            "no name 'payd'",
            "mean 'paid'",
        ),
        (
            "amount: {name: paid, currency: EUR}",
            "amount: {name: paid, currency: euro}",
            "'euro' is no currency",
            "ISO 4217",
        ),
        (
            "amount: {name: paid, currency: EUR}",
            "amount: {name: paid}",
            "a sum needs a currency",
            "currency_name",
        ),
        (
            "amount: {name: paid, currency: EUR}",
            "amount: {name: paid, currency: EUR, currency_name: paid}",
            "told in one way",
            "currency_name",
        ),
        (
            "amount: {name: paid, currency: EUR}",
            "amount: {name: paid, currency_name: coin}",
            "no name 'coin'",
            "",
        ),
        (
            "  csv:\n    unpack: attributes",
            "  jsonl: {names: {}}\n  ocds: {names: {}}\n  csv:\n    unpack: attributes",
            "files of one name",
            "Keep one",
        ),
        ("zone: Europe/Rome", 'zone: "???"', "filled in: agency.zone (mine.yaml:1", "comment"),
        (
            "    actor: false",
            "    actor: false\n    drop: true",
            "has a kind, or is dropped",
            "drop: true",
        ),
        ("article, type: text, privacy: public", "article, type: text", "Missing data", "schema"),
        (
            "article, type: text, privacy: public",
            "article, type: choice, privacy: public",
            "a choice has",
            "closed list",
        ),
        (
            "article, type: text, privacy: public",
            "article, type: text, privacy: public, zone: UTC",
            "'zone' says nothing of a text",
            "Remove",
        ),
        (
            "points, type: integer, privacy: public",
            "points, type: integer, privacy: public, unit: one",
            "'unit' says nothing",
            "Remove",
        ),
        (
            "points, type: integer, privacy: public",
            "points, type: integer, privacy: public, steps: [Create]",
            "no step 'Create'",
            "Did you mean 'Create Fine'",
        ),
        (
            "    type: money\n    currency: EUR",
            "    type: money",
            "a sum needs a currency",
            "currency: CNY",
        ),
        (
            '      officer: "org:resource"',
            "      officer: {trace: [a]}",
            "this is no key",
            "{trace: key}",
        ),
        ("      officer: actor", "      officer: {trace: actor}", "this is no key", "{trace: key}"),
        (
            "      officer: actor",
            "      officr: actor",
            "the format csv has no name 'officer'",
            "mean 'officr'",
        ),
        (
            "    unpack: attributes",
            "    unpack: attributes\n    encoding: utf-7",
            "Must be one of",
            "",
        ),
        ("otherwise: refuse", "otherwise: guess", "Must be one of", ""),
        ("id: road-traffic-fines\n", "id: Road Fines\n", "2 to 63 of a-z", ""),
        (
            "actor: {name: officer}",
            "actor: &a {name: officer}",
            "aliases and anchors are not read",
            "",
        ),
    ],
)
def test_every_error_names_file_and_line(
    tmp_path: Path, old: str, new: str, what: str, remedy: str
) -> None:
    assert old in FINES
    text = FINES.replace(old, new, 1)
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IntakeError) as refused:
        load_mapping(path)
    assert what in str(refused.value)
    assert remedy in refused.value.remedy or not remedy
    first, last = line_of(text, new), line_of(text, new) + new.count("\n")
    line = int(refused.value.where.partition(":")[2])
    is_missing = "Missing data" in what or "needs a currency" in what
    # a name that is gone is told where it is read; one that is missing, where its entry begins
    assert first <= line <= last or "has no name" in what or is_missing


def test_a_kind_that_is_derived_twice_is_refused(tmp_path: Path) -> None:
    derived = [*mapping_document()["derived"], *mapping_document()["derived"]]
    with pytest.raises(IntakeError, match="derived twice"):
        mapping(tmp_path, derived=derived)


def test_a_derived_event_takes_declared_attributes_alone(tmp_path: Path) -> None:
    (derived,) = mapping_document()["derived"]
    with pytest.raises(IntakeError, match="no attribute 'nota'") as refused:
        mapping(tmp_path, derived=[{**derived, "attributes": ["nota"]}])
    assert refused.value.remedy == "Did you mean 'note'?"


def test_a_mapping_that_is_none_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as refused:
        find_mapping("reciept")
    assert refused.value.remedy.startswith("Did you mean receipt? Name a file, or one of")
    path = tmp_path / "list.yaml"
    path.write_text("[a, b]", encoding="utf-8")
    with pytest.raises(IntakeError, match="holds one mapping"):
        find_mapping(str(path))
    with pytest.raises(IntakeError, match="cannot be read"):
        load_mapping(tmp_path / "gone.yaml")


def test_comments_and_order_do_not_make_another_mapping(tmp_path: Path) -> None:
    one = written_mapping(tmp_path)
    digest = load_mapping(one).digest
    one.write_text("# a word\n" + one.read_text("utf-8"), encoding="utf-8")
    assert load_mapping(one).digest == digest
    turned = dict(reversed(mapping_document().items()))
    assert mapping(tmp_path, **turned).digest == digest
    assert mapping(tmp_path, version=4).digest != digest
    assert mapping(tmp_path, otherwise="drop").digest != digest


def test_the_kinds_it_declares_have_their_attributes_and_privacy(tmp_path: Path) -> None:
    types = mapping(tmp_path).event_types(["enf.case.closed", "enf.decision.made", "small.x"])
    assert [type_.kind for type_ in types] == ["enf.case.closed", "enf.decision.made", "small.x"]
    assert {type_.version for type_ in types} == {3}
    (note,) = types[0].attributes
    assert (note.code, note.type, note.privacy) == ("note", ValueType.TEXT, Privacy.PERSONAL)
    receipt = find_mapping("receipt").event_types(["prm.checked"])[0]
    assert receipt.labels == {"zh": "审核收件凭证", "en": "confirmation checked"}
    personal = [a.code for a in receipt.attributes if a.privacy is Privacy.PERSONAL]
    assert personal == ["responsible"]


def test_the_json_schema_is_the_one_that_is_shipped() -> None:
    made = json.dumps(mapping_json_schema(), ensure_ascii=False, indent=2) + "\n"
    if os.environ.get("CLEANGOV_WRITE_DOCS"):
        SCHEMA.write_text(made, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == made


def test_a_mapping_is_data_of_the_package() -> None:
    assert {path.suffix for path in mappings_folder().iterdir()} == {".yaml"}


def test_the_example_of_the_documents_is_a_mapping_that_reads_a_log(tmp_path: Path) -> None:
    page = (ROOT / "docs/replay.md").read_text(encoding="utf-8")
    text = page.partition("test_mapping.py -->\n```yaml\n")[2].partition("```")[0]
    path = tmp_path / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    ours = load_mapping(path)
    rows = (
        "案号,环节,办理时间,经办人,科室,金额,备注",
        'A1,处罚决定,2026-03-10 10:00,陈静,二科,"1,234.50",甲',
        "A1,作废,2026-03-11 10:00,无,,,",
    )
    found = translated(csv_log(tmp_path, "\n".join(rows), "gb18030"), ours)
    (event,) = [each.event for each in found]
    assert event.amount == Money(minor=123450)
    assert event.actor == Actor(id="陈静", unit="二科")


def test_the_documents_name_every_shipped_mapping_and_its_doi() -> None:
    page = (ROOT / "docs/replay.md").read_text(encoding="utf-8")
    for name in shipped_mappings():
        found = find_mapping(name)
        source = re.escape(found.doi or found.document["source"]["url"])
        assert re.search(rf"^\| `{name}` \|.*\| {source} \|$", page, re.MULTILINE)


def described(schema: Any) -> list[str]:
    """Name every property that has no description."""
    found = []
    for name, told in schema.get("properties", {}).items():
        inner = told.get("items", told)
        inner = inner if inner.get("properties") else inner.get("additionalProperties") or inner
        if isinstance(inner, dict) and inner.get("properties"):
            found += described(inner)
        elif "description" not in told:
            found.append(name)
    return found


def test_every_key_of_a_mapping_is_described() -> None:
    assert [name for name in described(mapping_json_schema()) if name not in ("zh", "en")] == []
