"""The manners of the house: short modules, short functions, and a sentence on every door."""

import ast
import re
import statistics
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ROOMS = (
    "hooks/cleangov_hooks",
    "cleangov_plugin",
    "migrations/cleangov_migrations",
    "sample_host",
    "benchmarks",
)
MODULES = [
    *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))),
    ROOT / "do.py",
    ROOT / "docs/generate_hooks.py",
    ROOT / "docs/generate_real_logs.py",
    ROOT / "docs/generate_vectors.py",
    ROOT / "docs/conformance/client.py",
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
CONTRACT = [path for path in MODULES if path.is_relative_to(ROOT / "hooks")]
CONTRACT_AND_PLUGIN = [
    *CONTRACT,
    *(path for path in MODULES if path.is_relative_to(ROOT / "cleangov_plugin")),
]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def functions(path: Path) -> list[Function]:
    return [node for node in statements(tree_of(path)) if isinstance(node, Function)]


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Go through statements alone: expressions are most of a tree, and define no function."""
    for name in ("body", "orelse", "handlers", "finalbody", "cases"):
        for inner in getattr(node, name, ()):
            yield inner
            yield from statements(inner)


def length(node: Function) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def named(paths: list[Path], wrong: Callable[[Path], Any]) -> dict[str, Any]:
    """Name the modules with which something is wrong, and what: all of them in one go."""
    found = {name_of(path): wrong(path) for path in paths}
    return {name: what for name, what in found.items() if what}


def test_a_module_has_at_most_300_lines() -> None:
    def too_long(path: Path) -> int:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        return lines if lines > 300 else 0

    assert named([*MODULES, *TESTS], too_long) == {}


def test_a_function_has_at_most_40_lines() -> None:
    def too_long(path: Path) -> dict[str, int]:
        if "versions" in path.parts:  # a revision is one long list of tables, and stays as it is
            return {}
        return {node.name: length(node) for node in functions(path) if _body(node) > 40}

    assert named(MODULES, too_long) == {}


def _body(node: Function) -> int:
    """Answer the lines of a function without its docstring."""
    doc = ast.get_docstring(node, clean=False)
    return length(node) - (len(doc.splitlines()) if doc else 0)


def test_half_of_all_functions_have_at_most_seven_lines() -> None:
    lengths = [
        _body(node) - 1
        for path in CONTRACT_AND_PLUGIN
        for node in functions(path)
        if "versions" not in path.parts
    ]
    assert statistics.median(lengths) <= 7


def test_each_room_opens_with_the_sentence_that_names_it() -> None:
    def no_sentence(path: Path) -> str | None:
        first = (ast.get_docstring(tree_of(path)) or "").partition("\n")[0]
        is_one = first.endswith((".", ":")) and len(first.split()) >= 3
        return None if is_one else f"opens with {first!r}"

    assert named([path for path in MODULES if path.name == "__init__.py"], no_sentence) == {}


def public(tree: ast.Module) -> Iterator[tuple[str, ast.ClassDef | Function]]:
    for node in tree.body:
        if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


def arguments(node: Function) -> list[str]:
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    every += [a for a in (node.args.vararg, node.args.kwarg) if a]
    return [a.arg for a in every if a.arg not in ("self", "cls") and not a.arg.startswith("_")]


def fields(node: ast.ClassDef) -> list[str]:
    is_data = any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)
    lines = (line for line in node.body if isinstance(line, ast.AnnAssign) and is_data)
    names = [ast.unparse(line.target) for line in lines if "init=False" not in ast.unparse(line)]
    return [name for name in names if not name.startswith("_")]


def undocumented(path: Path, *, with_fields: bool) -> list[str]:
    found = []
    for name, node in public(tree_of(path)):
        doc = ast.get_docstring(node) or ""
        decorators = [ast.unparse(d) for d in getattr(node, "decorator_list", [])]
        if any(word in text for text in decorators for word in ("hookimpl", "overload", "click.")):
            continue  # documented by the specification, the implementation, the command's help
        if isinstance(node, ast.ClassDef):
            wanted = fields(node) if with_fields else []
        else:
            wanted = arguments(node)
        if not doc:
            found.append(f"{name} has no docstring")
        found += [
            f"{name} does not tell :param {argument}:"
            for argument in wanted
            if doc and not re.search(rf":param [^:]*\b{argument}\b", doc)
        ]
    return found


def test_what_is_public_is_documented_with_every_argument() -> None:
    found = named(
        CONTRACT_AND_PLUGIN, lambda path: undocumented(path, with_fields=path in CONTRACT)
    )
    assert found == {}


def test_an_undocumented_argument_is_found(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        "def bare(): pass\n"
        'def half(a, b):\n    """Do.\n\n    :param a: one.\n    """\n'
        'def whole(a):\n    """Do.\n\n    :param a: one.\n    """\n'
        "@dataclass\n"
        'class Data:\n    """Data.\n\n    :param a: one.\n    """\n\n    a: int\n    b: int\n'
        "def _private(a): pass\n",
        encoding="utf-8",
    )
    bare, half, data = (
        "bare has no docstring",
        "half does not tell :param b:",
        "Data does not tell :param b:",
    )
    assert undocumented(path, with_fields=True) == [bare, half, data]
    assert undocumented(path, with_fields=False) == [bare, half]


BANNED = re.compile(
    r"\b(TODO|FIXME|raise NotImplementedError|violation|suspect(?!ed)|trust score)\b", re.IGNORECASE
)


def test_no_word_that_the_house_does_not_use() -> None:
    def said(path: Path) -> list[str]:
        text = path.read_text(encoding="utf-8")
        swallowed = re.search(r"except (Base)?Exception\b[^\n]*:\n\s+pass\b", text)
        return [*sorted(set(BANNED.findall(text))), *([swallowed[0]] if swallowed else [])]

    assert named(MODULES, said) == {}
