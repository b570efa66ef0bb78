"""Lines of the receipt journal: one receipt has one line, and nothing else is one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger import canonical
from cleangov_plugin.ledger.receipt_line import LONGEST, Receipt, read_receipt, write_receipt
from cleangov_plugin.ledger.strict import Refused

AT = "2026-03-10T04:00:00.000000Z"
RECEIPT = Receipt(log_id='城 "1"\\', lane=3, no=17, leaf=bytes(range(32)), at=AT)
LINE = write_receipt(RECEIPT)


def test_a_line_is_canonical_json_and_comes_back() -> None:
    assert read_receipt(LINE) == RECEIPT
    assert canonical.decode(LINE.removesuffix(b"\n")) == json.loads(LINE)
    assert LINE.count(b"\n") == 1


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.integers(0, 2**53 - 1))
def test_any_ledger_comes_back(log_id: str, no: int) -> None:
    receipt = Receipt(log_id=log_id, lane=0, no=no, leaf=bytes(32), at=AT)
    assert read_receipt(write_receipt(receipt)) == receipt


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        LINE.removesuffix(b"\n"),
        LINE + b"\n",
        LINE[:-40] + b"\n",
        b" " + LINE,
        LINE.replace(b":17", b":017"),
        LINE.replace(b":17", b":-17"),
        LINE.replace(b":17", b":1e1"),
        LINE.replace(b'"hash":"00', b'"hash":"'),
        LINE.replace(b'"hash":"0001', b'"hash":"000G'),
        LINE.replace(b'"lane"', b'"Lane"'),
        LINE.replace("城".encode(), b"\xff"),
        LINE.replace("城".encode(), b"\\u57ce"),
        LINE.replace("城".encode(), b"\\x"),
        LINE.replace(b"\n", b"\r\n"),
        bytes(100),
    ],
)
def test_anything_else_is_refused(line: bytes) -> None:
    with pytest.raises(Refused, match=r"receipt\.line"):
        read_receipt(line)


def test_no_line_is_longer_than_what_is_appended_at_once() -> None:
    longest = Receipt(log_id="x" * LONGEST, lane=0, no=1, leaf=bytes(32), at=AT)
    with pytest.raises(Refused, match=r"receipt\.length"):
        write_receipt(longest)
