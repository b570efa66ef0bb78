"""What a follower finds in bodies, tiles and bundles, before it keeps any of them."""

from pathlib import Path

import pytest

from cleangov_plugin.desk.followed.refusing import Contradiction
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.entry_bundle import read_bundle, write_bundle
from cleangov_plugin.ledger.leaf import leaf_hash
from tests.desk.followed.oversight import Agency, Oversight
from tests.store.samples import LOG


def refused(oversight: Oversight) -> Contradiction:
    before = oversight.rows()
    with pytest.raises(Contradiction) as found:
        oversight.follow()
    assert oversight.rows() == before
    return found.value


def literal(agency: Agency, data: bytes) -> str:
    is_sqlite = agency.engine.dialect.name == "sqlite"
    return f"x'{data.hex()}'" if is_sqlite else f"'\\x{data.hex()}'::bytea"


CHANGE = "UPDATE {s}cleangov_entry SET body = replace(body, '\"E5\"', '\"E9\"')"


@pytest.mark.parametrize("is_folder", [False, True])
def test_a_body_that_was_changed_before_it_was_copied_is_named(
    agency: Agency, oversight: Oversight, is_folder: bool
) -> None:
    (leaf,) = [n for n, body in enumerate(agency.bodies()) if '"E5"' in body]
    agency.edit(CHANGE)
    if is_folder:
        oversight.source = oversight.publish()
    problem = refused(oversight)
    assert (problem.code, problem.values["leaf"]) == ("body", leaf)
    assert problem.values["found"] == leaf_hash(agency.bodies()[leaf].encode()).hex()


def test_a_body_changed_with_its_leaf_and_its_tile_leads_to_no_head(
    agency: Agency, oversight: Oversight
) -> None:
    agency.edit(CHANGE)
    hashes = [leaf_hash(body.encode()) for body in agency.bodies()]
    agency.edit(
        f"UPDATE {{s}}cleangov_tile SET data = {literal(agency, b''.join(hashes))} WHERE level = 0"
    )
    assert refused(oversight).code == "slice"


def test_an_entry_that_is_gone_is_named(agency: Agency, oversight: Oversight) -> None:
    agency.edit("DELETE FROM {s}cleangov_entry WHERE body LIKE '%\"E5\"%'")
    problem = refused(oversight)
    assert problem.code == "gone"
    assert "E4" in agency.bodies()[problem.values["leaf"] - 1]
    oversight.source = oversight.publish()
    assert refused(oversight).code == "gone"
    agency.edit("UPDATE {s}cleangov_leaf SET lane = NULL, no = NULL WHERE no = 6")
    assert refused(oversight).code == "gone", "nobody declared it lost"


def test_tiles_that_lie_are_found(agency: Agency, oversight: Oversight) -> None:
    oversight.follow()
    agency.grow(12, 300)
    zeros = literal(agency, bytes(32 * 256))
    agency.edit(f"UPDATE {{s}}cleangov_tile SET data = {zeros} WHERE level = 0 AND n = 0")
    assert refused(oversight).code in ("tiles", "fork")
    agency.edit(f"UPDATE {{s}}cleangov_tile SET data = {literal(agency, b'123')} WHERE n = 0")
    assert refused(oversight).code == "tiles"


def test_a_lawful_recovery_is_followed_and_the_lost_bodies_stay_with_oversight(
    agency: Agency, oversight: Oversight
) -> None:
    first = len(agency.bodies())
    backup = agency.backup()
    end = agency.grow(12, 20)
    oversight.follow()
    lost = oversight.texts()[first:end]
    backup.put_back()
    agency.recover()
    agency.grow(15, 30)
    oversight.follow()
    assert oversight.texts() == agency.bodies()
    assert oversight.texts()[first:end] == [None] * (end - first)
    assert oversight.found() == ([], ["lost"])
    (kept,) = (oversight.copy.private / "lost").glob("*/*/tile/entries/*/*")
    assert [text.decode() for text in read_bundle(kept.read_bytes(), end)[first:]] == lost
    agency.grow(30, 32)
    oversight.follow()
    assert oversight.found() == ([], ["lost"])


