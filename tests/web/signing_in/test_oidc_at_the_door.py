"""Over a provider of OpenID Connect on loopback: in, and every lie of it or of a stranger out."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient

from cleangov_plugin.cli.wsgi import People
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.web.signing_in.provider import is_safe, read_client
from tests.web.signing_in.local_provider import LocalProvider

BACK = "/cleangov/sign-in/oidc/back"
pytest.importorskip("joserfc")


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory, provider: LocalProvider) -> People:
    """The provider alone."""
    path = tmp_path_factory.mktemp("oidc") / "oidc.json"
    about = {"issuer": provider.issuer, "client_id": "cleangov", "as": {"监察": "auditor"}}
    path.write_text(json.dumps({**about, "unit": "unit"}))
    return People(oidc=path, origin="http://localhost")


@pytest.fixture(autouse=True)
def _honest(provider: LocalProvider) -> None:
    provider.claims, provider.header = {}, {}


def sent(browser: FlaskClient, wanted: str = "/cleangov/") -> str:
    """Open a page, and answer the provider's address to which the browser is sent."""
    first = browser.get(wanted)
    assert first.status_code == 303
    assert first.location.startswith("/cleangov/sign-in/oidc?next=")
    second = browser.get(first.location)
    assert second.status_code == 303
    return str(second.location)


def test_to_the_provider_and_back_to_the_page_that_was_wanted(
    served: Flask, provider: LocalProvider
) -> None:
    with served.test_client() as browser:
        address = sent(browser, "/cleangov/findings?q=1")
        assert "nonce=" in address
        code, state = provider.agree(address)
        back = browser.get(BACK, query_string={"code": code, "state": state})
        assert (back.status_code, back.location) == (303, "/cleangov/findings?q=1")
        page = browser.get(back.location)
        assert page.status_code == 200
        assert "吴敏" in page.text
        again = browser.get(BACK, query_string={"code": code, "state": state})
        assert again.status_code == 403


def test_the_style_and_health_are_for_everybody(served: Flask) -> None:
    with served.test_client() as browser:
        assert browser.get("/cleangov/health").json == {"alive": True}
        style = browser.get("/cleangov/static/cleangov.css")
        assert style.status_code == 200
        style.close()


def test_a_way_back_that_another_browser_began_is_none(
    served: Flask, provider: LocalProvider
) -> None:
    browser, other = served.test_client(), served.test_client()
    code, state = provider.agree(sent(browser))
    asked = {"code": code, "state": state}
    assert other.get(BACK, query_string=asked).status_code == 403
    sent(other)
    assert other.get(BACK, query_string=asked).status_code == 403
    assert other.get("/cleangov/").status_code == 303
    stolen = {"code": code, "state": provider.agree(sent(browser))[1]}  # of an older sign-in
    assert browser.get(BACK, query_string=stolen).status_code == 403


LIES: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "for another client": {"aud": "somebody"},
    "for two, by another": {"aud": ["cleangov", "b"], "azp": "b"},
    "for two, by nobody": {"aud": ["cleangov", "b"]},
    "an old one": {"exp": 1_000},
    "without an end": {"exp": None},
    "not yet": {"nbf": int(time.time()) + 86_400},
    "of another sign-in": {"nonce": "n"},
    "without a nonce": {"nonce": None},
    "about nobody": {"sub": None},
    "about a number": {"sub": 17},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_for_this_lets_nobody_in(
    served: Flask, provider: LocalProvider, lie: str
) -> None:
    provider.claims = LIES[lie]
    refused(served, provider)


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "RS256"}])
def test_only_signatures_of_published_keys_count(
    served: Flask, provider: LocalProvider, header: dict[str, Any]
) -> None:
    provider.header = header
    refused(served, provider)


def refused(served: Flask, provider: LocalProvider) -> None:
    with served.test_client() as browser:
        code, state = provider.agree(sent(browser))
        answer = browser.get(BACK, query_string={"code": code, "state": state})
        assert answer.status_code == 403
        assert "evil" not in answer.text
        assert browser.get("/cleangov/").status_code == 303


def test_a_key_that_is_not_published_counts_for_nothing_and_a_new_one_is_fetched_once(
    served: Flask, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, published = provider.secret, provider.keys()
    provider.secret = ec.generate_private_key(ec.SECP256R1())
    with monkeypatch.context() as patched:
        patched.setattr(provider, "keys", lambda: published)
        refused(served, provider)
        before = provider.asked.count("/keys")
        refused(served, provider)
        assert provider.asked.count("/keys") <= before + 1
    provider.secret = honest


def test_a_file_that_is_not_there_is_named() -> None:
    file = Path(__file__).with_name("no.json")
    with pytest.raises(SettingsError, match="does not say who the provider is"):
        read_client(file)


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("https://login.example/x", True),
        ("http://127.0.0.1:8080", True),
        ("http://login.example", False),
        ("http://localhost.evil.example", False),
        ("https://user@evil.example", False),
        ("file:///etc/passwd", False),
        ("http://[", False),
        ("https://login.example:many", False),
        (7, False),
    ],
)
def test_tokens_travel_where_nobody_reads_them(url: object, is_good: bool) -> None:
    assert is_safe(url) is is_good


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"issuer": "http://login.example", "client_id": "c"}, "by https"),
        ({"issuer": "https://login.example", "client_id": "c", "scope": "x"}, "no such member"),
        ({"issuer": "https://login.example"}, "KeyError"),
        ([], "TypeError"),
        ({"issuer": "https://a", "client_id": "c", "secret_file": "none"}, "FileNotFound"),
    ],
)
def test_a_file_that_is_wrong_is_named(tmp_path: Path, document: object, complaint: str) -> None:
    path = tmp_path / "oidc.json"
    path.write_text(json.dumps(document))
    with pytest.raises(SettingsError, match=complaint):
        read_client(path)


def test_without_the_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "joserfc", None)
    with pytest.raises(SettingsError) as caught:
        read_client(tmp_path / "oidc.json")
    assert "cleangov-plugin[oidc]" in caught.value.remedy
