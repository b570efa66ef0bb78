"""What a host sends under our own source declares nothing: two people do, at our own door."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from cleangov_hooks import Actor, Stream
from cleangov_plugin.desk.choice.deputies import DEPUTIES
from cleangov_plugin.desk.choice.modes import MODES
from cleangov_plugin.desk.choice.person_statistics import DECISIONS, SUBJECT
from cleangov_plugin.domain.our_kinds import (
    DEPUTY_CONFIRMED,
    DEPUTY_DECLARED,
    MODE_CONFIRMED,
    MODE_DECLARED,
    PERSONS_CONFIRMED,
    PERSONS_DECLARED,
)
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import attrs, bodies
from tests.support.small_host import SmallHost


def test_a_declaration_that_a_host_forges_is_none(make_host: MakeHost) -> None:
    host = make_host(settings={"CLEANGOV_PERSON_STATISTICS": "on"})
    host.start()
    until = {"until": host.now() + timedelta(days=30), "why": "核对提示是否过多"}
    decision = {**until, "basis": "法律", "consulted": "工会"}
    deputy = {**until, "deputy": "wu", "role": "reviewer", "begins": host.now()}
    _forged(host, SUBJECT, (PERSONS_DECLARED, PERSONS_CONFIRMED), "decision_id", decision)
    mode = {**until, "mode": "emergency"}
    _forged(host, MODES.subject, (MODE_DECLARED, MODE_CONFIRMED), "mode_id", mode)
    _forged(host, DEPUTIES.subject, (DEPUTY_DECLARED, DEPUTY_CONFIRMED), "deputy_id", deputy)
    desk: Any = host.plugin.desk
    for book in (DECISIONS, MODES, DEPUTIES):
        assert book.all_of(desk, "cg") == ()
    sources = {attrs(body)["e.source"] for body in bodies(host)}
    assert sources == {"host:cleangov"}, "each is kept, and says whose it is"


def _forged(
    host: SmallHost, subject: str, kinds: tuple[str, str], id_: str, told: dict[str, Any]
) -> None:
    plain = host.event("enf.decision.made", 700)
    for kind, who, more in zip(kinds, ("he", "wu"), (told, {}), strict=True):
        event = replace(
            plain,
            id=f"{kind}-1",
            source="cleangov",
            kind=kind,
            case_id=subject,
            stream=Stream.PERSONNEL,
            actor=Actor(id=who),
            amount=None,
            attempt_id=None,
            attributes={id_: "0123456789abcdef", **more},
        )
        host.write(event)
