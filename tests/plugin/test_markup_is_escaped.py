"""Markup in what people and hosts write is text in every slot."""

from dataclasses import replace

from tests.plugin.steps import outside
from tests.support.small_host import SmallHost

MARKUP = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{7*7}}${7}"""


def test_markup_in_every_text_is_escaped_in_every_slot(host: SmallHost) -> None:
    host.sign_in("zhao")
    project = {"contract_amount": None, "case_id": MARKUP, "variation_no": MARKUP}
    host.write(host.event("prj.variation.approved", 100, **project))
    event = host.event("prj.variation.requested", 900, id=MARKUP, step=MARKUP, **project)
    event = replace(event, attributes={**event.attributes, "contract_amount": event.amount})
    (prompt,) = host.gate(event, "a<b>").prompts
    pages = [host.show(slot, event, "a<b>") for slot in ("step.hint", "step.panel", "page.end")]
    host.answer(prompt.id, "chief_engineer", MARKUP)
    host.sign_in("he")
    pages += [host.show("person.inbox"), host.show("page.end")]
    assert [bool(page) for page in pages] == [True] * 5
    for page in pages:
        assert "<script" not in page
        assert "<img" not in page
        assert "onerror=alert(1)>" not in page
    assert "&lt;script&gt;" in pages[3]  # the case's number


def test_markup_in_the_hosts_fields_and_paths_is_escaped(host: SmallHost) -> None:
    event, _ = outside(host)
    step = host.step(event, "a-C-1")
    hostile = replace(
        step,
        page_url="/cases/'\"><script>",
        action_url="javascript:alert(1)",
        inputs=tuple(replace(entry, name=MARKUP, value=MARKUP) for entry in step.inputs),
    )
    report = host.call("cleangov_slot", name="page.end", step=hostile, medium="html")
    (fragment,) = report.values
    assert "<script" not in fragment.content
    assert "<img" not in fragment.content
    assert "javascript:" not in fragment.content
