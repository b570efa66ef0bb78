"""Attacks 2 to 21 on leaves, tiles and heads of what is sealed."""

from tests.attacks import forging
from tests.attacks.catalogue import Attack, Finding, Row, found
from tests.attacks.on_sealed import victim
from tests.attacks.scene import Scene


def _with_hash(scene: Scene) -> tuple[int, int]:
    leaf, row = victim(scene)
    text = forging.swapped(scene, row)
    scene.put(row, body=text)
    new = forging.leaf_hash(text)
    scene.edit("UPDATE {s}cleangov_leaf SET hash = :new WHERE idx = :leaf", new=new, leaf=leaf)
    return leaf, row


def _hash_too(scene: Scene) -> list[Finding]:
    leaf, row = _with_hash(scene)
    return [found("ROOT", entry=row, leaf=leaf)]


def _rebuilt(scene: Scene) -> list[Finding]:
    _with_hash(scene)
    forging.rebuild(scene)
    forging.sign_all(scene, bytes(range(32)), outside=False)
    return [found("SIG", code="note")]


def _resigned(scene: Scene) -> list[Finding]:
    _with_hash(scene)
    forging.rebuild(scene)
    forging.sign_all(scene, forging.stolen(scene), outside=True)
    return [found("ANCH", code="seen_root", place=scene.given["seen"])]


def _resigned_larger(scene: Scene) -> list[Finding]:
    _with_hash(scene)
    size = scene.size
    (last,) = scene.ask("SELECT meta FROM {s}cleangov_leaf WHERE idx = :last", last=size - 1)
    forging.add_leaf(scene, size, forging.leaf_hash(last), meta=last)
    forging.rebuild(scene, {size: size + 1})
    forging.sign_all(scene, forging.stolen(scene), outside=True)
    return [found("ANCH", code="seen_root", place=scene.given["seen"])]


def _gone_with_leaf(scene: Scene) -> list[Finding]:
    leaf, row = victim(scene)
    scene.edit("DELETE FROM {s}cleangov_entry WHERE id = :row", row=row)
    scene.edit("DELETE FROM {s}cleangov_leaf WHERE idx = :leaf", leaf=leaf)
    forging.shift(scene, leaf + 1, -1)
    return [found("ROOT", code="tile", leaf=leaf)]


def _cut_off(scene: Scene) -> list[Finding]:
    scene.edit("DELETE FROM {s}cleangov_entry WHERE id > :row", row=scene.entry(4))
    scene.edit("DELETE FROM {s}cleangov_leaf WHERE idx >= :first", first=scene.first)
    scene.edit("DELETE FROM {s}cleangov_tree_head WHERE size > :first", first=scene.first)
    forging.rebuild(scene)
    return [found("ANCH", code="outside_size", size=scene.size, leaves=scene.first)]


def _places_changed(scene: Scene) -> list[Finding]:
    leaf, row = victim(scene)
    for old, new in ((leaf, 999), (leaf + 1, leaf), (999, leaf + 1)):
        scene.edit("UPDATE {s}cleangov_leaf SET idx = :new WHERE idx = :old", old=old, new=new)
    return [found("ROOT", code="tile", leaf=leaf), found("ROOT", code="tile", entry=row)]


def _forged_leaf(scene: Scene) -> list[Finding]:
    row = forging.insert_forged(scene)
    leaf, size = victim(scene)[0], scene.size
    forging.shift(scene, leaf, 1)
    forging.add_leaf(scene, leaf, forging.leaf_hash(scene.one("body", row)), lane=77, no=1)
    forging.rebuild(scene, {size: size + 1})
    return [
        found("SIG", code="note_of_another", size=size + 1),
        found("MAC", entry=row, leaf=leaf),
    ]


def _forged_behind(scene: Scene) -> list[Finding]:
    row = forging.insert_forged(scene)
    hash_ = forging.leaf_hash(scene.one("body", row))
    forging.add_leaf(scene, scene.size, hash_, lane=77, no=1)
    forging.rebuild(scene)
    return [found("MAC", entry=row, leaf=scene.size)]


