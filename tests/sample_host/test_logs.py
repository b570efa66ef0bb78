"""The excerpts of the public logs: whole cases of the originals, and run only where a plugin is."""

import gzip
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sample_host.logs import make_excerpts, replaying
from sample_host.logs.make_excerpts import EXCERPTS, excerpt, pack
from tests.support.shared_data import FILES, shared_log

FOLDER = Path(make_excerpts.__file__).parent


def cases(name: str) -> Iterator[ElementTree.Element]:
    root = ElementTree.fromstring(gzip.decompress((FOLDER / name).read_bytes()))
    return (child for child in root if child.tag.endswith("trace"))


@pytest.mark.parametrize(
    ("name", "count", "events"),
    [("road-traffic-fines.xes.gz", 408, 1496), ("receipt.xes.gz", 204, 1204)],
)
def test_an_excerpt_holds_whole_cases_with_names_steps_and_times(
    name: str, count: int, events: int
) -> None:
    found = list(cases(name))
    assert len(found) == count
    names = [case.find("{*}string[@key='concept:name']") for case in found]
    assert len({name.get("value") for name in names if name is not None}) == count
    steps = [event for case in found for event in case.iter() if event.tag.endswith("event")]
    assert len(steps) == events
    for event in steps:
        keys = {child.get("key") for child in event}
        assert {"concept:name", "time:timestamp"} <= keys


def test_readme_says_what_is_there() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name, _, kept in EXCERPTS:
        assert f"| `{name}` | {kept} |" in readme
    assert "10.4121/uuid:270fd440-1057-4fb9-89a9-b699b47990f5" in readme
    assert "10.4121/12709127" in readme


LOG = b"""<log>
\t<float key="meta_time:max" value="2"/>
\t<float key="meta_org:x" value="2">
\t\t<float key="a" value="1"/>
\t</float>
\t<string key="concept:name" value="l"/>
\t<trace>1</trace>
\t<trace>2</trace>
\t<trace>3</trace>
\t<trace>4</trace>
</log>
"""


def test_cases_are_spread_evenly_and_copied_as_they_are() -> None:
    kept = excerpt(LOG, 3)
    assert re.findall(rb"<trace>(\d)</trace>", kept) == [b"1", b"2", b"3"]
    assert b"meta_" not in kept
    assert kept.startswith(b'<log>\n\t<string key="concept:name" value="l"/>\n\t<trace>1')
    assert kept.endswith(b"</trace>\n</log>\n")
    assert b"<trace>3" in excerpt(LOG, 2)
    with pytest.raises(ValueError, match="5 cases were wanted, the log has 4"):
        excerpt(LOG, 5)


def test_the_same_bytes_are_packed_alike() -> None:
    assert pack(LOG) == pack(LOG)
    assert gzip.decompress(pack(LOG)) == LOG


@pytest.mark.parametrize(("name", "source", "kept"), EXCERPTS)
def test_the_excerpts_are_what_the_script_makes(name: str, source: str, kept: int) -> None:
    (known,) = (log for log, path in FILES.items() if path.endswith(source))
    path = shared_log(known)
    made = excerpt(gzip.decompress(path.read_bytes()), kept)
    assert gzip.decompress((FOLDER / name).read_bytes()) == made


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A command line in the plugin's place: it writes down how it was called."""
    monkeypatch.setattr(replaying, "_COMMAND", "stand_in")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    path = tmp_path / "stand_in.py"
    path.write_text(
        "import json, os, sys\n"
        f"with open({str(tmp_path / 'calls')!r}, 'a') as file:\n"
        "    print(json.dumps([sys.argv[1:], os.environ.get('CLEANGOV_KEYS')]), file=file)\n"
        "print(json.dumps({'cases': 7, 'events': 9}))\n",
        encoding="utf-8",
    )
    return path


def replayed(folder: Path) -> Mapping[str, object]:
    return replaying.replay("sqlite:///x.db", {"CLEANGOV_KEYS": "here"}, folder)


def test_each_log_is_given_to_the_command_line_once(command: Path, tmp_path: Path) -> None:
    told = {"cases": 14, "what": "traffic fines, building permits"}
    assert replayed(tmp_path) == told
    calls = [json.loads(line) for line in (tmp_path / "calls").read_text("utf-8").splitlines()]
    assert [keys for _, keys in calls] == ["here", "here", "here"]
    for (arguments, _), (name, mapping, _) in zip(calls[:2], replaying.LOGS, strict=True):
        start = ["--database", "sqlite:///x.db", "replay", str(FOLDER / name)]
        assert arguments == [*start, "--mapping", mapping, "--json"]
    assert calls[2][0] == ["--database", "sqlite:///x.db", "seal"]
    assert replayed(tmp_path) == told
    assert len((tmp_path / "calls").read_text("utf-8").splitlines()) == 3


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("raise SystemExit('no such mapping')", "receipt: no such mapping"),
        ("print('not JSON')", "receipt: no answer"),
        ("print('[]')", "receipt: no answer"),
        ("print('{}')", "receipt: no answer"),
        ("import no_such_module", "receipt: ModuleNotFoundError: No module named 'no_such_module'"),
    ],
)
def test_a_command_line_that_fails_is_named_and_tried_again_the_next_time(
    command: Path, tmp_path: Path, program: str, why: str
) -> None:
    good = command.read_text(encoding="utf-8")
    command.write_text(program, encoding="utf-8")
    assert replayed(tmp_path) == {"cases": 0, "what": "no plugin to replay them", "why": why}
    command.write_text(good, encoding="utf-8")
    assert replayed(tmp_path)["cases"] == 14


def test_without_the_plugin_the_city_is_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "_COMMAND", "no_such_plugin.cli.main")
    told = replayed(tmp_path)
    assert told["cases"] == 0
    assert "No module named" in str(told["why"])


@pytest.mark.parametrize("text", ["", "[]", "{'", '{"a": null}', "null", '"x"'])
def test_a_spoiled_memory_counts_as_none(command: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "replayed.json").write_text(text, encoding="utf-8")
    assert replayed(tmp_path)["cases"] == 14
