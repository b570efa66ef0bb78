"""Addresses of our own pages, as the host builds them."""

from dataclasses import dataclass
from typing import Any

from cleangov_hooks import Host


@dataclass(frozen=True, slots=True)
class Links:
    """Makes addresses.

    :param host: the host, which knows where our pages are mounted.
    """

    host: Host

    def to(self, page: str, **values: Any) -> str:
        """Answer the address of one of our pages; what is empty is left out.

        :param page: name of the page, ``"checkpoints"``.
        :param values: its variables and parameters.
        """
        given = {name: value for name, value in values.items() if value not in ("", None, 0)}
        return self.host.url_for(f"cleangov.{page}", **given)

    def case(self, log_id: str, case_id: str, entry: int = 0) -> str:
        """Answer the address of a case.

        A case whose number cannot stand in a path is looked up among the checkpoints.

        :param log_id: its ledger.
        :param case_id: the case.
        :param entry: number of an entry to go to; 0 for the whole.
        """
        parts = [*case_id.split("/"), *log_id.split("/")]
        if any(part.strip() in ("", ".", "..") for part in parts) or "/" in log_id:
            return self.to("checkpoints", agency=log_id, case=case_id)
        place = f"#n{entry}" if entry else ""
        return self.to("case", log_id=log_id, case_id=case_id) + place
