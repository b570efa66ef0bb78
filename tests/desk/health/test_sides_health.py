"""What the doctor says of one process for two sides."""

from pathlib import Path

from cleangov_plugin.desk.health.health_check import State
from cleangov_plugin.desk.health.health_words import said
from cleangov_plugin.desk.health.sides_health import sides
from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.suites import Ed25519, Ed25519Cosignature


def policy(folder: Path, name: str) -> Settings:
    log = SignerKey("cleangov/CN-330105", Ed25519(), bytes(32)).verifier.text
    witness = SignerKey(name, Ed25519Cosignature(), bytes(range(32))).verifier.text
    path = folder / "policy"
    path.write_text(f"log {log}\nwitness inspection {witness}\nquorum inspection\n")
    return Settings(policy=str(path))


def test_one_process_for_both_sides_is_a_note_with_what_it_costs() -> None:
    check = sides(Settings())
    assert (check.key, check.state) == ("sides.one", State.NOTE)
    _, found, mend = said(check, "en")
    assert "can read what is for oversight only" in found
    assert "cleangov follow" in mend
    assert "cleangov follow" in said(check, "zh-CN")[2]


def test_a_follower_among_the_witnesses_is_said(tmp_path: Path) -> None:
    check = sides(policy(tmp_path, "cleangov-follower/CN-330105"))
    assert (check.key, check.state) == ("sides.two", State.GOOD)
    assert "inspection" in said(check, "en")[1]


def test_other_witnesses_and_what_cannot_be_read_make_no_second_side(tmp_path: Path) -> None:
    assert sides(policy(tmp_path, "witness.example/archive")).key == "sides.one"
    (tmp_path / "policy").write_text("nonsense\n")
    assert sides(Settings(policy=str(tmp_path / "policy"))).key == "sides.one"
    assert sides(Settings(policy=str(tmp_path / "none"))).key == "sides.one"
