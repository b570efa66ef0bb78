"""For each hook one test that fails when its implementation is taken out; proven by doing so."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from cleangov_hooks import Tie, hookspecs, unknown_hooks
from cleangov_plugin.desk.answers.named import people_with
from cleangov_plugin.desk.answers.second_person import decide
from cleangov_plugin.desk.wire import to_text
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.plugin import CleanGov
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import aged, one, rows, tick
from tests.plugin.steps import heavier
from tests.support.small_city import PEOPLE, yuan
from tests.support.small_host import Declares, SmallHost

BAND = {"band_min": yuan(500), "band_max": yuan(1_000)}


# ---- One test a hook -------------------------------------------------------------------------


def test_a_plugin_that_is_told_of_the_host_brings_its_pages_and_slots(host: SmallHost) -> None:
    assert "cleangov" in host.app.blueprints
    assert len(host.renderers) == 1
    assert host.plugin.desk is not None


def test_a_hint_stands_beside_the_form_when_a_step_is_opened(host: SmallHost) -> None:
    host.open_case()
    step = host.step(host.event("enf.decision.made", 700, **BAND))
    ((hint,),) = host.call("cleangov_step_opened", step=step).values
    assert (hint.tier, hint.rules, hint.field) == (1, ("E08@1",), "amount")
    assert "500–1,000" in hint.headline


def test_the_hint_follows_what_is_typed(host: SmallHost) -> None:
    host.open_case()
    event = host.event("enf.decision.made", 700, **BAND)
    draft = host.event("enf.decision.made", 700, band_min=yuan(600), band_max=yuan(900))
    changed = frozenset({"band_min", "band_max"})
    report = host.call("cleangov_step_edited", step=host.step(event), draft=draft, changed=changed)
    ((hint,),) = report.values
    assert "600–900" in hint.headline


def test_a_sum_outside_the_band_is_held_at_the_gate(host: SmallHost) -> None:
    host.open_case()
    verdict = host.take(host.event("enf.decision.made", 1_001, **BAND))
    assert (verdict.decision, verdict.reason) == ("hold", "hit")
    assert [prompt.rules for prompt in verdict.prompts] == [("E08@1",)]
    assert rows(host, "entry", subject=host.case) == []


def is_recorded(host: SmallHost, kind: str) -> None:
    event = host.event(kind, case_id=host.open_case())
    host.write(event)
    entry = one(host, "entry", subject=host.case)
    assert (entry["kind"], entry["event_key"]) == (kind, f"small\t{event.id}")


def test_what_happens_in_enforcement_has_its_entry(host: SmallHost) -> None:
    is_recorded(host, "enf.intent.notified")


def test_what_happens_in_a_permit_has_its_entry(host: SmallHost) -> None:
    is_recorded(host, "prm.accepted")


def test_what_happens_in_a_project_has_its_entry(host: SmallHost) -> None:
    is_recorded(host, "prj.variation.approved")


def test_what_happens_around_a_case_has_its_entry(host: SmallHost) -> None:
    is_recorded(host, "pet.received")


def test_a_step_that_is_given_up_takes_its_prompt_along(host: SmallHost) -> None:
    host.open_case()
    event = host.event("enf.decision.made", 1_001, **BAND)
    (prompt,) = host.gate(event).prompts
    assert one(host, "prompt", prompt_id=prompt.id)["fate"] == "created"
    host.abort(event, reason="cancelled")
    attempt = one(host, "attempt", subject=host.case)
    assert (attempt["state"], attempt["reason"]) == ("aborted", "cancelled")
    assert one(host, "prompt", prompt_id=prompt.id)["fate"] == "withdrawn"


def test_an_answer_that_the_hosts_screen_collected_opens_the_gate(host: SmallHost) -> None:
    host.open_case()
    event = host.event("enf.decision.made", 1_001, **BAND)
    (prompt,) = host.gate(event).prompts
    host.answer(prompt.id, "deviation", "approved by the head on 9 March")
    verdict = host.gate(event)
    assert (verdict.decision, verdict.reason) == ("pass_recorded", "answered")


def test_the_panel_stands_in_the_hosts_page(host: SmallHost) -> None:
    host.open_case()
    event = host.event("enf.decision.made", 1_001, **BAND)
    host.gate(event)
    panel = host.show("step.panel", event)
    assert 'class="cleangov cg-panel"' in panel
    assert "1,001" in panel


def test_what_the_host_declares_as_personal_is_kept_where_it_can_be_erased(
    host: SmallHost,
) -> None:
    host.open_case()
    host.write(host.event("enf.defence.received", statement="the awning is the landlord's"))
    entry = one(host, "entry", subject=host.case)
    assert entry["disc"]
    assert '"_sd"' in entry["body"]


def test_what_the_host_has_undone_is_not_recorded_from_the_spool(host: SmallHost) -> None:
    event = host.event("enf.intent.notified", 800, case_id=host.open_case())
    assert host.plugin.desk.spool.put(to_text(event))
    aged(host)
    assert tick(host).withdrawn == 1
    assert rows(host, "entry", subject=host.case) == []


def asked_of_a_reviewer(host: SmallHost) -> str:
    """Let the officer ask for a second look at a heavier fine; answer the id of the request."""
    case = host.open_case()
    host.who = PEOPLE["chen"]
    _, prompt = heavier(host)
    host.answer(prompt.id, "second_person")
    attempt = one(host, "attempt", subject=case)["attempt_id"]
    return str(one(host, "second_request", attempt_id=attempt)["request_id"])


def test_who_has_a_role_is_asked_of_the_host(host: SmallHost) -> None:
    assert [person.id for person in people_with(host.plugin.desk, "chief_engineer")] == ["he"]
    assert people_with(host.plugin.desk, "no_such_role") == ()


def test_who_is_tied_to_the_officer_decides_nothing(host: SmallHost) -> None:
    host.ties, host.party_ties = {("chen", "liu"): Tie.YES}, {}
    id_ = asked_of_a_reviewer(host)
    with suppress(AnswerRefused):
        decide(host.plugin.desk, id_, PEOPLE["liu"], agrees=True, reason="")
    assert one(host, "second_request", request_id=id_)["state"] == "open"


def test_who_is_tied_to_a_party_decides_nothing(host: SmallHost) -> None:
    host.ties, host.party_ties = {}, {("liu", "p-1"): Tie.YES}
    id_ = asked_of_a_reviewer(host)
    with suppress(AnswerRefused):
        decide(host.plugin.desk, id_, PEOPLE["liu"], agrees=True, reason="")
    assert one(host, "second_request", request_id=id_)["state"] == "open"


# ---- The proof -------------------------------------------------------------------------------

Check = Callable[[SmallHost], None]

#: Every hook of the contract, and the test that stands for it.
TESTS: dict[str, Check] = {
    "cleangov_host_ready": test_a_plugin_that_is_told_of_the_host_brings_its_pages_and_slots,
    "cleangov_step_opened": test_a_hint_stands_beside_the_form_when_a_step_is_opened,
    "cleangov_step_edited": test_the_hint_follows_what_is_typed,
    "cleangov_step_gate": test_a_sum_outside_the_band_is_held_at_the_gate,
    "cleangov_enforcement_events": test_what_happens_in_enforcement_has_its_entry,
    "cleangov_permit_events": test_what_happens_in_a_permit_has_its_entry,
    "cleangov_project_events": test_what_happens_in_a_project_has_its_entry,
    "cleangov_context_events": test_what_happens_around_a_case_has_its_entry,
    "cleangov_step_aborted": test_a_step_that_is_given_up_takes_its_prompt_along,
    "cleangov_prompt_answered": test_an_answer_that_the_hosts_screen_collected_opens_the_gate,
    "cleangov_slot": test_the_panel_stands_in_the_hosts_page,
    "cleangov_event_types": (
        test_what_the_host_declares_as_personal_is_kept_where_it_can_be_erased
    ),
    "cleangov_people": test_who_has_a_role_is_asked_of_the_host,
    "cleangov_host_records": test_what_the_host_has_undone_is_not_recorded_from_the_spool,
    "cleangov_reporting_tie": test_who_is_tied_to_the_officer_decides_nothing,
    "cleangov_relation": test_who_is_tied_to_a_party_decides_nothing,
}
#: Hooks that the host's own module implements, not the plugin.
OF_THE_HOST = frozenset(
    {
        "cleangov_event_types",
        "cleangov_host_records",
        "cleangov_people",
        "cleangov_relation",
        "cleangov_reporting_tie",
    }
)
_ASKED = {"cleangov_enforcement_events", "cleangov_step_gate", "cleangov_prompt_answered"}
#: What each test's story needs besides its own hook.
NEEDS = {
    "cleangov_step_opened": {"cleangov_event_types"},  # the band is a declared attribute
    "cleangov_step_edited": {"cleangov_event_types"},
    "cleangov_reporting_tie": _ASKED,
    "cleangov_relation": _ASKED,
    "cleangov_step_gate": {"cleangov_event_types"},
    "cleangov_step_aborted": {"cleangov_event_types", "cleangov_step_gate"},
    "cleangov_prompt_answered": {"cleangov_event_types", "cleangov_step_gate"},
    "cleangov_slot": {"cleangov_event_types", "cleangov_step_gate"},
    "cleangov_event_types": {"cleangov_enforcement_events"},
}


def test_every_hook_of_the_contract_is_in_the_table() -> None:
    specified = {name for name in vars(hookspecs) if name.startswith("cleangov_")}
    assert specified == set(TESTS)
    implemented = {
        name
        for name, member in inspect.getmembers(CleanGov)
        if getattr(member, "cleangov_impl", None)
    }
    assert implemented == set(TESTS) - OF_THE_HOST


#: Each story is played on both; which hook a story needs depends on no database.
proven_on_both_in_full_counts = pytest.mark.parametrize(
    "database",
    ["sqlite", pytest.param("postgresql", marks=(pytest.mark.postgres, pytest.mark.slow))],
    indirect=True,
)


def without(base: type, hook: str) -> type:
    """Answer a class in which one method is no implementation of its hook any more."""

    def unmarked(self: Any, *args: Any, **values: Any) -> Any:
        return getattr(base, hook)(self, *args, **values)

    return type(base.__name__, (base,), {hook: unmarked})


def failing(host: SmallHost) -> set[str]:
    """Answer the hooks whose tests fail on a host."""
    found = set()
    for name, check in TESTS.items():
        try:
            check(host)
        except (AssertionError, ValueError, AttributeError):
            found.add(name)
    return found


@proven_on_both_in_full_counts
@pytest.mark.parametrize("hook", ["", *TESTS])
def test_without_an_implementation_exactly_the_tests_that_need_it_fail(
    make_host: MakeHost, hook: str
) -> None:
    host = make_host()
    if hook in OF_THE_HOST:
        host.module = without(Declares, hook)
    host.start(without(CleanGov, hook)() if hook in TESTS else CleanGov())
    if hook == "cleangov_host_ready":
        expected = set(TESTS)
    else:
        expected = {name for name in TESTS if name == hook or hook in NEEDS.get(name, ())}
    assert failing(host) == expected


# ---- How it is attached ----------------------------------------------------------------------


def test_a_plugin_that_is_registered_late_is_at_work_at_once(make_host: MakeHost) -> None:
    host = make_host()
    host.start(False)
    host.plugins.register(CleanGov(), "cleangov")
    assert failing(host) == set()


def test_the_entry_point_leads_to_the_plugin(host: SmallHost) -> None:
    assert type(host.plugin) is CleanGov
    assert unknown_hooks(host.plugins, host.plugin) == []


def test_unregistered_it_is_asked_no_more_and_the_host_goes_on(host: SmallHost) -> None:
    host.plugins.unregister(name="cleangov")
    assert host.take(host.event("enf.decision.made", 1_001, **BAND)).reason == "no_plugin"
    assert rows(host, "entry") == []
