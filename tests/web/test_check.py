"""The page on which anybody checks a receipt: good ones, forged ones, and rubbish."""

import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.desk.evidence.receipts import Receipt, finder, receipt
from cleangov_plugin.desk.sealed.outside import Outside, signer_of
from cleangov_plugin.desk.sealed.sealing import seal
from cleangov_plugin.web.check_page import LARGEST
from tests.support.page_check import Checked
from tests.support.review_city import CASE, city
from tests.support.small_city import TODAY
from tests.support.small_host import SmallHost


class Sealed:
    """A city whose records were sealed, and receipts of them."""

    def __init__(self, host: SmallHost, folder: Path) -> None:
        self.host, self.desk = host, host.plugin.desk
        self.heads = folder / "heads"
        self.desk.settings = replace(
            self.desk.settings, heads=str(self.heads), keys=str(folder / "tree-keys")
        )
        self.keys = folder / "tree-keys"
        self.log_id = self.desk.host.agency().id
        self.outside = Outside(self.heads, self.log_id)

    def seal(self) -> None:
        signer = signer_of(self.keys, self.log_id, is_made=True)
        assert signer is not None
        seal(self.desk.database, self.outside, signer, lambda: TODAY + timedelta(days=1))

    def receipt(self, row: int = 3) -> Receipt:
        find = finder(row=row, event=None, lane=None, no=None)
        assert find is not None
        return receipt(self.desk.database, self.heads, find, asked="it", keys=self.keys)

    def get(self, **given: Any) -> Checked:
        return self.read(self.host.app.test_client().get("/cleangov/check", query_string=given))

    def post(self, receipt_: str = "", entry: str = "", **files: bytes) -> Checked:
        fields: dict[str, Any] = {"cleangov_receipt": receipt_, "cleangov_entry": entry}
        fields |= {f"cleangov_{k}": (io.BytesIO(v), "a.txt") for k, v in files.items()}
        return self.read(self.host.app.test_client().post("/cleangov/check", data=fields))

    def read(self, response: Any) -> Checked:
        assert response.status_code == 200, response.text
        page = Checked(response.text)
        assert page.problems == []
        assert "script" not in response.text
        return page


@pytest.fixture
def sealed(database_url: str, tmp_path: Path) -> Iterator[Sealed]:
    host = city(database_url, tmp_path)
    host.who, host.tongue = None, "en"
    found = Sealed(host, tmp_path)
    found.seal()
    yield found
    host.close()


def mark(page: Checked) -> str:
    (status,) = page.found("p", role="status")
    return re.sub(r"\s+", " ", status.text).strip()


def test_anybody_sees_the_newest_head_and_the_key(sealed: Sealed) -> None:
    page = sealed.get()
    assert sealed.receipt().head.head.root.hex() in page.text
    assert sealed.receipt().key in page.text
    assert "You are" not in page.text
    assert not page.found("p", role="status")
    zh = sealed.get(cleangov_language="zh-CN")
    assert "核对回执" in zh.text
    assert "English" in zh.text


def test_a_genuine_receipt_is_genuine_and_shows_nothing_of_the_entry(sealed: Sealed) -> None:
    made = sealed.receipt()
    for given in (
        {"receipt_": made.paper()},
        {"receipt_": made.paper().replace("\n", "\r\n").strip()},
        {"receipt_": made.proof.decode(), "entry": made.hash.hex()},
        {"receipt_file": made.proof, "entry": made.hash.hex().upper()},
        {"receipt_file": b"\xef\xbb\xbf" + made.paper().encode()},
    ):
        page = sealed.post(**given)  # type: ignore[arg-type]
        assert mark(page).startswith("Genuine"), given
        assert "The hash was checked" in mark(page)
        assert CASE not in page.text
        assert made.hash.hex() in page.text
    body = made.place.body
    for given in ({"entry": body}, {"entry": body + "\r\n"}, {"entry_file": body.encode()}):
        page = sealed.post(receipt_=made.paper(), **given)  # type: ignore[arg-type]
        assert "to the byte" in mark(page)
        assert CASE not in page.text


