"""A pass is bound to what was asked, and nobody else can write one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cleangov_plugin.desk.keys import Keys, open_keys
from cleangov_plugin.desk.prompting.passes import PassClaim, read, sign

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
CLAIM = PassClaim(
    attempt_id="a-1", digest="ab" * 32, prompt_id="p-1", expires_at=NOW + timedelta(minutes=10)
)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return open_keys(tmp_path)


def test_what_was_signed_can_be_read(keys: Keys) -> None:
    assert read(keys, sign(keys, CLAIM), NOW) == CLAIM


def test_every_changed_character_is_noticed(keys: Keys) -> None:
    token = sign(keys, CLAIM)
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        changed = token[:place] + other + token[place + 1 :]
        found = read(keys, changed, NOW)
        # The last character of base 64 carries unused bits: the same bytes are the same pass.
        assert found is None or (found == CLAIM and place == len(token) - 1)


def test_a_pass_ends(keys: Keys) -> None:
    assert read(keys, sign(keys, CLAIM), NOW + timedelta(minutes=11)) is None


def test_another_key_opens_nothing(keys: Keys, tmp_path: Path) -> None:
    other = open_keys(tmp_path / "other")
    assert read(other, sign(keys, CLAIM), NOW) is None


def test_an_older_key_still_reads_its_passes(keys: Keys, tmp_path: Path) -> None:
    token = sign(keys, CLAIM)
    (tmp_path / "pass-2.key").write_bytes(b"n" * 32)
    assert read(open_keys(tmp_path), token, NOW) == CLAIM


@pytest.mark.parametrize("token", ["", ".", "x", "a.b", "é.b", "e30.e30", "." * 1000])
def test_rubbish_is_no_pass(keys: Keys, token: str) -> None:
    assert read(keys, token, NOW) is None


def test_two_claims_have_two_tokens(keys: Keys) -> None:
    assert sign(keys, CLAIM) != sign(keys, replace(CLAIM, digest="cd" * 32))
