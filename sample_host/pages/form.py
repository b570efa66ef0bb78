"""The form of a step as a page shows it, and where its officer stands for the plugins."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import g

from cleangov_hooks import Prompt, Step
from sample_host import visit
from sample_host.city import here
from sample_host.events import event_of, plan_act, step_of
from sample_host.flow import StepType
from sample_host.taking import Try

from .places import opening_path, step_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form of a step as the page shows it.

    :param step: the step.
    :param action: path it posts to.
    :param raw: the text of each field.
    :param attempt_id: the attempt it belongs to.
    :param errors: key of the message by field name.
    :param token: pass token to send again.
    :param prompts: prompts to show where no plugin fills the slots.
    :param is_held: whether the step waits.
    :param opens: whether it opens a matter.
    """

    step: StepType
    action: str
    raw: Mapping[str, str]
    attempt_id: str
    errors: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None
    prompts: tuple[Prompt, ...] = ()
    is_held: bool = False
    opens: bool = False


def form_of(
    this: Try,
    *,
    errors: Mapping[str, str] | None = None,
    token: str | None = None,
    prompts: tuple[Prompt, ...] = (),
    is_held: bool = False,
) -> Form:
    """Make the form of a try.

    :param this: the try, as far as it was filled in.
    :param errors: key of the message by field name.
    :param token: pass token, where it is not the try's own.
    :param prompts: prompts of the plugins.
    :param is_held: whether the step waits.
    """
    return Form(
        step=this.step,
        action=path_of(this),
        raw=this.filled.raw,
        attempt_id=this.attempt_id,
        errors=errors or {},
        token=token or this.token,
        prompts=prompts,
        is_held=is_held,
        opens=this.opens,
    )


def stand(this: Try) -> Step:
    """Say where the officer stands, for the hooks and for the slots of this page.

    :param this: the try, as far as it was filled in.
    """
    now, path = here().clock.now(), path_of(this)
    planned = plan_act(this.flow, this.step, this.matter, this.who, this.filled, now)
    place = step_of(
        this.step,
        this.matter,
        this.who,
        language=visit.language(),
        urls=(path, path),
        raw=this.filled.raw,
        proposed=event_of(planned, this.matter, attempt_id=this.attempt_id),
        attempt_id=this.attempt_id,
    )
    g.step = place
    return place


def opened(this: Try, *, is_held: bool = False) -> Form:
    """Tell the plugins that a form is shown, and answer it with what they say.

    :param this: the try, as far as it was filled in before.
    :param is_held: whether it was held in this visit.
    """
    report = here().call("cleangov_step_opened", step=stand(this))
    prompts = tuple(prompt for value in report.values for prompt in value)
    return form_of(this, prompts=prompts, is_held=is_held)


def path_of(this: Try) -> str:
    """Answer the path that a try's form stands on and posts to.

    :param this: the try.
    """
    if this.opens:
        return opening_path(this.flow)
    return step_path(this.flow, this.matter, this.step)
