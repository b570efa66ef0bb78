"""Two ledgers in one database: what is wrong with one is not held against the other."""

import json
from pathlib import Path

from tests.cli.log_replaying import replay, run
from tests.cli.three_events import _few_rules, three, url
from tests.intake.log_building import written_mapping

__all__ = ("_few_rules", "url")
FIRST, SECOND = "other-town", "small-town"


def test_each_ledger_is_sealed_and_compared_for_itself(url: str, tmp_path: Path) -> None:
    mapping = written_mapping(tmp_path)
    replay(url, three(tmp_path), mapping, tmp_path / "city.db.keys")
    other = tmp_path / "other.yaml"
    other.write_text(mapping.read_text("utf-8").replace(SECOND, FIRST), "utf-8")
    replay(url, three(tmp_path, "other.csv"), other, tmp_path / "city.db.keys")
    assert set(json.loads(run(url, "seal", "--json").stdout)) == {FIRST, SECOND}
    heads = tmp_path / "city.db.heads"
    # A head that was kept is compared with the ledger that it names, and with no other.
    kept = tmp_path / "kept.note"
    kept.write_bytes((heads / FIRST / "checkpoint").read_bytes())
    assert run(url, "verify", "--seen", str(kept)).exit_code == 0
    kept.write_bytes(kept.read_bytes().replace(FIRST.encode(), b"no-town"))
    found = json.loads(run(url, "verify", "--seen", str(kept), "--json").stdout)
    assert [found[each]["alarms"][0]["code"] for each in (FIRST, SECOND)] == ["seen_note"] * 2
    # A ledger that was put back is not sealed; the one behind it in the list is.
    (heads / FIRST / "checkpoint").write_bytes((heads / SECOND / "checkpoint").read_bytes())
    done = run(url, "seal", "--json")
    assert (done.exit_code, set(json.loads(done.stdout))) == (2, {SECOND})
    assert FIRST in done.stderr
