"""The one command: standard library only, installs once, and says what is wrong."""

import ast
import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BARE = ("do.py", *(f"tests/support/{name}.py" for name in ("browser", "play_case", "second_try")))


@pytest.fixture
def do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The command as a module, with an environment folder of its own."""
    monkeypatch.setenv("DO_VENV", str(tmp_path / "a venv"))
    spec = importlib.util.spec_from_file_location("do_under_test", ROOT / "do.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", BARE)
def test_it_imports_the_standard_library_alone(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    assert found <= set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    "arguments", [[], ["no-such-thing"], ["demo", "--no-such-thing"], ["demo", "--lang", "fr"]]
)
def test_a_wrong_command_line_is_refused_and_nothing_is_installed(arguments: list[str]) -> None:
    command = [sys.executable, str(ROOT / "do.py"), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert run.returncode in (1, 2)
    assert "usage" in run.stderr or "unknown arguments" in run.stderr
    assert "Traceback" not in run.stderr


def test_what_is_installed_is_not_installed_again(
    do: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[str] = []

    def make(wheelhouse: Any) -> list[list[str]]:
        do.VENV.mkdir(exist_ok=True)
        return [["pip"]]

    monkeypatch.setattr(do, "_make_environment", make)
    monkeypatch.setattr(do, "_install_by", lambda _, level, __: made.append(level))
    for level in ("demo", "demo", "test", "test", "demo"):
        do.install(level, None, numbered=True)
    assert made == ["demo", "test"]
    assert "[1/4] virtual environment    0 s" in capsys.readouterr().out
    do.STAMP.write_text("another digest", "utf-8")
    do.install("demo", None)
    assert made == ["demo", "test", "demo"]


def test_the_second_installer_is_tried_where_the_first_fails(
    do: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []

    def call(command: list[str], **_: Any) -> None:
        called.append(command[0])
        if command[0] == "uv":
            raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(do, "_call", call)
    do._install_by([["uv"], ["pip"]], "demo", None)
    assert called == ["uv", "pip", "pip"]
    with pytest.raises(subprocess.CalledProcessError):
        do._install_by([["uv"]], "demo", None)


@pytest.mark.parametrize(
    ("has", "offline", "installers"),
    [("pip", False, ["uv", "pip"]), ("pip", True, ["pip"]), ("no wheel of uv", False, ["pip"])],
)
def test_pip_brings_a_quicker_installer_that_asks_the_same_index(
    do: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, has: str, offline: bool,
    installers: list[str],
) -> None:  # fmt: skip
    told = subprocess.CompletedProcess([], 0, b"https://mirror.example/simple\n")
    monkeypatch.setattr(do, "_on_path", lambda *_: [])
    monkeypatch.setattr(do, "_succeeds", lambda command: command[-1] != do.UV[-1] or has == "pip")
    monkeypatch.setattr(do.subprocess, "run", lambda *_, **__: told)
    monkeypatch.setattr(do.os, "environ", {})
    made = do._make_environment(tmp_path if offline else None)
    assert [Path(command[0]).name.replace("python", "pip") for command in made] == installers
    index = {"UV_DEFAULT_INDEX": "https://mirror.example/simple"} if "uv" in installers else {}
    assert do.os.environ == index


def test_without_any_installer_it_says_what_helps(
    do: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(do, "_succeeds", lambda _: False)
    monkeypatch.setattr(do, "_call", lambda _: None)
    monkeypatch.setattr(do, "_on_path", lambda *_: [])
    monkeypatch.setattr(do, "Path", lambda _: tmp_path)
    with pytest.raises(SystemExit, match="python3-venv"):
        do._make_environment(None)
    (tmp_path / "pip-26.0-py3-none-any.whl").touch()
    assert "pip-26.0-py3-none-any.whl/pip" in do._make_environment(tmp_path)[0][1]


def test_a_port_in_use_is_passed_over(do: ModuleType) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert do._free_port(port) > port


@pytest.fixture
def demo(
    do: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., tuple[list[list[str]], str]]:
    """`demo --reset` up to its loader, which fails; answer what was run and what was said."""

    def _demo(*given: str) -> tuple[list[list[str]], str]:
        ran: list[list[str]] = []

        def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
            ran.append(command)
            return subprocess.CompletedProcess(command, 1, b"", b"another demo is running.\n")

        monkeypatch.setattr(do, "DEMO", tmp_path / "the demo")
        monkeypatch.setattr(do, "install", lambda *_, **__: None)
        monkeypatch.setattr(do.subprocess, "run", run)
        with pytest.raises(SystemExit) as ended:
            do.run_demo(do._parser().parse_args(["demo", *given]))
        return ran, str(ended.value)

    return _demo


def test_the_demos_folder_is_for_its_owner_alone(
    demo: Callable[..., tuple[list[list[str]], str]], tmp_path: Path
) -> None:
    before = os.umask(0)
    try:
        demo()
        assert (tmp_path / "the demo").stat().st_mode & 0o777 == 0o700
        (tmp_path / "the demo").chmod(0o755)  # one that an earlier version made
        demo("--check")
        assert (tmp_path / "the demo").stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)


def test_the_loader_begins_anew_and_what_it_refuses_is_said(
    demo: Callable[..., tuple[list[list[str]], str]], tmp_path: Path
) -> None:
    folder = tmp_path / "the demo"
    for given, place, is_anew in (
        ((), folder, False),
        (("--reset",), folder, True),
        (("--check",), folder / "check", True),
    ):
        (command,), said = demo(*given)
        assert command[command.index("--folder") + 1] == str(place)
        assert ("--reset" in command) is is_anew
        assert said == "\ncleangov: another demo is running."


def test_a_python_too_old_is_told_so(do: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(do, "_on_path", lambda *_: [])
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer"):
        do._run_again_under_a_newer_python()


def test_an_older_python_reads_on_until_it_is_told_so() -> None:
    tree = ast.parse((ROOT / "do.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    checked = next(at for at, node in enumerate(tree.body) if isinstance(node, ast.If))
    assert "version_info" in ast.unparse(tree.body[checked].test)  # type: ignore[attr-defined]
    before = ast.Module(tree.body[:checked], [])
    assert "__future__" not in ast.unparse(before)  # 3.6 does not know that annotations can wait
    newer = (ast.Subscript, ast.BinOp)  # list[str] and Path | None, read when they are met
    for function in (node for node in before.body if isinstance(node, ast.FunctionDef)):
        hints = (function.returns, *(argument.annotation for argument in function.args.args))
        assert not any(isinstance(hint, newer) for hint in hints)


@pytest.mark.parametrize("port", ["0", "65536"])
def test_a_port_that_is_none_is_refused_before_anything_is_installed(
    do: ModuleType, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setattr(do, "install", lambda *_, **__: pytest.fail("installed"))
    monkeypatch.setattr(sys, "argv", ["do.py", "demo", "--port", port])
    with pytest.raises(SystemExit, match="a port is a number from 1 to 65535"):
        do.main()


def test_where_nothing_can_be_installed_the_way_without_a_network_is_named(
    do: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise subprocess.CalledProcessError(1, ["pip", "install", "x"], output=b"no such host")

    monkeypatch.setattr(do, "install", fail)
    monkeypatch.setattr(sys, "argv", ["do.py", "demo"])
    assert do.main() == 1
    assert "wheelhouse DIR" in capsys.readouterr().err


def test_the_script_of_the_checks_is_sound() -> None:
    run = subprocess.run(["bash", "-n", str(ROOT / ".ci/run")], check=False)
    assert run.returncode == 0
    assert (ROOT / ".ci/run").stat().st_mode & 0o100
