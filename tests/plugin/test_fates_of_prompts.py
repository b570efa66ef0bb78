"""Every prompt ends in a fate that is known, and "unknown" is one of them."""

from dataclasses import replace

from cleangov_plugin.domain.terms import Fate
from tests.plugin.day import BAND
from tests.plugin.inside import counted, fates, one, rows, tick
from tests.plugin.steps import outside
from tests.support.small_host import SmallHost


def test_a_prompt_is_created_with_the_hold_and_rendered_once_it_is_shown(host: SmallHost) -> None:
    event, prompt = outside(host)
    assert fates(host, prompt.id) == ["created"]
    host.show("step.panel", event)
    host.show("step.panel", event)
    host.show("page.end", event)
    assert fates(host, prompt.id) == ["created", "rendered"]


def test_the_forms_alone_do_not_show_a_prompt(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.show("page.end", event)
    assert fates(host, prompt.id) == ["created"]


def test_answered(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.show("step.panel", event)
    host.answer(prompt.id, "deviation", "approved")
    assert fates(host, prompt.id) == ["created", "rendered", "answered"]
    host.take(event)
    assert fates(host, prompt.id) == ["created", "rendered", "answered"]


def test_withdrawn_where_the_officer_put_it_right_without_an_answer(host: SmallHost) -> None:
    _, prompt = outside(host)
    assert host.take(host.event("enf.decision.made", 900, **BAND)).decision == "pass"
    assert fates(host, prompt.id) == ["created", "withdrawn"]
    assert rows(host, "finding") == []


def test_superseded_where_another_sum_is_as_wrong(host: SmallHost) -> None:
    _, prompt = outside(host)
    other = host.event("enf.decision.made", 1_500, **BAND)
    (newer,) = host.gate(other).prompts
    assert newer.id != prompt.id
    assert fates(host, prompt.id) == ["created", "superseded"]
    assert fates(host, newer.id) == ["created"]
    assert "1,500" in host.show("step.panel", other)


def test_a_panel_that_comes_back_is_a_new_prompt(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.gate(host.event("enf.decision.made", 1_500, **BAND))
    (again,) = host.gate(event).prompts
    assert again.id != prompt.id
    assert (again.body, again.rules) == (prompt.body, prompt.rules)


def test_ignored_where_it_was_shown_and_the_step_was_done_all_the_same(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.show("step.panel", event)
    host.write(replace(event, attempt_id="a-C-1"))
    assert fates(host, prompt.id) == ["created", "rendered", "ignored"]


def test_unknown_where_nobody_can_say_whether_it_was_seen(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.write(replace(event, attempt_id="a-C-1"))
    assert fates(host, prompt.id) == ["created", "unknown"]


def test_expired_where_nobody_came_back_for_a_day(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.show("step.panel", event)
    host.move(days=1)
    assert tick(host).expired == 0
    host.move(seconds=1)
    assert tick(host).expired == 1
    assert fates(host, prompt.id) == ["created", "rendered", "expired"]
    host.answer(prompt.id, "deviation", "approved")
    assert rows(host, "answer") == []
    assert counted(host, "failed.answered") == 1
    (again,) = host.gate(event).prompts
    assert again.id != prompt.id  # who comes back is asked anew


def test_undelivered_where_it_was_never_shown(host: SmallHost) -> None:
    _, prompt = outside(host)
    host.move(days=1, seconds=1)
    tick(host)
    assert fates(host, prompt.id) == ["created", "undelivered"]


def test_a_prompt_before_which_somebody_stands_just_now_does_not_expire(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.move(days=1)
    assert host.gate(event).prompts == (prompt,)  # back at the desk, and pressed again
    host.move(minutes=5)
    assert tick(host).expired == 0
    host.answer(prompt.id, "deviation", "approved")
    assert host.gate(event).decision == "pass_recorded"


def test_a_prompt_with_an_end_of_its_own_is_refused_afterwards_and_expired(
    host: SmallHost,
) -> None:
    _, prompt = outside(host)
    schema = "" if host.engine.dialect.name == "sqlite" else "cleangov."
    ends = "2026-03-10T02:30:00.000000Z"
    with host.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {schema}cleangov_prompt SET expires_at = '{ends}'")
    host.move(minutes=31)
    host.answer(prompt.id, "deviation", "approved")
    assert rows(host, "answer") == []
    assert one(host, "prompt")["fate"] == "expired"


def test_each_fate_is_kept_with_its_instant_and_the_newest_stands_on_the_prompt(
    host: SmallHost,
) -> None:
    event, prompt = outside(host)
    host.move(minutes=1)
    host.show("step.panel", event)
    host.move(minutes=1)
    host.answer(prompt.id, "deviation", "approved")
    at = [row["at"] for row in rows(host, "prompt_fate", prompt_id=prompt.id)]
    assert at == [f"2026-03-10T02:0{minute}:00.000000Z" for minute in range(3)]
    assert one(host, "prompt")["fate"] == "answered"


def test_every_fate_but_seen_is_reached_by_a_test_above() -> None:
    # "Seen" needs a script in the page, which reports it; without one nobody can know.
    reached = {
        "created", "rendered", "answered", "withdrawn", "superseded", "ignored", "unknown",
        "expired", "undelivered",
    }  # fmt: skip
    assert {fate.value for fate in Fate} - reached == {"seen"}


def test_days_without_a_prompt_leave_none_behind(host: SmallHost) -> None:
    assert host.take(host.event("enf.decision.made", 900, **BAND)).decision == "pass"
    host.move(days=2)
    assert tick(host).expired == 0
    assert rows(host, "prompt") == []
