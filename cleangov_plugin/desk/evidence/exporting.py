"""Making the bundle of a case: everything that proves it, and everything it must not hide."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cleangov_plugin.desk.sealed.case_tables import CaseProof, IndexChanged, case_proof
from cleangov_plugin.desk.sealed.outside import Outside
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.evidence_zip import MOST_ENTRIES, write_zip
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.log_proof import Proven
from cleangov_plugin.ledger.strict import Refused, in_base64
from cleangov_plugin.store import leaf_places
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.leaf_places import EntryPlace
from cleangov_plugin.store.whole import still

from . import gathering, parts
from .claims import clock_of
from .proving import NotProven, Prover, prover
from .readme import readme
from .sealed_case import sealed_case

#: Tries, and seconds between them, while a sealing is under way.
_TRIES: Final = 6
_PAUSE: Final = 0.5
#: Leaves of the ledger's own that a bundle carries behind the index of cases.
_MOST_BEHIND: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants a bundle of.

    :param case: the case.
    :param log_id: the ledger; None where one alone has such a case.
    :param disclose: codes of personal fields to show; all others stay digests.
    """

    case: str
    log_id: str | None = None
    disclose: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A bundle that was made.

    :param data: bytes of the ZIP file.
    :param log_id: the ledger.
    :param entries: entries in it.
    :param unsealed: entries of the case that the head does not cover yet.
    :param size: leaves under the head.
    :param fields: personal fields that are shown.
    """

    data: bytes
    log_id: str
    entries: int
    unsealed: int
    size: int
    fields: int


def export(database: Database, folder: Path | None, wish: Wish, now: datetime) -> Exported:
    """Make the bundle of a case.

    :param database: the database.
    :param folder: folder of the heads; None takes the newest head of the database.
    :param wish: of what.
    :param now: the present time, aware.
    :raises NotProven: where there is no such case, or no proof yet.
    """
    with database.own_transaction(is_reading=True) as connection:
        log_id = _ledger(connection, wish)
    outside = Outside(folder, log_id) if folder else None
    for tries in range(_TRIES):
        try:
            with still(database) as connection:
                maker = prover(connection, outside, log_id)
                return _exported(connection, maker, wish, now)
        except IndexChanged as problem:
            # The tables know the newest leaves alone: a sealer may just now be ahead of its head.
            if tries == _TRIES - 1:
                raise NotProven("index_differs", why=problem.what) from problem
            time.sleep(_PAUSE)
    raise NotProven("index_differs", why=log_id)


def _ledger(connection: Connection, wish: Wish) -> str:
    if wish.log_id is not None:
        is_there = leaf_places.of_case(connection, wish.log_id, wish.case, 1)
        found = [wish.log_id] if is_there else []
    else:
        found = leaf_places.ledgers_of_case(connection, wish.case)
    if not found:
        raise NotProven("no_case", asked=wish.case)
    if len(found) > 1:
        raise NotProven("case_of_many", found=", ".join(found))
    return found[0]


def _exported(connection: Connection, maker: Prover, wish: Wish, now: datetime) -> Exported:
    log_id, size = maker.log_id, maker.published.head.size
    places = leaf_places.of_case(connection, log_id, wish.case, MOST_ENTRIES + 1)
    if len(places) > MOST_ENTRIES:
        raise NotProven("too_many", most=MOST_ENTRIES)
    entries = [place for place in places if place.leaf is not None and place.leaf < size]
    if not entries:
        raise NotProven("case_not_sealed", asked=wish.case, size=size)
    proof = case_proof(connection, log_id, wish.case, size)
    if proof is None:
        raise NotProven("no_index")
    unsealed = len(places) - len(entries)
    files = _proofs(maker, entries, proof, wish.case)
    files.update(_behind(connection, maker, proof.covering.leaf))
    bodies = _bodies(entries)
    said = _said(connection, log_id, wish, bodies, unsealed, now)
    shown = gathering.disclosures(entries, wish.disclose)
    said[parts.DISCLOSURES] = shown
    files |= parts.without_empty({name: parts.write(what) for name, what in said.items()})
    facts = {
        "log_id": log_id,
        "case": "".join(char if char.isprintable() else "?" for char in wish.case),
        "count": len(entries),
        "size": size,
        "root": maker.published.head.root.hex(),
        "at": maker.published.at or "-",
        "rules": said[parts.RULES]["rules"],
    }
    files.update((name, readme(language, facts)) for language, name in parts.READMES.items())
    files[parts.SCRIPT] = parts.script()
    files[parts.SUM] = parts.checksum(files)
    _check(files, len(entries), maker)
    return Exported(
        data=write_zip(files),
        log_id=log_id,
        entries=len(entries),
        unsealed=unsealed,
        size=size,
        fields=len(shown["fields"]),
    )


def _proofs(
    maker: Prover, entries: Sequence[EntryPlace], proof: CaseProof, subject: str
) -> dict[str, bytes]:
    """Answer the files that prove the case."""
    files = {parts.INDEX: proof.covering.text.encode()}
    files[parts.INDEX_PROOF] = maker.proof(proof.covering.leaf, leaf_hash(files[parts.INDEX]))
    for number, entry in enumerate(entries, 1):
        data = entry.body.encode("utf-8", "surrogateescape")
        files[parts.entry_name(number)] = data
        files[parts.proof_name(number)] = maker.proof(entry.leaf or 0, leaf_hash(data))
    told = {
        "of": [maker.log_id, subject],
        "count": len(entries),
        "bucket": in_base64(proof.bucket),
        "path": [in_base64(hash_) for hash_ in proof.path],
    }
    files[parts.CASE] = parts.write(told)
    return files


def _behind(connection: Connection, maker: Prover, index: int) -> dict[str, bytes]:
    """Answer the leaves behind the index, which show that none of them is an entry."""
    files: dict[str, bytes] = {}
    number = maker.published.head.size - 1 - index
    if number > _MOST_BEHIND:
        raise NotProven("no_index")
    for behind in range(1, number + 1):
        text = leaf_places.own_text(connection, maker.log_id, index + behind)
        if text is None:
            raise NotProven("no_index")
        data = text.encode("utf-8", "surrogateescape")
        files[parts.own_name(behind)] = data
        files[parts.own_proof_name(behind)] = maker.proof(index + behind, leaf_hash(data))
    return files


def _bodies(entries: Sequence[EntryPlace]) -> list[Mapping[str, Any]]:
    """Read the bodies, which were proven to be those that were sealed."""
    try:
        return [json.loads(entry.body) for entry in entries]
    except (ValueError, RecursionError) as problem:
        raise NotProven("not_in_tree", leaf=entries[0].leaf, why="evidence.entry") from problem


def _said(
    connection: Connection,
    log_id: str,
    wish: Wish,
    bodies: Sequence[Mapping[str, Any]],
    unsealed: int,
    now: datetime,
) -> dict[str, Any]:
    try:
        return {
            parts.REPLIES: gathering.replies(connection, log_id, wish.case, bodies),
            parts.RULES: gathering.rules(connection, log_id, bodies, now),
            parts.GAPS: gathering.gaps_of(connection, log_id, wish.case, unsealed, now),
            parts.CLOCK: {"entries": clock_of(bodies)},
        }
    except (ProfileError, KeyError, TypeError, ValueError) as problem:
        raise NotProven("not_in_tree", leaf="-", why="evidence.entry") from problem


def _check(files: Mapping[str, bytes], count: int, maker: Prover) -> None:
    """Check what is handed out, but for the signature: the key is the auditor's to bring."""
    try:
        sealed_case(files, parts.check_parts(files), Proven(maker.published.head, {}))
    except Refused as problem:
        raise NotProven("not_in_tree", leaf=count, why=problem.rule) from problem
