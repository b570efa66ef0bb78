"""ERAS: every personal field is disclosed as it was written, or erased on a basis that is told."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from cleangov_plugin.desk.personal.fields import digests_in, erasure_in
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import IDENTITY_ERASED
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.erasure import KINDS, ErasedField, Erasure, read_erasure
from cleangov_plugin.store import erasures, pseudonyms

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen
from .disclosed import digests_in_order

#: A body may have anything for its kind: in a tuple, what cannot be hashed is looked for as well.
_KINDS: Final = tuple(KINDS)


class Erasures:
    """Follows what is disclosed and what was erased.

    :param connection: the reading connection: what was erased and is not missing is looked up.
    :param log_id: the ledger.
    """

    def __init__(self, connection: Connection, log_id: str) -> None:
        self._connection = connection
        self._log_id = log_id
        #: By lane and number: entry, leaf, and the digests that nothing is disclosed for.
        self._missing: dict[tuple[int, int], tuple[int, int | None, tuple[str, ...]]] = {}
        #: By entry that tells of it: the fields that were not missing when it was read.
        self._erased: list[tuple[int, int | None, ErasedField]] = []
        self._names: dict[str, tuple[int, int | None]] = {}

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Compare disclosures with the digests in bodies, and read what was erased.

        :param slice_: entries.
        """
        some: Sequence[Seen | Gone | Meta] = slice_
        if isinstance(slice_, Run):
            some = [slice_[n] for n in slice_.doubtful]
        for seen in some:
            if type(seen) is not Seen or seen.body is None:
                continue
            if seen.body["kind"] in _KINDS:
                yield from self._told(seen)
            digests, disc = seen.body.get("_sd"), seen.row.disc
            if digests is None and disc is None:
                continue
            found = _digests_of(disc)
            if digests != found or not found:
                yield from self._differ(seen, digests, found)

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Say what is missing and told by no entry, and what was erased and is there again."""
        yield from self._check_erased()
        for row, leaf, digests in self._missing.values():
            yield alarm("field_missing", entry=row, leaf=leaf, number=len(digests))
        if not pseudonyms.may_be_read(self._connection):
            yield Unchecked(code="names")
            return
        nameless = pseudonyms.erased(self._connection, self._log_id)
        for name in sorted(nameless - self._names.keys()):
            # What was verified before is not walked again, but can be looked up by the name.
            told = erasures.of_kinds(self._connection, self._log_id, (IDENTITY_ERASED,), name)
            if not any(erasure_in(row) for row in told):
                yield alarm("name_missing", pseudonym=name)
        for name in sorted(self._names.keys() - nameless):
            if pseudonyms.found(self._connection, self._log_id, name) is not None:
                row, leaf = self._names[name]
                yield alarm("name_again", entry=row, leaf=leaf, pseudonym=name)

    def _differ(self, seen: Seen, digests: Any, found: Sequence[str] | None) -> Iterator[Alarm]:
        """Name what is disclosed and not in the body, and note what is in the body alone."""
        row = seen.row
        wanted = list(digests) if _are_texts(digests) else []
        if digests is not None and not wanted:
            yield alarm("digests_unread", entry=row.row, leaf=seen.leaf)
        strange = 0
        for digest in found if found is not None else _one_by_one(row.disc):
            if digest in wanted:
                wanted.remove(digest)
            else:
                strange += 1
        if strange:
            yield alarm("field_forged", entry=row.row, leaf=seen.leaf, number=strange)
        if wanted:
            self._missing[row.lane, row.no] = (row.row, seen.leaf, tuple(wanted))

    def _told(self, seen: Seen) -> Iterator[Alarm]:
        """Read an entry that tells of an erasure."""
        where = (seen.row.row, seen.leaf)
        try:
            erasure = read_erasure(seen.body or {})
        except ProfileError:
            yield alarm("erasure_unread", entry=where[0], leaf=where[1])
            return
        if not erasure.basis:
            yield alarm("erasure_baseless", entry=where[0], leaf=where[1])
            return
        self._note(erasure, where)

    def _note(self, erasure: Erasure, where: tuple[int, int | None]) -> None:
        if erasure.pseudonym is not None:
            self._names[erasure.pseudonym] = where
        for field in erasure.fields:
            if not self._is_settled(field):
                self._erased.append((*where, field))

    def _is_settled(self, field: ErasedField) -> bool:
        """Take a field from those that are missing; False where it is not among them."""
        place = (field.lane, field.no)
        row, leaf, digests = self._missing.get(place, (0, None, ()))
        if field.digest not in digests:
            return False
        rest = tuple(digest for digest in digests if digest != field.digest)
        if rest:
            self._missing[place] = (row, leaf, rest)
        else:
            del self._missing[place]
        return True

    def _check_erased(self) -> Iterator[Alarm]:
        """Look up what an entry says was erased, and was not found missing before it."""
        left = [each for each in self._erased if not self._is_settled(each[2])]
        places = {(field.lane, field.no) for _, _, field in left}
        rows = {
            (row.lane, row.no): row
            for row in erasures.by_places(self._connection, self._log_id, places)
        }
        for told_by, leaf, field in left:
            row = rows.get((field.lane, field.no))
            if row is None or field.digest not in digests_in(row.body):
                named = {"lane": field.lane, "no": field.no, "field": field.code}
                yield alarm("erasure_of_nothing", entry=told_by, leaf=leaf, **named)
            elif field.digest in _one_by_one(row.disc):
                yield alarm("field_again", entry=row.id, field=field.code, told=told_by)


def _digests_of(disc: str | None) -> list[str] | None:
    """Work out the digests of all disclosures, sorted as in a body; None where one is no text."""
    if not disc:
        return []
    found = [digest.decode("ascii") for digest in digests_in_order(disc)]
    return sorted(found) or None


def _one_by_one(disc: str | None) -> list[str]:
    """Answer digests, and for what has none a word that is no digest."""
    return [disclosure.digest(text) if text.isascii() else "" for text in disclosure.split(disc)]


def _are_texts(digests: Any) -> bool:
    return isinstance(digests, list) and all(isinstance(digest, str) for digest in digests)
