"""A draft says what it guesses and why, never invents a zone, and reads the file once filled in."""

import gzip
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.drafting import heads
from cleangov_plugin.intake.drafting.draft_words import WORDS
from cleangov_plugin.intake.drafting.drafts import Draft, draft_of
from cleangov_plugin.intake.drafting.guesses import Guess
from cleangov_plugin.intake.drafting.heads import encoding_of, head_of
from cleangov_plugin.intake.event_logs import EventLog
from cleangov_plugin.intake.mapping import load_mapping
from tests.intake.log_building import csv_log, event, trace, translated, xes_log
from tests.intake.workbooks import workbook
from tests.support.shared_data import shared_log

HEADING = "案号,环节,办理时间,经办人,科室,罚款金额（元）,备注"
ROWS = [
    f"罚〔2026〕{n // 2}号,{'处罚决定' if n % 2 else '事先告知'},2026-03-{n + 10} 10:05,"
    f'陈{n % 3},二科,"1,{n}00.50",甲{n}'
    for n in range(12)
]


def roles(draft: Draft) -> dict[str, str | None]:
    return {guess.role: guess.column and guess.column.name for guess in draft.guesses}


def guess(draft: Draft, role: str) -> Guess:
    return next(each for each in draft.guesses if each.role == role)


def filled(folder: Path, draft: Draft, **values: str) -> Path:
    """Fill in a draft as a person would: zone, country, currency, stream."""
    text = draft.text
    answers = {"zone": "Asia/Shanghai", "country": "CN", "stream": "enforcement", **values}
    answers |= {"currency": "CNY"}
    lines = []
    for line in text.splitlines():
        key = line.strip().partition(":")[0]
        lines.append(line.replace('"???"', answers.get(key, "???")))
    path = folder / "mine.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_chinese_export_is_drafted_in_its_encoding_and_then_read(
    tmp_path: Path, encoding: str
) -> None:
    path = csv_log(tmp_path, "\n".join([HEADING, *ROWS]) + "\n", encoding, "三月.csv")
    draft = draft_of(path, None, "zh-CN")
    assert roles(draft) == {
        "at": "办理时间", "sum": "罚款金额（元）", "case": "案号", "step": "环节",
        "officer": "经办人", "unit": "科室",
    }  # fmt: skip
    assert draft.left == ("agency.zone", "agency.country", "occurred_at.zone")
    document = yaml.safe_load(draft.text)
    csv = document["formats"]["csv"]
    assert csv.get("encoding", "utf-8") == encoding
    assert csv["group_mark"] == ","
    assert document["occurred_at"] == {"name": "at", "precision": "minute", "zone": "???"}
    assert document["attributes"]["sum"]["currency"] == "CNY"
    assert document["stream"] == "enforcement"
    assert '"处罚决定": {kind: enf.decision.made}' in draft.text
    assert "'备注': '甲0', '甲1', '甲2'" in draft.text
    raw = tmp_path / "raw.yaml"
    raw.write_text(draft.text, encoding="utf-8")
    with pytest.raises(IntakeError, match=r"filled in: agency.zone \(raw.yaml:10\), agency.c"):
        load_mapping(raw)
    found = translated(path, load_mapping(filled(tmp_path, draft)))
    assert len(found) == 12
    assert found[1].event.step == "处罚决定"
    assert found[0].event.occurred_at.isoformat() == "2026-03-10T10:05:00+08:00"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_guess_says_why_and_how_sure_it_is(tmp_path: Path, language: str) -> None:
    path = csv_log(tmp_path, "\n".join([HEADING, *ROWS]))
    draft = draft_of(path, None, language)
    words = WORDS[language]
    for each in draft.document()["guesses"]:
        assert words[each["sure"]] in each["why"]
        line = next(
            line for line in draft.text.splitlines() if line.startswith(f"      {each['role']}: ")
        )
        assert each["why"] in line.partition("#")[2]
    assert guess(draft, "case").sure == "high"


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["zh-CN"].keys() == WORDS["en"].keys()
    for key, text in WORDS["en"].items():
        for part in ("file", "rows", "format", "word", "told", "kinds", "values", "formats"):
            assert (f"{{{part}" in text) == (f"{{{part}" in WORDS["zh-CN"][key]), (key, part)


