"""The whole vectors of public specifications: beside the checkout, or where a variable says."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def shared_vectors(name: str) -> Path:
    """Answer the folder of a set, as ``"merkle-proofs"``.

    A plain clone has the copies below `tests/ledger/vectors` alone: without the sets a test is left
    out and says so. Where the variable names a folder, it has to be there.
    """
    named = os.environ.get("CLEANGOV_SHARED_VECTORS")
    folder = Path(named or ROOT.parent / "shared" / "vectors") / name
    if folder.is_dir():
        return folder
    told = f"the set of vectors {name} is not in {folder.parent}"
    if named:
        pytest.fail(told, pytrace=False)
    pytest.skip(f"{told} (set CLEANGOV_SHARED_VECTORS)")
