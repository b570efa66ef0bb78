"""The code of an entry: what shows, before it is sealed, that the plugin itself wrote it.

The key changes each day and cannot be turned back (B. Schneier and J. Kelsey, "Secure audit logs
to support computer forensics", ACM TISSEC 2 (2), 1999): who takes today's key can write no entry
of yesterday. That holds only while a reader lets no entry choose its day: CVE-2023-31439 is the
case where one did. A code is four bytes of day and sixteen of HMAC-SHA256.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from . import canonical
from .canonical import ProfileError
from .instants import instant, stamp
from .strict import Refused

#: Bytes of a key.
KEY_BYTES: Final = 32
#: Bytes of a code: its day, and what is left of the HMAC.
CODE_BYTES: Final = 20
#: The last day that is believed, in days since 1970-01-01: in the year 2079.
LATEST: Final = 40_000
#: By how much a clock may be put back at midnight.
CLOCK_STEP: Final = timedelta(minutes=5)

_DAY_BYTES: Final = 4
_TAG_BYTES: Final = CODE_BYTES - _DAY_BYTES
#: Bytes of a block of SHA-256, and what a key of HMAC is mixed with there (RFC 2104 section 2).
_BLOCK: Final = 64
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))
_NEXT: Final = b"cleangov entry code key\0"
_LABEL: Final = b"cleangov entry code\0"
_VERSION: Final = 1
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_KEYS: Final = frozenset({"v", "log_id", "epoch", "first", "key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeKey:
    """The key of one day.

    :param log_id: the ledger.
    :param epoch: the day, in days since 1970-01-01 UTC.
    :param first: when the first key of all, that of day 0, was made, aware.
    :param key: 32 bytes.
    """

    log_id: str
    epoch: int
    first: datetime
    key: bytes

    def on(self, epoch: int) -> "CodeKey":
        """Answer the key of the same day or of a later one.

        :param epoch: that day, in days since 1970-01-01 UTC.
        :raises Refused: where it is earlier, or later than any day that is believed.
        """
        if not self.epoch <= epoch <= LATEST:
            what = f"day {epoch} is not between {self.epoch} and {LATEST}."
            raise Refused("code.epoch", what)
        key = self.key
        for _ in range(epoch - self.epoch):
            key = next_key(key)
        return CodeKey(log_id=self.log_id, epoch=epoch, first=self.first, key=key)


class Coder:
    """Makes the codes of one ledger and day; what is equal in all of them is worked out once.

    :param key: the key of the day.
    """

    __slots__ = ("_day", "_inner", "_outer", "epoch")

    def __init__(self, key: CodeKey) -> None:
        self.epoch = key.epoch
        self._day = key.epoch.to_bytes(_DAY_BYTES, "big")
        log_id = key.log_id.encode("utf-8", "surrogatepass")
        # HMAC as RFC 2104 has it: two calls of SHA-256 cost half of what an object of it does.
        padded = key.key.ljust(_BLOCK, b"\0")
        self._inner = padded.translate(_INNER) + _LABEL + self._day + log_id + b"\0"
        self._outer = padded.translate(_OUTER)

    def code(self, leaf: bytes) -> bytes:
        """Answer the code of an entry.

        :param leaf: hash of its body as a leaf.
        :return: 20 bytes.
        """
        return self.codes((leaf,))[0]

    def codes(self, leaves: Iterable[bytes]) -> list[bytes]:
        """Answer the codes of entries.

        :param leaves: hashes of their bodies as leaves.
        :return: 20 bytes for each.
        """
        day, inner, outer = self._day, self._inner, self._outer
        tags = [sha256(outer + sha256(inner + leaf).digest()).digest() for leaf in leaves]
        return [day + tag[:_TAG_BYTES] for tag in tags]


def next_key(key: bytes) -> bytes:
    """Answer the key of the following day.

    :param key: the key of a day.
    :return: 32 bytes, from which the key before cannot be found.
    """
    return sha256(_NEXT + key).digest()


def entry_code(key: bytes, epoch: int, log_id: str, leaf: bytes) -> bytes:
    """Answer the code of an entry.

    :param key: the key of the day.
    :param epoch: the day, in days since 1970-01-01 UTC.
    :param log_id: the ledger.
    :param leaf: hash of its body as a leaf.
    :return: 20 bytes.
    """
    of_day = CodeKey(log_id=log_id, epoch=epoch, first=_BEGINNING, key=key)
    return Coder(of_day).code(leaf)


def epoch_in(code: bytes) -> int:
    """Read the day of a code.

    :param code: a code; hostile.
    :return: days since 1970-01-01 UTC.
    :raises Refused: where it is none, or of a day that nobody believes.
    """
    if len(code) != CODE_BYTES:
        raise Refused("code.length", f"a code has {CODE_BYTES} bytes, not {len(code)}.")
    epoch = int.from_bytes(code[:_DAY_BYTES], "big")
    if epoch > LATEST:
        raise Refused("code.epoch", f"day {epoch} is later than {LATEST}.")
    return epoch


def epoch_of(moment: datetime) -> int:
    """Answer the day of a moment.

    :param moment: aware.
    :return: days since 1970-01-01 UTC.
    """
    return (moment - _BEGINNING).days


def start_of(epoch: int) -> datetime:
    """Answer when a day begins.

    :param epoch: days since 1970-01-01 UTC.
    """
    return _BEGINNING + timedelta(days=epoch)


def write_key(key: CodeKey) -> bytes:
    """Write a key as a file has it.

    :param key: the key.
    :return: one line of canonical JSON.
    """
    document = {
        "v": _VERSION,
        "log_id": key.log_id,
        "epoch": key.epoch,
        "first": stamp(key.first),
        "key": key.key.hex(),
    }
    return canonical.encode(document) + b"\n"


def read_key(data: bytes) -> CodeKey:
    """Read what `write_key` wrote.

    :param data: the bytes of a file; hostile.
    :return: the key.
    :raises Refused: where they are anything else.
    """
    try:
        document = canonical.decode(data.removesuffix(b"\n"))
        found = _key_in(document) if isinstance(document, dict) else None
    except (ProfileError, ValueError, TypeError):
        found = None
    if found is None or write_key(found) != data:
        raise Refused("code.key", "this is no key of entry codes.")
    return found


def _key_in(document: dict[str, Any]) -> CodeKey | None:
    """Read a key; None where a part is missing or out of range."""
    if set(document) != _KEYS or document["v"] != _VERSION:
        return None
    first, key = instant(document["first"]), bytes.fromhex(document["key"])
    log_id, epoch = document["log_id"], document["epoch"]
    is_good = (
        isinstance(log_id, str)
        and type(epoch) is int
        and 0 <= epoch <= LATEST
        and len(key) == KEY_BYTES
        and first.tzinfo is not None
        and 0 <= epoch_of(first) <= LATEST
    )
    return CodeKey(log_id=log_id, epoch=epoch, first=first, key=key) if is_good else None
