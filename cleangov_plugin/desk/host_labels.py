"""What the host's own codes of steps and units are called, in the words the host declared."""

from collections.abc import Mapping

from cleangov_hooks import Agency
from cleangov_plugin.store import attempts

from .desk import Desk
from .shelf import Connection


def kind_called(desk: Desk, kind: str, otherwise: str, language: str) -> str:
    """Answer how a kind of event is called.

    :param desk: the desk.
    :param kind: canonical kind.
    :param otherwise: what is answered where nobody says.
    :param language: BCP 47 tag.
    """
    declared = desk.types().get(kind)
    return _in(declared.labels if declared else {}, language) or otherwise


def step_called(
    desk: Desk, connection: Connection, prompt: Mapping[str, object], language: str
) -> str:
    """Answer how the step of a prompt is called: as the kind of event that it leads to.

    :param desk: the desk.
    :param connection: any connection.
    :param prompt: row of the prompt.
    :param language: BCP 47 tag.
    :return: the label; the host's own code of the step where it declared none.
    """
    tried = attempts.attempt(connection, str(prompt["log_id"]), str(prompt["attempt_id"]))
    code = str(prompt["step"])
    return kind_called(desk, tried["kind"], code, language) if tried else code


def unit_called(agency: Agency, code: str, language: str) -> str:
    """Answer how a unit of an authority is called.

    :param agency: the authority.
    :param code: the host's code of the unit.
    :param language: BCP 47 tag.
    :return: the name; the code where the host names no such unit.
    """
    return _in(agency.units.get(code, {}), language) or code


def units_called(agency: Agency, language: str) -> dict[str, str]:
    """Answer the names of all units that an authority names, by their codes.

    :param agency: the authority.
    :param language: BCP 47 tag.
    """
    return {code: unit_called(agency, code, language) for code in agency.units}


def _in(labels: Mapping[str, str], language: str) -> str:
    """Answer the label in a language; the Chinese one where there is none in it."""
    tongue = "zh" if language.lower().startswith("zh") else "en"
    return labels.get(tongue) or labels.get("zh") or ""
