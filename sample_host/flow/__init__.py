"""The steps of the three streams: who may take them, from where to where, and what they ask."""

from collections.abc import Mapping
from typing import Final

from cleangov_hooks import Stream

from .enforcement import ENFORCEMENT
from .model import Field, FieldType, Flow, StepType
from .permits import PERMITS
from .projects import PROJECTS

FLOWS: Final[Mapping[Stream, Flow]] = {
    flow.stream: flow for flow in (ENFORCEMENT, PERMITS, PROJECTS)
}

__all__ = ("FLOWS", "Field", "FieldType", "Flow", "StepType")
