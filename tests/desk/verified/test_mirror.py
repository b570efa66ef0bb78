"""The published folder alone: tiles that lie, are missing or cut, and bundles of bodies."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from cleangov_plugin.cli.main import main
from cleangov_plugin.desk.sealed.outside import Outside
from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.mirror import verify_mirror
from cleangov_plugin.ledger.entry_bundle import write_bundle
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import LOG


@pytest.fixture
def database() -> str:
    """What is published is the same whatever database it comes from."""
    return "sqlite"


@pytest.fixture
def log(engine: sa.Engine, tmp_path: Path) -> Iterator[Sealer]:
    found = Sealer(engine, tmp_path)
    found.write(0, 20)
    found.seal()
    found.write(20, 560)
    found.size = found.seal().size
    yield found
    found.database.dispose()


def looked(log: Sealer, bundles: Path | None = None, **more: object) -> Verified:
    evidence = Evidence(
        outside=log.outside,
        key=log.signer.verifier,
        **more,  # type: ignore[arg-type]
    )
    return verify_mirror(evidence, bundles)


def test_a_mirror_is_verified_without_a_database(log: Sealer) -> None:
    log.database.dispose()
    found = looked(log)
    assert (found.leaves, found.alarms, found.unchecked) == (log.size, [], [])


@pytest.mark.parametrize(
    ("name", "damage", "codes"),
    [
        ("tile/0/000", "changed", {"outside_root", "tile_row"}),
        ("tile/0/001", "gone", {"tile_width", "outside_size"}),
        ("tile/0/001", "short", {"tile_width", "outside_size"}),
        ("tile/0/001", "long", {"tile_width", "outside_size"}),
        ("tile/1/000.p/2", "changed", {"tile_row"}),
        ("tile/1/000.p/2", "gone", {"tile_width"}),
        ("checkpoint", "changed", {"outside_note"}),
        ("checkpoint", "gone", {"mirror_empty"}),
    ],
)
def test_what_was_done_to_it_is_named(log: Sealer, name: str, damage: str, codes: set[str]) -> None:
    path = log.outside.own / name
    data = path.read_bytes()
    changed = {"short": data[:-1], "long": data + b"x", "changed": bytes([data[0] ^ 1]) + data[1:]}
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(changed[damage])
    found = looked(log)
    assert ({alarm.code for alarm in found.alarms}, found.unchecked) == (codes, [])


def test_65_an_older_copy_is_told_from_the_head_that_was_kept(log: Sealer, tmp_path: Path) -> None:
    kept = log.outside.head() or b""
    old = tmp_path / "older"
    other = Sealer(log.engine, tmp_path / "other")
    shutil.copytree(log.outside.own, old / log.outside.own.name)
    assert other.signer.verifier.text != log.signer.verifier.text
    evidence = Evidence(outside=Outside(old, LOG), key=log.signer.verifier, seen=[("kept", kept)])
    assert verify_mirror(evidence).alarms == []
    log.write(560, 562)
    log.seal()
    newer = log.outside.head() or b""
    evidence = Evidence(outside=Outside(old, LOG), key=log.signer.verifier, seen=[("kept", newer)])
    assert [alarm.code for alarm in verify_mirror(evidence).alarms] == ["seen_size"]
    other.database.dispose()


def test_bundles_are_compared_leaf_by_leaf(log: Sealer, tmp_path: Path) -> None:
    bodies = [body.encode() for body in log.bodies()]
    own = Outside(tmp_path / "bundles", LOG).own / "tile/entries"
    (own / "002.p").mkdir(parents=True)
    for n, name in enumerate(("000", "001", f"002.p/{log.size - 512}")):
        (own / name).write_bytes(write_bundle(bodies[n * 256 : (n + 1) * 256]))
    assert looked(log, tmp_path / "bundles").alarms == []
    bodies[300] = bodies[300].replace(b"U2", b"U9")
    (own / "001").write_bytes(write_bundle(bodies[256:512]))
    (own / "000").write_bytes((own / "000").read_bytes()[:-3])
    found = {(alarm.code, alarm.leaf) for alarm in looked(log, tmp_path / "bundles").alarms}
    assert found == {("bundle_leaf", 300), ("bundle", None)}


def test_the_command_needs_no_database(log: Sealer, tmp_path: Path) -> None:
    words = ["verify-mirror", str(tmp_path / "heads"), "--log-id", LOG]
    key = ["--key", log.signer.verifier.text]
    run = CliRunner()
    clean = run.invoke(main, ["--lang", "en", "--database", "sqlite:///nowhere.db", *words, *key])
    assert (clean.exit_code, "no change was found" in clean.stdout) == (0, True), clean.output
    assert run.invoke(main, words).exit_code == 2  # whom to believe comes from the auditor
    policy = tmp_path / "policy"
    for origin, status in ((log.signer.name, 0), ("city.example/other", 2)):
        named = replace(log.signer, name=origin).verifier.text
        policy.write_text(f"log {named}\nquorum none\n", "ascii")
        assert run.invoke(main, [*words, "--policy", str(policy)]).exit_code == status
    other = [*words[:-1], "nowhere", *key]
    assert run.invoke(main, other).exit_code == 1  # nothing to look at is not clean
    (log.outside.own / "tile/0/001").unlink()
    assert run.invoke(main, ["--lang", "zh-CN", *words, *key]).exit_code == 1
