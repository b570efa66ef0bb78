"""``/cleangov/health``: one word for everybody who asks, codes for those who run the platform."""

import logging
from typing import Any

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response as Wire

from cleangov_plugin.desk.health.pulse import Watched, told

logger = logging.getLogger("cleangov")


def add_health(bp: Blueprint, watched: Watched) -> None:
    """Add the address for monitors to our blueprint.

    Its status is always 200 while the process answers: a monitor that took the platform out of
    service because supervision is at rest would do what no guest may do.

    :param bp: the blueprint.
    :param watched: the plugin.
    """
    bp.add_url_rule("/health", "health", lambda: _health(watched))


def _health(watched: Watched) -> Wire:
    try:
        return jsonify({"alive": True, **_detail(watched)})
    except Exception as problem:  # the platform's own services failed while they were asked
        logger.warning("health: %s", type(problem).__name__)
        return jsonify({"alive": True})


def _detail(watched: Watched) -> dict[str, Any]:
    """Answer what those who run the platform are told; nothing for everybody else."""
    if not watched.may_see():
        return {}
    found = told(watched)
    return {
        "state": found.state.value,
        "reasons": found.reasons,
        "notes": found.notes,
        "counters": found.counters,
    }
