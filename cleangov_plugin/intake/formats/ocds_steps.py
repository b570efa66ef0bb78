"""From an OCDS release to its steps: what happened in a contracting process, and when.

Versions 1.0 and 1.1 are read alike, with what publishers do: a list where the standard has one
object and the other way round, empty forms, dates left blank.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

#: Where a step has its own date, the first that is told.
_DATES: Final[Mapping[str, tuple[str, ...]]] = {
    "planning": (),
    "tender": ("datePublished", "tenderPeriod/startDate"),
    "tender_amendment": ("date",),
    "bid": ("date",),
    "award": ("date",),
    "award_amendment": ("date",),
    "contract": ("dateSigned",),
    "contract_amendment": ("date",),
    "payment": ("date",),
}
#: Steps of which a release tells alone whose tags are all of one of these.
_TAGS: Final[Mapping[str, frozenset[str]]] = {
    "planning": frozenset(("planning", "planningUpdate")),
    "tender": frozenset(("tender", "tenderUpdate")),
    "award": frozenset(("award", "awardUpdate")),
    "contract": frozenset(("contract", "contractUpdate")),
}
_RELEASE: Final = "release"
#: Added to a step's name where nothing says when it happened.
UNDATED: Final = "_undated"


@dataclass(frozen=True, slots=True)
class Step:
    """A step that a release tells.

    :param name: its name; with `UNDATED` where only the release has a date.
    :param section: what the release says of it.
    :param at: when it happened, as written; None where even the release has no date.
    :param dated_by: the field that says so.
    """

    name: str
    section: Mapping[str, Any]
    at: Any
    dated_by: str


def steps_of(release: Mapping[str, Any]) -> list[Step]:
    """Answer the steps of a release; a release that tells none is a step itself.

    :param release: the release, as read.
    """
    found = [_dated(release, name, section) for name, section in _sections(release)]
    return found or [Step(_RELEASE, {}, release.get("date"), "date")]


def releases_of(document: Mapping[str, Any]) -> Iterator[Any]:
    """Answer the releases of an object: itself, or those of a package, record or record package.

    :param document: an object of a file.
    """
    packed = [document[name] for name in ("releases", "records") if _is_list(document, name)]
    if isinstance(document.get("compiledRelease"), dict):
        yield document["compiledRelease"]  # of a record: the others are told in it
    elif packed:
        for part in (part for parts in packed for part in parts):
            yield from releases_of(part) if isinstance(part, dict) else (part,)
    else:
        yield document


def _is_list(document: Mapping[str, Any], name: str) -> bool:
    return isinstance(document.get(name), list)


def _sections(release: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for planning in _objects(release.get("planning")):
        yield "planning", _with_value(planning, _inner(planning, "budget", "amount"))
    for tender in _objects(release.get("tender")):
        yield "tender", tender
        yield from _amendments("tender_amendment", tender)
    for bid in _bids(release.get("bids")):
        yield "bid", bid
    for award in _objects(release.get("awards")):
        yield "award", award
        yield from _amendments("award_amendment", award)
    for contract in _objects(release.get("contracts")):
        yield "contract", contract
        yield from _amendments("contract_amendment", contract)
        for payment in _objects(_inner(contract, "implementation", "transactions")):
            yield "payment", _with_value(payment, payment.get("amount"))


def _amendments(name: str, section: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Answer what was changed later: a list in 1.1, one object in 1.0, sometimes both for one."""
    told = _objects(section.get("amendments")) or _objects(section.get("amendment"))
    of_section = {"of": section.get("id")}
    yield from ((name, {**of_section, **amendment}) for amendment in told)


def _bids(bids: Any) -> list[Mapping[str, Any]]:
    """Answer the bids: under ``details`` in 1.1, a list of their own in 1.0."""
    return _objects(bids.get("details")) if isinstance(bids, dict) else _objects(bids)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    """Answer the objects of a list, or the one that stands without; empty forms are none."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict) and _says_something(item)]


def _says_something(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_says_something, value.values()))
    if isinstance(value, list):
        return any(map(_says_something, value))
    return value is not None and value != ""


def _inner(section: Mapping[str, Any], *names: str) -> Any:
    value: Any = section
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _with_value(section: Mapping[str, Any], value: Any) -> Mapping[str, Any]:
    """Give a section its sum where all others have it: under ``value``."""
    if isinstance(section.get("value"), dict) or not isinstance(value, dict):
        return section
    return {**section, "value": value}


def _dated(release: Mapping[str, Any], name: str, section: Mapping[str, Any]) -> Step:
    for path in _DATES[name]:
        at = _inner(section, *path.split("/"))
        if _says_something(at):
            return Step(name, section, at, path)
    is_alone = bool(tags := _tags(release)) and tags <= _TAGS.get(name, frozenset())
    return Step(name if is_alone else name + UNDATED, section, release.get("date"), "release")


def _tags(release: Mapping[str, Any]) -> set[str]:
    tag = release.get("tag")
    tags = tag if isinstance(tag, list) else [tag]
    return {each for each in tags if isinstance(each, str)}
