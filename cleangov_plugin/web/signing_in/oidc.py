"""``/cleangov/sign-in/oidc``: to a provider of OpenID Connect and back."""

import hmac
import secrets
import time
from typing import Any, Final

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response as Wire

from cleangov_plugin.web.refusals import refused

from .link import Gate, onward
from .provider import Provider, ProviderFailed
from .session import sign_in

_KEPT: Final = "oidc"
#: Seconds for which somebody may stand at the provider.
_LONGEST_S: Final = 600
_BACK: Final = "/cleangov/sign-in/oidc/back"
#: Characters of a code at the most.
_CODE: Final = 4_000


def add_oidc(bp: Blueprint, gate: Gate, provider: Provider, origin: str) -> None:
    """Add the way over a provider to the pages of signing in.

    :param bp: the blueprint of signing in.
    :param gate: what signing in needs.
    :param provider: the provider.
    :param origin: our own, as people see it: ``https://supervision.example``.
    """
    back = origin.rstrip("/") + _BACK
    bp.add_url_rule("/sign-in/oidc", "oidc", lambda: _there(gate, provider, back))
    bp.add_url_rule("/sign-in/oidc/back", "oidc_back", lambda: _back(gate, provider, back))


def _there(gate: Gate, provider: Provider, back: str) -> Wire:
    if gate.desk_of() is None:
        return refused("error.inert", 503, None)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    try:
        address = provider.way(back, state, nonce, verifier)
    except ProviderFailed as problem:
        return gate.refuse("", problem.code)
    session[_KEPT] = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "next": onward(),
        "until": int(time.time()) + _LONGEST_S,
    }
    return redirect(address, 303)


def _back(gate: Gate, provider: Provider, back: str) -> Wire:
    desk = gate.desk_of()
    if desk is None:
        return refused("error.inert", 503, None)
    kept: Any = session.pop(_KEPT, None)  # used once, whatever comes of it
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if not isinstance(kept, dict) or kept["until"] < time.time():
        return gate.refuse("", "state")
    if not hmac.compare_digest(kept["state"].encode(), state.encode()):
        return gate.refuse("", "state")
    if "error" in request.args or not 0 < len(code) <= _CODE:
        return gate.refuse("", "denied")
    try:
        person = provider.who(code, back, kept["nonce"], kept["verifier"])
    except ProviderFailed as problem:
        return gate.refuse("", problem.code)
    sign_in(person, provider.client.name)
    desk.counters.add("sign_in.done")
    return redirect(kept["next"], 303)
