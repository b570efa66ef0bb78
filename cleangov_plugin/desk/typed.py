"""Values with their types as JSON and back: for facts, texts' parameters and corrected fields."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cleangov_hooks import Money
from cleangov_plugin.domain.evaluation import Value


def to_json(values: Mapping[str, Value]) -> dict[str, Any]:
    """Write named values so that each comes back with its type.

    :param values: values by name.
    :return: plain JSON.
    """
    return {name: _tagged(value) for name, value in values.items()}


def from_json(document: Mapping[str, Any]) -> dict[str, Value]:
    """Read what `to_json` wrote.

    :param document: plain JSON.
    :return: values by name.
    """
    return {name: _value(item) for name, item in document.items()}


def _tagged(value: Value) -> Any:
    if isinstance(value, Money):
        return {"money": f"{value.currency}:{value.minor}"}
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, tuple):
        return list(value)
    return value


def _value(item: Any) -> Value:
    if isinstance(item, list):
        return tuple(item)
    if isinstance(item, dict):
        if "money" in item:
            currency, minor = item["money"].split(":")
            return Money(minor=int(minor), currency=currency)
        if "datetime" in item:
            return datetime.fromisoformat(item["datetime"])
        return date.fromisoformat(item["date"])
    return item  # type: ignore[no-any-return]
