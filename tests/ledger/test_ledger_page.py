"""docs/ledger.md: its example is computed, its commands are run, and they can fail."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from cleangov_plugin import ledger
from cleangov_plugin.ledger.body import Place, encode_body
from cleangov_plugin.ledger.leaf import NO_PREDECESSOR, leaf_hash
from cleangov_plugin.ledger.log_proof import LogProof, write_log_proof
from cleangov_plugin.ledger.merkle_proof import inclusion_proof
from cleangov_plugin.ledger.note import sign_note
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.suites import Ed25519
from cleangov_plugin.ledger.tree import root_of
from cleangov_plugin.ledger.tree_head import TreeHead, write_tree_head
from tests.ledger.sample_bodies import BARE, ONE

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "ledger.md"
BEGIN, END = "<!-- worked example: begin -->\n", "<!-- worked example: end -->"
LOG = SignerKey("city.example/cleangov", Ed25519(), sha256(b"a worked example").digest())
SCRIPT = r"""set -eu
bytes() { openssl base64 -d -A; }
sha() { openssl dgst -sha256 -binary; }
receipt=receipt.tlog-proof
index=$(sed -n 's/^index //p' "$receipt")
sed '1,/^index /d;/^$/,$d' "$receipt" > path    # the hashes, leaf to root
sed '1,/^$/d' "$receipt" > head                 # the signed tree head
sed '/^$/,$d' head > text                       # what of it is signed
origin=$(sed -n 1p text) size=$(sed -n 2p text)

# 1. The log of the policy has signed this head.
key=$(sed -n "s|^log $origin+[0-9a-f]*+||p" policy)
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'  # DER: an Ed25519 key follows
  printf '%s' "$key" | bytes | tail -c 32; } > key
sed -n "s|^— $origin ||p" head | bytes | tail -c 64 > signature
openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature

# 2. The leaf, and from it up to the root.
{ printf '\000'; cat entry.json; } | sha > node
last=$((size - 1))
[ "$index" -le "$last" ]
while read -r hash; do
  [ "$last" -gt 0 ]
  printf '%s' "$hash" | bytes > sibling
  if [ $((index % 2)) = 1 ] || [ "$index" = "$last" ]; then
    { printf '\001'; cat sibling node; } | sha > up
    while [ $((index % 2)) = 0 ] && [ "$index" -gt 0 ]; do
      index=$((index / 2)) last=$((last / 2))
    done
  else
    { printf '\001'; cat node sibling; } | sha > up
  fi
  mv up node
  index=$((index / 2)) last=$((last / 2))
done < path
[ "$last" = 0 ]
[ "$(openssl base64 -A < node)" = "$(sed -n 3p text)" ]
echo "entry.json is in $origin"
"""


def bodies() -> list[bytes]:
    """Answer three entries of one lane, each naming the one before."""
    made: list[bytes] = []
    prev = NO_PREDECESSOR
    for number in (1, 2, 3):
        made.append(encode_body(replace(BARE, event_id=f"E{number}"), Place(0, number, prev), ONE))
        prev = leaf_hash(made[-1])
    return made


def files() -> dict[str, bytes]:
    """Answer the files of the receipt."""
    leaves = [leaf_hash(body) for body in bodies()]
    head = sign_note(write_tree_head(TreeHead(LOG.name, 3, root_of(leaves))), [LOG])
    hashes = inclusion_proof(1, 3, lambda level, n: root_of(leaves[n << level : n + 1 << level]))
    return {
        "entry.json": bodies()[1],
        "receipt.tlog-proof": write_log_proof(LogProof(1, tuple(hashes), head)),
        "policy": f"log {LOG.verifier.text}\nquorum none\n".encode(),
    }


def example() -> str:
    """Answer the part of the page that is computed."""
    parts = []
    for name, data in files().items():
        parts.append(f"`{name}`:\n```\n{data.decode().removesuffix(chr(10))}\n```\n")
    leaf, *_ = (leaf_hash(body).hex() for body in bodies()[1:])
    parts.append(f"Its leaf hash is\n`{leaf}`. Now, with openssl and coreutils:\n")
    parts.append(f"```sh\n{SCRIPT}```\n")
    return "\n".join(parts)


def parted() -> tuple[str, str, str]:
    before, begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    shown, end, after = rest.partition(END)
    assert begin
    assert end
    return before + begin, shown, end + after


def test_the_example_on_the_page_is_what_is_computed() -> None:
    before, shown, after = parted()
    if os.environ.get("CLEANGOV_WRITE_DOCS"):
        PAGE.write_text(f"{before}\n{example()}\n{after}", encoding="utf-8")
        shown = parted()[1]
    assert shown == f"\n{example()}\n", "run: CLEANGOV_WRITE_DOCS=1 with this test"


def run_script(folder: Path, changed: dict[str, bytes]) -> subprocess.CompletedProcess[str]:
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl on this machine")
    for name, data in {**files(), **changed}.items():
        (folder / name).write_bytes(data)
    script = parted()[1].partition("```sh\n")[2].partition("```")[0]
    return subprocess.run(
        ["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_commands_of_the_page_accept_the_receipt(tmp_path: Path) -> None:
    run = run_script(tmp_path, {})
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("entry.json is in city.example/cleangov\n")


OTHER = SignerKey(LOG.name, Ed25519(), bytes(32)).verifier.text


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("entry.json", b"enf.decision.made", b"enf.decision.maid"),
        ("receipt.tlog-proof", b"index 1", b"index 0"),
        ("receipt.tlog-proof", b"index 1", b"index 3"),
        ("receipt.tlog-proof", b"cleangov\n3\n", b"cleangov\n4\n"),
        ("receipt.tlog-proof", b"=\n\ncity", b"=\n" + b"A" * 43 + b"=\n\ncity"),
        ("policy", LOG.verifier.text.encode(), OTHER.encode()),
        ("policy", b"log city", b"log town"),
    ],
)
def test_the_commands_of_the_page_refuse_a_change(
    tmp_path: Path, name: str, old: bytes, new: bytes
) -> None:
    data = files()[name]
    assert data.count(old) == 1
    run = run_script(tmp_path, {name: data.replace(old, new)})
    assert run.returncode != 0
    assert "entry.json is in" not in run.stdout


def test_the_program_of_the_page_says_the_same(tmp_path: Path) -> None:
    for name, data in files().items():
        (tmp_path / name).write_bytes(data)
    program = PAGE.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.stdout == "city.example/cleangov 3\n", run.stderr


def test_every_module_and_function_the_page_names_is_there() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("## The functions")[2]
    room = Path(str(ledger.__file__)).parent
    code = "".join(path.read_text(encoding="utf-8") for path in room.glob("*.py"))
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
    for modules, functions in rows:
        for module in modules.split("`")[1::2]:
            assert (room / f"{module}.py").is_file(), module
        for name in functions.split("`")[1::2]:
            word = name.rpartition(".")[2]
            assert (
                f"def {word}(" in code
                or f"class {word}" in code
                or word in ("SUITES", "{**SUITES, byte: suite}")
            ), name
