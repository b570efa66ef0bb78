"""Bundles as ZIP bytes: the same files give the same bytes, and every trick breaks a named rule."""

import io
import random
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.evidence_zip import LONGEST_BUNDLE, read_zip, write_zip
from cleangov_plugin.ledger.strict import Refused

FILES = {
    "README.en.txt": b"read me\n" * 40,
    "case.json": b'{"v":1}',
    "entries/0001.json": b"{}",
    "entries/0001.tlog-proof": random.Random(1).randbytes(300),
    "index.json": b"",
}
GOOD = write_zip(FILES)


def rule_of(data: bytes) -> str:
    try:
        read_zip(data)
    except Refused as problem:
        return problem.rule
    return ""


def made(
    *files: tuple[str, bytes],
    change: Callable[[zipfile.ZipInfo], None] = lambda _: None,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Make a ZIP file as others make it, with times and modes as ours has them."""
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, data in files:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = method, (stat.S_IFREG | 0o644) << 16
            change(info)
            archive.writestr(info, data)
    return held.getvalue()


def test_what_is_written_is_read_by_us_and_by_others() -> None:
    assert read_zip(GOOD) == FILES
    assert write_zip(dict(reversed(FILES.items()))) == GOOD
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100644}


def test_what_others_write_in_our_form_is_read() -> None:
    data = made(("case.json", b"{}" * 90), ("index.json", b"x" * 90))
    assert read_zip(data) == {"case.json": b"{}" * 90, "index.json": b"x" * 90}


@pytest.mark.parametrize(
    "name",
    [
        "../head",
        "/head",
        "entries/../head",
        "entries\\0001.json",
        "C:head",
        "HEAD",
        "head ",
        "head\n",
        "entries/00001.json",
        "entries/",
        "case.json/x",
        "policy",
        "key",
        "\u2060head",
        "entries/\u0660001.json",
        "",
    ],
)
def test_68_no_other_name_has_a_place(name: str) -> None:
    assert rule_of(made((name, b"x"))) in ("zip.name", "zip.header")
    with pytest.raises(Refused, match=r"\[zip\.name\]"):
        write_zip({name: b"x"})


def test_68_the_tricks_of_zip_files() -> None:
    def mode(bits: int) -> Callable[[zipfile.ZipInfo], None]:
        return lambda info: setattr(info, "external_attr", bits << 16)

    one, two = ("case.json", b"{}"), ("index.json", b"x")
    assert rule_of(made(one, one)) == "zip.duplicate"
    assert rule_of(made(two, one)) == "zip.order"
    assert rule_of(made(one, change=mode(stat.S_IFLNK | 0o777))) == "zip.link"
    assert rule_of(made(one, change=mode(stat.S_IFREG | 0o755))) == "zip.header"
    assert rule_of(made(one, method=zipfile.ZIP_LZMA)) == "zip.method"
    assert rule_of(made(one, change=lambda info: setattr(info, "comment", b"hi"))) == "zip.header"
    assert rule_of(made(one, change=lambda info: setattr(info, "extra", b"\1\0\0\0"))) in (
        "zip.header",
        "zip.local",
    )
    later = lambda info: setattr(info, "date_time", (2026, 1, 1, 0, 0, 0))  # noqa: E731
    assert rule_of(made(one, change=later)) == "zip.header"
    encrypted = GOOD.replace(struct.pack("<HHH", 20, 0, 8), struct.pack("<HHH", 20, 1, 8))
    assert rule_of(encrypted) == "zip.encrypted"


def test_nothing_stands_before_between_or_behind() -> None:
    assert rule_of(b"\xef\xbb\xbf" + GOOD) == "zip.form"
    assert rule_of(b"MZ" + GOOD) == "zip.form"
    assert rule_of(GOOD + b"\n") == "zip.trailing"
    assert rule_of(GOOD + GOOD) == "zip.end"
    assert rule_of(b"") == "zip.form"
    assert rule_of(made()) == "zip.form"
    for length in range(4, len(GOOD)):
        assert rule_of(GOOD[:length]) in ("zip.truncated", "zip.end", "zip.trailing"), length
    at = GOOD.rindex(b"PK\x05\x06")
    commented = GOOD[:at] + GOOD[at:-2] + b"\x02\x00hi"
    assert rule_of(commented) == "zip.trailing"
    start = GOOD.index(b"PK\x01\x02")
    between = GOOD[:start] + b"hidden" + GOOD[start:]
    moved = between[:-6] + struct.pack("<L", start + 6) + between[-2:]
    assert rule_of(moved) == "zip.local"


@pytest.mark.thorough
def test_bombs_are_not_unpacked() -> None:
    large = made(("replies.json", bytes(17 * 1024 * 1024)))
    assert len(large) < 100_000
    assert rule_of(large) == "zip.size"
    assert rule_of(made(("entries/0001.json", bytes(65_536)))) == "zip.size"
    told = struct.pack("<LLL", zlib.crc32(bytes(900)), 9, 900)
    honest = made(("case.json", bytes(900)))
    assert told not in honest
    size = struct.pack("<L", 900)
    for claimed in (899, 901, 10):
        lying = honest.replace(size, struct.pack("<L", claimed))
        assert rule_of(lying) == "zip.data"
    many = [(f"entries/{n:04}.json", bytes(65_535)) for n in range(1, 1_100)]
    assert rule_of(made(*many)) == "zip.size"
    assert rule_of(b"PK\x03\x04" + bytes(LONGEST_BUNDLE)) == "zip.size"


def test_another_checksum_shows() -> None:
    crc = struct.pack("<L", zlib.crc32(FILES["case.json"]))
    assert rule_of(GOOD.replace(crc, b"\x01\x02\x03\x04")) == "zip.crc"
    assert rule_of(GOOD.replace(crc, b"\x01\x02\x03\x04", 1)) == "zip.local"


def test_no_byte_can_be_changed_without_its_being_refused_or_nothing() -> None:
    dice = random.Random(68)
    for _ in range(4_000):
        data = bytearray(GOOD)
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        if not rule_of(bytes(data)):  # bits behind the end of a deflated file stand for nothing
            assert read_zip(bytes(data)) == FILES


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_and_nothing_else_is_raised(data: bytes) -> None:
    assert rule_of(data)
    assert rule_of(b"PK\x03\x04" + data)
    assert rule_of(GOOD[:-60] + data)
