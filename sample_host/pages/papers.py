"""The documents that are printed and handed over: filled in by the step that made them."""

from flask import Blueprint, abort, render_template

from sample_host import visit
from sample_host.city import here
from sample_host.database import reading
from sample_host.rows import load

from .places import flow_at, matter_path, may_read

pages = Blueprint("papers", __name__)


@pages.get("/<any(cases, permits, projects):path>/<no>/papers/<int:ordinal>")
def show(path: str, no: str, ordinal: int) -> str:
    """Show the document of a step as it is printed."""
    flow = flow_at(path)
    with reading(here().engine) as connection:
        matter = load(connection, flow.stream, no)
    if matter is None or visit.who() is None or not may_read(visit.who(), matter):
        abort(404)
    act = next((act for act in matter.acts if act.ordinal == ordinal), None)
    step = flow.step(act.step) if act else None
    if act is None or step is None or step.paper is None:
        abort(404)
    code = step.paper
    said = act.details.get(f"{code}@en") if visit.language() == "en" else None
    lines = str(said or act.details.get(code, "")).splitlines()
    return render_template(
        "paper.html",
        flow=flow,
        matter=matter,
        act=act,
        lines=[line.strip() for line in lines if line.strip()],
        base=matter_path(flow, no),
    )