@pytest.mark.parametrize(
    ("values", "formats", "zone", "precision"),
    [
        (["2026-03-10T10:00:00+08:00"] * 4, None, False, None),
        (["2026-03-10T10:00:00+08:00", "2026-03-10T10:00:00"] * 2, None, True, None),
        (["2026-03-10", "2026-03-11"] * 2, None, True, "day"),
        (["2026/3/10 9:05", "2026/12/1 10:00"] * 2, "%Y/%m/%d %H:%M", True, "minute"),
        (["2026年3月10日", "2026年12月1日"] * 2, "%Y年%m月%d日", True, "day"),
        (["03/25/2026 01:05:00 PM"] * 4, "%m/%d/%Y %I:%M:%S %p", True, None),
        (["25/03/2026"] * 4, "%d/%m/%Y", True, "day"),
        (["03/04/2026"] * 4, "???", True, "day"),
    ],
)
def test_the_writing_of_times_is_told_and_the_zone_never(
    tmp_path: Path, values: list[str], formats: str | None, zone: bool, precision: str | None
) -> None:
    rows = [f"A{n // 2},x{n % 2},{value}" for n, value in enumerate(values)]
    draft = draft_of(csv_log(tmp_path, "\n".join(["案号,环节,时间", *rows])), None, "en")
    told = yaml.safe_load(draft.text)["occurred_at"]
    assert told.get("format") == formats
    assert told.get("zone") == ("???" if zone else None)
    assert told.get("precision") == precision
    if formats == "???":
        assert '"%m/%d/%Y", "%d/%m/%Y"' in draft.text
    for invented in ("Asia/Shanghai", "UTC", "Europe", "America"):
        assert invented not in json.dumps(yaml.safe_load(draft.text))


def test_columns_are_found_by_their_values_where_names_say_nothing(tmp_path: Path) -> None:
    rows = [f"F-{n // 3},go{n % 3},2026-03-10T10:00:0{n}Z,{n}" for n in range(9)]
    draft = draft_of(
        csv_log(tmp_path, "\n".join(["c1;c2;c3;c4", *rows]).replace(",", ";")), None, "en"
    )
    assert roles(draft) == {
        "at": "c3", "case": "c1", "step": "c2", "sum": None, "officer": None, "unit": None,
    }  # fmt: skip
    assert {each.sure for each in draft.guesses if each.column} == {"low"}
    assert draft.head.options == {"delimiter": ";"}


def test_what_is_not_found_is_left_open_and_never_made_up(tmp_path: Path) -> None:
    draft = draft_of(csv_log(tmp_path, "x,y\n甲,乙\n丙,丁\n"), None, "en")
    assert {"formats.csv.names.case", "formats.csv.names.at"} <= set(draft.left)
    assert WORDS["en"]["no_column"] in draft.text


def test_a_column_of_json_is_opened(tmp_path: Path) -> None:
    cell = '"{""officer"": ""chen""}"'
    rows = [f"A{n // 2},s{n % 2},2026-03-10T10:00:00Z,{cell}" for n in range(4)]
    draft = draft_of(csv_log(tmp_path, "\n".join(["case_id,step,time,more", *rows])), None, "en")
    assert draft.head.options == {"unpack": "more"}
    assert roles(draft)["officer"] == "officer"
    found = translated(draft.head.path, load_mapping(filled(tmp_path, draft)))
    assert found[0].event.actor is not None


def test_a_workbook_is_drafted_from_the_sheet_and_row_with_the_headings(tmp_path: Path) -> None:
    import datetime

    def more(book: openpyxl.Workbook) -> None:
        book["月报"].merge_cells("A1:D1")
        book.create_sheet("说明")

    day = datetime.datetime(2026, 3, 10, 10, 5)  # noqa: DTZ001  # as a workbook has it
    rows = [(f"罚{n // 2}", "决定" if n % 2 else "告知", day, 100 * n) for n in range(8)]
    headings = ("案号", "环节", "办理时间", "金额")
    path = workbook(tmp_path / "月报.xlsx", [("三月月报",), headings, *rows], more)
    draft = draft_of(path, None, "zh-CN")
    assert draft.head.options == {"sheet": "月报", "heading": 2}
    assert WORDS["zh-CN"]["typed"] in draft.text
    assert draft.left == (
        "agency.zone", "agency.country", "occurred_at.zone", "attributes.sum.currency",
    )  # fmt: skip
    found = translated(path, load_mapping(filled(tmp_path, draft)))
    assert len(found) == 8
    assert found[0].event.occurred_at.isoformat() == "2026-03-10T10:05:00+08:00"


