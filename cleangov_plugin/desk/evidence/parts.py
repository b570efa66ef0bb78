"""The files of a bundle: how they are called, which have to be there, and how they are read."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from cleangov_plugin.ledger import canonical
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.ledger.strict import Refused, is_number

VERSION: Final = 1
INDEX: Final = "index.json"
INDEX_PROOF: Final = "index.tlog-proof"
CASE: Final = "case.json"
REPLIES: Final = "replies.json"
RULES: Final = "rules.json"
GAPS: Final = "gaps.json"
CLOCK: Final = "clock.json"
DISCLOSURES: Final = "disclosures.json"
SCRIPT: Final = "verify.sh"
SUM: Final = "SHA256SUM"
READMES: Final[Mapping[str, str]] = {"zh-CN": "README.zh.txt", "en": "README.en.txt"}
#: All that every bundle has beside its entries.
REQUIRED: Final = frozenset(
    {
        INDEX,
        INDEX_PROOF,
        CASE,
        RULES,
        GAPS,
        CLOCK,
        SCRIPT,
        SUM,
        *READMES.values(),
    }
)

#: What is left out where it would say this. The entries tell whether there should be letters.
LEFT_OUT: Final[Mapping[str, bytes]] = {
    REPLIES: b'{"letters":[],"v":1}',
    DISCLOSURES: b'{"chosen":[],"fields":[],"v":1}',
}

Files = Mapping[str, bytes]


def entry_name(number: int) -> str:
    """Answer the file of an entry's body.

    :param number: number in the bundle, from 1, in the order of the leaves.
    """
    return f"entries/{number:04}.json"


def proof_name(number: int) -> str:
    """Answer the file of an entry's proof.

    :param number: number in the bundle, from 1.
    """
    return f"entries/{number:04}.tlog-proof"


def own_name(number: int) -> str:
    """Answer the file of a leaf of the ledger's own that stands behind the index.

    :param number: how far behind, from 1.
    """
    return f"own/{number:04}.json"


def own_proof_name(number: int) -> str:
    """Answer the file of its proof.

    :param number: how far behind the index, from 1.
    """
    return f"own/{number:04}.tlog-proof"


def script() -> bytes:
    """Answer the script that checks a bundle without us."""
    return Path(__file__).with_name(SCRIPT).read_bytes()


def head(files: Files) -> bytes:
    """Answer the signed head that the bundle is under: the proof of the index ends with it.

    :param files: bytes by name; hostile.
    """
    return files[INDEX_PROOF].partition(b"\n\n")[2]


def checksum(files: Files) -> bytes:
    """Write one checksum over all files: of the list that ``sha256sum`` writes of them.

    The list itself would be as long as a proof.

    :param files: bytes by name; the checksum itself is left out.
    """
    named = sorted(name for name in files if name != SUM)
    listed = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in named)
    return f"{sha256(listed.encode()).hexdigest()}  -\n".encode()


def check_parts(files: Files) -> int:
    """Check that a bundle has all its parts, and its checksum is theirs.

    :param files: bytes by name; hostile.
    :return: how many entries it has.
    :raises Refused: ``"evidence.missing"`` or ``"evidence.sum"``.
    """
    count, behind = (sum(n.startswith(room) for n in files) // 2 for room in ("entries/", "own/"))
    named = [name(n) for n in range(1, count + 1) for name in (entry_name, proof_name)]
    own = [name(n) for n in range(1, behind + 1) for name in (own_name, own_proof_name)]
    wanted = REQUIRED | set(named) | set(own)
    for name in sorted(wanted - set(files)):
        raise Refused("evidence.missing", "a bundle has this part.", where=name)
    for name in sorted(set(files) - wanted - LEFT_OUT.keys()):
        raise Refused("evidence.missing", "it has no place in the bundle.", where=name)
    if not count:
        raise Refused("evidence.missing", "a bundle has one entry at least.", where=entry_name(1))
    if files[SUM] != checksum(files):
        raise Refused("evidence.sum", "the checksum is of other files.", where=SUM)
    return count


#: Tells whether a value is what stands under a key.
Is = Callable[[Any], bool]


def document(files: Files, name: str, keys: Mapping[str, Is]) -> Mapping[str, Any]:
    """Read one of the bundle's own documents.

    :param files: bytes by name; hostile.
    :param name: which.
    :param keys: what has to stand under each key; the version besides.
    :return: the document.
    :raises Refused: ``"evidence.document"`` where it is not written so.
    """
    if name in files and files[name] == LEFT_OUT.get(name):
        raise Refused("evidence.document", "what says nothing is left out.", where=name)
    try:
        read = canonical.decode(files[name] if name in files else LEFT_OUT[name])
    except ProfileError as problem:
        raise Refused("evidence.document", problem.what, where=name) from problem
    check_keys(read, {"v": lambda value: type(value) is int and value == VERSION, **keys}, name)
    found: Mapping[str, Any] = read
    return found


def check_keys(value: Any, keys: Mapping[str, Is], where: str) -> None:
    """Check that a value is a mapping with these keys, and no other.

    :param value: hostile.
    :param keys: what has to stand under each.
    :param where: where it stands.
    :raises Refused: ``"evidence.document"``.
    """
    if not isinstance(value, dict) or set(value) != set(keys):
        raise Refused("evidence.document", f"it has the keys {sorted(keys)}.", where=where)
    for name, is_one in keys.items():
        if not is_one(value[name]):
            told = "something else stands here than should."
            raise Refused("evidence.document", told, where=f"{where} {name}")


def is_text(value: Any) -> bool:
    """Tell whether a value is a text.

    :param value: hostile.
    """
    return isinstance(value, str)


def is_moment(value: Any) -> bool:
    """Tell whether a value is an instant as fixed-width UTC text.

    :param value: hostile.
    """
    try:
        return isinstance(value, str) and len(value) == 27 and bool(instant(value).tzinfo)
    except ValueError:
        return False


def list_of(is_one: Is) -> Is:
    """Answer what tells whether a value is a list of such.

    :param is_one: tells it of one.
    """
    return lambda value: isinstance(value, list) and all(map(is_one, value))


def is_count(value: Any) -> bool:
    """Tell whether a value is a number of things.

    :param value: hostile.
    """
    return is_number(value)


def is_count_or_none(value: Any) -> bool:
    """Tell whether a value is a number of things, or says that nobody has counted.

    :param value: hostile.
    """
    return value is None or is_number(value)


def write(document: Mapping[str, Any]) -> bytes:
    """Write one of the bundle's own documents.

    :param document: what it says.
    """
    return canonical.encode({"v": VERSION, **document})


def without_empty(files: Files) -> dict[str, bytes]:
    """Answer files without those that are left out where they say nothing.

    :param files: bytes by name.
    """
    return {name: data for name, data in files.items() if data != LEFT_OUT.get(name)}


def is_ascending(numbers: Sequence[int]) -> bool:
    """Tell whether each number is larger than the one before it.

    :param numbers: the numbers.
    """
    return all(before < after for before, after in pairwise(numbers))


def read(files: Files, name: str) -> Mapping[str, Any]:
    """Read a document that was checked before.

    :param files: bytes by name.
    :param name: which.
    """
    found: Mapping[str, Any] = canonical.decode(files[name])
    return found
