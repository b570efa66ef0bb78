"""A provider that is down is not asked anew by everybody who tries to sign in."""

import pytest

from cleangov_plugin.web.signing_in import provider as module
from cleangov_plugin.web.signing_in.provider import Client, Provider, ProviderFailed


def way(provider: Provider) -> str:
    return provider.way("http://localhost/back", "state", "nonce", "verifier")


def test_who_does_not_answer_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    asked = []
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])

    class Silent(module.http.client.HTTPConnection):
        def connect(self) -> None:
            asked.append(clock[0])
            raise TimeoutError

    monkeypatch.setattr(module.http.client, "HTTPConnection", Silent)
    provider = Provider(Client(issuer="http://localhost:1", client_id="us"))
    for _ in range(5):
        with pytest.raises(ProviderFailed) as told:
            way(provider)
        assert told.value.code == "unreachable"
    assert asked == [1000.0]
    clock[0] += 10
    with pytest.raises(ProviderFailed):
        way(provider)
    assert asked == [1000.0, 1010.0]


def test_one_that_hangs_up_once_is_asked_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class HangsUp(module.http.client.HTTPConnection):
        def connect(self) -> None:
            asked.append(1)
            raise ConnectionResetError

    monkeypatch.setattr(module.http.client, "HTTPConnection", HangsUp)
    provider = Provider(Client(issuer="http://localhost:1", client_id="us"))
    for _ in range(2):
        with pytest.raises(ProviderFailed):
            way(provider)
    assert len(asked) == 2
