"""Checking the shape of a document that people write: every problem with file and line."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from marshmallow import Schema, fields

from cleangov_plugin.domain.errors import CleanGovError

from .yaml_lines import Lines, Path

_MOST: Final = 5
#: What marshmallow says of a key that no field has.
_UNKNOWN: Final = "Unknown field."


def check_shape(
    schema: Schema,
    document: Mapping[str, Any],
    lines: Lines,
    *,
    refused: type[CleanGovError],
    remedy: str,
) -> None:
    """Check a document against its schema.

    :param schema: what it should look like.
    :param document: plain values.
    :param lines: where each stands.
    :param refused: the error to raise.
    :param remedy: where the shape is written down.
    :raises CleanGovError: of the wanted type, naming the first problems with file and line.
    """
    found = [
        (path, text + _hint(schema, path) if text == _UNKNOWN else text)
        for path, text in _problems(schema.validate(document), ())
    ]
    problems = sorted(found, key=lambda problem: (problem[0] not in lines.lines, str(problem[0])))
    if not problems:
        return
    told = [f"{lines.at(path)}: {dotted(path)}: {text}" for path, text in problems[1:_MOST]]
    more = [f"And {len(problems) - _MOST} more."] if len(problems) > _MOST else []
    path, text = problems[0]
    what = " ".join([f"{dotted(path)}: {text}", *told, *more])
    raise refused(what, where=lines.at(path), remedy=remedy)


def dotted(path: Path) -> str:
    """Write a path as people read it.

    :param path: keys and positions from the top.
    """
    return ".".join(str(step) for step in path)


def _problems(errors: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Flatten marshmallow's nested messages; entries of mappings stand under "value"."""
    if isinstance(errors, Mapping):
        for key, below in errors.items():
            step = () if key in ("_schema", "value", "key") and path else (key,)
            yield from _problems(below, (*path, *step))
        return
    for text in errors if isinstance(errors, list) else [errors]:
        yield path, str(text)


def _hint(schema: Schema, path: Path) -> str:
    """Name the key that was meant, where one is near."""
    for step in path[:-1]:
        named = {field.data_key or name: field for name, field in schema.fields.items()}
        field = named.get(str(step))
        below: Any = field if field is not None else None
        if isinstance(below, fields.List):
            below = below.inner
        elif isinstance(below, fields.Dict):
            below = below.value_field
        if isinstance(below, fields.Nested):
            schema = below.schema
    known = [field.data_key or name for name, field in schema.fields.items()]
    near = difflib.get_close_matches(str(path[-1]), known, n=1)
    return f" Did you mean '{near[0]}'?" if near else ""
