"""The tour bar: whose turn it is and what to press, read anew for each page from what is there."""

from .bars import CASE, PERMIT, PROJECT, Bar, Button, become
from .scenes import SCENES, bar, start
from .showing import shown, watch
from .stage import Stage
from .standing import Control, Standing
from .story import Story, read_story

__all__ = (
    "CASE",
    "PERMIT",
    "PROJECT",
    "SCENES",
    "Bar",
    "Button",
    "Control",
    "Stage",
    "Standing",
    "Story",
    "bar",
    "become",
    "read_story",
    "shown",
    "start",
    "watch",
)
