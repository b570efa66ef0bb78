"""The shape of the contract as plain data: what a host or a plugin can depend on.

`python -m tests.support.contract_shape` writes it to tests/hooks/contract_snapshot.json.
"""

import dataclasses
import enum
import inspect
import json
from pathlib import Path
from typing import Any

import cleangov_hooks
from cleangov_hooks import hookspecs

SNAPSHOT = Path(__file__).parent.parent / "hooks" / "contract_snapshot.json"


def shape() -> dict[str, Any]:
    """Answer hooks with their arguments, types with their fields, enums with their members."""
    names = sorted(cleangov_hooks.__all__)
    public = {name: getattr(cleangov_hooks, name) for name in names}
    classes = {name: value for name, value in public.items() if isinstance(value, type)}
    return {
        "version": cleangov_hooks.CONTRACT_VERSION,
        "names": names,
        "hooks": {name: _hook(spec) for name, spec in hooks().items()},
        "types": {n: _fields(c) for n, c in classes.items() if dataclasses.is_dataclass(c)},
        "enums": {n: _members(c) for n, c in classes.items() if issubclass(c, enum.Enum)},
        "services": _services(cleangov_hooks.Host),
        "functions": {
            name: _arguments(value) for name, value in public.items() if inspect.isfunction(value)
        },
    }


def hooks() -> dict[str, Any]:
    """Answer the hook specifications in the order they stand in the source."""
    return {n: f for n, f in vars(hookspecs).items() if n.startswith(cleangov_hooks.PROJECT + "_")}


def _hook(spec: Any) -> dict[str, Any]:
    options = {key: value for key, value in spec.cleangov_spec.items() if value}
    return {"arguments": _arguments(spec), "options": options}


def _arguments(function: Any) -> list[str]:
    signature = inspect.signature(function)
    arguments = [str(parameter).replace("'", "") for parameter in signature.parameters.values()]
    returned = signature.return_annotation
    text = returned if isinstance(returned, str) else inspect.formatannotation(returned)
    return [*arguments, f"-> {text}"]


def _fields(cls: Any) -> dict[str, str]:
    return {field.name: _field(field) for field in dataclasses.fields(cls)}


def _field(field: Any) -> str:
    annotation = field.type
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    is_required = field.default is field.default_factory is dataclasses.MISSING
    return text if is_required else f"{text}, optional"


def _members(cls: Any) -> dict[str, str]:
    return {member.name: member.value for member in cls}


def _services(protocol: Any) -> dict[str, Any]:
    functions = {n: f for n, f in vars(protocol).items() if inspect.isfunction(f)}
    methods = {n: _arguments(f) for n, f in functions.items() if not n.startswith("_")}
    return {**dict.fromkeys(protocol.__annotations__, "value"), **methods}


if __name__ == "__main__":
    SNAPSHOT.write_text(json.dumps(shape(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"written: {SNAPSHOT.name}")
