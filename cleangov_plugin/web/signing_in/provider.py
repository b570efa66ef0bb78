"""A provider of OpenID Connect: where it is, its keys, and whom it says somebody is.

OpenID Connect Core 1.0 (code flow, section 3.1), Discovery 1.0, PKCE (RFC 7636). Tokens are read by
joserfc, an extra: without it the service says so, and starts not.
"""

import http.client
import json
import time
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

from cleangov_hooks import Person
from cleangov_plugin.domain.errors import CleanGovError, SettingsError

_SEE: Final = "See docs/sign-in.md for the file that says who the provider is."
#: Bytes of a provider's answer, and seconds for it.
_LARGEST: Final = 1 << 18
_PATIENCE_S: Final = 5
#: Seconds for which what a provider tells of itself is believed, and between two looks for a key
#: that we do not know: a stranger's token must not make us ask again and again.
_FRESH_S: Final = 3_600
_AGAIN_S: Final = 60
#: Seconds for which a provider that did not answer is not asked anew: nobody else waits in vain.
_REST_S: Final = 10
#: Seconds by which clocks may differ.
_SKEW_S: Final = 60
#: Signatures of which a public key says whether they are good; never `none`, never a shared key.
_SIGNATURES: Final = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_LONGEST: Final = 200
_MOST_ROLES: Final = 50
_KNOWN: Final = {"issuer", "client_id", "secret_file", "id", "name", "roles", "unit", "as"}