def _tile(scene: Scene) -> list[Finding]:
    leaf, row = victim(scene)
    (data,) = scene.ask("SELECT data FROM {s}cleangov_tile WHERE level = 0")
    at = leaf * 32
    new = bytes(data[:at]) + bytes(32) + bytes(data[at + 32 :])
    scene.edit("UPDATE {s}cleangov_tile SET data = :new WHERE level = 0", new=new)
    return [found("ROOT", code="tile", entry=row, leaf=leaf)]


def _tile_short(scene: Scene) -> list[Finding]:
    (data,) = scene.ask("SELECT data FROM {s}cleangov_tile WHERE level = 0")
    new = bytes(data[:-32])
    scene.edit("UPDATE {s}cleangov_tile SET data = :new WHERE level = 0", new=new)
    return [found("ROOT", code="tile_width", right=scene.size * 32)]


def _head(scene: Scene, **changed: object) -> None:
    ((name, value),) = changed.items()
    changed_rows = scene.edit(
        f"UPDATE {{s}}cleangov_tree_head SET {name} = :value WHERE size = :_size",
        value=value,
        _size=scene.size,
    )
    assert changed_rows == 1


def _note(scene: Scene) -> list[Finding]:
    size = scene.size
    (note,) = scene.ask("SELECT note FROM {s}cleangov_tree_head WHERE size = :size", size=size)
    _head(scene, note=note.replace(f"\n{size}\n", f"\n{size - 1}\n"))
    return [found("SIG", code="note", size=size)]


def _head_root(scene: Scene) -> list[Finding]:
    _head(scene, root=bytes(32))
    return [found("ROOT", code="head_root", size=scene.size)]


def _head_size(scene: Scene) -> list[Finding]:
    _head(scene, size=99)
    return [found("ROOT", code="head_size", size=99)]


ROWS: tuple[Row, ...] = (
    Attack(
        number="2",
        title="a body and its leaf's hash",
        by=("ROOT",),
        names="entry, leaf",
        do=_hash_too,
    ),
    Attack(
        number="3",
        title="and all tiles and heads, signed with a key of one's own",
        by=("SIG",),
        do=_rebuilt,
    ),
    Attack(
        number="4",
        title="and signed with the stolen key, outside as well",
        by=("ANCH",),
        do=_resigned,
    ),
    Attack(number="5", title="the same, with a larger tree", by=("ANCH",), do=_resigned_larger),
    Attack(
        number="7",
        title="entry and leaf are deleted, the others move up",
        by=("ROOT",),
        names="leaf",
        do=_gone_with_leaf,
    ),
    Attack(
        number="8",
        title="the newest entries, leaves and heads are cut off",
        by=("ANCH",),
        do=_cut_off,
    ),
    Attack(
        number="9",
        title="two leaves change places",
        by=("ROOT",),
        names="entry, leaf",
        do=_places_changed,
    ),
    Attack(
        number="12a",
        title="with a leaf in the middle, the tree made anew",
        by=("SIG", "MAC"),
        names="entry, head",
        do=_forged_leaf,
    ),
    Attack(
        number="12b",
        title="with a leaf behind the others",
        by=("MAC",),
        names="entry, leaf",
        do=_forged_behind,
    ),
    Attack(
        number="19", title="a tile alone is changed", by=("ROOT",), names="entry, leaf", do=_tile
    ),
    Attack(
        number="20",
        title="a tile is narrower than its tree",
        by=("ROOT",),
        names="tile",
        do=_tile_short,
    ),
    Attack(number="21a", title="the note of a head is edited", by=("SIG",), do=_note),
    Attack(number="21b", title="the root of a head is edited", by=("ROOT",), do=_head_root),
    Attack(number="21c", title="the size of a head is edited", by=("ROOT",), do=_head_size),
)
