"""A step that two rules hold for second persons of two roles: each agrees once, and it goes on."""

from pathlib import Path

from cleangov_hooks import Answer, Event, Person
from cleangov_plugin.desk.answers.answering import answer
from cleangov_plugin.desk.answers.second_person import decide
from tests.plugin.conftest import MakeHost, on_sqlite
from tests.plugin.inside import bodies, outcomes, rows
from tests.plugin.weighed import decision, write_rules
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

HEAD = Person(id="sun", name="孙伟", roles=frozenset({"head"}), unit="u-1")


def agreed(host: SmallHost, event: Event, choice: str, who: Person) -> None:
    """Let the officer ask somebody, and them agree."""
    host.who = PEOPLE["chen"]
    (prompt,) = host.gate(event).prompts
    said = Answer(prompt_id=prompt.id, choice=choice, actor_id="chen", at=host.clock)
    answer(host.plugin.desk, said)
    (request,) = rows(host, "second_request", state="open")
    host.move(seconds=5)
    decide(host.plugin.desk, request["request_id"], who, agrees=True, reason="")
    host.who = PEOPLE["chen"]


@on_sqlite
def test_each_agrees_once_and_the_step_goes_on(make_host: MakeHost, tmp_path: Path) -> None:
    folder = write_rules(tmp_path)
    path = folder / "W3.yaml"
    text = path.read_text("utf-8").replace("tier: 3", "tier: 4")
    path.write_text(text.replace("role: reviewer", "role: head"), "utf-8")
    host = make_host(settings={"CLEANGOV_RULES": str(folder)})
    host.staff = {"head": [HEAD]}
    host.start()
    event = decision(host, "S4", "W3")
    agreed(host, event, "ask_s4", PEOPLE["liu"])
    (left,) = host.gate(event).prompts
    assert left.rules == ("W3@1",), "who agreed to the one has not agreed to the other"
    agreed(host, event, "ask_w3", HEAD)
    assert host.take(event).decision == "pass_recorded"
    (body,) = bodies(host, kind="enf.decision.made")
    assert {outcomes(body)[rule] for rule in ("S4", "W3")} == {"suppressed"}
    assert rows(host, "finding") == []
