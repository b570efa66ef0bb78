"""Asking by letter, answering, and what a letter leaves in the tables and in the ledger."""

import re
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from cleangov_hooks import Person
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, HOSTILE
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

ZHAO, HE = PEOPLE["zhao"], PEOPLE["he"]
WHY = f"四次都贴近权限 {HOSTILE}"
ANSWER = f"按框架合同单价计价，见签证 QZ-11 {HOSTILE}"
OTHER_AUDITOR = replace(AUDITOR, id="second", name="second")


def rows(host: SmallHost, table: str, where: str = "1 = 1") -> list[dict[str, Any]]:
    schema = "" if host.engine.dialect.name == "sqlite" else "cleangov."
    query = sa.text(f"SELECT * FROM {schema}cleangov_{table} WHERE {where} ORDER BY id")
    with host.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def signal(host: SmallHost) -> int:
    (row,) = rows(host, "finding", "rule_id = 'J11'")
    return int(row["id"])


def finding(host: SmallHost, case: str = "YT-CF-2026-0702") -> int:
    (row,) = rows(host, "finding", f"rule_id = 'E07' AND subject = '{case}'")
    return int(row["id"])


def opened(host: SmallHost, path: str, as_: Person | None, status: int = 200) -> Checked:
    host.who = as_
    response = host.app.test_client().get(path)
    assert response.status_code == status, response.text
    page = Checked(response.text)
    assert page.problems == [], page.problems
    assert not [e for e in page.elements if e.tag == "script"]
    assert len(response.data) <= 150 * 1024
    return page


def token(page: Checked, action: str) -> str:
    """Answer the token of the form that posts to an address."""
    forms = re.findall(r'<form method="post" action="([^"]+)".*?</form>', page.html, re.DOTALL)
    assert action in forms, forms
    form = next(
        text
        for text in re.findall(r"<form method=\"post\".*?</form>", page.html, re.DOTALL)
        if f'action="{action}"' in text
    )
    (found,) = re.findall(r'name="cleangov_token" value="([^"]+)"', form)
    return found


def post(host: SmallHost, path: str, as_: Person | None, page: Checked, **fields: str) -> Any:
    data = {f"cleangov_{name}": text for name, text in fields.items()}
    if "cleangov_token" not in data:
        data["cleangov_token"] = token(page, path)
    host.who = as_
    return host.app.test_client().post(path, data=data)


def ask(host: SmallHost, id_: int, as_: Person = AUDITOR, **fields: str) -> Any:
    path = f"/cleangov/findings/{id_}/letter"
    page = opened(host, path, as_)
    return post(host, path, as_, page, **{"act": "send", "reason": WHY, **fields})


def sent(host: SmallHost, **fields: str) -> str:
    """Send a letter about the signal; answer its address."""
    response = ask(host, signal(host), **fields)
    assert response.status_code == 303, response.text
    return str(response.location)


def reply(host: SmallHost, letter: str, as_: Person = ZHAO, **fields: str) -> Any:
    page = opened(host, letter, as_)
    return post(host, f"{letter}/answers", as_, page, **fields)


def do(host: SmallHost, letter: str, what: str, as_: Person = AUDITOR, **fields: str) -> Any:
    return post(host, f"{letter}/{what}", as_, opened(host, letter, as_), **fields)


def letters(host: SmallHost) -> list[dict[str, Any]]:
    return rows(host, "instrument")


def entries(host: SmallHost) -> list[dict[str, Any]]:
    return [row for row in rows(host, "entry") if row["kind"].startswith("int.letter.")]
