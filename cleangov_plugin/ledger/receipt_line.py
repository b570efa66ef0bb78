"""A line of the receipt journal: that an entry was committed, said away from the database."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from . import canonical
from .strict import Refused

#: Bytes of a line at the most, with its end: so many are appended to a file at once or not at all.
LONGEST: Final = 4_096

#: Canonical JSON has one text for each line, and so needs no reader that builds a document.
_LINE: Final = re.compile(
    rb'\{"at":"([0-9T:.Z-]{27})","hash":"([0-9a-f]{64})","lane":(0|[1-9][0-9]{0,15}),'
    rb'"log_id":("(?:[^"\\\x00-\x1f]|\\.)*"),"no":(0|[1-9][0-9]{0,15})\}\n'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One entry that was committed.

    :param log_id: the ledger.
    :param lane: its lane.
    :param no: its number there.
    :param leaf: hash of its body as a leaf.
    :param at: when it was written, fixed-width UTC text.
    """

    log_id: str
    lane: int
    no: int
    leaf: bytes
    at: str


def write_receipt(receipt: Receipt) -> bytes:
    """Write a line.

    :param receipt: what it says.
    :return: canonical JSON and its line end.
    :raises Refused: where it is longer than a line may be.
    """
    document = {
        "at": receipt.at,
        "hash": receipt.leaf.hex(),
        "lane": receipt.lane,
        "log_id": receipt.log_id,
        "no": receipt.no,
    }
    line = canonical.encode(document) + b"\n"
    if len(line) > LONGEST:
        raise Refused("receipt.length", f"a line has at most {LONGEST} bytes, not {len(line)}.")
    return line


def read_receipt(line: bytes) -> Receipt:
    """Read a line.

    :param line: the line with its end; hostile.
    :return: what it says.
    :raises Refused: where it is not what `write_receipt` writes.
    """
    found = _LINE.fullmatch(line)
    log_id = None if found is None or len(line) > LONGEST else _text(found[4])
    if found is None or log_id is None:
        raise Refused("receipt.line", "this is no line of a receipt journal.")
    return Receipt(
        log_id=log_id,
        lane=int(found[3]),
        no=int(found[5]),
        leaf=bytes.fromhex(found[2].decode()),
        at=found[1].decode(),
    )


@lru_cache(maxsize=64)
def _text(written: bytes) -> str | None:
    """Read a text of canonical JSON; None where it is another text's, or none."""
    try:
        text = json.loads(written.decode("utf-8"))
        return text if canonical.encode(text) == written else None
    except (ValueError, canonical.ProfileError):
        return None
