"""How far an auditor has verified a ledger: kept in a file of the auditor's own, never in ours."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.strict import HASH_BYTES, Refused, is_number
from cleangov_plugin.ledger.tree import CompactRange

_VERSION: Final = 1
#: A few hashes, and a line for each lane.
_LARGEST: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What was verified of a ledger.

    :param size: leaves.
    :param hashes: hashes of the full subtrees over them, as `CompactRange.hashes` answers them.
    :param kept: by name of a check, what it goes on from.
    """

    size: int
    hashes: tuple[bytes, ...]
    kept: Mapping[str, Any]

    def tree(self) -> CompactRange:
        """Answer the tree so far.

        :raises Refused: where these are not the hashes of so many leaves.
        """
        return CompactRange(self.size, self.hashes)


@runtime_checkable
class Resumable(Protocol):
    """A check that goes on from where it ended."""

    def kept(self) -> Any:
        """Answer what it goes on from, as JSON has it."""
        ...

    def resume(self, kept: Any) -> None:
        """Go on from there.

        :param kept: what `kept` answered.
        :raises ValueError, TypeError, KeyError: where it is something else.
        """
        ...


def read_progress(path: Path) -> dict[str, Begun]:
    """Read what was verified; nothing where there is no file yet.

    :param path: the auditor's file.
    :return: by ledger.
    :raises CleanGovError: where it cannot be read, or says what cannot be.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return {}
    except OSError as problem:
        raise _unusable(path, type(problem).__name__) from problem
    try:
        document = json.loads(data) if len(data) <= _LARGEST else {}
        if document["v"] != _VERSION:
            raise _unusable(path, f"version {document['v']!r}")
        return {str(log_id): _begun(told) for log_id, told in document["ledgers"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Refused) as problem:
        raise _unusable(path, type(problem).__name__) from problem


def write_progress(path: Path, ledgers: Mapping[str, Begun]) -> None:
    """Keep what was verified, whole or not at all.

    :param path: the auditor's file.
    :param ledgers: by ledger.
    :raises CleanGovError: where it cannot be written.
    """
    told = {
        log_id: {"size": b.size, "hashes": [h.hex() for h in b.hashes], "kept": dict(b.kept)}
        for log_id, b in ledgers.items()
    }
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_text(json.dumps({"v": _VERSION, "ledgers": told}, indent=1), "ascii")
        draft.replace(path)
    except OSError as problem:
        raise _unusable(path, type(problem).__name__) from problem


def reached(size: int, grown: CompactRange, checks: Mapping[str, object]) -> Begun:
    """Take down how far verifying came.

    :param size: leaves.
    :param grown: the tree over them.
    :param checks: the checks by name.
    """
    kept = {name: check.kept() for name, check in checks.items() if isinstance(check, Resumable)}
    return Begun(size=size, hashes=grown.hashes(), kept=kept)


def resume(checks: Mapping[str, object], begun: Begun) -> None:
    """Have the checks go on from where they ended.

    :param checks: the checks by name.
    :param begun: what was verified.
    :raises CleanGovError: where what was kept does not fit the checks.
    """
    try:
        begun.tree()
        for name, check in checks.items():
            if isinstance(check, Resumable):
                check.resume(begun.kept[name])
    except (Refused, ValueError, KeyError, TypeError, AttributeError) as problem:
        what = f"the progress cannot be gone on from ({type(problem).__name__})."
        raise CleanGovError(what, remedy="Verify whole, without --progress FILE.") from problem


def _begun(told: Mapping[str, Any]) -> Begun:
    if not is_number(told["size"]) or not isinstance(told["kept"], dict):
        raise ValueError
    hashes: Sequence[str] = told["hashes"]
    read = tuple(unhash_hex(text) for text in hashes)
    return Begun(size=told["size"], hashes=read, kept=told["kept"])


def unhash_hex(text: str) -> bytes:
    """Read a hash that is written in hexadecimal.

    :param text: hostile.
    :raises ValueError: where it is none.
    """
    data = bytes.fromhex(text)
    if len(data) != HASH_BYTES:
        raise ValueError
    return data


def _unusable(path: Path, why: str) -> CleanGovError:
    return CleanGovError(
        f"this file of progress cannot be used ({why}).",
        where=str(path),
        remedy="Name the file that an earlier --progress wrote, or a new one.",
    )
