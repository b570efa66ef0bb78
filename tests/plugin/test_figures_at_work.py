"""A nightly share at work: made once a day, looked up by the hook, and found again afterwards."""

import json
from datetime import timedelta
from pathlib import Path

from tests.plugin.conftest import MakeHost
from tests.plugin.inside import bodies, outcomes, rows, tick
from tests.plugin.test_facts_across_at_once import asked_again
from tests.plugin.test_facts_across_at_work import KIND, RULE, folder, of, said
from tests.plugin.test_live_is_replayed import checked
from tests.support.small_host import SmallHost

__all__ = ("folder",)
SHARE = {
    **RULE,
    "condition": "facts.large > 40%",
    "facts": {
        "large": {
            "share": KIND,
            "where": "amount > 600元",
            "per": ["variation_no"],
            "within": "90 days",
            "at_least": 4,
        }
    },
}


def put(folder: Path) -> None:
    given = {"kind": KIND, "at": "2026-03-10T10:00:00+08:00", "attributes": {"variation_no": "a"}}
    examples = [
        {
            "name": f"a share of {share}",
            "given": {"event": given, "statistics": {"large": {"value": share, "n": 4}}},
            "expect": expected,
            "why": "so",
        }
        for share, expected in (("40%", "clear"), ("40.001%", "hit"))
    ]
    (folder / "Z01.yaml").write_text(json.dumps({**SHARE, "examples": examples}), encoding="utf-8")


def written(host: SmallHost, firm: str | None, *sums: int) -> None:
    for number, yuan in enumerate(sums):
        attributes = {} if firm is None else {"variation_no": firm}
        case = f"{firm}-{number}-{host.clock:%d}"
        host.write(host.event(KIND, yuan, case_id=case, attributes=attributes))


def test_a_share_is_of_the_days_before_and_of_enough_events(
    make_host: MakeHost, folder: Path
) -> None:
    put(folder)
    host = make_host(settings={"CLEANGOV_RULES": str(folder)})
    host.start()
    written(host, "x", 900, 900, 900, 500)
    written(host, "y", 500, 500, 500, 500)
    written(host, "z", 900)
    assert said(host) == ["cannot_be_checked"] * 9
    host.clock += timedelta(days=1)
    tick(host)
    # of 9 events 4 are large, by chance alone v = 20/81; the variance of the shares is
    # (9/4 + 0 + 1) / 9 - 16/81 = 53/324, less v * 3/9: A = 79/972. Of 3/4 - 4/9 are left
    # A / (A + v/4) = 79/139, of 0 - 4/9 as much
    figures = {
        json.loads(row["key"])[0]: (row["value"], row["n"])
        for row in rows(host, "statistic")
        if row["day_on"] == f"{host.clock:%Y-%m-%d}" and row["key"] in ('["x"]', '["y"]', '["z"]')
    }
    assert figures["x"] == (100_000 * (16 * 139 + 11 * 79) // (36 * 139), 4)
    assert figures["y"] == (100_000 * 4 * 60 // (9 * 139), 4)
    assert figures["z"][1] == 1
    before = len(bodies(host))
    for firm in ("x", "y", "z", None, "new"):
        written(host, firm, 500)
    today = ["hit", "clear", *["cannot_be_checked"] * 3]
    assert said(host)[before:] == today
    written(host, "y", *[900] * 6)  # the day that is judged is not in it
    assert said(host)[before + 5 :] == ["clear"] * 6
    assert {row["n"] for row in rows(host, "statistic", key='["y"]')} == {4}
    assert checked(host).share == "100.00 %"
    # a back-test knows what was known then, and what was corrected by then
    found = asked_again(host, {**SHARE, "version": 2})
    assert found["manifest"]["figures_made_again"] == ["large"]
    live = [outcomes(body).get("Z01", "clear") for body in bodies(host)]
    cases = {name: found["cases"][name] for name in ("new", "cannot_be_checked", "looked_at")}
    assert cases == {
        "new": live.count("hit"),
        "cannot_be_checked": live.count("cannot_be_checked"),
        "looked_at": len({body["subject"] for body in bodies(host)}),
    }


def test_who_judged_before_the_figures_of_the_day_were_made_did_not_know_them(
    make_host: MakeHost, folder: Path
) -> None:
    put(folder)
    host = make_host(settings={"CLEANGOV_RULES": str(folder)})
    host.start()
    written(host, "x", 900, 900, 900, 900)
    host.clock += timedelta(days=1)
    written(host, "x", 500)
    tick(host)
    written(host, "x", 501)
    host.clock += timedelta(days=1)
    written(host, "x", 502)  # knows the figures of the day before
    tick(host)
    written(host, "x", 503)
    assert said(host) == ["cannot_be_checked"] * 5 + ["hit"] * 3
    values = [
        json.loads(row["fact_values"])["Z01@1/Z01-event"].get("facts.large.n")
        for row in rows(host, "entry")
        if "hit" in outcomes(json.loads(row["body"])).values()
    ]
    assert values == [4, 4, 6]
    found = checked(host)
    assert (found.share, found.same) == ("100.00 %", 8)


def test_what_is_told_late_or_corrected_counts_from_the_next_day_on(
    make_host: MakeHost, folder: Path
) -> None:
    put(folder)
    host = make_host(settings={"CLEANGOV_RULES": str(folder)})
    host.start()
    wrong, long_ago = of(host, "A", "x"), host.clock - timedelta(days=3)
    host.write(wrong)
    written(host, "x", 900, 900, 900)
    for number in range(4):
        host.clock += timedelta(days=1)
        tick(host)
        written(host, "x", 500)
        if number == 0:  # three of four were large; it was four, as is told now
            told = {"case_id": "A", "supersedes": wrong.id}
            host.write(host.event(KIND, 900, attributes={"variation_no": "x"}, **told))
        if number == 1:
            told = {"case_id": "B", "at": long_ago, "recorded_at": host.clock}
            host.write(host.event(KIND, 100, attributes={"variation_no": "x"}, **told))
    shares = [(row["value"], row["n"]) for row in rows(host, "statistic", key='["x"]')]
    assert shares == [(75_000, 4), (80_000, 5), (57_142, 7), (50_000, 8)]
    assert (
        said(host) == ["cannot_be_checked"] * 4 + ["hit"] * 3 + ["cannot_be_checked"] + ["hit"] * 2
    )
    assert checked(host).share == "100.00 %"
    found = asked_again(host, {**SHARE, "version": 2, "condition": "facts.large >= 57.142%"})
    assert found["cases"]["new"] == 4  # all but the last
    exactly = {**SHARE, "version": 3, "condition": "facts.large == 80%"}
    assert asked_again(host, exactly)["cases"]["new"] == 1
