"""Telling the story: each deed is an ordinary step, in its hour, in a transaction of its own."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, insert, select

from sample_host import tables
from sample_host.city import City
from sample_host.clock import stored
from sample_host.database import reading, writing
from sample_host.flow import FLOWS, Flow, StepType
from sample_host.forms import Filled, fill
from sample_host.matter import Matter
from sample_host.people import PEOPLE
from sample_host.rows import load
from sample_host.taking import Try, record
from sample_host.writing import own_columns

from .cases import cases
from .permits import permits
from .plot import Deed, Tale
from .projects import projects
from .scenes import scenes

_REGISTER: Final = "interest register"
_DECLARED: Final = date(2026, 1, 5)
#: What officers declared of their ties to parties: officer, party, tie, degree.
_TIES: Final = (
    ("chen-jing", "wang-noodles", "no", None),
    ("gao-feng", "anju", "yes", 2),
    ("liu-min", "chenguang-books", "no", None),
    ("ma-chao", "yunjian", "no", None),
)


@dataclass(frozen=True, slots=True)
class _Told:
    """A deed in its place.

    :param tale: the tale it stands in.
    :param deed: the deed.
    :param ordinal: which of the tale's deeds, from 1.
    """

    tale: Tale
    deed: Deed
    ordinal: int

    @property
    def id(self) -> str:
        """Answer the id that the act has."""
        return f"{self.tale.no}-{self.ordinal:03d}"


def tell(city: City) -> int:
    """Tell the story as far as it is not told; a second telling adds nothing.

    :param city: the shared parts; its clock stands at each deed's hour meanwhile.
    :return: the steps that were taken.
    """
    known, count = _known(city), 0
    for told in _in_order():
        if told.id not in known:
            with city.clock.at(told.deed.at), writing(city.engine) as connection:
                _take(city, connection, told)
            count += 1
    _declare(city)
    return count


def _known(city: City) -> frozenset[str]:
    with reading(city.engine) as connection:
        return frozenset(connection.execute(select(tables.act.c.id)).scalars())


def _in_order() -> list[_Told]:
    """List all deeds as they came about, whichever matter they belong to."""
    tales = (*cases(), *permits(), *projects(), *scenes())
    told = [
        _Told(tale, deed, ordinal)
        for tale in tales
        for ordinal, deed in enumerate(tale.deeds, start=1)
    ]
    return sorted(told, key=lambda entry: (entry.deed.at, entry.id))


def _take(city: City, connection: Connection, told: _Told) -> None:
    """Take the step; with the last of a tale, put down the notes of its file."""
    tale, deed, flow = told.tale, told.deed, FLOWS[told.tale.stream]
    step = flow.step(deed.step)
    if step is None:
        raise ValueError(f"{told.id}: the flow has no step {deed.step!r}")
    matter = load(connection, tale.stream, tale.no) if told.ordinal > 1 else None
    filled = _filled(told, step, matter)
    this = Try(
        flow=flow,
        step=step,
        matter=matter or _beginning(flow, told, filled),
        who=PEOPLE[deed.who],
        filled=filled,
        attempt_id="",
    )
    translations = {f"{name}@en": text for name, text in deed.english.items()}
    record(city, connection, this, translations=translations)
    if told.ordinal == len(tale.deeds):
        _put_down(connection, tale)


def _filled(told: _Told, step: StepType, matter: Matter | None) -> Filled:
    tale = told.tale
    opening = {"title": tale.title.zh, "place": tale.place.zh, "party": tale.party.name.zh}
    filled = fill(step, matter, {**opening, **told.deed.typed})
    if filled.errors:
        raise ValueError(f"{told.id}: {dict(filled.errors)}")
    return filled


def _beginning(flow: Flow, told: _Told, filled: Filled) -> Matter:
    tale = told.tale
    return Matter(
        stream=tale.stream,
        no=tale.no,
        title=tale.title,
        place=tale.place,
        party=tale.party,
        officer_id=tale.officer,
        state=flow.opening.leads_to or "",
        opened_at=told.deed.at,
        ordinal=0,
        own=own_columns(flow, filled),
    )


def _put_down(connection: Connection, tale: Tale) -> None:
    """Write the notes in the file."""
    for rank, remark in enumerate(tale.remarks, start=1):
        row = {
            "id": f"{tale.no}-note-{rank}",
            "matter_no": tale.no,
            "author_id": remark.author,
            "at": stored(remark.at),
            "text_zh": remark.text.zh,
            "text_en": remark.text.en,
        }
        connection.execute(insert(tables.note).values(**row))


def _declare(city: City) -> None:
    """Write the register of ties, if it is empty."""
    with writing(city.engine) as connection:
        if connection.execute(select(tables.tie.c.officer_id)).first() is None:
            for officer, party, tie, degree in _TIES:
                connection.execute(
                    insert(tables.tie).values(
                        officer_id=officer,
                        party_id=party,
                        tie=tie,
                        degree=degree,
                        source=_REGISTER,
                        as_of=_DECLARED,
                    )
                )
