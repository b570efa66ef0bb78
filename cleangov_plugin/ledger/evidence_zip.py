"""Bundles of evidence as bytes of a ZIP file: one form, which is written and nothing else read.

A ZIP file says everything twice, and readers differ in which they believe. Here the second saying
has to be the first one's, files stand one behind the other in order of their names, and nothing
stands before, between or behind them (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4).
"""

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from .leaf import LONGEST
from .strict import Refused

#: Longest bundle, and most bytes of all its files.
LONGEST_BUNDLE: Final = 32 * 1024 * 1024
MOST_BYTES: Final = 64 * 1024 * 1024
#: Most entries of a case in one bundle: their files have four digits.
MOST_ENTRIES: Final = 9_999

_TEXT: Final = 128 * 1024
_DOCUMENT: Final = 16 * 1024 * 1024
#: What a file may be called, and how many bytes it may have.
_NAMES: Final = tuple(
    (re.compile(pattern, re.ASCII), most)
    for pattern, most in (
        (r"(?:entries|own)/[0-9]{4}\.json|index\.json", LONGEST),
        (r"(?:entries|own)/[0-9]{4}\.tlog-proof|index\.tlog-proof|SHA256SUM", _TEXT),
        (r"README\.(?:en|zh)\.txt|verify\.sh", _TEXT),
        (r"(?:case|clock|disclosures|gaps|replies|rules)\.json", _DOCUMENT),
    )
)
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
#: Version 2.0 is needed; made on Unix, so that the mode of the file is told.
_VERSION: Final = 20
_MADE_BY: Final = 3 << 8 | _VERSION
#: The first day a ZIP file can name: the same files are the same bytes on every day.
_DAY: Final = 1 << 5 | 1
_REGULAR: Final = 0o100644 << 16
_KIND: Final = 0o170000 << 16
_LINK: Final = 0o120000 << 16
_STORED, _DEFLATED = 0, 8
_ENCRYPTED: Final = 1


class _File(NamedTuple):
    """What the list of files says of one."""

    name: bytes
    method: int
    crc: int
    packed: int
    size: int


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """Write files as the bytes of a ZIP file. The same files give the same bytes.

    :param files: bytes by name.
    :return: the bundle.
    :raises Refused: where a name or a length is none that `read_zip` reads.
    """
    body, listing = b"", b""
    for name in sorted(files):
        data, packer = files[name], zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush()
        method = _DEFLATED if len(packed) < len(data) else _STORED
        kept = packed if method == _DEFLATED else data
        file = _File(name.encode("utf-8"), method, zlib.crc32(data), len(kept), len(data))
        listing += _listed(file, len(body))
        body += _local(file) + kept
    number = len(files)
    end = _END.pack(_END_MARK, 0, 0, number, number, len(listing), len(body), 0)
    bundle = body + listing + end
    read_zip(bundle)
    return bundle


def read_zip(data: bytes) -> dict[str, bytes]:
    """Read the files of a bundle.

    :param data: hostile.
    :return: bytes by name, in order of names.
    :raises Refused: where it is not as `write_zip` writes: ``"zip.form"``, ``"zip.size"``,
        ``"zip.truncated"``, ``"zip.trailing"``, ``"zip.end"``, ``"zip.header"``, ``"zip.name"``,
        ``"zip.duplicate"``, ``"zip.order"``, ``"zip.encrypted"``, ``"zip.link"``,
        ``"zip.method"``, ``"zip.local"``, ``"zip.data"``, ``"zip.crc"``.
    """
    if len(data) > LONGEST_BUNDLE:
        raise Refused("zip.size", f"a bundle has at most {LONGEST_BUNDLE} bytes.")
    if not data.startswith(_LOCAL_MARK):
        raise Refused("zip.form", "these bytes do not begin as a bundle does.")
    number, start = _end(data)
    found: dict[str, bytes] = {}
    at, total = 0, 0
    for file in _listing(data, start, number):
        name = _check_name(file, found)
        total += file.size
        if total > MOST_BYTES:
            raise Refused("zip.size", f"the files have more than {MOST_BYTES} bytes.")
        head = _local(file)
        begin, end = at + len(head), at + len(head) + file.packed
        if data[at:begin] != head or end > start:
            told = "what stands before the file is not what the list says of it."
            raise Refused("zip.local", told, where=name)
        found[name] = _unpacked(file, data[begin:end], name)
        at = end
    if at != start:
        raise Refused("zip.local", "there are bytes that belong to no file.")
    return found


