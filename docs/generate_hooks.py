"""Write docs/hooks.md from the docstrings of the contract: `python docs/generate_hooks.py`."""

import dataclasses
import enum
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cleangov_hooks
from cleangov_hooks import hookspecs

PAGE = Path(__file__).with_name("hooks.md")
BY_HOST = (
    "cleangov_event_types",
    "cleangov_host_records",
    "cleangov_people",
    "cleangov_relation",
    "cleangov_reporting_tie",
)
HEAD = """# The hooks

Generated from the docstrings of `cleangov_hooks` by `docs/generate_hooks.py`; edit there.

A host makes a plugin manager with `cleangov_hooks.manager()`, loads plugins by entry point
with `load()`, and calls every hook through `guarded_call()`: what a plugin raises, answers
wrongly or spends too long on never reaches the host. How to attach: [install.md](install.md).

The project name is `cleangov`. A host that has a plugin manager of its own, of another name,
keeps it and makes this one beside it; its own would find none of our hooks and say so:
`ValueError: did not find any 'smartcity' hooks in module …`.

The contract is version {version}. It grows by arguments, fields and members; nothing is taken
away: `tests/hooks/contract_snapshot.json` holds its shape, and a test compares.
"""


def page() -> str:
    """Answer the whole page as Markdown."""
    specs = {n: f for n, f in vars(hookspecs).items() if n.startswith("cleangov_")}
    parts = [HEAD.format(version=cleangov_hooks.CONTRACT_VERSION), "## Hooks\n", _overview(specs)]
    parts += [_hook(name, spec) for name, spec in specs.items()]
    parts.append("## Functions\n")
    parts += [_function(name, thing) for name, thing in _public() if inspect.isfunction(thing)]
    parts.append("## Types\n")
    parts += [_type(name, thing) for name, thing in _public() if isinstance(thing, type)]
    return "\n".join(parts)


def _public() -> Iterator[tuple[str, Any]]:
    return ((name, getattr(cleangov_hooks, name)) for name in sorted(cleangov_hooks.__all__))


def _side(name: str) -> str:
    return "host" if name in BY_HOST else "plugin"


def _overview(specs: dict[str, Any]) -> str:
    rows = [
        f"| [`{name}`](#{name}) | {_side(name)} | {_sentence(_doc(spec)[0])} |"
        for name, spec in specs.items()
    ]
    return "\n".join(["| hook | implemented by | when |", "|---|---|---|", *rows, ""])


def _sentence(text: str) -> str:
    return re.split(r"(?<=[.?])\s", text, maxsplit=1)[0]


def _hook(name: str, spec: Any) -> str:
    text, arguments, answer = _doc(spec)
    options = spec.cleangov_spec
    notes = [f"Implemented by the **{_side(name)}**."]
    if options["historic"]:
        notes.append("Historic: called for plugins registered later, too.")
    if options["firstresult"]:
        notes.append("First result: stops at the first answer that is not `None`.")
    body = [f"### {name}", "", f"```python\n{_signature(name, spec)}\n```", "", text, ""]
    body += [" ".join(notes), "", *_list(arguments)]
    body += [f"**Answer:** {answer}" if answer else "**Answer:** none.", ""]
    return "\n".join(body)


def _function(name: str, function: Any) -> str:
    text, arguments, answer = _doc(function)
    body = [f"### {name}()", "", f"```python\n{_signature(name, function)}\n```", "", text, ""]
    body += _list(arguments)
    return "\n".join([*body, *([f"**Answer:** {answer}", ""] if answer else [])])


def _type(name: str, cls: Any) -> str:
    text, fields, _ = _doc(cls)
    body = [f"### {name}", "", text, ""]
    if issubclass(cls, enum.Enum):
        return "\n".join([*body, ", ".join(f"`{member.value}`" for member in cls), ""])
    if dataclasses.is_dataclass(cls):
        rows = [_field(field, fields.get(field.name, "")) for field in dataclasses.fields(cls)]
        return "\n".join([*body, "| field | type | meaning |", "|---|---|---|", *rows, ""])
    methods = [(n, f) for n, f in vars(cls).items() if inspect.isfunction(f) and n[0] != "_"]
    lines = [f"- `{_signature(n, f)[4:]}` – {_doc(f)[0]}" for n, f in methods]
    values = [f"- `{n}: {_short(t)}`" for n, t in getattr(cls, "__annotations__", {}).items()]
    return "\n".join([*body, *values, *lines, ""])


def _field(field: dataclasses.Field[Any], meaning: str) -> str:
    is_required = field.default is field.default_factory is dataclasses.MISSING
    mark = "" if is_required else " (optional)"
    kind = _short(field.type).replace("|", "\\|")
    return f"| `{field.name}` | `{kind}`{mark} | {meaning} |".replace("  ", " ")


def _short(annotation: Any) -> str:
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"\b(?:[a-z_]\w*\.)+(?=[A-Z])", "", text.replace('"', ""))


def _signature(name: str, function: Any) -> str:
    found = inspect.signature(function)
    parts = []
    for parameter in found.parameters.values():
        stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
        kind = parameter.annotation
        text = "" if kind is parameter.empty else f": {_short(kind)}"
        default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        parts.append(f"{stars}{parameter.name}{text}{default}")
    return f"def {name}({', '.join(parts)}) -> {_short(found.return_annotation)}"


def _doc(thing: Any) -> tuple[str, dict[str, str], str]:
    """Answer a docstring's text, its parameters and its answer, each on one line a paragraph."""
    text, *fields = re.split(r"^:", inspect.getdoc(thing) or "", flags=re.MULTILINE)
    parameters, answer = {}, ""
    for field in fields:
        head, _, body = field.partition(":")
        if head.startswith("param "):
            parameters[head.removeprefix("param ")] = _flat(body)
        elif head == "return":
            answer = _flat(body)
        elif head.startswith("raises "):
            answer = f"{answer} Raises `{head.removeprefix('raises ')}` {_flat(body)}".strip()
    paragraphs = [_flat(paragraph) for paragraph in text.strip().split("\n\n")]
    return "\n\n".join(paragraphs), parameters, answer


def _flat(text: str) -> str:
    return re.sub(r"``(.*?)``", r"`\1`", " ".join(text.split()))


def _list(arguments: dict[str, str]) -> list[str]:
    return [f"- `{name}`: {meaning}" for name, meaning in arguments.items()] + [""] * bool(
        arguments
    )


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    print(f"written: {PAGE.name}")