def test_json_lines_and_releases_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    lines = [
        {"case": {"id": f"A{n // 2}"}, "step": f"s{n % 2}", "time": "2026-03-10T10:00:00Z"}
        for n in range(4)
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    draft = draft_of(path, None, "en")
    assert (draft.head.format_, roles(draft)["case"]) == ("jsonl", "case/id")
    assert len(translated(path, load_mapping(filled(tmp_path, draft)))) == 4
    path.write_text(json.dumps({"ocid": "ocds-1", "date": "2026-03-10T10:00:00Z"}), "utf-8")
    draft = draft_of(path, None, "en")
    assert draft.head.format_ == "ocds"
    assert draft.left == (
        "agency.zone", "agency.country", "occurred_at.zone", "attributes.closes.zone",
    )  # fmt: skip
    text = draft.text.replace('zone: "???"', "zone: Asia/Shanghai").replace('"???"', "CN")
    (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")
    ours = load_mapping(tmp_path / "ours.yaml")
    assert (ours.source, ours.agency.id) == ("log", "log-history")
    assert len(translated(path, ours)) == 1


def test_an_xes_log_is_drafted_and_then_read(tmp_path: Path) -> None:
    body = "\n".join(trace(f"A{n}", event(), event("送达")) for n in range(5))
    path = xes_log(tmp_path, body, "log.xes.gz")
    draft = draft_of(path, None, "en")
    assert 'case: {trace: "concept:name"}' in draft.text
    assert "occurred_at.zone" not in draft.left
    assert len(translated(path, load_mapping(filled(tmp_path, draft)))) == 10


@pytest.mark.parametrize(
    ("name", "case", "step"),
    [
        ("receipt.csv", "case_id", "step"),
        ("receipt.xes", "concept:name", "concept:name"),
        ("fines.csv", "case_id", "step"),
        ("bpic2015.xes", "concept:name", "concept:name"),
        ("nyc311.csv", "case_id", "step"),
    ],
)
def test_the_real_logs_are_drafted_and_then_read(
    tmp_path: Path, name: str, case: str, step: str
) -> None:
    draft = draft_of(shared_log(name), None, "en")
    assert (roles(draft)["case"], roles(draft)["step"]) == (case, step)
    log = EventLog(shared_log(name), load_mapping(filled(tmp_path, draft)))
    for number, _ in enumerate(log.translated()):
        if number > 1000:
            break
    assert log.events > 1000


def test_hostile_names_stay_one_text_on_one_line(tmp_path: Path) -> None:
    names = ['案号"]: {x: y}', "a\n# b: c", "{trace: x}", "???", "!!python/object", "\u2028- x"]
    heading = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    rows = "\n".join(f"A{n // 2},2026-03-10T10:00:00Z,s{n % 2},1,2,3" for n in range(6))
    draft = draft_of(csv_log(tmp_path, f"{heading}\n{rows}\n", name="x.csv"), None, "en")
    document: dict[str, Any] = yaml.safe_load(draft.text)
    told = document["formats"]["csv"]["names"].values()
    assert set(told) <= {name.strip() for name in names}
    assert sum(not line.startswith((" ", "#")) for line in draft.text.splitlines()) < 20
    draft = draft_of(csv_log(tmp_path, "a\u2028b,c\n1,2\n", name="a\u2028b.csv"), None, "en")
    yaml.safe_load(draft.text)


def test_only_the_head_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "ROWS", 5)
    broken = "\n".join([HEADING, *ROWS[:5], '"never closed'])
    assert head_of(csv_log(tmp_path, broken)).rows == 5
    monkeypatch.setattr(heads, "BYTES", 2_000)
    path = tmp_path / "big.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(HEADING + "\n" + "\n".join(ROWS * 50))
    assert head_of(path).rows == 5


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("x.csv", b"a,b\n", "no row below the headings"),
        ("x.csv", b"", "the file is empty"),
        ("x.csv", b"\xff\xfe\x00\xd8", "utf-16"),
        ("x.csv", b"a,b\n\xff\xff\xff,1\n", "none of utf-8, gb18030 and utf-16"),
        ("x.txt", b"a", "the name does not say the format"),
        ("x.xlsx", b"a", "damaged"),
        ("x.jsonl", b"{", "no JSON"),
        ("x.xes", b"<log>", "not XML"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(
    tmp_path: Path, name: str, data: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(IntakeError) as refused:
        draft_of(tmp_path / name, None, "en")
    assert what in str(refused.value)
    assert refused.value.remedy
    with pytest.raises(IntakeError, match="cannot be read"):
        draft_of(tmp_path / "gone.csv", None, "en")


def test_the_encoding_is_told_by_bytes_alone() -> None:
    assert encoding_of("中文\n".encode()) == "utf-8"
    assert encoding_of("案号\n中文".encode()[:-1]) == "utf-8"
    assert encoding_of("中文\n".encode("gb18030")) == "gb18030"
    assert encoding_of("中文\n".encode("utf-16")) == "utf-16"
    assert encoding_of(b"\xff\xff\n") is None