def test_a_recovery_before_the_first_copy_is_followed(agency: Agency, oversight: Oversight) -> None:
    backup = agency.backup()
    agency.write_many(12, 1_400)
    agency.seal()
    backup.put_back()
    agency.recover()
    agency.grow(12, 20)
    oversight.source = oversight.publish()
    oversight.follow()
    assert oversight.texts() == agency.bodies()
    assert oversight.found() == ([], ["lost"])


@pytest.mark.parametrize(
    "body", ["no body at all", '{"v":1}', "[1]", '{"meta":1}', '{{"a":' * 3, "\u6cd5"]
)
def test_what_was_sealed_although_it_is_no_body_is_kept_and_named(
    agency: Agency, oversight: Oversight, body: str
) -> None:
    agency.write(12, 15)
    agency.edit(f"UPDATE {{s}}cleangov_entry SET body = '{body}' WHERE body LIKE '%\"E13\"%'")
    agency.seal()
    oversight.follow()
    assert body in oversight.texts()
    assert oversight.texts() == agency.bodies()
    alarms, _ = oversight.found()
    assert "meta_unread" in alarms


def test_bundles_give_the_same_copy_and_narrow_ones_are_cleared(
    agency: Agency, oversight: Oversight
) -> None:
    oversight.source = oversight.publish()
    for last in (20, 30, 40, 300):
        agency.grow(last - 8, last)
        oversight.publish()
    assert oversight.follow().size == len(agency.bodies())
    assert oversight.texts() == agency.bodies()
    assert oversight.found() == ([], [])
    own = oversight.bundles.own
    assert oversight.bundles.folder.stat().st_mode & 0o077 == 0
    widths = [int(path.name) for path in (own / "tile/entries").glob("*.p/*")]
    assert len(widths) <= 3, widths


def test_a_follower_reads_the_begin_of_a_wider_bundle(agency: Agency, oversight: Oversight) -> None:
    oversight.source = oversight.publish()
    early = (oversight.bundles.own / "checkpoint").read_bytes()
    for last in (20, 30, 40):
        agency.grow(last - 8, last)
        oversight.publish()
    (oversight.bundles.own / "checkpoint").write_bytes(early)
    done = oversight.follow()
    assert oversight.texts() == agency.bodies()[: done.size]


def test_hostile_bundles_are_refused(agency: Agency, oversight: Oversight) -> None:
    oversight.source = oversight.publish()
    size = len(agency.bodies())
    path = oversight.bundles.own / f"tile/entries/000.p/{size}"
    data = path.read_bytes()
    changed = {
        "cut": data[:-1],
        "longer": data + write_bundle([b"{}"]),
        "length": b"\xff\xff" + data[2:],
        "huge": b"\x00" * (size * 65_540),
        "empty": b"",
    }
    for how, hostile in changed.items():
        path.write_bytes(hostile)
        problem = refused(oversight)
        assert problem.code == "unreadable", how
        assert problem.said("zh-CN")
    path.unlink()
    assert refused(oversight).code == "unreadable"
    path.mkdir()
    assert refused(oversight).code == "unreadable"
    path.rmdir()
    path.write_bytes(data)
    tile = oversight.bundles.own / f"tile/0/000.p/{size}"
    tile.write_bytes(tile.read_bytes()[:-1])
    assert refused(oversight).code == "unreadable"
    assert oversight.texts() == []


def test_bundles_are_never_beside_the_public_tiles(tmp_path: Path) -> None:
    from cleangov_plugin.desk.sealed.bundles import bundles_of

    heads = tmp_path / "heads"
    for folder in (heads, heads / "in", tmp_path):
        with pytest.raises(SettingsError, match="public"):
            bundles_of(folder, heads, LOG)
