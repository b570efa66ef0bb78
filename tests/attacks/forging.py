"""What somebody does who can do sums: hashes, trees, tiles, heads and notes, without our code.

RFC 6962 section 2.1 and the signed notes of C2SP in a few lines each, by `hashlib` and Ed25519.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.attacks.scene import Scene

ORIGIN = "cleangov/cg"


def leaf_hash(text: str) -> bytes:
    """Answer the hash of a text as a leaf."""
    return sha256(b"\x00" + text.encode()).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Answer the root of a tree as RFC 6962 defines it."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256().digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + root(hashes[:split]) + root(hashes[split:])).digest()


def body(scene: Scene, row: int, **changes: Any) -> str:
    """Answer the canonical body of an entry with some keys changed."""
    document = {**json.loads(scene.one("body", row)), **changes}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def swapped(scene: Scene, row: int) -> str:
    """Answer the body of an entry with another office in it."""
    text = str(scene.one("body", row))
    assert '"u-1"' in text
    return text.replace('"u-1"', '"u-2"', 1)


def hashes(scene: Scene) -> list[bytes]:
    """Answer the hashes that stand in the table of leaves, in their order."""
    return [bytes(data) for data in scene.ask("SELECT hash FROM {s}cleangov_leaf ORDER BY idx")]


def rebuild(scene: Scene, sizes: dict[int, int] | None = None) -> None:
    """Make tiles and roots fit the leaves as they are now.

    :param sizes: heads whose size is another now, by their old one.
    """
    now = hashes(scene)
    data = b"".join(now)
    scene.edit("UPDATE {s}cleangov_tile SET data = :data WHERE level = 0", data=data)
    for size in scene.ask("SELECT size FROM {s}cleangov_tree_head ORDER BY size"):
        new = (sizes or {}).get(size, size)
        scene.edit(
            "UPDATE {s}cleangov_tree_head SET size = :new, root = :root WHERE size = :size",
            new=new,
            root=root(now[:new]),
            size=size,
        )


def stolen(scene: Scene) -> bytes:
    """Answer the log's own key, as somebody has it who broke into its machine."""
    return (scene.folder / "keys" / "tree-1.key").read_bytes()


def public(secret: bytes, name: str = ORIGIN) -> tuple[bytes, str]:
    """Answer the number of a key and its text."""
    raw = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    number = sha256(name.encode() + b"\n\x01" + raw).digest()[:4]
    return number, f"{name}+{number.hex()}+{b64encode(bytes([1]) + raw).decode()}"


def note(size: int, root_: bytes, secret: bytes, text_origin: str = ORIGIN) -> str:
    """Sign a head."""
    text = f"{text_origin}\n{size}\n{b64encode(root_).decode()}\n"
    signed = Ed25519PrivateKey.from_private_bytes(secret).sign(text.encode())
    number, _ = public(secret)
    return f"{text}\n— {ORIGIN} {b64encode(number + signed).decode()}\n"


def sign_all(scene: Scene, secret: bytes, *, outside: bool) -> None:
    """Sign every head of the database, and with that the newest one outside."""
    now = hashes(scene)
    for size in scene.ask("SELECT size FROM {s}cleangov_tree_head ORDER BY size"):
        signed = note(size, root(now[:size]), secret)
        scene.edit("UPDATE {s}cleangov_tree_head SET note = :n WHERE size = :s_", n=signed, s_=size)
    if outside:
        (scene.own / "checkpoint").write_text(signed, encoding="utf-8")


def add_leaf(scene: Scene, idx: int, hash_: bytes, **place: Any) -> None:
    """Write a leaf."""
    scene.edit(
        "INSERT INTO {s}cleangov_leaf (log_id, idx, lane, no, hash, meta)"
        " VALUES ('cg', :idx, :lane, :no, :hash, :meta)",
        idx=idx,
        hash=hash_,
        **{"lane": None, "no": None, "meta": None, **place},
    )


def shift(scene: Scene, first: int, by: int) -> None:
    """Move the leaves from one on to other places."""
    for step in (10_000, by - 10_000):
        scene.edit(
            "UPDATE {s}cleangov_leaf SET idx = idx + :step WHERE idx >= :first",
            step=step,
            first=first if step > 0 else 10_000,
        )


def insert_forged(scene: Scene, **changed: Any) -> int:
    """Insert an entry that nobody wrote among the old ones, in a lane of its own."""
    places = {"lane": 77, "no": 1, "prev": bytes(32).hex(), "id": "e9999"}
    text = body(scene, scene.entry(2), **places)
    values = {"id": 90_000, "lane": 77, "no": 1, "event_key": "forged", "mac": None, "disc": None}
    scene.copy(scene.entry(2), **{**values, "body": text, **changed})
    return int({**values, **changed}["id"])


def rechain(scene: Scene, rows: Sequence[int], before: int, no: int) -> None:
    """Number the rest of a lane anew, each naming the one before it."""
    last = str(scene.one("body", before))
    for number, row in enumerate(rows, no):
        last = body(scene, row, no=number, prev=leaf_hash(last).hex())
        scene.put(row, body=last, no=number)
