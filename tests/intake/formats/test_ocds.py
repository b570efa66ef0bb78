"""OCDS releases of two versions are taken whole; what cannot be read is named."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Event, Money, Precision
from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.event_logs import EventLog
from cleangov_plugin.intake.formats import ocds
from cleangov_plugin.intake.formats.ocds_steps import releases_of, steps_of
from cleangov_plugin.intake.mapping import LogMapping, find_mapping
from tests.support.shared_data import mapping_of, shared_log

AT = "2026-03-10T10:00:00+08:00"


@pytest.fixture
def mapping() -> LogMapping:
    return find_mapping("ocds")


def release(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"ocid": f"ocds-x-{number}", "id": f"r{number}", "date": AT, "tag": ["award"], **more}


def award(at: str | None = AT, amount: Any = 100, currency: str = "CNY") -> dict[str, Any]:
    return {"id": "a1", "date": at, "value": {"amount": amount, "currency": currency}}


def written(folder: Path, *documents: Any, name: str = "log.jsonl") -> Path:
    path = folder / name
    lines = (each if isinstance(each, str) else json.dumps(each) for each in documents)
    data = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def read(path: Path, mapping: LogMapping) -> tuple[list[Event], list[tuple[str, str]], EventLog]:
    log = EventLog(path, mapping)
    events = [each.event for each in log.translated()]
    assert log.unread is not None
    return events, [(each.where, each.what) for each in log.unread], log


@pytest.mark.parametrize(
    ("name", "cases", "kinds"),
    [
        (
            "moldova",
            51,
            {"prj.tender.published": 51, "prj.undated.award": 18, "prj.contract.signed": 18},
        ),
        (
            "canada",
            21,
            {
                "prj.undated.contract": 11,
                "prj.undated.tender": 10,
                "prj.awarded": 10,
                "prj.variation.approved": 9,
            },
        ),
        (
            "paraguay",
            10,
            {
                "prj.contract.signed": 15,
                "prj.undated.contract": 3,
                "prj.awarded": 10,
                "prj.undated.planning": 10,
                "prj.undated.tender": 7,
                "prj.tender.published": 3,
            },
        ),
    ],
)
def test_real_samples_are_taken_whole(name: str, cases: int, kinds: dict[str, int]) -> None:
    path = shared_log(f"{name}.jsonl")
    events, unread, log = read(path, find_mapping(mapping_of(name)))
    assert unread == []
    assert Counter(event.kind for event in events) == kinds
    with gzip.open(path, "rt", encoding="utf-8") as file:
        plain = [json.loads(line) for line in file]
    assert len(log.cases) == cases == len(plain)
    assert {event.case_id for event in events} == {each["ocid"] for each in plain}
    # every award and contract of the file is an event, with its sum where the file has one
    told = {"award": "awards", "contract": "contracts"}
    for step, section in told.items():
        those = [part for each in plain for part in each.get(section, ())]
        made = [event for event in events if event.step in (step, f"{step}_undated")]
        assert len(made) == len(those)
        sums = [part for part in those if part.get("value", {}).get("amount")]
        assert sum(event.amount is not None for event in made) == len(sums)


def test_versions_1_0_and_1_1_give_the_same_steps() -> None:
    bid, change = {"id": "b", "date": AT}, {"id": "c", "date": AT}
    pay = {"id": "p", "date": AT}
    old = release(
        bids=[bid],
        contracts={
            "id": "k",
            "dateSigned": AT,
            "amendment": change,
            "implementation": {"transactions": [{**pay, "amount": {"amount": 5}}]},
        },
    )
    new = release(
        bids={"details": [bid]},
        contracts=[
            {
                "id": "k",
                "dateSigned": AT,
                "amendments": [change],
                "implementation": {"transactions": [{**pay, "value": {"amount": 5}}]},
            }
        ],
    )
    names = ["bid", "contract", "contract_amendment", "payment"]
    for told in (old, new):
        steps = steps_of(told)
        assert [step.name for step in steps] == names
        assert steps[2].section == {"of": "k", **change}
        assert steps[3].section["value"] == {"amount": 5}
        assert {step.dated_by for step in steps} == {"date", "dateSigned"}


def test_empty_forms_are_no_steps_and_a_release_that_tells_nothing_is_one() -> None:
    blank = release(tender={"amendment": {"changes": {}}, "title": ""}, awards=[{"date": ""}])
    (step,) = steps_of(blank)
    assert (step.name, step.at, step.dated_by) == ("release", AT, "date")


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        (["award"], "award"),
        ("awardUpdate", "award"),
        (["compiled"], "award_undated"),
        (["award", "contract"], "award_undated"),
        (None, "award_undated"),
        ([{}], "award_undated"),
    ],
)
def test_the_date_of_a_release_is_a_steps_own_only_where_the_release_is_of_nothing_else(
    tag: Any, name: str
) -> None:
    (step,) = steps_of(release(tag=tag, awards=[{"id": "a"}]))
    assert (step.name, step.at, step.dated_by) == (name, AT, "release")


def test_the_events_of_a_release_are_in_the_order_of_their_times(
    tmp_path: Path, mapping: LogMapping
) -> None:
    told = release(
        tag=["compiled"],
        buyer={"name": "Ministry"},
        contracts=[{"id": "k", "dateSigned": "2026-01-05"}],
        awards=[award("2026-02-01T00:00:00Z", "1000.505", "cny")],
        tender={"tenderPeriod": {"startDate": "2025-12-01T09:00:00"}, "value": {"amount": ""}},
    )
    events, unread, _ = read(written(tmp_path, told), mapping)
    assert unread == []
    assert [(e.id, e.kind) for e in events] == [
        ("ocds-x-1#1", "prj.tender.published"),
        ("ocds-x-1#2", "prj.contract.signed"),
        ("ocds-x-1#3", "prj.awarded"),
    ]
    tender, contract, awarded = events
    assert tender.attributes["buyer"] == "Ministry"
    assert "buyer" not in contract.attributes
    assert contract.precision is Precision.DAY
    assert awarded.amount == Money(minor=100050, currency="CNY")  # half a fen goes to the even
    assert tender.occurred_at.isoformat() == "2025-12-01T09:00:00+00:00"


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("{x", "this line is no JSON, or holds a name twice."),
        ("[1]", "this line is no JSON object."),
        ({"releases": [7]}, "this is no release."),
        (release(9, ocid=None), "there is no case."),
        (release(9, date=None), "there is no occurred_at."),
        (release(9, awards=[award("soon")]), "at: 'soon' is no time as ISO 8601 has it."),
        (release(9, awards=[award(amount="NaN")]), "sum: 'NaN' is no sum."),
        (release(9, awards=[award(currency="")]), "sum: the currency of a sum is missing."),
        (release(9, awards=[award(currency="Yuan")]), "sum: the currency of a sum is 'YUAN'."),
        (release(9, awards=[award(), award("soon")]), "at: 'soon' is no time as ISO 8601 has it."),
    ],
)
@pytest.mark.parametrize("name", ["log.jsonl", "log.ndjson.gz"])
def test_what_cannot_be_read_is_named_and_the_next_is_read(
    tmp_path: Path, mapping: LogMapping, bad: Any, what: str, name: str
) -> None:
    good = [release(n, awards=[award()]) for n in (1, 2)]
    events, unread, log = read(written(tmp_path, good[0], bad, "", good[1], name=name), mapping)
    assert [event.id for event in events] == ["ocds-x-1#1", "ocds-x-2#1"]
    assert unread == [(f"{name}:2", what)]
    assert (log.events, len(log.cases), log.kinds) == (2, 2, {"prj.awarded"})


def test_a_release_that_cannot_be_read_leaves_its_case_as_it_was(
    tmp_path: Path, mapping: LogMapping
) -> None:
    late = release(awards=[award("2030-01-01T00:00:00Z"), award("2031-01-01T00:00:00Z", "x")])
    path = written(tmp_path, release(awards=[award()]), late, release(awards=[award()]))
    log = EventLog(path, mapping)
    found = list(log.translated())
    assert [each.event.id for each in found] == ["ocds-x-1#1", "ocds-x-1#2"]
    assert found[0].feed_key == found[1].feed_key  # the future it told was never known


def test_packages_records_and_lines_of_them_are_opened(tmp_path: Path, mapping: LogMapping) -> None:
    one, two = (release(n, awards=[award()]) for n in (1, 2))
    package = {"uri": "x", "publisher": {"name": "y"}, "releases": [one, two]}
    records = {
        "records": [
            {"ocid": "1", "releases": [{"url": "linked"}, one], "compiledRelease": one},
            {"ocid": "2", "compiledRelease": two},
        ]
    }
    expected = ["ocds-x-1", "ocds-x-2"]
    for document in (package, records, [one, two]):
        path = tmp_path / "log.json"
        path.write_text(json.dumps(document, indent=1), encoding="utf-8")
        events, unread, _ = read(path, mapping)
        assert ([event.case_id for event in events], unread) == (expected, [])
    assert list(releases_of(records["records"][0])) == [one]
    events, unread, _ = read(written(tmp_path, package, name="p.jsonl"), mapping)
    assert [event.case_id for event in events] == expected


def test_a_document_names_the_release_by_line_and_number(
    tmp_path: Path, mapping: LogMapping
) -> None:
    path = tmp_path / "log.json"
    one = json.dumps(release(1, awards=[award()]))
    path.write_text(f'{{"releases": [\n{one},\n{{"ocid": null}},\n{one}]}}', encoding="utf-8")
    events, unread, _ = read(path, mapping)
    assert len(events) == 2
    assert unread == [("log.json:3, release 2", "there is no case.")]


def test_a_document_that_ends_too_early_keeps_what_came_before(
    tmp_path: Path, mapping: LogMapping
) -> None:
    path = tmp_path / "log.json"
    one = json.dumps(release(1, awards=[award()]))
    path.write_text(f'{{"releases": [{one}, {one[:-9]}', encoding="utf-8")
    found = []
    with pytest.raises(IntakeError) as refused:
        found.extend(EventLog(path, mapping).translated())
    assert len(found) == 1
    assert refused.value.where == "log.json, after release 1"
    assert refused.value.what == "the document ends too early."


def test_another_kind_of_file_is_refused_and_not_read_on_for_ever(
    tmp_path: Path, mapping: LogMapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocds, "MOST_UNREAD", 5)
    with pytest.raises(IntakeError, match="more than 5 releases cannot be read") as refused:
        read(written(tmp_path, *["a,b"] * 10), mapping)
    assert refused.value.where == "log.jsonl:6"
    with pytest.raises(IntakeError, match="there is no release"):
        read(written(tmp_path, ""), mapping)


def test_a_release_of_endless_length_is_named_and_not_held(
    tmp_path: Path, mapping: LogMapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocds, "LONGEST", 10_000)
    long = release(1, awards=[award()], more="x" * 50_000)
    events, unread, _ = read(written(tmp_path, long, release(2, awards=[award()])), mapping)
    assert [event.case_id for event in events] == ["ocds-x-2"]
    assert unread == [("log.jsonl:1", "a line of more than 10,000 bytes.")]