class ProviderFailed(CleanGovError):
    """The provider let nobody in, or cannot be believed.

    :param code: why, for the log; never what the provider wrote.
    """

    def __init__(self, code: str) -> None:
        super().__init__("the provider let nobody in.", where=code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """What we are to a provider, and how we read what it says.

    :param issuer: its address, as its tokens name it.
    :param client_id: our name there.
    :param secret: our secret there; empty for a public client, which PKCE alone protects.
    :param id_claim: the claim with the id that the platform's records have of a person.
    :param name_claim: the claim with the name.
    :param roles_claim: the claim with the roles, a list of texts.
    :param unit_claim: the claim with the unit; empty for none.
    :param roles_as: role of ours by role of the provider; empty takes them as they are.
    """

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    id_claim: str = "sub"
    name_claim: str = "name"
    roles_claim: str = "roles"
    unit_claim: str = ""
    roles_as: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Answer how the provider is named among those that sign people in."""
        return f"oidc {self.issuer}"

    def person(self, claims: dict[str, Any]) -> Person:
        """Answer whom a token's claims are about.

        :param claims: checked already, and of any type all the same.
        :raises ProviderFailed: where there is no id.
        """
        id_ = claims.get(self.id_claim)
        if not isinstance(id_, str) or not 0 < len(id_) <= _LONGEST:
            raise ProviderFailed("id")
        name, unit = claims.get(self.name_claim), claims.get(self.unit_claim)
        told = claims.get(self.roles_claim)
        roles = [role for role in told if isinstance(role, str)] if isinstance(told, list) else []
        ours = dict(self.roles_as)
        known = [ours[role] for role in roles if role in ours] if ours else roles
        return Person(
            id=id_,
            name=name[:_LONGEST] if isinstance(name, str) and name else id_,
            roles=frozenset(role[:_LONGEST] for role in known[:_MOST_ROLES]),
            unit=unit[:_LONGEST] if isinstance(unit, str) and unit else None,
        )


def read_client(path: Path) -> Client:
    """Read who the provider is.

    :param path: a JSON file.
    :raises SettingsError: where it is not that, or joserfc is not installed.
    """
    try:
        import joserfc  # noqa: F401
    except ImportError:
        what = "signing in by OpenID Connect needs a library that is not installed."
        remedy = "pip install 'cleangov-plugin[oidc]'."
        raise SettingsError(what, where="--oidc", remedy=remedy) from None
    try:
        found = json.loads(path.read_bytes())
        secret = (
            (path.parent / found["secret_file"]).read_text().strip()
            if ("secret_file" in found)
            else ""
        )
        strange = sorted(set(found) - _KNOWN)
        client = Client(
            issuer=str(found["issuer"]),
            client_id=str(found["client_id"]),
            secret=secret,
            id_claim=str(found.get("id", "sub")),
            name_claim=str(found.get("name", "name")),
            roles_claim=str(found.get("roles", "roles")),
            unit_claim=str(found.get("unit", "")),
            roles_as=tuple((str(a), str(b)) for a, b in dict(found.get("as", {})).items()),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
        what = f"this does not say who the provider is ({type(problem).__name__})."
        raise SettingsError(what, where=str(path), remedy=_SEE) from None
    if strange:
        raise SettingsError("there is no such member.", where=f"{path}: {strange[0]}", remedy=_SEE)
    if not is_safe(client.issuer):
        what = "a provider is reached by https; only on this machine by http."
        raise SettingsError(what, where=f"{path}: issuer", remedy=_SEE)
    return client


def is_safe(url: object) -> bool:
    """Answer whether what is sent to an address is read by nobody on the way.

    :param url: hostile.
    """
    try:
        place = urlsplit(url) if isinstance(url, str) else None
        port = place.port if place else None
    except ValueError:
        return False
    if place is None or not place.hostname or place.username is not None or port == 0:
        return False
    return place.scheme == "https" or (place.scheme == "http" and place.hostname in _LOOPBACK)


@dataclass(slots=True)
class Provider:
    """The provider as it was told of last.

    :param client: what we are to it.
    """

    client: Client
    _about: dict[str, Any] = field(default_factory=dict)
    _keys: dict[str, Any] = field(default_factory=dict)
    _told_at: float = float("-inf")
    _keys_at: float = float("-inf")
    _silent_at: float = float("-inf")

    def way(self, back: str, state: str, nonce: str, verifier: str) -> str:
        """Answer the provider's address to which somebody is sent.

        :param back: our address to which they come back.
        :param state: binds the way back to this browser.
        :param nonce: binds the token to this sign-in.
        :param verifier: of which the provider is told the digest alone (PKCE, S256).
        :raises ProviderFailed: where the provider cannot be reached or believed.
        """
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": back,
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address: str = self._told("authorization_endpoint")
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def who(self, code: str, back: str, nonce: str, verifier: str) -> Person:
        """Exchange a code, and answer whom the provider says it is about.

        :param code: hostile.
        :param back: our address, as it was told before.
        :param nonce: as it was told before.
        :param verifier: of this sign-in.
        :raises ProviderFailed: where nobody is let in.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self.client.client_id,
            "code_verifier": verifier,
        }
        told = self._ask(self._told("token_endpoint"), urlencode(form).encode())
        token = told.get("id_token")
        if not isinstance(token, str):
            raise ProviderFailed("no_token")
        return self.client.person(self._claims(token, nonce))

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        client, found = self.client, None
        for is_second in (False, True):
            try:
                keys = KeySet.import_key_set(self._key_set(is_second))  # type: ignore[arg-type]
                found = jwt.decode(token, keys, algorithms=_SIGNATURES)
                break
            except (JoseError, ValueError, TypeError, KeyError):
                if is_second:
                    raise ProviderFailed("signature") from None
        registry = jwt.JWTClaimsRegistry(
            leeway=_SKEW_S,
            iss={"essential": True, "value": client.issuer},
            aud={"essential": True, "value": client.client_id},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
            iat={"essential": True},
        )
        claims: dict[str, Any] = dict(found.claims) if found else {}
        try:
            registry.validate(claims)
        except (JoseError, ValueError, TypeError):
            raise ProviderFailed("claims") from None
        is_for_others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (is_for_others or "azp" in claims) and claims.get("azp") != client.client_id:
            raise ProviderFailed("claims")  # OpenID Connect Core 3.1.3.7, 4 and 5
        return claims

    def _key_set(self, is_unknown: bool) -> dict[str, Any]:
        """Answer the provider's keys; asked again where a token names one that we do not know."""
        age = time.monotonic() - self._keys_at
        if age >= _FRESH_S or (is_unknown and age >= _AGAIN_S):
            self._keys = self._ask(self._told("jwks_uri"))
            self._keys_at = time.monotonic()
        return self._keys

    def _told(self, name: str) -> str:
        if time.monotonic() - self._told_at >= _FRESH_S:
            issuer = self.client.issuer
            about = self._ask(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if about.get("issuer") != issuer:
                raise ProviderFailed("issuer")
            self._about, self._told_at = about, time.monotonic()
        found = self._about.get(name)
        if not isinstance(found, str) or not is_safe(found):
            raise ProviderFailed(name)
        return found

    def _ask(self, url: str, form: bytes | None = None) -> dict[str, Any]:
        """Ask the provider, without following it elsewhere."""
        if time.monotonic() - self._silent_at < _REST_S:
            raise ProviderFailed("unreachable")
        place = urlsplit(url)
        is_https = place.scheme == "https"
        kind = http.client.HTTPSConnection if is_https else http.client.HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=_PATIENCE_S)
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        headers = {"Accept": "application/json"}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", **self._proof()}
        try:
            connection.request("GET" if form is None else "POST", target, form, headers)
            response = connection.getresponse()
            told = json.loads(response.read(_LARGEST))
        except (OSError, http.client.HTTPException, ValueError, RecursionError) as problem:
            if isinstance(problem, OSError) and not isinstance(problem, ConnectionResetError):
                self._silent_at = time.monotonic()  # who hangs up once is not silent
            raise ProviderFailed("unreachable") from None
        finally:
            connection.close()
        if response.status != http.client.OK or not isinstance(told, dict):
            raise ProviderFailed("refused")
        return told

    def _proof(self) -> dict[str, str]:
        """Say who we are: RFC 6749, 2.3.1."""
        client = self.client
        if not client.secret:
            return {}
        pair = f"{quote_plus(client.client_id)}:{quote_plus(client.secret)}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
