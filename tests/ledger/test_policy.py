"""Policies: the groups of the specification, and every line that breaks a rule."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.policy import read_policy
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.suites import Ed25519, Ed25519Cosignature
from tests.ledger.vector_sets import rule_of

NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
LOG = SignerKey("example.com/log", Ed25519(), bytes(32)).verifier.text
WITNESSES = [
    SignerKey(f"{name}.example", Ed25519Cosignature(), bytes([number]) * 32).verifier.text
    for number, name in enumerate(NAMES)
]
LINES = "".join(f"witness {n} {key}\n" for n, key in zip(NAMES, WITNESSES, strict=True))
#: The example of C2SP tlog-policy, with keys.
EXAMPLE = f"""log {LOG}

{LINES}
group X-witnesses 2 X1 X2 X3
\t group  Y-witnesses \t any Y1 Y2 Y3  \n  # two kinds of offices
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_the_example_of_the_specification_is_met_exactly_where_it_says() -> None:
    policy = read_policy(EXAMPLE.encode())
    for chosen in itertools.product([False, True], repeat=6):
        cosigned = {name for name, is_in in zip(NAMES, chosen, strict=True) if is_in}
        expected = sum(chosen[:3]) >= 2 and any(chosen[3:])
        assert policy.is_met(cosigned) is expected


def test_nobody_is_asked_where_the_policy_says_so() -> None:
    assert read_policy(b"quorum none\n").is_met(set())
    assert read_policy(EXAMPLE.encode()).logs[0].name == "example.com/log"


def test_bytes_that_are_no_text_may_stand_in_a_comment_alone() -> None:
    assert read_policy(b"# \xff\nquorum none\n").quorum == "none"
    assert (
        rule_of(lambda: read_policy(b"log \xff" + LOG.encode() + b"\nquorum none\n")) == "key.name"
    )


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "policy.quorum"),
        (f"log {LOG}\n", "policy.quorum"),
        ("quorum none", "policy.form"),
        ("quorum none\r\n", "policy.form"),
        ("quorum none\0\n", "policy.form"),
        ("quorum none\nquorum none\n", "policy.quorum"),
        ("quorum nobody\n", "policy.name"),
        ("quorum\n", "policy.line"),
        ("quorum none more\n", "policy.line"),
        ("Quorum none\n", "policy.line"),
        ("quorum\u00a0none\n", "policy.line"),
        (f"log {LOG} url more\nquorum none\n", "policy.line"),
        (f"log {LOG[:-1]}\nquorum none\n", "key.base64"),
        (f"log {LOG}\nlog {LOG}\nquorum none\n", "policy.duplicate"),
        (f"log {WITNESSES[0]}\nquorum none\n", "policy.suite"),
        (f"witness w {LOG}\nquorum w\n", "policy.suite"),
        (f"witness none {WITNESSES[0]}\nquorum none\n", "policy.name"),
        (f"witness w {WITNESSES[0]}\nwitness w {WITNESSES[1]}\nquorum w\n", "policy.name"),
        (f"witness v {WITNESSES[0]}\nwitness w {WITNESSES[0]}\nquorum w\n", "policy.duplicate"),
        (f"quorum X1\n{LINES}", "policy.name"),
        (f"{LINES}group X1 any X2\nquorum X1\n", "policy.name"),
        (f"{LINES}group g any g\nquorum g\n", "policy.name"),
        (f"{LINES}group g any none\nquorum g\n", "policy.name"),
        (f"{LINES}group g any\nquorum g\n", "policy.line"),
        (f"{LINES}group g 0 X1\nquorum g\n", "policy.threshold"),
        (f"{LINES}group g 2 X1\nquorum g\n", "policy.threshold"),
        (f"{LINES}group g 01 X1\nquorum g\n", "policy.threshold"),
        (f"{LINES}group g -1 X1\nquorum g\n", "policy.threshold"),
        (f"{LINES}group g most X1\nquorum g\n", "policy.threshold"),
        (f"{LINES}group g 2 X1 X1\nquorum g\n", "policy.member"),
        (f"{LINES}group g any X1\ngroup h any X1\nquorum g\n", "policy.member"),
        ("# x" * 400_000 + "\nquorum none\n", "policy.form"),
    ],
    ids=lambda value: repr(value[-30:]),
)
def test_a_policy_that_breaks_a_rule_is_refused_with_it(text: str, rule: str) -> None:
    assert rule_of(lambda: read_policy(text.encode())) == rule


def test_groups_in_groups_have_an_end() -> None:
    def chain(length: int) -> bytes:
        lines = [f"group g{n} any g{n - 1}\n" for n in range(1, length)]
        return f"{LINES}group g0 any X1\n{''.join(lines)}quorum g{length - 1}\n".encode()

    assert read_policy(chain(127)).is_met({"X1"})
    assert not read_policy(chain(127)).is_met({"X2"})
    assert rule_of(lambda: read_policy(chain(5000))) == "policy.limit"


def test_the_line_is_named() -> None:
    with pytest.raises(Refused, match="line 2: ") as refused:
        read_policy(b"# first\nnonsense\n")
    assert refused.value.where == "line 2"


@pytest.mark.thorough
@given(st.binary(max_size=60))
def test_no_bytes_do_anything_but_be_read_or_refused(data: bytes) -> None:
    try:
        assert read_policy(data + b"\nquorum none\n").quorum == "none"
    except Refused:
        return