def _end(data: bytes) -> tuple[int, int]:
    """Read the record at the end; answer how many files there are, and where their list begins."""
    at = len(data) - _END.size
    place = data.rfind(_END_MARK)
    if at < 0 or place < 0:
        raise Refused("zip.truncated", "the end of the bundle is missing.")
    if place != at:
        raise Refused("zip.trailing", "the bundle does not end where it says that it ends.")
    _, disk, first, here, number, size, start, comment = _END.unpack_from(data, at)
    if disk or first or comment or here != number or start + size != at:
        raise Refused("zip.end", "the end of the bundle does not fit its list of files.")
    return number, start


def _listing(data: bytes, start: int, number: int) -> Iterator[_File]:
    at, place = start, 0
    for _ in range(number):
        if len(data) - at < _CENTRAL.size + _END.size:
            raise Refused("zip.truncated", "the list of files is cut off.")
        (mark, _, _, flags, method, _, _, crc, packed, size, length, *_, mode, _) = (
            _CENTRAL.unpack_from(data, at)
        )
        name = data[at + _CENTRAL.size : at + _CENTRAL.size + length]
        file, where = _File(name, method, crc, packed, size), repr(name[:40])
        if mark != _CENTRAL_MARK:
            raise Refused("zip.truncated", "the list of files is cut off.")
        if flags & _ENCRYPTED:
            raise Refused("zip.encrypted", "nothing of a bundle is encrypted.", where=where)
        if mode & _KIND == _LINK:
            raise Refused("zip.link", "a bundle has no links.", where=where)
        if method not in (_STORED, _DEFLATED):
            raise Refused("zip.method", "files are stored or deflated.", where=where)
        _known(name, size)
        line = _listed(file, place)
        if data[at : at + len(line)] != line:
            told = "the list says more of a file, or other things, than a bundle does."
            raise Refused("zip.header", told, where=where)
        yield file
        place += len(_local(file)) + packed
        at += len(line)
    if at + _END.size != len(data):
        raise Refused("zip.end", "the list has more files than it says.")


def _check_name(file: _File, found: dict[str, bytes]) -> str:
    name = file.name.decode("ascii")
    if name in found:
        raise Refused("zip.duplicate", "a file stands twice.", where=name)
    if found and name < next(reversed(found)):
        raise Refused("zip.order", "files stand in order of their names.", where=name)
    return name


def _known(name: bytes, size: int) -> None:
    text = name.decode("latin-1")
    for pattern, most in _NAMES:
        if pattern.fullmatch(text):
            if size > most:
                raise Refused("zip.size", f"this file has at most {most} bytes.", where=text)
            return
    raise Refused("zip.name", "no file of a bundle is called so.", where=repr(text[:60]))


def _unpacked(file: _File, packed: bytes, name: str) -> bytes:
    data = packed
    if file.method == _DEFLATED:
        opener = zlib.decompressobj(-15)
        try:
            data = opener.decompress(packed, file.size + 1)
        except zlib.error:
            raise Refused("zip.data", "the file cannot be unpacked.", where=name) from None
        if not opener.eof or opener.unused_data:
            raise Refused("zip.data", "the file is longer or shorter than it says.", where=name)
    if len(data) != file.size:
        raise Refused("zip.data", "the file is longer or shorter than it says.", where=name)
    if zlib.crc32(data) != file.crc:
        raise Refused("zip.crc", "the file has another checksum.", where=name)
    return data


def _local(file: _File) -> bytes:
    fixed = (_VERSION, 0, file.method, 0, _DAY, file.crc, file.packed, file.size)
    return _LOCAL.pack(_LOCAL_MARK, *fixed, len(file.name), 0) + file.name


def _listed(file: _File, place: int) -> bytes:
    fixed = (_MADE_BY, _VERSION, 0, file.method, 0, _DAY, file.crc, file.packed, file.size)
    rest = (len(file.name), 0, 0, 0, 0, _REGULAR, place)
    return _CENTRAL.pack(_CENTRAL_MARK, *fixed, *rest) + file.name
