"""The script of thirty lines: it says of a bundle what the program says of it."""

import random
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from cleangov_plugin.desk.evidence import parts
from cleangov_plugin.desk.evidence.verifying import verify_files
from cleangov_plugin.ledger.meta import MetaKind, encode_meta
from cleangov_plugin.ledger.strict import Refused
from tests.desk.evidence.made_log import (
    KEY,
    LOG_ID,
    NOON,
    OTHER,
    RICH,
    MadeLog,
    changed,
    policy,
    rich_log,
    run_script,
    summed,
)

#: Files from which the script works everything out; of the others it knows the sums alone.
PROVEN = ("case.json", "entries", "index")

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl"),
]


def program_says(files: Mapping[str, bytes]) -> bool:
    try:
        verify_files(files, policy())
    except Refused:
        return False
    return True


def test_it_has_thirty_lines_at_most() -> None:
    lines = parts.script().decode().splitlines()
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 130


@pytest.mark.parametrize("case", ["C1", "C2", "C255", "C257", "C298", RICH])
def test_it_accepts_the_cases_of_any_leaf(tmp_path: Path, case: str) -> None:
    assert run_script(tmp_path / "b", rich_log().files(case))


@pytest.mark.parametrize("entries", [1, 2, 5, 254, 255, 256])
def test_it_accepts_logs_of_any_size_and_their_last_entry(tmp_path: Path, entries: int) -> None:
    log = MadeLog([f"C{n}" for n in range(1, entries + 1)])
    assert run_script(tmp_path / "b", log.files(f"C{entries}"))
    assert run_script(tmp_path / "b", log.files("C1"))


@pytest.mark.parametrize("case", ['a"],"path":[x', "〔2026〕第117号", "a b'c$(d)\\e", '","of":["'])
def test_a_case_may_be_called_anything(tmp_path: Path, case: str) -> None:
    files = MadeLog([case, "C1", case]).files(case)
    assert program_says(files)
    assert run_script(tmp_path / "b", files)


def test_another_key_is_not_believed(tmp_path: Path) -> None:
    assert not run_script(tmp_path / "b", rich_log().files(), OTHER.verifier.text)
    assert not run_script(tmp_path / "b", rich_log().files(), KEY.replace("CN-330105", "CN-330106"))


def mutations(number: int, seed: int, only: tuple[str, ...] = ()) -> list[dict[str, bytes]]:
    """Answer bundles with one byte changed, each in any file alike."""
    dice, files = random.Random(seed), rich_log().files()
    names = sorted(name for name in files if not only or name.startswith(only))
    found = []
    for _ in range(number):
        name = dice.choice(names)
        data = bytearray(files[name])
        at = dice.randrange(len(data))
        data[at] ^= dice.randrange(1, 256)
        found.append({**files, name: bytes(data)})
    return found


def test_both_refuse_two_hundred_bundles_of_which_one_byte_was_changed(tmp_path: Path) -> None:
    verdicts = [
        (program_says(files), run_script(tmp_path / "b", files)) for files in mutations(200, 70)
    ]
    assert verdicts == [(False, False)] * 200


def test_both_refuse_them_when_the_sums_were_made_anew(tmp_path: Path) -> None:
    """Whoever changes a byte can make the checksum anew: then only what is proven holds."""
    for files in mutations(12, 71, PROVEN):
        again = summed(files)
        assert not program_says(again)
        assert not run_script(tmp_path / "b", again), [
            name for name in files if files[name] != rich_log().files()[name]
        ]


@pytest.mark.parametrize("name", ["entries/0004", "entries/0001"])
def test_both_refuse_a_case_with_an_entry_left_out(tmp_path: Path, name: str) -> None:
    files = {k: v for k, v in rich_log().files().items() if not k.startswith(name)}
    if name.endswith("1"):
        files = {_earlier(k): v for k, v in files.items()}
    files = changed(files, "case.json", count=3)
    assert not program_says(files)
    assert not run_script(tmp_path / "b", files)


def test_both_refuse_an_older_index_that_leaves_the_newest_entries_out(tmp_path: Path) -> None:
    """The index was signed, and is in the tree; but a newer one is there."""
    old = MadeLog(["C1", RICH, "C2"])
    new = MadeLog(["C1", RICH, "C2"], behind=[rich_log().bodies[5]])
    assert new.bodies[: old.size] == old.bodies
    left_out = ("entries/0002", "own/")
    files = {k: v for k, v in new.files().items() if not k.startswith(left_out)}
    files = changed(files, "case.json", count=1)
    assert not program_says(files)
    assert not run_script(tmp_path / "b", files)


def test_both_accept_what_the_ledger_says_of_itself_behind_the_index(tmp_path: Path) -> None:
    leaf = encode_meta(MetaKind.KEY, LOG_ID, NOON, key="a", before="b").encode()
    files = MadeLog(["C1", RICH, "C2"], behind=[leaf, leaf]).files()
    assert program_says(files)
    assert run_script(tmp_path / "b", files)
    shown = MadeLog(["C1", RICH, "C2"], behind=[rich_log().bodies[5]]).files()
    shown = {k: v for k, v in shown.items() if not k.startswith("entries/0002")}
    shown = changed(shown, "case.json", count=1)
    assert not program_says(shown)
    assert not run_script(tmp_path / "b", shown)


def test_a_file_more_or_less_is_refused_by_both(tmp_path: Path) -> None:
    files = rich_log().files()
    for wrong in (
        {**files, "policy": b"quorum none\n"},
        {name: data for name, data in files.items() if name != "gaps.json"},
    ):
        assert not program_says(wrong)
        assert not run_script(tmp_path / "b", wrong)


def _earlier(name: str) -> str:
    folder, _, rest = name.partition("/")
    return f"{folder}/{int(rest[:4]) - 1:04}{rest[4:]}" if rest else name
