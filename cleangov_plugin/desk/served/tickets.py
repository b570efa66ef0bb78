"""Tickets: a platform tells, signed, who somebody is; short-lived, for one authority, used once."""

import base64
import hmac
import json
import re
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cleangov_hooks import Person
from cleangov_plugin.domain.errors import CleanGovError, SettingsError

from .once import Once
from .signing import TOKEN

#: First line of what is signed: no signature of a machine's request is one of a ticket.
SCHEME: Final = "CLEANGOV-TICKET-1"
#: Seconds for which a ticket is good at the most, and by which clocks may differ.
LONGEST_S: Final = 300
SKEW_S: Final = 60
#: Characters of a ticket at the most; it has to fit into an address.
_LARGEST: Final = 4_000
_KEY_FILE: Final = re.compile(r"(?P<id>[a-z0-9]{1,32}-[0-9]{1,6})\.(?P<kind>key|pub)")
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST: Final = 200
_MOST_ROLES: Final = 50
_REMEDY: Final = (
    "Put 64 hexadecimal digits into <platform>-<number>.key (HMAC) or .pub (Ed25519); see"
    " docs/sign-in.md."
)

#: A key of a platform: shared bytes for HMAC-SHA-256, or its public half for Ed25519.
Key: TypeAlias = bytes | Ed25519PublicKey


class TicketRefused(CleanGovError):
    """A ticket that lets nobody in.

    :param code: why: ``shape``, ``signature``, ``clock``, ``audience`` or ``used``.
    :param key_id: id of its key, where it was signed with one of ours; else empty.
    """

    def __init__(self, code: str, key_id: str = "") -> None:
        super().__init__("this ticket lets nobody in.", where=code)
        self.code = code
        self.key_id = key_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Who somebody is, as a platform says.

    :param person: the platform's id of the person.
    :param name: how it writes the name.
    :param audience: id of the authority whose pages are meant.
    :param at: POSIX seconds from which it is good.
    :param until: POSIX seconds until which it is good: `LONGEST_S` after `at` at the most.
    :param once: text that is used once.
    :param roles: role codes.
    :param unit: code of the unit; None for none.
    """

    person: str
    name: str
    audience: str
    at: int
    until: int
    once: str
    roles: tuple[str, ...] = ()
    unit: str | None = None

    def holder(self) -> Person:
        """Answer the person of the contract."""
        return Person(id=self.person, name=self.name, roles=frozenset(self.roles), unit=self.unit)


def write_ticket(ticket: Ticket, key_id: str, key: bytes | Ed25519PrivateKey) -> str:
    """Write a ticket, as a platform does.

    :param ticket: what it says.
    :param key_id: id of the platform's key.
    :param key: shared bytes, or the private half.
    :return: ``<key id>.<claims>.<signature>``, of letters, digits, dot, dash and underline.
    """
    claims = _coded(json.dumps(asdict(ticket), ensure_ascii=False).encode())
    message = _message(key_id, claims)
    if isinstance(key, bytes):
        return f"{key_id}.{claims}.{_coded(hmac.digest(key, message, 'sha256'))}"
    return f"{key_id}.{claims}.{_coded(key.sign(message))}"


def read_ticket(text: str, keys: dict[str, Key], audience: str, now: int) -> Ticket:
    """Read a ticket; it is not used up by that.

    :param text: hostile.
    :param keys: of the platforms, by id.
    :param audience: id of our authority.
    :param now: POSIX seconds.
    :raises TicketRefused: where it lets nobody in.
    """
    parts = text.split(".") if len(text) <= _LARGEST and text.isascii() else []
    if len(parts) != 3:
        raise TicketRefused("shape")
    key_id, claims, given = parts
    key = keys.get(key_id)
    if key is None or not _is_signed(key, _message(key_id, claims), _decoded(given)):
        raise TicketRefused("signature")
    ticket = _ticket(_decoded(claims), key_id)
    if ticket.audience != audience:
        raise TicketRefused("audience", key_id)
    is_short = 0 < ticket.until - ticket.at <= LONGEST_S
    if not is_short or not ticket.at - SKEW_S <= now <= ticket.until + SKEW_S:
        raise TicketRefused("clock", key_id)
    return ticket


def use_up(ticket: Ticket, key_id: str, once: Once) -> None:
    """Take note that a ticket lets somebody in now.

    :param ticket: what was read.
    :param key_id: id of its key.
    :param once: remembers what was used.
    :raises TicketRefused: where it was used already.
    :raises OSError: where nothing can be remembered: then no ticket may be believed.
    """
    if not once.is_new(f"ticket {key_id}", ticket.once, ticket.at):
        raise TicketRefused("used", key_id)


def read_platform_keys(folder: Path) -> dict[str, Key]:
    """Read the keys of platforms that sign people in.

    :param folder: with ``<platform>-<number>.key`` or ``.pub``, 64 hexadecimal digits each.
    :return: key by id.
    :raises SettingsError: where there is none, or a file is not one.
    """
    try:
        files = {path: _KEY_FILE.fullmatch(path.name) for path in sorted(folder.iterdir())}
        texts = {path: path.read_text("ascii", "replace").strip() for path, m in files.items() if m}
    except OSError as problem:
        what = f"the keys of platforms cannot be read ({type(problem).__name__})."
        raise SettingsError(what, where=str(folder), remedy=_REMEDY) from None
    found: dict[str, Key] = {}
    for path, text in texts.items():
        if not _HEX.fullmatch(text):
            raise SettingsError("this is not a key.", where=str(path), remedy=_REMEDY)
        if path.stem in found:
            what = "a .key and a .pub have the same id: it must be clear how a ticket is signed."
            raise SettingsError(what, where=str(path), remedy="Give one of them another number.")
        found[path.stem] = _key(bytes.fromhex(text), is_public=path.suffix == ".pub")
    if not found:
        what = "nobody could sign in: there is no key of a platform."
        raise SettingsError(what, where=str(folder), remedy=_REMEDY)
    return found


def _key(raw: bytes, *, is_public: bool) -> Key:
    return Ed25519PublicKey.from_public_bytes(raw) if is_public else raw


def _message(key_id: str, claims: str) -> bytes:
    return f"{SCHEME}\n{key_id}\n{claims}".encode()


def _is_signed(key: Key, message: bytes, given: bytes) -> bool:
    if isinstance(key, bytes):
        return hmac.compare_digest(hmac.new(key, message, sha256).digest(), given)
    try:
        key.verify(given, message)
    except InvalidSignature:
        return False
    return True


def _ticket(claims: bytes, key_id: str) -> Ticket:
    """Read what a ticket says; it was signed, and may be wrong all the same."""
    try:
        told: dict[str, Any] = json.loads(claims)
        roles = told.pop("roles", [])
        ticket = Ticket(**told, roles=tuple(roles))
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise TicketRefused("shape", key_id) from None
    texts = (ticket.person, ticket.name, ticket.audience, ticket.once, *ticket.roles)
    is_right = (
        all(isinstance(text, str) and 0 < len(text) <= _LONGEST for text in texts)
        and isinstance(roles, list)
        and len(ticket.roles) <= _MOST_ROLES
        and type(ticket.at) is int
        and type(ticket.until) is int
        and (ticket.unit is None or isinstance(ticket.unit, str))
    )
    if not is_right or not TOKEN.fullmatch(ticket.once):
        raise TicketRefused("shape", key_id)
    return ticket


def _coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decoded(text: str) -> bytes:
    """Read base 64 as it is written here alone: no other text has the same bytes."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
    return raw if _coded(raw) == text else b""