def test_a_receipt_stays_genuine_as_the_ledger_grows(sealed: Sealed) -> None:
    made = sealed.receipt()
    sealed.host.case = CASE
    for number in range(5):
        sealed.host.write(sealed.host.event("enf.intent.notified", 800, id=f"later-{number}"))
        sealed.seal()
    assert mark(sealed.post(made.paper())).startswith("Genuine")
    assert sealed.receipt().head.head.size > made.head.head.size


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (rb"index (\d+)", rb"index 9", "inclusion.root"),
        (rb"index (\d+)", rb"index 999999", "inclusion.index"),
        (rb"\n(\d+)\n(\S{44})\n\n", rb"\n77\n\2\n\n", "note.signature"),
        (rb"(?m)^([A-Za-z0-9+/]{43}=\n)", b"", "inclusion.length"),
        (rb"index (\d+)", rb"index 0\1", "proof.index"),
    ],
)
def test_a_forged_receipt_is_not_genuine(sealed: Sealed, old: bytes, new: bytes, rule: str) -> None:
    made = sealed.receipt()
    forged = re.sub(old, new, made.proof, count=1)
    assert forged != made.proof
    said = mark(sealed.post(forged.decode(), made.hash.hex()))
    assert said.startswith("Not genuine")
    assert rule in said


def test_another_entry_than_the_receipts_is_told(sealed: Sealed) -> None:
    made = sealed.receipt()
    changed = made.place.body.replace('"no":3', '"no":4')
    assert changed != made.place.body
    for entry in (changed, "00" * 32, made.place.body + " ", "x"):
        assert mark(sealed.post(made.paper(), entry)).startswith("Not genuine")


def test_what_cannot_be_checked_is_said_to_be_so(sealed: Sealed) -> None:
    made = sealed.receipt()
    for text in ("", "hello", "c2sp.org/tlog-proof@v2\n", "\x00\ud7ff"):
        assert mark(sealed.post(text, made.hash.hex())).startswith("Cannot be checked")
    assert "bring the entry" in mark(sealed.post(made.proof.decode()))
    away = made.proof.replace(b"cleangov/", b"elsewhere/")
    assert "another ledger" in mark(sealed.post(away.decode(), made.hash.hex()))
    (sealed.outside.own / "checkpoint").unlink()
    assert "cannot be read just now" in mark(sealed.post(made.paper()))
    assert "No head is published here" in sealed.get().text
    sealed.desk.settings = replace(sealed.desk.settings, heads="")
    if not sealed.desk.database.is_sqlite:
        assert "no place of the heads" in mark(sealed.post(made.paper()))


def test_a_ledger_that_was_rewritten_or_put_back_is_told(sealed: Sealed, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    shutil.copytree(sealed.heads, kept)
    sealed.host.case = CASE
    sealed.host.write(sealed.host.event("enf.intent.notified", 800, id="later"))
    sealed.seal()
    made = sealed.receipt()
    shutil.rmtree(sealed.heads)
    shutil.copytree(kept, sealed.heads)
    assert "newer than the newest published" in mark(sealed.post(made.paper()))
    tile = next((sealed.outside.own / "tile/0/000.p").iterdir())
    tile.write_bytes(bytes(len(tile.read_bytes())))
    assert "was rewritten" in mark(sealed.post(_under_kept(sealed, made)))
    shutil.rmtree(sealed.outside.own / "tile")
    assert mark(sealed.post(_under_kept(sealed, made))).startswith("Cannot be checked")


def _under_kept(sealed: Sealed, made: Receipt) -> str:
    """Answer the receipt under the head that is outside now."""
    find = finder(row=made.place.row, event=None, lane=None, no=None)
    assert find is not None
    return receipt(sealed.desk.database, sealed.heads, find, asked="it").paper()


def test_too_much_is_refused_before_it_is_read(sealed: Sealed) -> None:
    client = sealed.host.app.test_client()
    large = client.post("/cleangov/check", data={"cleangov_receipt": "x" * LARGEST})
    assert large.status_code == 413
    assert "64 KB" in large.text
    endless = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    unsaid = client.post("/cleangov/check", environ_overrides=endless)
    assert unsaid.status_code in (200, 413)
    assert "Genuine" not in unsaid.text


def test_switched_off_and_failing_it_says_so(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from cleangov_plugin.web import check_page

    def fails(*_: Any) -> None:
        raise RuntimeError("a receipt of somebody")

    monkeypatch.setattr(check_page, "check", fails)
    client = sealed.host.app.test_client()
    assert client.post("/cleangov/check", data={"cleangov_receipt": "x"}).status_code == 503
    assert "somebody" not in caplog.text
    monkeypatch.setattr(type(sealed.desk.host), "switched_off", lambda _: True)
    assert client.get("/cleangov/check").status_code == 503
