"""What `cleangov serve` publishes is what it does: documents drawn from its own OpenAPI page."""

import json
import string
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cleangov_plugin.web.machines.openapi import openapi
from tests.cli.served_calling import Caller, serving

SAID = json.loads(json.dumps(openapi()))
CALLS = {path: item["post"] for path, item in SAID["paths"].items() if "post" in item}
#: The same documents at each run, and few enough for a few seconds.
FEW = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # each try is a call: what fails is told as it was drawn
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
LETTERS = st.characters(exclude_categories=["Cs"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(LETTERS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(LETTERS), inner, max_size=3)
    ),
    max_leaves=5,
)
ZONES = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
SCALARS: dict[str, Any] = {"boolean": st.booleans(), "null": st.none()}


def whole(schema: Any) -> Any:
    """Follow a reference."""
    while "$ref" in schema:
        schema = SAID["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def drawn(schema: Any) -> st.SearchStrategy[Any]:
    """Answer what draws documents of a schema."""
    schema = whole(schema)
    if "anyOf" in schema:
        return st.one_of([drawn(each) for each in schema["anyOf"]])
    kind = schema.get("type")
    if kind == "string":
        return texts(schema)
    if kind == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    if kind == "array":
        low, high = schema.get("minItems", 0), min(3, schema["maxItems"])
        return st.lists(drawn(schema["items"]), min_size=low, max_size=high)
    return objects(schema) if kind == "object" else SCALARS[kind]


def texts(schema: Any) -> st.SearchStrategy[Any]:
    """Answer what draws texts of a schema."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    begin, end = datetime(1990, 1, 1), datetime(2090, 1, 1)  # noqa: DTZ001
    if schema.get("format") == "date-time":
        moments = st.datetimes(begin, end, timezones=ZONES)
        return moments.map(datetime.isoformat)
    if schema.get("format") == "date":
        return st.dates(begin.date(), end.date()).map(str)
    return st.text(
        LETTERS, min_size=schema.get("minLength", 0), max_size=min(40, schema["maxLength"])
    )


def objects(schema: Any) -> st.SearchStrategy[Any]:
    """Answer what draws objects of a schema."""
    known = schema.get("properties", {})
    needed = {name: drawn(known[name]) for name in schema.get("required", ())}
    others = {name: drawn(each) for name, each in known.items() if name not in needed}
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        assert schema["propertyNames"]["pattern"]
        names = st.text(string.ascii_letters + string.digits + "_.@-", min_size=1, max_size=9)
        return st.dictionaries(names, drawn(more), max_size=3)
    return st.fixed_dictionaries(needed, optional=others)


def faults(schema: Any, value: Any, where: str = "answer") -> Iterator[str]:
    """Yield what an answer has that its schema has not said."""
    schema = whole(schema)
    kinds = schema.get("type", [])
    names = {"NoneType": "null", "str": "string", "int": "integer", "bool": "boolean"}
    name = names.get(type(value).__name__, {"dict": "object", "list": "array"}.get(
        type(value).__name__, "number"))  # fmt: skip
    if kinds and name not in ([kinds] if isinstance(kinds, str) else kinds):
        yield f"{where} is {name}, not {kinds}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where} is {value}"
    for item in value if isinstance(value, list) else ():
        yield from faults(schema.get("items", {}), item, f"{where}[]")
    if isinstance(value, dict):
        yield from (f"{where}.{n} is missing" for n in schema.get("required", ()) if n not in value)
        for each, inner in schema.get("properties", {}).items():
            if each in value:
                yield from faults(inner, value[each], f"{where}.{each}")


@pytest.fixture(scope="module")
def caller(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """A caller of a running service."""
    folder = tmp_path_factory.mktemp("schema")
    (folder / "cleangov.db").write_bytes(_sqlite_template.read_bytes())
    with serving(f"sqlite:///{folder / 'cleangov.db'}", folder) as found:
        yield found


def answered(caller: Caller, path: str, document: Any, number: str) -> str:
    """Send a document; check the answer against what is published; answer its problem, if any."""
    event = document.get("event", document) if isinstance(document, dict) else {}
    data = event.get("data", event) if isinstance(event, dict) else {}
    actor = data.get("actor") if isinstance(data, dict) else None
    who = actor.get("id") if isinstance(actor, dict) else "chen"
    head = {"CleanGov_Officer": quote(who if isinstance(who, str) else "chen", safe="")}
    if any(p["name"] == "Idempotency-Key" for p in CALLS[path]["parameters"]):
        head["Idempotency_Key"] = number
    status, told = caller.call(path, document, **head)
    assert str(status) in CALLS[path]["responses"], (path, status, told)
    ((kind, content),) = CALLS[path]["responses"][str(status)]["content"].items()
    assert list(faults(content["schema"], told)) == [], (path, kind, told)
    assert status != 503, (path, told, document)  # what was not foreseen is called busy
    if status == 422 and not told.get("where", "body").startswith("body"):
        return "invalid"  # no event of the contract: control characters, no currency
    return str(told.get("type", "")).rpartition(":")[2] if status != 200 else ""


def ours(document: Any) -> Any:
    """Let events be of the authority that the service keeps, and of a kind that it knows."""
    for event in document if isinstance(document, list) else [document.get("event", {})]:
        if "data" in event:
            event["data"]["agency_id"] = "yunting"
            event["type"] = "enf.decision.made"
            event["data"]["stream"] = "enforcement"
    return document


@pytest.mark.parametrize("path", sorted(CALLS))
def test_what_fits_the_published_schema_is_read(caller: Caller, path: str) -> None:
    numbers = iter(range(10_000))
    schema = CALLS[path]["requestBody"]["content"]["application/json"]["schema"]

    @FEW
    @given(drawn(schema))
    def fits(document: Any) -> None:
        problem = answered(caller, path, ours(document), f"fits-{next(numbers):06d}")
        assert problem not in ("shape", "unsigned", "signature"), document
        if path == "/events":
            assert problem == ""

    fits()


@pytest.mark.parametrize("path", sorted(CALLS))
def test_whatever_is_sent_the_answer_is_as_published(caller: Caller, path: str) -> None:
    numbers = iter(range(10_000))
    schema = CALLS[path]["requestBody"]["content"]["application/json"]["schema"]

    @FEW
    @given(drawn(schema), ANYTHING, st.lists(st.integers(0, 9), min_size=1, max_size=5))
    def spoilt(document: Any, value: Any, way: list[int]) -> None:
        answered(caller, path, _spoilt(ours(document), value, way), f"any-{next(numbers):06d}")

    spoilt()


def _spoilt(document: Any, value: Any, way: list[int]) -> Any:
    """Put a value somewhere into a document."""
    if not way or not isinstance(document, dict | list) or not document:
        return value
    keys = sorted(document) if isinstance(document, dict) else range(len(document))
    key = list(keys)[way[0] % len(document)]
    document[key] = _spoilt(document[key], value, way[1:])
    return document
