"""The contract is light, and the pure rooms touch neither file nor socket nor clock."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("flask", "sqlalchemy", "marshmallow", "alembic", "yaml", "babel", "cryptography", "click")
PURE = ("domain", "rules", "ledger", "prompts", "calendar")


def run_program(program: str, root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )


def loaded_by(module: str, root: Path) -> set[str]:
    program = f"import sys, {module}; print('\\n'.join({{n.split('.')[0] for n in sys.modules}}))"
    run = run_program(program, root)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def test_importing_the_contract_loads_pluggy_and_nothing_heavy(root: Path) -> None:
    loaded = loaded_by("cleangov_hooks", root)
    assert "pluggy" in loaded
    assert loaded.isdisjoint(HEAVY)
    assert "cleangov_plugin" not in loaded


def test_the_contract_needs_pluggy_and_the_standard_library_alone(root: Path) -> None:
    ours = loaded_by("cleangov_hooks", root) - loaded_by("pluggy", root) - {"cleangov_hooks"}
    assert ours <= set(sys.stdlib_module_names), ours - set(sys.stdlib_module_names)


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_loads_nothing_heavy(root: Path, room: str) -> None:
    # babel writes numbers and dates in a language; it is no way to a database or a network
    assert loaded_by(f"cleangov_plugin.{room}", root).isdisjoint(set(HEAVY) - {"babel"})


SEALED = """
import builtins, io, os, pkgutil, importlib, sys
import cleangov_plugin
for room in {rooms!r}:
    package = importlib.import_module(f"cleangov_plugin.{{room}}")
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(found.name)
import datetime, json, socket, sqlite3, time, zoneinfo
{prepare}

TOUCHED = []

#: The languages' own data and the zones', read once by the libraries that know them; modules.
LIBRARIES = ("locale-data", "zoneinfo", "tzdata", ".py", ".pyc", "site-packages")

def barred(event, arguments):
    if event == "open" and any(word in str(arguments[0]) for word in LIBRARIES):
        return
    if event in ("open", "socket.connect", "socket.__new__", "subprocess.Popen", "os.system",
                 "os.listdir", "os.scandir", "sqlite3.connect", "os.remove", "os.mkdir"):
        TOUCHED.append((event, str(arguments)[:80]))

class NoClock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        TOUCHED.append(("clock", "datetime.now"))
        return super().now(tz)
    @classmethod
    def utcnow(cls):
        TOUCHED.append(("clock", "datetime.utcnow"))

class NoToday(datetime.date):
    @classmethod
    def today(cls):
        TOUCHED.append(("clock", "date.today"))

def no_time(name):
    def asked(*_):
        TOUCHED.append(("clock", name))
        return 0
    return asked

for name in ("time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"):
    setattr(time, name, no_time("time." + name))
for module in list(sys.modules.values()):
    if getattr(module, "__name__", "").startswith("cleangov_plugin"):
        for name, value in list(vars(module).items()):
            if value is datetime.datetime:
                setattr(module, name, NoClock)
            elif value is datetime.date:
                setattr(module, name, NoToday)
sys.addaudithook(barred)
{use}
print(TOUCHED)
sys.exit(bool(TOUCHED))
"""

#: A real step in every pure room: what is prepared before the seal, and what is done after it.
PREPARE = """
from cleangov_plugin import calendar, ledger, prompts, rules
from cryptography.hazmat.primitives.asymmetric import ed25519  # a library, loaded when one signs
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from tests.rules.rule_building import event, known
DOCUMENTS = load_rulebook(rulebook_folder())
"""
USE = """
from cleangov_plugin.calendar import Calendar
from cleangov_plugin.domain.terms import Phase
from cleangov_plugin.ledger import body, disclosure, leaf, log_proof, note, note_key, policy
from cleangov_plugin.ledger import suites, tree_head
from cleangov_plugin.prompts.panel import Hit, panel
from cleangov_plugin.rules import RuleSet, compile_binding, compile_rule, evaluate, plan
from cleangov_plugin.rules.texts import render

days = Calendar(version=1, first=datetime.date(2026, 3, 1), ordinals=list(range(60)),
                provisional_years=frozenset())
days.working_days_between(datetime.date(2026, 3, 3), datetime.date(2026, 3, 9))
history = (event("2026-03-02T10:00:00+08:00", kind="enf.intent.notified", yuan=800),
           event("2026-03-04T10:00:00+08:00", kind="enf.defence.received"))
record = event(yuan=2000)
bound = []
for document in DOCUMENTS:
    rule = compile_rule(document)
    bound += [(rule, compile_binding(b, rule)) for b in document["bindings"]]
planned = plan(RuleSet(1, tuple(bound)), record.kind, Phase.GATE, on=datetime.date(2026, 3, 10),
               unit=None, step="decide", source="tests")
outcomes = evaluate(planned, record, known(*history, calendar=days)).outcomes
hits = [o for o in outcomes if o.result.value == "hit"]
assert [o.rule_id for o in hits] == ["E07"], outcomes
by_id = {rule.id: rule for rule, _ in bound}
for language in ("zh", "en"):
    assert "800" in render(by_id["E07"], "body", hits[0].values, language)
assert panel([Hit(outcome=o) for o in hits], frozenset())
versions = body.Versions(ruleset=1, calendar=1, contract=1)
encoded = body.encode_body(record, body.Place(lane=1, no=1), versions, outcomes=outcomes)
assert len(leaf.leaf_hash(encoded)) == 32
disclosure.make("name", "value", b"0" * 16)
root = leaf.leaf_hash(encoded)
log = note_key.SignerKey("city.example", suites.SUITES[1], bytes(32))
head = tree_head.write_tree_head(tree_head.TreeHead("city.example", 1, root))
proof = log_proof.LogProof(0, (), note.sign_note(head, [log]))
known = policy.read_policy(f"log {log.verifier.text}\\nquorum none\\n".encode())
assert log_proof.verify_log_proof(log_proof.write_log_proof(proof), root, known).head.size == 1
"""


def sealed(root: Path, prepare: str, use: str) -> subprocess.CompletedProcess[str]:
    return run_program(SEALED.format(rooms=PURE, prepare=prepare, use=use), root)


def test_the_pure_rooms_touch_no_file_socket_or_clock_when_used(root: Path) -> None:
    run = sealed(root, PREPARE, USE)
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]


@pytest.mark.parametrize(
    ("use", "named"),
    [
        ("open('pyproject.toml')", "open"),
        ("socket.socket()", "socket.__new__"),
        ("time.time()", "time.time"),
        ("sqlite3.connect(':memory:')", "sqlite3.connect"),
    ],
)
def test_the_seal_can_break(root: Path, use: str, named: str) -> None:
    run = sealed(root, "", use)
    assert run.returncode == 1
    assert named in run.stdout
