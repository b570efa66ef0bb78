"""A host whose rules have every kind of answer, and what its officers answer."""

from datetime import date
from typing import Any

import pytest

from cleangov_hooks import Actor, Answer, Evidence, Person
from cleangov_plugin.desk.answers import answering
from cleangov_plugin.desk.answers.answering import Answered
from cleangov_plugin.domain.errors import AnswerRefused
from tests.support.small_host import SmallHost

FILE = Evidence(reference="城管集议〔2026〕3 号")
HE = Actor(id="he", roles=("chief_engineer",))
LATER = date(2026, 3, 12)
DANGER: dict[str, Any] = {"reason": "life", "text": "墙体正在坍塌", "approver": HE}


def given(host: SmallHost, prompt_id: str, choice: str, by: str = "chen", **more: Any) -> Answer:
    """What an officer answers."""
    return Answer(prompt_id=prompt_id, choice=choice, actor_id=by, at=host.clock, **more)


def gives(host: SmallHost, prompt_id: str, choice: str, by: str = "chen", **more: Any) -> Answered:
    """Answer a prompt, as the desk takes it."""
    return answering.answer(host.plugin.desk, given(host, prompt_id, choice, by, **more))


def refused(host: SmallHost, prompt_id: str, choice: str, **more: Any) -> str:
    """Answer a prompt in vain; the key of what the person is told."""
    with pytest.raises(AnswerRefused) as caught:
        gives(host, prompt_id, choice, **more)
    return str(caught.value.what)


def person(host: SmallHost, id_: str, *roles: str) -> Person:
    """Sign somebody in."""
    host.who = Person(id=id_, name=id_, roles=frozenset(roles), unit="u-1")
    return host.who
