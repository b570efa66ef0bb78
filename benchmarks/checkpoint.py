"""The checkpoint statement alone against one plain insert more in the same host transaction."""

import statistics
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

import sqlalchemy as sa

from benchmarks import _common as common
from cleangov_hooks import ActorKind, Money, Stream
from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.ledger.body import Place, Versions, encode_body
from cleangov_plugin.ledger.entry_code import CodeKey, Coder, epoch_of
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.store import entries, knowledge
from cleangov_plugin.store.entries import EntryDraft, Seen
from cleangov_plugin.store.isolation import shielded

LIMIT: Final = 1.25
ROUNDS: Final = 1_500
WARM: Final = 200
KIND: Final = "enf.decision.made"
#: The host's attributes of a decision, as its event carries them.
PAIRS: Final = (
    ("a.article", "text", "《城市市容和环境卫生管理条例》第三十六条"),
    ("a.band_max", "money", "CNY:100000"),
    ("a.band_min", "money", "CNY:50000"),
    ("a.tier_chosen", "choice", "ordinary"),
    ("a.violation_code", "text", "CG-101"),
)
#: Four personal fields, which can be erased.
PERSONAL: Final = (
    ("a.party_name", "王小明"),
    ("a.party_phone", "13800000000"),
    ("a.party_address", "云汀市文化路 18 号"),
    ("a.reason", "当事人陈述申辩，经复核维持原决定"),
)
SALT: Final = bytes(range(16))


def main() -> int:
    """Measure on both databases; 1 where a limit is missed."""
    with common.databases() as urls:
        return int(not all([measure(name, url) for name, url in urls.items()]))


def measure(database: str, url: str) -> bool:
    """Measure on one database and print the line.

    :param database: its name.
    :param url: SQLAlchemy URL.
    :return: whether the limit is kept.
    """
    with common.opened(url) as engine:
        with engine.begin() as connection:
            for n in range(WARM + ROUNDS):
                for way in "abc":
                    common.open_case(connection, f"{way}{n}")
            place = lane(connection)
        common.settle(engine)
        return told(database, engine, timed(engine, place))


def timed(engine: sa.Engine, place: Place) -> list[list[float]]:
    """Take steps in turn; answer milliseconds: plain, ours, ours in a savepoint.

    :param engine: the host's engine.
    :param place: where the first entry stands in its lane.
    """
    drafts = ready(place)
    waiting = iter([next(drafts) for _ in range(2 * (WARM + ROUNDS))])

    code = coder().code

    def insert_more(n: int) -> None:
        with engine.begin() as connection:
            common.take_step(connection, f"a{n}", 1, KIND)
            common.write_act(connection, f"a{n}", 2, KIND)

    def checkpoint(n: int) -> None:
        with engine.begin() as connection:
            common.take_step(connection, f"b{n}", 1, KIND)
            entries.append(connection, next(waiting), code)

    def with_savepoint(n: int) -> None:
        with engine.begin() as connection:
            common.take_step(connection, f"c{n}", 1, KIND)
            with shielded(connection):
                entries.append(connection, next(waiting), code)

    return common.interleaved([insert_more, checkpoint, with_savepoint], rounds=ROUNDS, warm=WARM)


def told(database: str, engine: sa.Engine, times: Sequence[Sequence[float]]) -> bool:
    """Print the line, and answer whether the limit is kept.

    :param database: name of the database.
    :param engine: the host's engine.
    :param times: milliseconds: plain, ours, ours in a savepoint.
    """
    plain, ours, held = times
    found = common.figures(common.ratio, ours, plain)
    return common.told(
        "checkpoint_statement",
        database,
        found[1],
        LIMIT,
        "ratio of p50",
        blocks=found,
        p50_ms=round(statistics.median(ours), 3),
        p50_plain_ms=round(statistics.median(plain), 3),
        ratio_with_savepoint=round(common.ratio(held, plain), 3),
        n=ROUNDS,
        **common.versions(engine),
    )


def lane(connection: sa.Connection) -> Place:
    """Take a lane, as the reading before an entry does.

    :param connection: the host's connection.
    """
    asked = knowledge.KnowledgeRequest(log_id="bench", subject="-", event_key="-")
    place = knowledge.read(connection, asked).place
    if place is None:
        raise SystemExit("somebody else is writing in the benchmark's database")
    return place


def coder() -> Coder:
    """Answer what makes the codes of entries."""
    key = CodeKey(log_id="bench", epoch=epoch_of(common.NOON), first=common.NOON, key=bytes(32))
    return Coder(key)


def ready(place: Place) -> Iterator[EntryDraft]:
    """Make drafts that follow each other in a lane.

    :param place: where the first stands.
    """
    while True:
        record = decided(place.no)
        versions = Versions(ruleset=1, calendar=1, contract=1)
        made = [disclosure.make(name, text, SALT) for name, text in PERSONAL]
        digests = [digest for _, digest in made]
        body = encode_body(record, place, versions, pairs=PAIRS, digests=digests)
        yield entries.draft(
            record,
            place,
            body,
            digest=sha256(body).digest(),
            now=common.NOON,
            seen=Seen(snapshot="1000:1000:"),
            retention=("case", "2056-03-10"),
            disc=disclosure.join([text for text, _ in made]),
        )
        place = Place(place.lane, place.no + 1, leaf_hash(body))


def decided(number: int) -> Record:
    """Make a decision on a fine.

    :param number: its number.
    """
    return Record(
        event_id=f"d{number}-004",
        source="city",
        log_id="bench",
        stream=Stream.ENFORCEMENT,
        case_id=f"d{number}",
        kind=KIND,
        step="decide",
        actor="mfrggzdfmztwq2lkmfrggzdfmz",
        actor_kind=ActorKind.PERSON,
        unit="U2",
        parties=("ob2xezltmzqxg5dfoj2gkzlsmq",),
        amount=Money(minor=80_000),
        occurred_at=common.NOON,
        recorded_at=common.NOON,
        offset=480,
    )


if __name__ == "__main__":
    sys.exit(main())
