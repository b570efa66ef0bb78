"""Every set of shared vectors is run by a test that is named here, or tests nothing of ours."""

from pathlib import Path

import pytest

from tests.ledger.vector_sets import VECTORS
from tests.support.shared_vectors import shared_vectors

HERE = Path(__file__).parent
#: By set: the modules that run it, and a file of it that each of them names.
RUN_BY = {
    "ed25519": {"test_note": "rfc8032_7_1.json"},
    "jcs-rfc8785": {
        "test_canonical": ".input.json",
        "test_further_vectors": "es6_numbers_appendixB.json",
        "test_every_set_of_vectors": "outhex",
    },
    "merkle-proofs": {"test_merkle_proof": "merkle-proofs/packed.json"},
    "sd-jwt": {
        "test_further_vectors": "sd-jwt/packed.json",
        "test_disclosure": "rfc9901_disclosure.json",
    },
    "signed-note": {"test_note": "go_note_open.json"},
    "tlog-checkpoint": {"test_tree_head": "go_formats_unmarshal.json"},
    "tlog-proof": {"test_log_proof": "go_formats.json"},
    "tlog-tiles": {"test_tiles": "go_tile_paths.json"},
}
#: Sets for something that is not here, and what that is.
OF_NOTHING = {
    "rfc3797": "choosing people or files by lot (MD5 by definition): nothing is drawn here",
    "rivest-sampler": "drawing a sample for an audit: nothing is drawn here",
}


def test_every_set_is_run_or_said_to_be_of_nothing_here() -> None:
    there = {path.name for path in shared_vectors("ed25519").parent.iterdir() if path.is_dir()}
    assert there == {*RUN_BY, *OF_NOTHING}


@pytest.mark.parametrize(("name", "modules"), RUN_BY.items(), ids=list(RUN_BY))
def test_the_modules_that_are_named_run_the_set(name: str, modules: dict[str, str]) -> None:
    for module, file in modules.items():
        assert file in (HERE / f"{module}.py").read_text(encoding="utf-8"), (name, module)


def test_the_pairs_of_rfc_8785_are_the_originals_to_the_byte() -> None:
    folder = shared_vectors("jcs-rfc8785")
    names = {path.stem for path in (folder / "input").iterdir()}
    assert names == {path.name.partition(".")[0] for path in VECTORS.glob("*.input.json")}
    for name in names:
        for kind in ("input", "output"):
            copy = (VECTORS / f"{name}.{kind}.json").read_bytes()
            assert copy == (folder / kind / f"{name}.json").read_bytes()
        told = (folder / "outhex" / f"{name}.txt").read_text(encoding="utf-8")
        assert bytes.fromhex(told) == (VECTORS / f"{name}.output.json").read_bytes()
