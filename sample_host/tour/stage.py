"""All that the bar knows when a page is made."""

from dataclasses import dataclass

from .bars import Button
from .standing import Control, Standing
from .story import FOURTH, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The form of a step that stands on the page.

    :param path: path of the step.
    :param attempt: the attempt it belongs to.
    :param form: id of the form in the page.
    :param is_held: whether it was held in this visit.
    """

    path: str
    attempt: str
    form: str
    is_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What there is on stage: the story, who looks, what stands on the page, what waits.

    :param story: how far the story is.
    :param who: id of the person signed in, if anybody.
    :param path: the page that is shown.
    :param sheet: the form on it, if there is one.
    :param fine: what the plugins say of the fine that this visit tries to decide.
    :param notice: what they say of the notice that this visit tries to send.
    :param variation: what they say of the variation that this visit tries to file.
    :param asked: the request about the scene's project that stands on the page, an inbox.
    :param seen: what this visit has seen: ``"fine"``, ``"notice"`` or ``"variation"`` held,
        ``"agreed"``, a ``"letter"`` sent, its ``"answer"`` sent, the ``"real"`` logs opened.
    :param is_supervised: whether a plugin is attached and not switched off.
    :param has_administrator: whether there is the page of the database administrator.
    """

    story: Story
    who: str | None = None
    path: str = "/"
    sheet: Sheet | None = None
    fine: Standing | None = None
    notice: Standing | None = None
    variation: Standing | None = None
    asked: Standing | None = None
    seen: frozenset[str] = frozenset()
    is_supervised: bool = True
    has_administrator: bool = False

    @property
    def is_filed(self) -> bool:
        """Answer whether scene 3 is played: its variation filed, or a smaller one that waited."""
        filed = self.story.fourth
        return filed is not None and (filed >= FOURTH * 100 or "variation" in self.seen)

    def is_held(self, sheet: Sheet) -> bool:
        """Answer whether a form waits though no plugin says why; switched off, none holds it.

        :param sheet: the form.
        """
        return sheet.is_held and self.is_supervised

    def open_at(self, path: str) -> Sheet | None:
        """Answer the form of a step, if it stands on the page.

        :param path: path of the step.
        """
        return self.sheet if self.sheet is not None and self.sheet.path == path else None


def press(control: Control) -> Button:
    """Make the button that presses a plugin's own.

    :param control: the plugin's button.
    """
    return Button(form=control.form, name=control.name, value=control.value)
