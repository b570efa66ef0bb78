"""Vectors of RFC 8785's numbers and of SD-JWT's cases; and the copies are the originals."""

import json
import struct
from typing import Any

import pytest
import yaml

from cleangov_plugin.ledger.canonical import LARGEST, ProfileError, decode, encode
from cleangov_plugin.ledger.disclosure import digest, join, make, read, split
from tests.ledger.vector_sets import VECTORS, load
from tests.support.shared_vectors import shared_vectors

NUMBERS: list[dict[str, Any]] = load("jcs-rfc8785/es6_numbers_appendixB.json")
PATTERNS: list[str] = load("jcs-rfc8785/es6_numbers_generator.json")["static_u64_hex"]
SPECIFICATIONS: dict[str, str] = load("sd-jwt/packed.json")


def double(pattern: str) -> float:
    (value,) = struct.unpack(">d", bytes.fromhex(pattern.zfill(16)))
    return float(value)


@pytest.mark.parametrize("vector", NUMBERS, ids=lambda vector: vector["hex"])
def test_a_number_of_appendix_b_is_written_as_there_or_is_outside_the_profile(
    vector: dict[str, Any],
) -> None:
    value, expected = double(vector["hex"]), vector["expected"]
    with pytest.raises(ProfileError, match="float"):
        encode(value)
    if expected is None or not value.is_integer() or abs(value) > LARGEST:
        for text in {expected or str(value)}:
            with pytest.raises(ProfileError):
                decode(text.encode())
    else:
        assert encode(int(value)) == expected.encode()
        assert decode(expected.encode()) == value


def test_whole_numbers_of_the_generator_are_written_in_digits_and_the_others_refused() -> None:
    inside = 0
    for pattern in PATTERNS:
        value = double(pattern)
        with pytest.raises(ProfileError, match="float"):
            encode(value)
        if value.is_integer() and abs(value) <= LARGEST:
            assert encode(int(value)) == str(int(value)).encode()
            inside += 1
    assert inside == 8  # of 168: the file is about fractions and extremes


class Sd(str):
    """The name of a member that may be disclosed alone."""


class Loader(yaml.SafeLoader):
    """Reads the specifications of sd-jwt-python; `!sd` marks what is disclosed one by one."""


def marked(loader: Loader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        resolved = loader.resolve(yaml.ScalarNode, node.value, (True, False))
        value = loader.construct_object(yaml.ScalarNode(resolved, node.value), deep=True)
        return Sd(value) if isinstance(value, str) else value
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]


Loader.add_constructor("!sd", marked)


def fields(claims: Any) -> list[tuple[str, str]]:
    """Answer the named members that the case wants disclosed one by one; values as JSON text."""
    found = []
    if isinstance(claims, dict):
        for name, value in claims.items():
            if isinstance(name, Sd):
                is_text = isinstance(value, str)
                found.append((str(name), value if is_text else json.dumps(value, default=str)))
            found += fields(value)
    elif isinstance(claims, list):
        found += [field for item in claims for field in fields(item)]
    return found


CASES = {
    path: fields(yaml.load(text, Loader)["user_claims"]) for path, text in SPECIFICATIONS.items()
}


@pytest.mark.parametrize("path", CASES)
def test_the_fields_of_a_case_are_disclosed_one_without_the_others(path: str) -> None:
    made = [make(name, value, bytes([n]) * 16) for n, (name, value) in enumerate(CASES[path])]
    digests = {digest_ for _, digest_ in made}
    assert len(digests) == len(made)
    column = split(join([disclosure for disclosure, _ in made]))
    for shown, field in zip(column, CASES[path], strict=True):
        assert read(shown) == field
        assert digest(shown) in digests
        other = make(field[0], field[1] + "?", bytes(16))[0]
        assert digest(other) not in digests


def test_most_cases_have_fields_of_the_kind_that_entries_have() -> None:
    # The others disclose items of lists, which entries do not: a list there is one field.
    assert sum(map(bool, CASES.values())) >= 18
    assert sum(map(len, CASES.values())) == 135


#: Sets whose files are copied as they are; the others are packed into one file.
COPIED = ("signed-note", "tlog-checkpoint", "tlog-tiles", "tlog-proof", "jcs-rfc8785", "ed25519")


@pytest.mark.parametrize("name", COPIED)
def test_a_copied_file_is_the_original(name: str) -> None:
    folder = shared_vectors(name)
    for path in (VECTORS / name).glob("*.json"):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_the_packed_sets_are_the_originals() -> None:
    folder = shared_vectors("sd-jwt")
    for path, text in SPECIFICATIONS.items():
        assert text == (folder / path).read_text(encoding="utf-8")
    folder = shared_vectors("merkle-proofs")
    for path, vector in load("merkle-proofs/packed.json").items():
        assert vector == json.loads((folder / path).read_text(encoding="utf-8"))
    folder = shared_vectors("jcs-rfc8785")
    for path in VECTORS.glob("*.output.json"):
        name = path.name.partition(".")[0]
        assert path.read_bytes() == (folder / "output" / f"{name}.json").read_bytes()
        text = (folder / "outhex" / f"{name}.txt").read_text(encoding="ascii")
        assert path.read_bytes() == bytes.fromhex("".join(text.split()))
